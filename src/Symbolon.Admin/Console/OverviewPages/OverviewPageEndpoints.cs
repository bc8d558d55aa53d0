using System.Collections.Frozen;
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

    private static readonly FrozenSet<string> BeforeAnybody = new[] { ReasonCode.Unauthenticated, ReasonCode.BadOrigin, ReasonCode.MalformedRequest, ReasonCode.TooLarge, ReasonCode.Overloaded }
        .Select(code => code.ToText()).ToFrozenSet(StringComparer.Ordinal);

    public static void MapOverviewPages(this RouteGroupBuilder pages) =>
        pages.MapGet("/", ShowAsync).WithMetadata(new RouteAccess.Administrator("overview:read"));

    private static async Task<IResult> ShowAsync(HttpContext http, IAntiforgery forms, OverviewReader overview, ServerReads servers, FirstShell shell, TimeProvider clock, string? period)
    {
        var organisation = http.Requester().Organisation;
        var chosen = OverviewPeriod.Find(period) ?? OverviewPeriod.Day;
        var found = await overview.ReadAsync(organisation, chosen, http.RequestAborted);
        // An installation that decided nothing about a known caller in its longest period is at its beginning, or asleep: the steps say how to go on.
        if (IsQuiet(found) && (chosen == OverviewPeriod.All[^1] || IsQuiet(await overview.ReadAsync(organisation, OverviewPeriod.All[^1], http.RequestAborted))))
            return ConsolePages.Page<FirstStepsPage>(http, forms, new() { ["Overview"] = found, ["ShellLines"] = shell.Lines(http), ["Now"] = clock.GetUtcNow() });
        var waiting = await servers.ListAsync(organisation, new ServerFilter { State = ServerFilter.Attention }, null, MostWaiting, http.RequestAborted);
        return ConsolePages.Page<OverviewPage>(http, forms, new()
        {
            ["Overview"] = found,
            ["Waiting"] = waiting.Take(MostWaiting).ToList(),
            ["Now"] = clock.GetUtcNow(),
        });
    }

    /// <summary>What is refused before anybody is known comes from the first glance at the address on, and is no traffic.</summary>
    private static bool IsQuiet(OverviewResponse overview) =>
        overview.Decisions is { Allowed: 0, AllowedBefore: 0 } && overview.Decisions.Reasons.All(reason => BeforeAnybody.Contains(reason.Code));
}
