using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Symbolon.Core.Policy;
using Symbolon.Gateway.Catalog;
using Symbolon.Gateway.ToolCalls;

namespace Symbolon.Gateway;

/// <summary>The addresses of the gateway. DESIGN.md section 4, Addresses.</summary>
public static class GatewayEndpoints
{
    /// <summary>One server, for pasted tokens: POST, GET and DELETE as MCP says, anything else 405.</summary>
    public const string PastedTokenServer = "/t/mcp/{server}";

    /// <summary>One server, with OAuth discovery: the same methods.</summary>
    public const string OAuthServer = "/mcp/{server}";

    /// <summary>The registry's read API: what a caller may call, for clients that are pointed at a registry.</summary>
    public const string Catalog = "/v0.1/servers";

    /// <summary>Maps the MCP addresses and the registry's. Host and Origin have to be checked before them.</summary>
    public static void MapGateway(this IEndpointRouteBuilder routes)
    {
        var pipeline = routes.ServiceProvider.GetRequiredService<ToolCallPipeline>();
        routes.Map(PastedTokenServer, pipeline.HandleAsync).WithMetadata(new RouteAccess.Caller());
        routes.Map(OAuthServer, pipeline.HandleOAuthAsync).WithMetadata(new RouteAccess.Caller());
        var catalog = routes.ServiceProvider.GetRequiredService<CatalogRequests>();
        routes.MapGet(Catalog, catalog.ListAsync).WithMetadata(new RouteAccess.Caller());
        routes.MapGet(Catalog + "/{name}/versions", catalog.VersionsAsync).WithMetadata(new RouteAccess.Caller());
        routes.MapGet(Catalog + "/{name}/versions/{version}", catalog.VersionAsync).WithMetadata(new RouteAccess.Caller());
    }
}
