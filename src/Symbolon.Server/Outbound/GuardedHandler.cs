using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Symbolon.Server.Outbound;

/// <summary>What all that fetches and posts for Symbolon itself goes through: nothing is followed, kept or unpacked, and each connection is the guard's.</summary>
internal static class GuardedHandler
{
    private const int KiB = 1024;

    /// <param name="mayBeInside">Whether a host may be on this machine or in this network.</param>
    /// <param name="trust">Null for the certificates that this machine trusts.</param>
    public static SocketsHttpHandler Make(EgressGuard guard, Func<DnsEndPoint, bool> mayBeInside, TimeSpan patience, X509ChainPolicy? trust) => new()
    {
        SslOptions = { CertificateChainPolicy = trust },
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        PreAuthenticate = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        ConnectTimeout = patience,
        MaxResponseHeadersLength = 16,
        // What follows what is looked at is read for the sake of the connection, and no further than this.
        MaxResponseDrainSize = 64 * KiB,
        ResponseDrainTimeout = TimeSpan.FromSeconds(1),
        MaxConnectionsPerServer = 2,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        ConnectCallback = (context, cancellation) => guard.ConnectAsync(context.DnsEndPoint, mayBeInside(context.DnsEndPoint), cancellation),
    };
}
