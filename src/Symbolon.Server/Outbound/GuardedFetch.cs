using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Symbolon.Core.Outbound;
using Symbolon.Core.Registry.Files;

namespace Symbolon.Server.Outbound;

/// <summary>Fetches documents through the guard. What every upstream's handler refuses is refused here too, and inside nothing is asked but what the operator named.</summary>
/// <param name="internalHosts">Hosts that may be inside; one with a port may be asked there, and all others on 443 alone.</param>
/// <param name="trust">Null for the certificates that this machine trusts.</param>
internal sealed class GuardedFetch(EgressGuard guard, IReadOnlyList<string> internalHosts, TimeProvider clock, X509ChainPolicy? trust = null) : IFetch, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly HttpMessageInvoker invoker = new(MakeHandler(guard, internalHosts, trust), disposeHandler: true);

    public async Task<FetchAnswer> GetJsonAsync(Uri url, int mostBytes, CancellationToken cancellation)
    {
        if (!url.IsAbsoluteUri || !IsSchemeAllowed(url) || url.UserInfo.Length > 0) return new FetchAnswer.Refused();
        // As one that does not answer: which names lead where, and what listens there, is nobody's business.
        if (!IsPortAllowed(url)) return new FetchAnswer.Unreachable();
        using var deadline = new CancellationTokenSource(Patience, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url) { Version = System.Net.HttpVersion.Version11 };
            request.Headers.Accept.ParseAdd("application/json");
            request.Headers.UserAgent.ParseAdd("Symbolon");
            using var answer = await invoker.SendAsync(request, both.Token);
            if ((int)answer.StatusCode is >= 500 or 429) return new FetchAnswer.Unreachable();
            if (answer.StatusCode != System.Net.HttpStatusCode.OK || !IsPlainJson(answer.Content.Headers) || answer.Content.Headers.ContentLength > mostBytes) return new FetchAnswer.Refused();
            return await ReadAsync(answer.Content, mostBytes, both.Token) is { } body ? new FetchAnswer.Found(body, MaxAgeOf(answer.Headers.CacheControl)) : new FetchAnswer.Refused();
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

    private static SocketsHttpHandler MakeHandler(EgressGuard guard, IReadOnlyList<string> internalHosts, X509ChainPolicy? trust) => new()
    {
        SslOptions = { CertificateChainPolicy = trust },
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        PreAuthenticate = false,
        AutomaticDecompression = System.Net.DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        ConnectTimeout = Patience,
        MaxResponseHeadersLength = 16,
        MaxConnectionsPerServer = 2,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        ConnectCallback = (context, cancellation) => guard.ConnectAsync(context.DnsEndPoint, MayBeInside(context.DnsEndPoint, internalHosts), cancellation),
    };

    /// <summary>Without TLS only from this very machine, at a port that the operator named: a key server beside us.</summary>
    private bool IsSchemeAllowed(Uri url) =>
        url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && IssuerUrl.IsLoopback(url) && IsNamed(internalHosts, url.IdnHost, url.Port));

    private bool IsPortAllowed(Uri url) => url.Port == 443 || IsNamed(internalHosts, url.IdnHost, url.Port);

    private static bool MayBeInside(System.Net.DnsEndPoint target, IReadOnlyList<string> internalHosts) =>
        (target.Port == 443 && internalHosts.Contains(target.Host, StringComparer.OrdinalIgnoreCase)) || IsNamed(internalHosts, target.Host, target.Port);

    private static bool IsNamed(IReadOnlyList<string> internalHosts, string host, int port) =>
        internalHosts.Contains(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{host}:{port}"), StringComparer.OrdinalIgnoreCase);

    /// <summary>UTF-8, as it is: a reader of another character set would read another document.</summary>
    private static bool IsPlainJson(HttpContentHeaders headers) =>
        headers.ContentEncoding.Count == 0 && headers.ContentType is { MediaType: { } type } contentType
        && (type.Equals("application/json", StringComparison.OrdinalIgnoreCase) || (type.StartsWith("application/", StringComparison.OrdinalIgnoreCase) && type.EndsWith("+json", StringComparison.OrdinalIgnoreCase)))
        && (contentType.CharSet is null || contentType.CharSet.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    private static async Task<byte[]?> ReadAsync(HttpContent content, int mostBytes, CancellationToken cancellation)
    {
        var buffer = new byte[mostBytes + 1];
        var length = 0;
        await using var stream = await content.ReadAsStreamAsync(cancellation);
        while (length < buffer.Length)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), cancellation);
            if (read == 0) return buffer[..length];
            length += read;
        }
        return null;
    }

    private static TimeSpan? MaxAgeOf(CacheControlHeaderValue? cacheControl) => cacheControl switch
    {
        null => null,
        { NoStore: true } or { NoCache: true } => TimeSpan.Zero,
        _ => cacheControl.MaxAge,
    };
}
