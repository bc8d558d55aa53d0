using System.Text.Json.Nodes;
using Symbolon.Testing.Mcp;

namespace Symbolon.EndToEndTests.Policies;

/// <summary>Three servers at three paths. Each answers with what rules may take out, and with the header that a rule may add.</summary>
internal sealed class EchoUpstream : IAsyncDisposable
{
    private const string Refund = """
        {"name":"refund","description":"Pays back.","inputSchema":{"type":"object","properties":{"amount":{"type":"number"},"currency":{"type":"string"},"note":{"type":"string"},
         "tags":{"type":"array","items":{"type":"string"}},"customer":{"type":"object","properties":{"id":{"type":"integer"},"vip":{"type":"boolean"}}}}}}
        """;

    private const string Send = """{"name":"send","description":"Sends.","inputSchema":{"type":"object","properties":{"to":{"type":"string"},"text":{"type":"string"},"note":{}}}}""";

    private static readonly Dictionary<string, string[]> Tools = new(StringComparer.Ordinal)
    {
        ["/payments"] = [Refund, McpText.Tool("balance"), McpText.Tool("purge")],
        ["/notes"] = [McpText.Tool("read_note"), Send],
        ["/files"] = [McpText.Tool("stat")],
    };

    private readonly RawServer server = new(AnswerAsync);

    public Uri UrlOf(string name) => new(server.Url, $"/{name}");

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private static Task AnswerAsync(RawRequest request, Stream stream, CancellationToken stop)
    {
        if (request.Method != "POST") return RawServer.WriteAsync(stream, "405 Method Not Allowed", "text/plain", "", stop);
        var message = JsonNode.Parse(request.Text)!;
        var id = message["id"]?.ToJsonString() ?? "null";
        var result = (string?)message["method"] switch
        {
            "server/discover" => McpText.DiscoverResult.Replace("{\"tools\":{}}", """{"tools":{},"prompts":{},"resources":{}}""", StringComparison.Ordinal),
            "tools/list" => $$"""{"resultType":"complete","ttlMs":0,"cacheScope":"private","tools":[{{string.Join(',', Tools[request.Path])}}]}""",
            "tools/call" => CallResult(request.Values("X-Rule").SingleOrDefault() ?? ""),
            "prompts/get" => """{"resultType":"complete","messages":[{"role":"user","content":{"type":"text","text":"hello"}}]}""",
            "resources/read" => """{"resultType":"complete","ttlMs":0,"cacheScope":"private","contents":[{"uri":"file:///x","text":"read"}]}""",
            _ => null,
        };
        return result is null
            ? RawServer.WriteAsync(stream, "400 Bad Request", "application/json", $$$$"""{"jsonrpc":"2.0","id":{{{{id}}}},"error":{"code":-32022,"message":"no","data":{"supported":["2026-07-28"],"requested":"x"}}}""", stop)
            : RawServer.WriteAsync(stream, "200 OK", "application/json", McpText.Response(id, result), stop);
    }

    private static string CallResult(string rule) =>
        $$$"""{"resultType":"complete","content":[],"structuredContent":{"secret":"s","card":{"number":"4"},"rule":"{{{rule}}}"},"isError":false}""";
}
