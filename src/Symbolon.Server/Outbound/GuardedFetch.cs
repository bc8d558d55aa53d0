using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Symbolon.Core.Outbound;

namespace Symbolon.Server.Outbound;

/// <summary>Fetches documents through the guard. What every upstream's handler refuses is refused here too, and inside nothing is asked but what the operator named.</summary>
/// <param name="internalHosts">Hosts that may be inside; one with a port may be asked there, and all others on 443 alone.</param>
/// <param name="trust">Null for the certificates that this machine trusts.</param>
internal sealed class GuardedFetch(EgressGuard guard, IReadOnlyList<string> internalHosts, TimeProvider clock, X509ChainPolicy? trust = null) : IFetch, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly NamedHosts named = new(internalHosts);
    private readonly HttpMessageInvoker invoker = new(GuardedHandler.Make(guard, new NamedHosts(internalHosts).MayBeInside, Patience, trust), disposeHandler: true);

    public async Task<FetchAnswer> GetJsonAsync(Uri url, int mostBytes, CancellationToken cancellation)
    {
        if (!url.IsAbsoluteUri || !named.IsSchemeAllowed(url) || url.UserInfo.Length > 0) return new FetchAnswer.Refused();
        // As one that does not answer: which names lead where, and what listens there, is nobody's business.
        if (!named.IsPortAllowed(url)) return new FetchAnswer.Unreachable();
        using var deadline = new CancellationTokenSource(Patience, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url) { Version = System.Net.HttpVersion.Version11 };
            request.Headers.Accept.ParseAdd("application/json");
            request.Headers.UserAgent.ParseAdd("Symbolon");
            using var answer = await invoker.SendAsync(request, both.Token);
            if ((int)answer.StatusCode is >= 500 or 429) return new FetchAnswer.Unreachable();
            if (answer.StatusCode != System.Net.HttpStatusCode.OK || !BoundedBody.IsPlainJson(answer.Content.Headers, orSuffix: true) || answer.Content.Headers.ContentLength > mostBytes) return new FetchAnswer.Refused();
            return await BoundedBody.ReadAsync(answer.Content, mostBytes, both.Token) is { } body ? new FetchAnswer.Found(body, MaxAgeOf(answer.Headers.CacheControl)) : new FetchAnswer.Refused();
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new FetchAnswer.Unreachable();
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException or AuthenticationException or EgressRefusedException)
        {
            return new FetchAnswer.Unreachable();
        }
    }

    public void Dispose() => invoker.Dispose();

    private static TimeSpan? MaxAgeOf(CacheControlHeaderValue? cacheControl) => cacheControl switch
    {
        null => null,
        { NoStore: true } or { NoCache: true } => TimeSpan.Zero,
        _ => cacheControl.MaxAge,
    };
}
