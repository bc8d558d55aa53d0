using System.Text.Json.Nodes;
using Symbolon.Testing;
using Symbolon.Testing.Processes;

namespace Symbolon.EndToEndTests.Clients.Features;

/// <summary>The MCP Inspector by its command line, which connects anew for each request; it has none for completion and subscriptions.</summary>
/// <param name="era">As its flag has it.</param>
internal sealed class Inspector(string era) : FeatureClient
{
    private static readonly string Program = Repo.At("tests", "node-inspector", "node_modules", "@modelcontextprotocol", "inspector", "clients", "launcher", "build", "index.js");

    public override bool CanComplete => false;

    public override async Task<IReadOnlyList<JsonNode>> AskAsync(Uri server, IssuedToken token, IReadOnlyList<Ask> asks)
    {
        // It keeps files in the home of who runs it.
        var home = Directory.CreateTempSubdirectory("symbolon-inspector-");
        try
        {
            var results = new List<JsonNode>();
            foreach (var ask in asks) results.Add(await AskAsync(server, token, ask, home.FullName));
            return results;
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }

    private async Task<JsonNode> AskAsync(Uri server, IssuedToken token, Ask ask, string home)
    {
        string[] line =
        [
            Program, "--cli", "--server-url", server.ToString(), "--transport", "http", "--header", $"Authorization: Bearer {token.Secret}", "--protocol-era", era,
            "--stored-auth-only", "--format", "json", "--quiet", "--method", ask.Method, .. Flags(ask),
        ];
        await using var process = NodeProgram.Start(line, new Dictionary<string, string?> { ["HOME"] = home });
        var code = await process.ExitAsync(TimeSpan.FromMinutes(1));
        return code == 0 && JsonNode.Parse(string.Join('\n', process.Output))!["result"] is { } result
            ? result
            : throw new InvalidOperationException($"The inspector ended with {code} at {ask}.\n{string.Join('\n', process.Output)}\n{string.Join('\n', process.Errors)}");
    }

    private static IEnumerable<string> Flags(Ask ask) => ask.Method switch
    {
        "tools/call" => ["--tool-name", (string)ask.Params["name"]!, "--tool-args-json", ask.Params["arguments"]!.ToJsonString()],
        "prompts/get" => ["--prompt-name", (string)ask.Params["name"]!, "--prompt-args", .. ask.Params["arguments"]!.AsObject().Select(pair => $"{pair.Key}={(string)pair.Value!}")],
        "resources/read" => ["--uri", (string)ask.Params["uri"]!],
        _ => [],
    };
}
