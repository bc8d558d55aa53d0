using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Clients.Features;

/// <summary>The client of the C# SDK, which chooses the era by itself.</summary>
internal sealed class CsharpFeatures : FeatureClient
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public override async Task<IReadOnlyList<JsonNode>> AskAsync(Uri server, IssuedToken token, IReadOnlyList<Ask> asks)
    {
        await using var client = await ConnectAsync(server, token);
        var results = new List<JsonNode>();
        foreach (var ask in asks) results.Add(await AskAsync(client, ask));
        return results;
    }

    public static Task<McpClient> ConnectAsync(Uri server, IssuedToken token) => McpClient.CreateAsync(new HttpClientTransport(new HttpClientTransportOptions
    {
        Endpoint = server,
        TransportMode = HttpTransportMode.StreamableHttp,
        AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = $"Bearer {token.Secret}" },
    }), cancellationToken: Stop);

    private static async Task<JsonNode> AskAsync(McpClient client, Ask ask) => ask.Method switch
    {
        "tools/list" => Listed("tools", (await client.ListToolsAsync(cancellationToken: Stop)).Select(tool => tool.ProtocolTool)),
        "tools/call" => Node(await client.CallToolAsync((string)ask.Params["name"]!, ArgumentsOf(ask), cancellationToken: Stop)),
        "prompts/list" => Listed("prompts", (await client.ListPromptsAsync(cancellationToken: Stop)).Select(prompt => prompt.ProtocolPrompt)),
        "prompts/get" => Node(await client.GetPromptAsync((string)ask.Params["name"]!, ArgumentsOf(ask), cancellationToken: Stop)),
        "resources/list" => Listed("resources", (await client.ListResourcesAsync(cancellationToken: Stop)).Select(resource => resource.ProtocolResource)),
        "resources/templates/list" => Listed("resourceTemplates", (await client.ListResourceTemplatesAsync(cancellationToken: Stop)).Select(template => template.ProtocolResourceTemplate)),
        "resources/read" => Node(await client.ReadResourceAsync((string)ask.Params["uri"]!, cancellationToken: Stop)),
        "completion/complete" => Node(await client.CompleteAsync(ReferenceOf(ask), (string)ask.Params["argument"]!["name"]!, (string)ask.Params["argument"]!["value"]!, cancellationToken: Stop)),
        _ => throw new ArgumentException(ask.Method, nameof(ask)),
    };

    private static Reference ReferenceOf(Ask ask) => (string)ask.Params["ref"]!["type"]! == "ref/prompt"
        ? new PromptReference { Name = (string)ask.Params["ref"]!["name"]! }
        : new ResourceTemplateReference { Uri = (string)ask.Params["ref"]!["uri"]! };

    private static Dictionary<string, object?> ArgumentsOf(Ask ask) => ask.Params["arguments"]!.AsObject().ToDictionary(pair => pair.Key, object? (pair) => pair.Value);

    private static JsonObject Listed<T>(string member, IEnumerable<T> items) => new() { [member] = new JsonArray([.. items.Select(Node)]) };

    private static JsonNode Node<T>(T value) => JsonSerializer.SerializeToNode(value, McpJsonUtilities.DefaultOptions)!;
}
