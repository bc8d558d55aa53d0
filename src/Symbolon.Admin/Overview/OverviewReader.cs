using Symbolon.Admin.Audit;
using Symbolon.Admin.Servers;
using Symbolon.Core;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Overview;

/// <summary>The overview, for the API and the console: counts that are kept, never the records themselves.</summary>
internal sealed class OverviewReader(
    IUsage usage, ITokenCounts tokens, EndingTokens ending, ServerReads servers, OverviewNodes nodes, IAuditStore audit, ChainCheck check, TimeProvider clock)
{
    public const int ExpiringDays = 7;

    private const long Hour = 3600L * 1_000_000;
    private const long Day = 24 * Hour;

    /// <exception cref="StoreUnavailableException">The store cannot be asked.</exception>
    public async Task<OverviewResponse> ReadAsync(OrganisationId organisation, OverviewPeriod period, CancellationToken cancellation)
    {
        var now = clock.Microseconds();
        var from = (now / Hour + 1 - period.Hours) * Hour;
        var counts = await tokens.CountAsync(organisation, now, now + ExpiringDays * Day, cancellation);
        var states = servers.Counts(organisation, new ServerFilter());
        return new OverviewResponse
        {
            Period = period.Name,
            From = UnixTime.FromMicroseconds(from),
            To = UnixTime.FromMicroseconds(now),
            Decisions = await DecisionsAsync(organisation, from, period.Hours, cancellation),
            Tokens = new TokenCountsResponse(counts.Live, counts.Expiring, ExpiringDays, counts.NeverUsed),
            Servers = new ServerCountsResponse(states["active"], states["pending"], states["suspended"], states["retired"], states[ServerFilter.Attention],
                await servers.CountUnusedToolsAsync(organisation, cancellation)),
            NextToEnd = await ending.ReadAsync(organisation, now, now + ExpiringDays * Day, cancellation),
            Nodes = await nodes.ReadAsync(cancellation),
            Store = nodes.StoreKind,
            Audit = new AuditStateResponse((await audit.HeadAsync(organisation, cancellation)).Seq, await usage.CountedToAsync(organisation, cancellation), check.StateOf(organisation)),
        };
    }

    private async Task<DecisionsResponse> DecisionsAsync(OrganisationId organisation, long from, int hours, CancellationToken cancellation)
    {
        var found = await usage.DecisionsAsync(organisation, from - hours * Hour, from + hours * Hour, cancellation);
        var within = found.Where(each => each.Hour >= from).ToList();
        var before = found.Where(each => each.Hour < from).ToList();
        var byHour = within.ToLookup(each => each.Hour);
        var reasonsBefore = before.Where(each => each.Code is not null).GroupBy(each => each.Code!).ToDictionary(same => same.Key, same => same.Sum(each => each.Count));
        return new DecisionsResponse(Allowed(within), Refused(within), Allowed(before), Refused(before),
            [.. Enumerable.Range(0, hours).Select(i => from + i * Hour).Select(at => new HourResponse(UnixTime.FromMicroseconds(at), Allowed(byHour[at]), Refused(byHour[at])))],
            [.. within.Where(each => each.Code is not null).GroupBy(each => each.Code!)
                .Select(same => new ReasonCountResponse(same.Key, same.Sum(each => each.Count), reasonsBefore.GetValueOrDefault(same.Key)))
                .OrderByDescending(reason => reason.Count).ThenBy(reason => reason.Code, StringComparer.Ordinal)]);
    }

    private static long Allowed(IEnumerable<DecisionCount> counts) => counts.Where(each => each.Code is null).Sum(each => each.Count);

    private static long Refused(IEnumerable<DecisionCount> counts) => counts.Where(each => each.Code is not null).Sum(each => each.Count);
}
