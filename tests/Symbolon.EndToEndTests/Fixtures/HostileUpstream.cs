using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Symbolon.Testing.Mcp;

namespace Symbolon.EndToEndTests.Fixtures;

/// <summary>A modern server that lists well-behaved tools and then does, per tool, what its name says.</summary>
public sealed class HostileUpstream : IAsyncDisposable
{
    private readonly Dictionary<string, Func<RawRequest, string, Stream, CancellationToken, Task>> tools;
    private readonly RawServer server;
    private int followed;
    private int talking;

    public HostileUpstream()
    {
        tools = new()
        {
            ["fine"] = (_, id, stream, stop) => RawServer.WriteAsync(stream, "200 OK", "application/json", Good(id), stop),
            ["fine_sse"] = EventsAsync,
            ["hangs"] = (_, _, _, stop) => Task.Delay(Timeout.Infinite, stop),
            ["closes"] = (_, _, stream, _) => Close(stream),
            ["dies_in_mid_stream"] = DieAsync,
            ["cuts_its_answer_short"] = CutAsync,
            ["goes_quiet"] = GoQuietAsync,
            ["garbage"] = (_, _, stream, stop) => RawServer.WriteAsync(stream, "200 OK", "application/json", "{\"jsonrpc\":\"2.0\",\u0001 no}", stop),
            ["no_http"] = async (_, _, stream, stop) => { await stream.WriteAsync("SSH-2.0-OpenSSH_9.2\r\n\r\n"u8.ToArray(), stop); await Close(stream); },
            ["html"] = (_, _, stream, stop) => RawServer.WriteAsync(stream, "200 OK", "text/html", "<html>sign in</html>", stop),
            ["empty"] = (_, _, stream, stop) => RawServer.WriteAsync(stream, "200 OK", "application/json", "", stop),
            ["broken"] = (_, _, stream, stop) => RawServer.WriteAsync(stream, "500 Internal Server Error", "text/plain", "secret stack trace", stop),
            ["redirects"] = (_, _, stream, stop) => stream.WriteAsync(Encoding.ASCII.GetBytes(
                $"HTTP/1.1 307 Temporary Redirect\r\nLocation: {server!.Url.GetLeftPart(UriPartial.Authority)}/elsewhere\r\nContent-Length: 0\r\n\r\n"), stop).AsTask(),
            ["another_id"] = (_, _, stream, stop) => RawServer.WriteAsync(stream, "200 OK", "application/json", Good("4711"), stop),
            ["another_id_first"] = (_, id, stream, stop) => OneStreamAsync(stream, stop, Event(Good("4711", "not yours")), Event(Good(id))),
            ["duplicate_members"] = (_, id, stream, stop) => RawServer.WriteAsync(stream, "200 OK", "application/json", Good(id)[..^1] + ",\"result\":{}}", stop),
            ["asks_the_client"] = (_, id, stream, stop) => OneStreamAsync(stream, stop,
                Event("""{"jsonrpc":"2.0","id":"s1","method":"sampling/createMessage","params":{"messages":[],"maxTokens":1}}"""), Event(Good(id))),
            ["carriage_returns"] = (_, id, stream, stop) => OneStreamAsync(stream, stop, $"event: message\rdata: {Good(id)}\r\r"),
            ["never_stops_talking"] = TalkAsync,
            ["endless_json"] = EndlessJsonAsync,
            ["endless_event"] = EndlessEventAsync,
            ["endless_header"] = EndlessHeaderAsync,
        };
        server = new RawServer(AnswerAsync);
    }

    public Uri Url => server.Url;

    public IReadOnlyList<RawRequest> Requests => server.Requests;

    /// <summary>How many requests came to the place that a redirect names.</summary>
    public int Followed => Volatile.Read(ref followed);

