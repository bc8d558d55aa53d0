using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Symbolon.Testing.Mcp;

/// <summary>What came back for one POST.</summary>
public sealed record WireAnswer(HttpStatusCode Status, HttpResponseHeaders Headers, string? Type, string Text)
{
    /// <summary>The last message: the body itself, or the last event of a stream.</summary>
    public JsonNode Message => (Type == "text/event-stream" ? Events[^1] : JsonNode.Parse(Text)) ?? throw new InvalidOperationException("null");

    /// <summary>The messages of a stream.</summary>
    public IReadOnlyList<JsonNode> Events =>
        [.. Text.ReplaceLineEndings("\n").Split("\n\n")
            .Select(each => string.Join('\n', each.Split('\n').Where(line => line.StartsWith("data:", StringComparison.Ordinal)).Select(line => line[5..])))
            .Where(data => !string.IsNullOrWhiteSpace(data)).Select(data => JsonNode.Parse(data)!)];

    /// <summary>The text of a tool's answer, if it is one.</summary>
    public string? ToolText => (string?)Message["result"]?["content"]?[0]?["text"];

    /// <summary>Why it was refused: from <c>error.data.code</c>, or from the refusal in a tool's result. Null when it was not.</summary>
    public string? Reason => Text.Length == 0 || Type is not ("application/json" or "text/event-stream")
        ? null
        : (string?)Message["error"]?["data"]?["code"] ?? (string?)Message["result"]?["_meta"]?["symbolon/refusal"]?["code"];
}

/// <summary>Speaks MCP 2026-07-28 to one gateway over plain HTTP, byte for byte as told.</summary>
public sealed class McpWire(Uri origin) : IDisposable
{
    private readonly HttpClient client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false })
    {
        Timeout = TimeSpan.FromMinutes(2),
    };

    public Task<WireAnswer> CallAsync(string server, string? token, string tool, string arguments = "{}") =>
        PostAsync($"/t/mcp/{server}", token, McpText.Call(tool, arguments), Modern("tools/call", tool));

    /// <summary>A call of the legacy era by a client that keeps no session.</summary>
    public Task<WireAnswer> LegacyCallAsync(string server, string? token, string tool, string arguments = "{}") =>
        PostAsync($"/t/mcp/{server}", token, $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{{{arguments}}}}}""",
            ("MCP-Protocol-Version", "2025-06-18"));

    public Task<WireAnswer> ListAsync(string server, string? token) =>
        PostAsync($"/t/mcp/{server}", token, McpText.List(), Modern("tools/list", null));

    /// <summary>The names on the list that a token sees.</summary>
    public async Task<IReadOnlyList<string>> ToolsAsync(string server, string? token) =>
        [.. (await ListAsync(server, token)).Message["result"]!["tools"]!.AsArray().Select(tool => (string)tool!["name"]!)];

    public Task<WireAnswer> PostAsync(string path, string? token, string body, params (string Name, string Value)[] headers) =>
        PostAsync(path, token, Encoding.UTF8.GetBytes(body), headers);

    public async Task<WireAnswer> PostAsync(string path, string? token, byte[] body, params (string Name, string Value)[] headers)
    {
        using var answer = await SendAsync(path, token, body, headers);
        return new WireAnswer(answer.StatusCode, answer.Headers, answer.Content.Headers.ContentType?.MediaType, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>As <see cref="PostAsync(string, string?, byte[], ValueTuple{string, string}[])"/>, but returns with the headers, the body still to be read.</summary>
    public async Task<HttpResponseMessage> SendAsync(string path, string? token, byte[] body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(origin, path)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        if (token is not null) request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        if (!headers.Any(header => header.Name == "Accept")) request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>The headers of a modern request.</summary>
    public static (string Name, string Value)[] Modern(string method, string? name) =>
        name is null
            ? [("MCP-Protocol-Version", McpText.Modern), ("Mcp-Method", method)]
            : [("MCP-Protocol-Version", McpText.Modern), ("Mcp-Method", method), ("Mcp-Name", name)];

    public void Dispose() => client.Dispose();
}
