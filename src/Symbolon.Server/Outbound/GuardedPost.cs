using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Symbolon.Server.Outbound;

/// <summary>Posts JSON to the one address that the operator set, through the guard. No redirect is followed, and of the answer only its status is looked at.</summary>
/// <param name="mayBeInside">Whether the host may be on this machine or in this network.</param>
/// <param name="trust">Null for the certificates that this machine trusts.</param>
internal sealed class GuardedPost(EgressGuard guard, Uri url, bool mayBeInside, TimeProvider clock, X509ChainPolicy? trust = null) : IDisposable
{
    /// <summary>For the connection, the request and the head of the answer together.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HttpMessageInvoker invoker = new(GuardedHandler.Make(guard, _ => mayBeInside, Patience, trust), disposeHandler: true);

    /// <returns>Never throws for anything that the other side does.</returns>
    public async Task<PostAnswer> SendAsync(byte[] body, IReadOnlyList<KeyValuePair<string, string>> headers, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(Patience, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, url) { Version = HttpVersion.Version11, Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            request.Headers.UserAgent.ParseAdd("Symbolon");
            foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
            using var answer = await invoker.SendAsync(request, both.Token);
            return new PostAnswer.Answered((int)answer.StatusCode);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new PostAnswer.Unanswered("no answer within 10 s");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException or AuthenticationException or EgressRefusedException)
        {
            return new PostAnswer.Unanswered(WordsOf(e));
        }
    }

    public void Dispose() => invoker.Dispose();

    internal static string WordsOf(Exception? failure) => failure switch
    {
        EgressRefusedException => "its address is inside this network or is never connected to",
        AuthenticationException => "no secure connection: its certificate is not trusted",
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } => "its name has no address",
        SocketException => "no connection",
        { InnerException: { } inner } => WordsOf(inner),
        _ => "no answer that is HTTP",
    };
}