    /// <summary>Calls of <c>never_stops_talking</c> that nobody has ended yet.</summary>
    public int Talking => Volatile.Read(ref talking);

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private Task AnswerAsync(RawRequest request, Stream stream, CancellationToken stop)
    {
        if (request.Path == "/elsewhere") Interlocked.Increment(ref followed);
        if (request.Method != "POST") return RawServer.WriteAsync(stream, "405 Method Not Allowed", "text/plain", "", stop);
        var message = JsonNode.Parse(request.Text)!;
        var id = message["id"]?.ToJsonString() ?? "null";
        return (string?)message["method"] switch
        {
            "server/discover" => RawServer.WriteAsync(stream, "200 OK", "application/json", McpText.Response(id, McpText.DiscoverResult), stop),
            "tools/list" => RawServer.WriteAsync(stream, "200 OK", "application/json", McpText.Response(id, McpText.ToolsResult(tools.Keys)), stop),
            "tools/call" => tools[(string)message["params"]!["name"]!](request, id, stream, stop),
            _ => RawServer.WriteAsync(stream, "400 Bad Request", "application/json",
                $$$$"""{"jsonrpc":"2.0","id":{{{{id}}}},"error":{"code":-32022,"message":"no","data":{"supported":["2026-07-28"],"requested":"x"}}}""", stop),
        };
    }

    private static string Good(string id, string text = "good") => McpText.Response(id, McpText.TextResult(text));

    private static string Event(string message) => $"event: message\ndata: {message}\n\n";

    private static Task EventsAsync(RawRequest request, string id, Stream stream, CancellationToken stop) =>
        OneStreamAsync(stream, stop, ": hello\n\n", Event(Good(id)));

    private static async Task OneStreamAsync(Stream stream, CancellationToken stop, params string[] parts)
    {
        await RawServer.BeginEventsAsync(stream, stop);
        foreach (var part in parts) await RawServer.ChunkAsync(stream, part, stop);
        await RawServer.ChunkAsync(stream, "", stop);
    }

    private static async Task DieAsync(RawRequest request, string id, Stream stream, CancellationToken stop)
    {
        await RawServer.BeginEventsAsync(stream, stop);
        await RawServer.ChunkAsync(stream, $"event: message\ndata: {Good(id)[..40]}", stop);
        await Close(stream);
    }

    private static async Task CutAsync(RawRequest request, string id, Stream stream, CancellationToken stop)
    {
        await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{\"jsonrpc\":"u8.ToArray(), stop);
        await Close(stream);
    }

    private static async Task GoQuietAsync(RawRequest request, string id, Stream stream, CancellationToken stop)
    {
        await RawServer.BeginEventsAsync(stream, stop);
        await Task.Delay(Timeout.Infinite, stop);
    }

    /// <summary>Progress that the caller asked for, without end.</summary>
    private async Task TalkAsync(RawRequest request, string id, Stream stream, CancellationToken stop)
    {
        var progress = Event("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":\"p1\",\"progress\":1,\"message\":\"" + new string('a', 16_000) + "\"}}");
        Interlocked.Increment(ref talking);
        try
        {
            await RawServer.BeginEventsAsync(stream, stop);
            while (true) await RawServer.ChunkAsync(stream, progress, stop);
        }
        finally
        {
            Interlocked.Decrement(ref talking);
        }
    }

    private static async Task EndlessJsonAsync(RawRequest request, string id, Stream stream, CancellationToken stop)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{{\"jsonrpc\":\"2.0\",\"id\":{id},\"result\":\"")), stop);
        await FloodAsync(stream, stop);
    }

    private static async Task EndlessEventAsync(RawRequest request, string id, Stream stream, CancellationToken stop)
    {
        await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: "u8.ToArray(), stop);
        await FloodAsync(stream, stop);
    }

    private static async Task EndlessHeaderAsync(RawRequest request, string id, Stream stream, CancellationToken stop)
    {
        await stream.WriteAsync("HTTP/1.1 200 OK\r\nX-Long: "u8.ToArray(), stop);
        await FloodAsync(stream, stop);
    }

    /// <summary>Ten gigabytes, or until the other side has had enough.</summary>
    private static async Task FloodAsync(Stream stream, CancellationToken stop)
    {
        var block = new byte[1 << 16];
        block.AsSpan().Fill((byte)'a');
        for (var sent = 0L; sent < 10L << 30; sent += block.Length) await stream.WriteAsync(block, stop);
    }

    private static Task Close(Stream stream)
    {
        stream.Close();
        return Task.CompletedTask;
    }
}
