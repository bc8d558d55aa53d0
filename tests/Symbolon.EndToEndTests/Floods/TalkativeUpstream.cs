using System.Text;
using System.Text.Json.Nodes;
using Symbolon.Testing.Mcp;

namespace Symbolon.EndToEndTests.Floods;

/// <summary>A server of both eras that, on each stream that lasts, says more than anybody keeps, as fast as it can.</summary>
internal sealed class TalkativeUpstream : IAsyncDisposable
{
    public const long Most = 64L << 20;
    public const string Resource = "note://today";

    private const string Session = "talkative";
    private const string Subscribed = "\"resourceSubscriptions\":[\"";

    private readonly RawServer server;
    private int talking;
    private int finished;

    public TalkativeUpstream() => server = new RawServer(AnswerAsync);

    public Uri Url => server.Url;

    /// <summary>Streams on which it talks and that nobody has ended yet.</summary>
    public int Talking => Volatile.Read(ref talking);

    /// <summary>Streams whose reader took it all.</summary>
    public int Finished => Volatile.Read(ref finished);

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private async Task AnswerAsync(RawRequest request, Stream stream, CancellationToken stop)
    {
        if (request.Method == "GET")
        {
            var isRest = request.Values("Last-Event-ID").Any();
            // The gateway's own stream comes without a session of a client.
            if (!isRest && request.Values("Mcp-Session-Id").FirstOrDefault() != Session + "-reader") await RawServer.WriteAsync(stream, "405 Method Not Allowed", "text/plain", "", stop);
            else await TalkAsync(stream, isRest ? Progress() : Log(), stop);
            return;
        }
        if (request.Method != "POST") { await RawServer.WriteAsync(stream, "200 OK", "application/json", "{}", stop); return; }
        var message = JsonNode.Parse(request.Text)!;
        var id = message["id"]?.ToJsonString();
        var result = (string?)message["method"] switch
        {
            "server/discover" => McpText.DiscoverResult.Replace("\"tools\":{}", "\"tools\":{},\"resources\":{\"subscribe\":true}", StringComparison.Ordinal),
            "initialize" => """{"protocolVersion":"2025-11-25","capabilities":{"tools":{},"logging":{},"resources":{}},"serverInfo":{"name":"talkative","version":"1"}}""",
            "tools/list" => McpText.ToolsResult(["fine", "later"]),
            "tools/call" when (string?)message["params"]!["name"] == "fine" => McpText.TextResult("good"),
            _ => null,
        };
        if (id is null) await RawServer.WriteAsync(stream, "202 Accepted", "text/plain", "", stop);
        else if ((string?)message["method"] == "initialize") await OpenAsync(stream, message, id, result!, stop);
        else if ((string?)message["method"] == "tools/call" && result is null) await LeaveAsync(stream, stop);
        else if ((string?)message["method"] == "subscriptions/listen" && request.Text.Contains(Subscribed, StringComparison.Ordinal)) await TalkAsync(stream, Change(id), stop);
        else await RawServer.WriteAsync(stream, "200 OK", "application/json", result is null
            ? $$$"""{"jsonrpc":"2.0","id":{{{id}}},"error":{"code":-32601,"message":"no"}}""" : McpText.Response(id, result), stop);
    }

    private static Task OpenAsync(Stream stream, JsonNode message, string id, string result, CancellationToken stop)
    {
        var body = McpText.Response(id, result);
        var who = (string?)message["params"]!["clientInfo"]!["name"];
        return stream.WriteAsync(Encoding.UTF8.GetBytes(
            $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nMcp-Session-Id: {Session}{(who == "reader" ? "-reader" : "")}\r\nContent-Length: {body.Length}\r\n\r\n{body}"), stop).AsTask();
    }

    /// <summary>Sends its client for the answer.</summary>
    private static async Task LeaveAsync(Stream stream, CancellationToken stop)
    {
        await RawServer.BeginEventsAsync(stream, stop);
        await RawServer.ChunkAsync(stream, "id: 1\nretry: 250\ndata:\n\n", stop);
        await RawServer.ChunkAsync(stream, "", stop);
    }

    private async Task TalkAsync(Stream stream, string message, CancellationToken stop)
    {
        Interlocked.Increment(ref talking);
        try
        {
            await RawServer.BeginEventsAsync(stream, stop);
            var said = $"event: message\ndata: {message}\n\n";
            for (var sent = 0L; sent < Most; sent += said.Length) await RawServer.ChunkAsync(stream, said, stop);
            Interlocked.Increment(ref finished);
            await Task.Delay(Timeout.Infinite, stop);
        }
        finally
        {
            Interlocked.Decrement(ref talking);
        }
    }

    private static string Long => new('a', 16_000);

    private static string Log() => "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{\"level\":\"info\",\"data\":\"" + Long + "\"}}";

    private static string Progress() => "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":\"p1\",\"progress\":1,\"message\":\"" + Long + "\"}}";

    private static string Change(string id) =>
        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/resources/updated\",\"params\":{\"uri\":\"" + Resource + "\",\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":" + id + ",\"long\":\"" + Long + "\"}}}";
}
