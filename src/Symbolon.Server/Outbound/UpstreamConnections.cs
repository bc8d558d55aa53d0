using System.Collections.Concurrent;
using System.Net;
using Symbolon.Core.Identity;
using Symbolon.Core.Outbound;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;

namespace Symbolon.Server.Outbound;

/// <summary>Makes the handler for one origin of one server. Whether that server is still approved for it is asked at each new connection.</summary>
internal sealed class UpstreamConnections(Configuration configuration, EgressGuard guard, TimeSpan connectTimeout)
{
    private const int KiB = 1024;

    /// <summary>Kept while the process lives, also over a suspension: an approval of the same origin is no reason to trust its name anew.</summary>
    private readonly ConcurrentDictionary<(OrganisationId, ServerName, UpstreamOrigin), HostReach> reaches = new();

    public SocketsHttpHandler Open(OrganisationId organisation, ServerName server, UpstreamOrigin origin) => Open(organisation, server, origin, ReachOf(organisation, server, origin));

    /// <summary>Until a connection must stand: the server's own limit, or the node's.</summary>
    public TimeSpan ConnectLimitOf(OrganisationId organisation, ServerName server) =>
        configuration.Server(organisation, server)?.Approved?.Manifest.Limits?.ConnectSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : connectTimeout;

    internal HostReach ReachOf(OrganisationId organisation, ServerName server, UpstreamOrigin origin) =>
        reaches.GetOrAdd((organisation, server, origin), _ => new HostReach(origin.Host, () => PlaceOf(organisation, server, origin)));

    private SocketsHttpHandler Open(OrganisationId organisation, ServerName server, UpstreamOrigin origin, HostReach reach) => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        PreAuthenticate = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        ConnectTimeout = ConnectLimitOf(organisation, server),
        MaxResponseHeadersLength = 64,
        MaxResponseDrainSize = 64 * KiB,
        ResponseDrainTimeout = TimeSpan.FromSeconds(1),
        MaxConnectionsPerServer = 1024,
        // Long enough to be worth it, short enough that a change of DNS is seen; idle ones go before most servers drop them.
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(60),
        ConnectCallback = (context, cancellation) =>
            IsApproved(organisation, server, origin) && context.DnsEndPoint.Port == origin.Port
                && string.Equals(context.DnsEndPoint.Host.Trim('[', ']'), origin.Host.Trim('[', ']'), StringComparison.OrdinalIgnoreCase)
                ? guard.ConnectAsync(context.DnsEndPoint, reach, cancellation)
                : throw new EgressRefusedException(context.DnsEndPoint.Host, AddressReach.Internal),
    };

    private HostPlace? PlaceOf(OrganisationId organisation, ServerName server, UpstreamOrigin origin) =>
        configuration.Server(organisation, server)?.Approved is { Manifest.Upstream.Endpoint: { } url } approved && UpstreamOrigin.Of(url) == origin ? approved.Place : null;

    public bool IsApproved(OrganisationId organisation, ServerName server, UpstreamOrigin origin) =>
        configuration.Server(organisation, server) is { State: Lifecycle.Active, Approved.Manifest.Upstream.Endpoint: { } url }
        && UpstreamOrigin.Of(url) == origin;
}
