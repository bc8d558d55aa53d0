using System.Net;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;

namespace Symbolon.Cli.Upstreams;

/// <summary>
/// Sends JSON-RPC messages to one MCP endpoint over Streamable HTTP and reads the answers, as JSON or as events, under bounds.
/// Answers are kept as the bytes that came, since digests are taken over them.
/// </summary>
/// <param name="credential">A header of the server's own, or null.</param>
internal sealed class McpExchange(HttpClient http, Uri url, (string Name, string Value)? credential) : IMcpExchange
{
    /// <summary>Bytes of one answer. 16 MiB, as the gateway's default.</summary>
    private const long MostBytes = 16 * 1024 * 1024;


    /// <summary>
    /// Every POST so far was answered as by a server of HTTP+SSE alone: 404 or 405, or 400 for a message that it cannot take.
    /// </summary>
    /// <remarks>MCP 2025-11-25, Transports, Backwards Compatibility.</remarks>
    public bool LooksLikeOldTransport { get; private set; } = true;

    public async Task<McpAnswer> SendAsync(string message, int? id, IEnumerable<(string Name, string Value)> headers, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(message, Encoding.UTF8, "application/json") };
        request.Content.Headers.ContentType!.CharSet = null;
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.Accept.ParseAdd("text/event-stream");
        AddHeaders(request, headers);
        return await AnswerTime.WithinAsync(AnswerTime.Usual, async limit =>
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit);
            LooksLikeOldTransport &= response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed;
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
            await AnswerTime.WithinAsync(AnswerTime.Usual, async limit => (await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit)).StatusCode, cancellation);
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

    private static async Task<JsonElement?> ReadAsync(HttpResponseMessage response, int id, CancellationToken cancellation)
    {
        await using var body = new LimitedStream(await response.Content.ReadAsStreamAsync(cancellation), MostBytes);
        switch (response.Content.Headers.ContentType?.MediaType)
        {
            case "application/json":
                using (var all = new MemoryStream())
                {
                    await body.CopyToAsync(all, cancellation);
                    return McpAnswer.Read(all.GetBuffer().AsMemory(0, (int)all.Length), id);
                }
            case "text/event-stream":
                await foreach (var item in SseParser.Create(body, (_, data) => data.ToArray()).EnumerateAsync(cancellation))
                    if (item.Data.Length > 0 && McpAnswer.Read(item.Data, id) is { } message) return message;
                return null;
            default:
                return null;
        }
    }
}
