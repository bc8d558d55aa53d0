using System.Net;
using Microsoft.AspNetCore.Http;

namespace Symbolon.Server.Edge;

/// <summary>What a request must fulfil before anybody looks at it further.</summary>
internal sealed class EdgeRules
{
    public PublicOrigins Public { get; } = new();
    public PublicOrigins Admin { get; } = new();

    /// <summary>Whether the admin API has listeners of its own.</summary>
    public bool AdminIsApart { get; init; }

    /// <summary>Proxies that terminate TLS before us; empty where there is none.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>What <c>Strict-Transport-Security</c> says; null to say nothing.</summary>
    public string? StrictTransport { get; init; }

    public bool AllowsOrigin(HttpContext context)
    {
        var origins = OriginsFor(context);
        return origins.AllowsHost(context.Request.Host) && origins.AllowsOrigin(context.Request.Headers.Origin);
    }

    /// <summary>The set origin that a request's Host selects; null for one that is not let in.</summary>
    public string? OriginOf(HttpContext context) => OriginsFor(context).OriginOf(context.Request.Host);

    /// <summary>Tells browsers to come back by https alone, where that is so (RFC 6797 §7.1), and never in an answer that itself goes by http (§7.2).</summary>
    public void MarkTransport(HttpContext context)
    {
        if (StrictTransport is not null && (context.Request.IsHttps || (context.Connection.RemoteIpAddress is { } peer && IsTrusted(peer))) && OriginsFor(context).IsStrict(context.Request.Host)) context.Response.Headers.StrictTransportSecurity = StrictTransport;
    }

    /// <summary>Plain http from another machine is only for the declared proxies: nobody else's TLS was ended by anyone.</summary>
    public bool AllowsPeer(HttpContext context) =>
        context.Request.IsHttps || context.Connection.RemoteIpAddress is not { } peer || IPAddress.IsLoopback(peer) || IsTrusted(peer);

    public bool AllowsSurface(HttpContext context) =>
        !AdminIsApart
        || context.GetEndpoint()?.Metadata.GetMetadata<SurfaceMark>() is not { } mark
        || mark.Surface == (IsAdminConnection(context) ? Surface.Admin : Surface.Public);

    /// <summary>Whether the console and the admin API answer on the listener that the request came in on.</summary>
    public bool ServesAdministrators(HttpContext context) => !AdminIsApart || IsAdminConnection(context);

    /// <summary>Whether this is a declared proxy.</summary>
    public bool IsTrusted(IPAddress peer)
    {
        if (peer.IsIPv4MappedToIPv6) peer = peer.MapToIPv4();
        foreach (var network in TrustedProxies)
            if (network.Contains(peer)) return true;
        return false;
    }

    private PublicOrigins OriginsFor(HttpContext context) => IsAdminConnection(context) ? Admin : Public;

    private static bool IsAdminConnection(HttpContext context) => context.Features.Get<AdminConnection>() is not null;
}

/// <summary>Carries a <see cref="Edge.Surface"/> as metadata.</summary>
internal sealed record SurfaceMark(Surface Surface);
