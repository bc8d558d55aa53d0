using System.Net;

namespace Symbolon.Client.Http;

/// <summary>How this library speaks to Symbolon where no client is given: no redirects, no cookies, small answers, short waits.</summary>
internal static class SymbolonHttp
{
    /// <summary>Bytes of the largest answer that is read.</summary>
    public const int MostBytes = 64 * 1024;

    /// <summary>For an answer, from its first byte to its last.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    public static HttpClient Create() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    { Timeout = Deadline };

    /// <summary>Sends, and reads the whole answer within the limits.</summary>
    /// <returns>The body; empty with <see cref="HttpStatusCode"/> 0 for an answer that is too large.</returns>
    /// <exception cref="HttpRequestException">No answer, or it broke off.</exception>
    /// <exception cref="TimeoutException">It took longer than <see cref="Deadline"/>.</exception>
    public static async Task<HttpAnswer> SendAsync(HttpClient http, HttpRequestMessage request, TimeProvider clock, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(Deadline, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            var body = await ReadAsync(response.Content, either.Token);
            var nonce = response.Headers.TryGetValues("DPoP-Nonce", out var nonces) ? nonces.First() : null;
            return new HttpAnswer(response.StatusCode, body, nonce, WaitOf(response, clock));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"No answer within {Deadline.TotalSeconds:0} s.");
        }
        catch (IOException broken)
        {
            throw new HttpRequestException("The answer broke off.", broken);
        }
    }

    private static async Task<byte[]?> ReadAsync(HttpContent content, CancellationToken cancellation)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellation);
        var room = new byte[MostBytes + 1];
        var length = await stream.ReadAtLeastAsync(room, room.Length, throwOnEndOfStream: false, cancellation);
        return length > MostBytes ? null : room[..length];
    }

    private static TimeSpan? WaitOf(HttpResponseMessage response, TimeProvider clock) =>
        response.Headers.RetryAfter is not { } after ? null : after.Delta ?? after.Date - clock.GetUtcNow();
}

/// <param name="Body">Null when it was larger than <see cref="SymbolonHttp.MostBytes"/>.</param>
/// <param name="Nonce">The header <c>DPoP-Nonce</c>.</param>
internal sealed record HttpAnswer(HttpStatusCode Status, byte[]? Body, string? Nonce, TimeSpan? RetryAfter);
