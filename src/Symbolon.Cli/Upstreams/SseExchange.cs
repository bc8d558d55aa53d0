using System.Net;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;

namespace Symbolon.Cli.Upstreams;

/// <summary>
/// The HTTP+SSE transport of revision 2024-11-05: a GET opens one stream of events, whose first names where messages are posted; the
/// answers come on the stream.
/// </summary>
/// <param name="credential">A header of the server's own, or null. It goes to the origin of <paramref name="url"/> alone.</param>
internal sealed class SseExchange(HttpClient http, Uri url, (string Name, string Value)? credential) : IMcpExchange, IAsyncDisposable
{
    /// <summary>Bytes of all answers together.</summary>
    private const long MostBytes = 64 * 1024 * 1024;

    private readonly CancellationTokenSource closing = new();
    private HttpResponseMessage? opened;
    private IAsyncEnumerator<SseItem<byte[]>>? events;
    private Uri? messages;

    public async Task<McpAnswer> SendAsync(string message, int? id, IEnumerable<(string Name, string Value)> headers, CancellationToken cancellation) =>
        await AnswerTime.WithinAsync(AnswerTime.Usual, async limit =>
        {
            messages ??= await OpenAsync(limit);
            using var request = new HttpRequestMessage(HttpMethod.Post, messages) { Content = new StringContent(message, Encoding.UTF8, "application/json") };
            request.Content.Headers.ContentType!.CharSet = null;
            Show(request);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit);
            if (!response.IsSuccessStatusCode || id is null) return new McpAnswer(response.StatusCode, null, null);
            return new McpAnswer(response.StatusCode, null, await AnswerAsync(id.Value, limit));
        }, cancellation);

    /// <summary>There is no session but the stream.</summary>
    public Task EndAsync(IEnumerable<(string Name, string Value)> headers, CancellationToken cancellation) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        opened?.Dispose();
        closing.Dispose();
    }

    private async Task<Uri> OpenAsync(CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Accept.ParseAdd("text/event-stream");
        Show(request);
        opened = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (opened.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden) throw new UpstreamRefusedException(new McpAnswer(opened.StatusCode, null, null));
        if (!opened.IsSuccessStatusCode || opened.Content.Headers.ContentType?.MediaType != "text/event-stream")
            throw new UpstreamException($"GET is answered with HTTP {(int)opened.StatusCode} and no stream of events.");
        var body = new LimitedStream(await opened.Content.ReadAsStreamAsync(cancellation), MostBytes);
        events = SseParser.Create(body, (_, data) => data.ToArray()).EnumerateAsync(closing.Token).GetAsyncEnumerator(closing.Token);
        if (await NextAsync(cancellation) is not { EventType: "endpoint" } first) throw new UpstreamException("The first event names no endpoint.");
        return EndpointOf(Encoding.UTF8.GetString(first.Data));
    }

    /// <summary>Only at the origin that was asked: no server sends our messages, and its header, elsewhere.</summary>
    private Uri EndpointOf(string text) =>
        Uri.TryCreate(url, text.Trim(), out var found) && Uri.Compare(found, url, UriComponents.SchemeAndServer | UriComponents.UserInfo, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0
            ? found
            : throw new UpstreamException("Its endpoint for messages is no address at the same origin.");

    private async Task<JsonElement?> AnswerAsync(int id, CancellationToken cancellation)
    {
        while (await NextAsync(cancellation) is { } item)
            if (item.EventType == "message" && item.Data.Length > 0 && McpAnswer.Read(item.Data, id) is { } answer) return answer;
        throw new UpstreamException("The stream ended before the answer.");
    }

    private async Task<SseItem<byte[]>?> NextAsync(CancellationToken cancellation) =>
        await events!.MoveNextAsync().AsTask().WaitAsync(cancellation) ? events.Current : null;

    private void Show(HttpRequestMessage request)
    {
        if (credential is { } own) request.Headers.TryAddWithoutValidation(own.Name, own.Value);
    }
}
