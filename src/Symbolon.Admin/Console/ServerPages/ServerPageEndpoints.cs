using System.Globalization;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;
using Symbolon.Admin.Console.Layout;
using Symbolon.Admin.Exchanges;
using Symbolon.Admin.Servers;
using Symbolon.Core.Policy;

namespace Symbolon.Admin.Console.ServerPages;

internal static class ServerPageEndpoints
{
    private const int PageSize = 50;

    public static void MapServerPages(this RouteGroupBuilder pages)
    {
        pages.MapGet("/servers", ListAsync).WithMetadata(new RouteAccess.Administrator("servers:read"));
        pages.MapGet("/exchange", Exchange).WithMetadata(new RouteAccess.Administrator("servers:read"));
        pages.MapGet("/servers/{name}", ShowAsync).WithMetadata(new RouteAccess.Administrator("servers:read"));
        pages.MapPost("/servers/{name}/approve", ServerForms.ApproveAsync).WithMetadata(new RouteAccess.Administrator("servers:approve"));
        pages.MapPost("/servers/{name}/suspend", ServerForms.SuspendAsync).WithMetadata(new RouteAccess.Administrator("servers:write"));
        pages.MapPost("/servers/{name}/resume", ServerForms.ResumeAsync).WithMetadata(new RouteAccess.Administrator("servers:write"));
        pages.MapPost("/servers/{name}/rollback", RollbackForm.SendAsync).WithMetadata(new RouteAccess.Administrator("objects:write"));
        pages.MapPost("/servers/{name}/rotate", ServerKeyForms.RotateAsync).WithMetadata(new RouteAccess.Administrator("servers:write"));
        pages.MapPost("/servers/{name}/keys/{thumbprint}/revoke", ServerKeyForms.RevokeAsync).WithMetadata(new RouteAccess.Administrator("servers:write"));
        pages.MapPost("/servers/{name}/retire", ServerForms.RetireAsync).WithMetadata(new RouteAccess.Administrator("servers:write"));
    }

    private static async Task<IResult> ListAsync(HttpContext http, IAntiforgery forms, ServerReads servers, TimeProvider clock, string? q, string? state, string? owner, string? after)
    {
        var organisation = http.Requester().Organisation;
        var filter = new ServerFilter { State = ServerFilter.States.Contains(state) ? state : null, Owner = Given(owner), Text = Given(q) };
        var found = await servers.ListAsync(organisation, filter, after, PageSize, http.RequestAborted);
        return ConsolePages.Page<ServersPage>(http, forms, new()
        {
            ["Found"] = found.Take(PageSize).ToList(),
            ["Next"] = found.Count > PageSize ? found[PageSize - 1].Name : null,
            ["IsFirst"] = after is null,
            ["Counts"] = servers.Counts(organisation, filter),
            ["Owners"] = servers.Owners(organisation),
            ["Filter"] = filter,
            ["Now"] = clock.GetUtcNow(),
        });
    }

    private static IResult Exchange(HttpContext http, IAntiforgery forms, ExchangeReads exchanges, TimeProvider clock, string? api, string? after)
    {
        var organisation = http.Requester().Organisation;
        var found = exchanges.Servers(organisation, Given(api)).Where(server => after is null || string.CompareOrdinal(server.Name.Value, after) > 0)
            .OrderBy(server => server.Name.Value, StringComparer.Ordinal).Take(PageSize + 1).ToList();
        return ConsolePages.Page<ExchangePage>(http, forms, new()
        {
            ["Found"] = exchanges.Shown(organisation, [.. found.Take(PageSize)]),
            ["Api"] = Given(api),
            ["Next"] = found.Count > PageSize ? found[PageSize - 1].Name.Value : null,
            ["IsFirst"] = after is null,
            ["Now"] = clock.GetUtcNow(),
        });
    }

    private static async Task<IResult> ShowAsync(string name, HttpContext http, IAntiforgery forms, ServerPageReader reader, string? view, string? show, string? after, string? grants, string? tokens, string? since) =>
        await reader.ReadAsync(http.Requester().Organisation, name, new ServerPageQuery(view, show, after, grants, tokens, long.TryParse(since, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null), http.RequestAborted) is { } model
            ? ConsolePages.Page<ServerPage>(http, forms, new() { ["Model"] = model })
            : Missing(http, forms);

    public static IResult Missing(HttpContext http, IAntiforgery forms) => ConsolePages.Missing(http, forms, "such server", ("/servers", "All servers"));

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
