using System.Net;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;

namespace Symbolon.Cli.Upstreams;

/// <summary>What came back for one message.</summary>
/// <param name="Message">The JSON-RPC answer with the request's id; null where there is none.</param>
internal sealed record McpAnswer(HttpStatusCode Status, string? Session, JsonElement? Message)
{
    public JsonElement? Result => Member("result");
    public JsonElement? Error => Member("error");
    public bool Refused => Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden;

    private JsonElement? Member(string name) =>
        Message is { ValueKind: JsonValueKind.Object } message && message.TryGetProperty(name, out var value) ? value : null;
}

/// <summary>
/// Sends JSON-RPC messages to one MCP endpoint over Streamable HTTP and reads the answers, as JSON or as events, under bounds.
/// Answers are kept as the bytes that came, since digests are taken over them.
/// </summary>
/// <param name="credential">A header of the server's own, or null.</param>
internal sealed class McpExchange(HttpClient http, Uri url, (string Name, string Value)? credential)
{
    /// <summary>Bytes of one answer. 16 MiB, as the gateway's default.</summary>
    private const long MostBytes = 16 * 1024 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    public Uri Url => url;

    /// <param name="id">The request's id, or null for a notification.</param>
    /// <exception cref="HttpRequestException">The server cannot be reached.</exception>
    /// <exception cref="UpstreamException">The answer is too long, too late or no JSON.</exception>
    public async Task<McpAnswer> SendAsync(string message, int? id, IEnumerable<(string Name, string Value)> headers, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(message, Encoding.UTF8, "application/json") };
        request.Content.Headers.ContentType!.CharSet = null;
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.Accept.ParseAdd("text/event-stream");
        AddHeaders(request, headers);
        return await WithinTimeAsync(async limit =>
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit);
            var session = response.Headers.TryGetValues("Mcp-Session-Id", out var values) ? values.First() : null;
            return new McpAnswer(response.StatusCode, session, id is { } expected ? await ReadAsync(response, expected, limit) : null);
        }, cancellation);
    }

    /// <summary>Ends a session; a server that cannot is left to forget it.</summary>
    public async Task EndAsync(IEnumerable<(string Name, string Value)> headers, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, url);
        AddHeaders(request, headers);
        try
        {
            await WithinTimeAsync(async limit => (await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit)).StatusCode, cancellation);
        }
        catch (Exception fault) when (fault is HttpRequestException or UpstreamException)
        {
            // All that was wanted is read already.
        }
    }

    private void AddHeaders(HttpRequestMessage request, IEnumerable<(string Name, string Value)> headers)
    {
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        if (credential is { } own) request.Headers.TryAddWithoutValidation(own.Name, own.Value);
    }

    private static async Task<T> WithinTimeAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        try
        {
            return await work(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new UpstreamException($"It did not answer within {Patience.TotalSeconds:0} s.");
        }
        catch (Exception fault) when (fault is IOException or HttpIOException)
        {
            throw new UpstreamException($"The answer broke off: {fault.Message}");
        }
    }

    private static async Task<JsonElement?> ReadAsync(HttpResponseMessage response, int id, CancellationToken cancellation)
    {
        await using var body = new LimitedStream(await response.Content.ReadAsStreamAsync(cancellation), MostBytes);
        switch (response.Content.Headers.ContentType?.MediaType)
        {
            case "application/json":
                using (var all = new MemoryStream())
                {
                    await body.CopyToAsync(all, cancellation);
                    return Parse(all.GetBuffer().AsMemory(0, (int)all.Length), id);
                }
            case "text/event-stream":
                await foreach (var item in SseParser.Create(body, (_, data) => data.ToArray()).EnumerateAsync(cancellation))
                    if (item.Data.Length > 0 && Parse(item.Data, id) is { } message) return message;
                return null;
            default:
                return null;
        }
    }

    /// <returns>The message if it answers this request; null for any other.</returns>
    private static JsonElement? Parse(ReadOnlyMemory<byte> json, int id)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            var message = document.RootElement;
            var answers = message.ValueKind == JsonValueKind.Object && !message.TryGetProperty("method", out _)
                && message.TryGetProperty("id", out var found) && found.ValueKind == JsonValueKind.Number && found.TryGetInt32(out var number) && number == id;
            return answers ? message.Clone() : null;
        }
        catch (JsonException)
        {
            throw new UpstreamException("An answer is no JSON, or names a member twice.");
        }
    }
}
