using System.Text.Json.Nodes;
using Symbolon.Testing.Processes;

namespace Symbolon.EndToEndTests.Clients.Features;

/// <summary>The client of the TypeScript SDK, 1.x or 2.x.</summary>
/// <param name="kind">As tests/node/client.mjs has it.</param>
internal sealed class TypescriptFeatures(string kind) : FeatureClient
{
    private static readonly Dictionary<string, string> Methods = new()
    {
        ["tools/list"] = "listTools", ["tools/call"] = "callTool", ["prompts/list"] = "listPrompts", ["prompts/get"] = "getPrompt", ["completion/complete"] = "complete",
        ["resources/list"] = "listResources", ["resources/templates/list"] = "listResourceTemplates", ["resources/read"] = "readResource",
    };

    public override async Task<IReadOnlyList<JsonNode>> AskAsync(Uri server, IssuedToken token, IReadOnlyList<Ask> asks)
    {
        var steps = new JsonArray([.. asks.Select(ask => new JsonObject { ["do"] = Methods[ask.Method], ["params"] = ask.Params.DeepClone() })]);
        await using var process = NodeProgram.StartClient(kind, server, token.Secret, steps);
        var lines = await NodeProgram.LinesAsync(process);
        return [.. asks.Select((_, step) => lines.FirstOrDefault(line => (int?)line["step"] == step)?["result"]
            ?? throw new InvalidOperationException($"no result of step {step} in:\n{string.Join('\n', lines)}"))];
    }
}
