using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Symbolon.Core.Outbound;

namespace Symbolon.Server.Outbound;

/// <summary>Posts security event tokens through the guard. Of an answer its status is looked at, and where the receiver refuses, its error code.</summary>
/// <param name="internalHosts">Hosts that may be inside: an administrator of clients sets the address, and only the operator opens this network.</param>
/// <param name="trust">Null for the certificates that this machine trusts.</param>
internal sealed class GuardedEventPost(EgressGuard guard, IReadOnlyList<string> internalHosts, TimeProvider clock, X509ChainPolicy? trust = null) : IEventPost, IDisposable
{
    private const int KiB = 1024;
    private const int MostError = 4 * KiB;

    private readonly HttpMessageInvoker invoker = new(GuardedHandler.Make(guard, new NamedHosts(internalHosts).MayBeInside, GuardedPost.Patience, trust), disposeHandler: true);

    public async Task<EventPostAnswer> SendAsync(Uri url, string token, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(GuardedPost.Patience, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, url) { Version = HttpVersion.Version11, Content = new ByteArrayContent(Encoding.ASCII.GetBytes(token)) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/secevent+jwt");
            request.Headers.Accept.ParseAdd("application/json");
            request.Headers.UserAgent.ParseAdd("Symbolon");
            using var answer = await invoker.SendAsync(request, both.Token);
            var status = (int)answer.StatusCode;
            if (status is >= 200 and < 300) return new EventPostAnswer.Taken();
            return status == 400 && await ErrorOfAsync(answer.Content, both.Token) is { } error
                ? new EventPostAnswer.Refused(error)
                : new EventPostAnswer.Failed(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"answered {status}"));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new EventPostAnswer.Failed("no answer within 10 s");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException or AuthenticationException or EgressRefusedException)
        {
            return new EventPostAnswer.Failed(GuardedPost.WordsOf(e));
        }
    }

    public void Dispose() => invoker.Dispose();

    /// <returns>Null for what is no error of RFC 8935 §2.3: a page of something in front of the receiver must not end an event.</returns>
    private static async Task<string?> ErrorOfAsync(HttpContent content, CancellationToken cancellation)
    {
        var buffer = new byte[MostError + 1];
        var length = 0;
        await using var stream = await content.ReadAsStreamAsync(cancellation);
        while (length < buffer.Length && await stream.ReadAsync(buffer.AsMemory(length), cancellation) is > 0 and var read) length += read;
        if (length > MostError) return null;
        try
        {
            using var json = JsonDocument.Parse(buffer.AsMemory(0, length));
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("err", out var error) && error.ValueKind == JsonValueKind.String ? EventError.Of(error.GetString()) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
