using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;
using Symbolon.Admin.Console.Layout;
using Symbolon.Admin.Overview;
using Symbolon.Admin.Servers;
using Symbolon.Core.Policy;

namespace Symbolon.Admin.Console.OverviewPages;

internal static class OverviewPageEndpoints
{
    /// <summary>Things that wait for a person; the rest is behind the list's link.</summary>
    private const int MostWaiting = 6;

    public static void MapOverviewPages(this RouteGroupBuilder pages) =>
        pages.MapGet("/", ShowAsync).WithMetadata(new RouteAccess.Administrator("overview:read"));

    private static async Task<IResult> ShowAsync(HttpContext http, IAntiforgery forms, OverviewReader overview, ServerReads servers, TimeProvider clock, string? period)
    {
        var organisation = http.Requester().Organisation;
        var chosen = OverviewPeriod.Find(period) ?? OverviewPeriod.Day;
        var found = await overview.ReadAsync(organisation, chosen, http.RequestAborted);
        // An installation without one decision in its longest period is at its beginning, or asleep: the steps say how to go on.
        if (IsQuiet(found) && (chosen == OverviewPeriod.All[^1] || IsQuiet(await overview.ReadAsync(organisation, OverviewPeriod.All[^1], http.RequestAborted))))
            return ConsolePages.Page<FirstStepsPage>(http, forms, new() { ["Overview"] = found, ["Now"] = clock.GetUtcNow() });
        var waiting = await servers.ListAsync(organisation, new ServerFilter { State = ServerFilter.Attention }, null, MostWaiting, http.RequestAborted);
        return ConsolePages.Page<OverviewPage>(http, forms, new()
        {
            ["Overview"] = found,
            ["Waiting"] = waiting.Take(MostWaiting).ToList(),
            ["Now"] = clock.GetUtcNow(),
        });
    }

    private static bool IsQuiet(OverviewResponse overview) =>
        overview.Decisions is { Allowed: 0, Refused: 0, AllowedBefore: 0, RefusedBefore: 0 };
}
