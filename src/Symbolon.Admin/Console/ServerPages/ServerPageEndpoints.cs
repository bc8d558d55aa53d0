using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;
using Symbolon.Admin.Console.Layout;
using Symbolon.Admin.Servers;
using Symbolon.Core.Policy;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Console.ServerPages;

internal static class ServerPageEndpoints
{
    public static void MapServerPages(this RouteGroupBuilder pages)
    {
        pages.MapGet("/servers", List).WithMetadata(new RouteAccess.Administrator("servers:read"));
    }

    private static IResult List(HttpContext http, IAntiforgery forms, Configuration configuration, string? q)
    {
        var all = configuration.Servers(http.Requester().Organisation).Select(ServerResponses.Summary).OrderBy(server => server.Name, StringComparer.Ordinal).ToList();
        var found = string.IsNullOrWhiteSpace(q) ? all : all.FindAll(server =>
            server.Name.Contains(q.Trim(), StringComparison.OrdinalIgnoreCase) || server.Owner.Contains(q.Trim(), StringComparison.OrdinalIgnoreCase));
        return ConsolePages.Page<ServersPage>(http, forms, new() { ["Found"] = found, ["All"] = all.Count, ["Query"] = q });
    }
}
