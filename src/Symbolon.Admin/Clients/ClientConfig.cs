using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Symbolon.Admin.Clients;

/// <summary>
/// What to paste into a client's configuration to reach one server. No text ever holds a secret: it names an environment variable, or
/// the client asks. ECOSYSTEM.md 1.5.
/// </summary>
public static partial class ClientConfig
{
    /// <summary>The variable that texts name unless another is asked for. Not <c>SYMBOLON_TOKEN</c>, which is an administrator's.</summary>
    public const string Variable = "SYMBOLON_GATEWAY_TOKEN";
    public const string VariableRule = "1 to 64 of A-Z, 0-9 and '_', not a digit first";

    /// <summary>What VS Code calls the value that it asks for.</summary>
    private const string Input = "symbolon";

    // $, { and + stay as they are: a person reads this.
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="server">Its name, which is also the entry's.</param>
    /// <param name="address">The server's MCP endpoint for pasted tokens.</param>
    /// <param name="variable">As <see cref="VariableRule"/> says.</param>
    /// <returns>The whole file's text, where there is none yet; lines end in LF, without one at the end.</returns>
    public static string TextOf(McpClient client, string server, string address, string variable = Variable) => TextOf(client, [(server, address)], variable);

    /// <inheritdoc cref="TextOf(McpClient, string, string, string)"/>
    /// <param name="servers">Name and address of each, all for one token.</param>
    public static string TextOf(McpClient client, IReadOnlyList<(string Name, string Address)> servers, string variable = Variable) => client.Id switch
    {
        "claude-code" => Json(new() { ["mcpServers"] = Entries(servers, address => new() { ["type"] = "http", ["url"] = address, ["headers"] = Bearer($"${{{variable}}}") }) }),
        "cursor" => Json(new() { ["mcpServers"] = Entries(servers, address => new() { ["url"] = address, ["headers"] = Bearer($"${{env:{variable}}}") }) }),
        "vscode" => Json(new()
        {
            ["inputs"] = new JsonArray(new JsonObject { ["type"] = "promptString", ["id"] = Input, ["description"] = "Symbolon token", ["password"] = true }),
            ["servers"] = Entries(servers, address => new() { ["type"] = "http", ["url"] = address, ["headers"] = Bearer($"${{input:{Input}}}") }),
        }),
        // A url would be taken, and silently not connect.
        "windsurf" => Json(new() { ["mcpServers"] = Entries(servers, address => new() { ["serverUrl"] = address, ["headers"] = Bearer($"${{env:{variable}}}") }) }),
        // It refuses a token in the file, and ignores headers.
        "codex" => string.Join("\n\n", servers.Select(server => $"[mcp_servers.{server.Name}]\nurl = \"{server.Address}\"\nbearer_token_env_var = \"{variable}\"")),
        // A url would mean the older transport.
        "gemini" => Json(new() { ["mcpServers"] = Entries(servers, address => new() { ["httpUrl"] = address, ["headers"] = Bearer($"${variable}") }) }),
        _ => throw new ArgumentOutOfRangeException(nameof(client), client.Id, null),
    };

    public static bool IsVariable(string text) => VariableName().IsMatch(text);

    private static JsonObject Entries(IReadOnlyList<(string Name, string Address)> servers, Func<string, JsonObject> entry) =>
        new(servers.Select(server => KeyValuePair.Create(server.Name, (JsonNode?)entry(server.Address))));

    private static JsonObject Bearer(string token) => new() { ["Authorization"] = "Bearer " + token };

    private static string Json(JsonObject whole) => whole.ToJsonString(Readable).ReplaceLineEndings("\n");

    [GeneratedRegex(@"\A[A-Z_][A-Z0-9_]{0,63}\z")]
    private static partial Regex VariableName();
}
