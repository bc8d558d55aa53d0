using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Console.Layout;
using Symbolon.Admin.Console.ServerList;
using Symbolon.Admin.Servers;
using Symbolon.Core.Policy;
using Symbolon.Core.Snapshot;
using Symbolon.Admin.Api;

namespace Symbolon.Admin.Console;

internal static class ConsoleEndpoints
{
    private static readonly RouteAccess.Anyone Assets = new("The same bytes in every installation, as the published source has them.");

    public static void MapPages(this RouteGroupBuilder routes)
    {
        routes.MapGet("/assets/app.css", () => Results.Bytes(ConsoleAssets.Style, "text/css; charset=utf-8")).WithMetadata(Assets);
        routes.MapGet("/assets/app.js", () => Results.Bytes(ConsoleAssets.Script, "text/javascript; charset=utf-8")).WithMetadata(Assets);
        var pages = routes.MapGroup("").AddEndpointFilter<ConsoleGate>().AddEndpointFilter<FormGate>();
        pages.MapGet("/", () => Results.LocalRedirect("/servers")).WithMetadata(new RouteAccess.Administrator("servers:read"));
        pages.MapGet("/servers", Servers).WithMetadata(new RouteAccess.Administrator("servers:read"));
        pages.MapPost("/sign-out", SignInEndpoints.SignOutAsync).WithMetadata(new RouteAccess.Administrator("session:end"));
    }

    private static IResult Servers(HttpContext http, IAntiforgery forms, Configuration configuration, string? q)
    {
        var all = configuration.Servers(http.Requester().Organisation).Select(ServerResponses.Summary).OrderBy(server => server.Name, StringComparer.Ordinal).ToList();
        var found = string.IsNullOrWhiteSpace(q) ? all : all.FindAll(server =>
            server.Name.Contains(q.Trim(), StringComparison.OrdinalIgnoreCase) || server.Owner.Contains(q.Trim(), StringComparison.OrdinalIgnoreCase));
        return ConsolePages.Page<ServersPage>(http, forms, new() { ["Found"] = found, ["All"] = all.Count, ["Query"] = q });
    }
}
