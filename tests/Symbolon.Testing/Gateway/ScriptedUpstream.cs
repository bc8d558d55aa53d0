using System.Net;
using System.Text;
using System.Text.Json;

namespace Symbolon.Testing.Gateway;

/// <summary>
/// An MCP server without a network: legacy, modern or both, with the tools that the test lists. Everything it got is kept; what it
/// answers to <c>tools/call</c> the test decides.
/// </summary>
public sealed class ScriptedUpstream : HttpMessageHandler
{
    private readonly Lock gate = new();
    private readonly List<Received> received = [];

    public bool SpeaksLegacy { get; set; } = true;

    public bool SpeaksModern { get; set; } = true;

    /// <summary>Null: it has no sessions.</summary>
    public string? SessionId { get; set; } = "upstream-session-1";

    /// <summary>JSON of each tool.</summary>
    public List<string> Tools { get; } = [];

    /// <summary>Answers anything but what opens a conversation and lists tools. The default echoes the arguments as text.</summary>
    public Func<Received, HttpResponseMessage> Answer { get; set; } = request =>
        Json($$$$"""{"jsonrpc":"2.0","id":{{{{request.Id}}}},"result":{"content":[{"type":"text","text":"ok"}]}}""");

    /// <summary>Comes before everything else; null passes on.</summary>
    public Func<Received, HttpResponseMessage?> Before { get; set; } = _ => null;

    /// <summary>A request is answered no sooner than this.</summary>
    public Func<Received, Task> Hold { get; set; } = _ => Task.CompletedTask;

    public IReadOnlyList<Received> Requests
    {
        get
        {
            lock (gate) return [.. received];
        }
    }

    public IEnumerable<Received> Calls => Requests.Where(request => request.Method == "tools/call");

    public static HttpResponseMessage Json(string body, HttpStatusCode status = HttpStatusCode.OK) =>
        new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    public static HttpResponseMessage Events(Stream stream)
    {
        var content = new StreamContent(stream);
        content.Headers.ContentType = new("text/event-stream");
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = content };
    }

    public static HttpResponseMessage Events(string events) => Events(new MemoryStream(Encoding.UTF8.GetBytes(events)));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        var got = Received.Of(request, body);
        lock (gate) received.Add(got);
        await Hold(got).WaitAsync(cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return Before(got) ?? Open(got) ?? Answer(got);
    }

    private HttpResponseMessage? Open(Received request) => request.Method switch
    {
        "server/discover" => SpeaksModern
            ? Json($$$$"""{"jsonrpc":"2.0","id":{{{{request.Id}}}},"result":{"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{"tools":{"listChanged":true},"prompts":{}},"serverInfo":{"name":"scripted","version":"1"},"ttlMs":1000,"cacheScope":"public"}}""")
            : Json($$$$"""{"jsonrpc":"2.0","id":{{{{request.Id}}}},"error":{"code":-32000,"message":"Bad Request: Server not initialized"}}""", HttpStatusCode.BadRequest),
        "initialize" => SpeaksLegacy ? Initialized(request) : Json($$$$"""{"jsonrpc":"2.0","id":{{{{request.Id}}}},"error":{"code":-32601,"message":"no"}}""", HttpStatusCode.NotFound),
        "tools/list" => Json($$$$"""{"jsonrpc":"2.0","id":{{{{request.Id}}}},"result":{"tools":[{{{{string.Join(',', Tools)}}}}]{{{{(request.IsModern ? ",\"resultType\":\"complete\",\"ttlMs\":60000,\"cacheScope\":\"public\"" : "")}}}}}}"""),
        "notifications/initialized" or "notifications/cancelled" => new HttpResponseMessage(HttpStatusCode.Accepted),
        "" when request.Http == "DELETE" => new HttpResponseMessage(HttpStatusCode.OK),
        _ => null,
    };

    private HttpResponseMessage Initialized(Received request)
    {
        var version = request.Json.GetProperty("params").GetProperty("protocolVersion").GetString();
        var response = Json($$$$"""{"jsonrpc":"2.0","id":{{{{request.Id}}}},"result":{"protocolVersion":"{{{{version}}}}","capabilities":{"tools":{},"resources":{},"logging":{}},"serverInfo":{"name":"scripted","version":"1"}}}""");
        if (SessionId is not null) response.Headers.Add("Mcp-Session-Id", SessionId);
        return response;
    }

    /// <summary>One request as it arrived.</summary>
    public sealed record Received(string Http, IReadOnlyDictionary<string, string> Headers, string Body, JsonElement Json)
    {
        public string Method => Json.ValueKind == JsonValueKind.Object && Json.TryGetProperty("method", out var method) ? method.GetString()! : "";

        public string Id => Json.TryGetProperty("id", out var id) ? id.GetRawText() : "null";

        public bool IsModern => Headers.GetValueOrDefault("MCP-Protocol-Version") == "2026-07-28";

        internal static Received Of(HttpRequestMessage request, byte[] body)
        {
            var headers = request.Headers.Concat(request.Content?.Headers.AsEnumerable() ?? [])
                .ToDictionary(header => header.Key, header => string.Join(',', header.Value), StringComparer.OrdinalIgnoreCase);
            var text = Encoding.UTF8.GetString(body);
            return new Received(request.Method.Method, headers, text, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
        }
    }
}
