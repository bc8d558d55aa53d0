using Symbolon.Core;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;

namespace Symbolon.Admin.Console.AuditPages;

/// <summary>One page of the list, newest first.</summary>
/// <param name="Older">The next page ends before this number; null at the chain's beginning.</param>
/// <param name="Newer">The page in front begins after this number; null on the newest one.</param>
/// <param name="CutAt">Where looking stopped because a page looks at no more, before it was full.</param>
/// <param name="Head">Number of the last record when it was read.</param>
public sealed record AuditList(IReadOnlyList<AuditEntry> Entries, long? Older, long? Newer, DateTimeOffset? CutAt, long Head);

/// <summary>
/// Reads one page of the audit. A page looks at a bounded stretch of the chain and says where it stopped: it costs the same however long
/// the chain is. The stretch is a longer one where the store's notes leave most of it out.
/// </summary>
/// <param name="lookAt">Records that one page looks at.</param>
internal sealed class AuditListing(IAuditStore store, TimeProvider clock, int lookAt = AuditListing.LookAt)
{
    public const int AtOnce = 50;
    public const int LookAt = 50_000;

    /// <summary>How many times as far a page looks where there are notes.</summary>
    private const int Farther = 20;

    private const int ReadAtOnce = 150;

    /// <summary>A call's two records lie this close to each other, or the row does without the other one. Its own page looks further.</summary>
    private const int Near = 5_000;

    public async Task<AuditList> ReadAsync(OrganisationId organisation, AuditFilter filter, CancellationToken cancellation, int most = AtOnce)
    {
        var (head, _) = await store.HeadAsync(organisation, cancellation);
        var isBack = filter.After is null;
        var reach = filter.IsNoted ? lookAt * Farther : lookAt;
        var start = isBack ? Math.Min(head, Math.Max(filter.Before ?? long.MaxValue, 1) - 1) : Math.Min(filter.After!.Value, head) + 1;
        var end = isBack ? Math.Max(1, start - reach + 1) : Math.Min(head, start + reach - 1);
        var query = filter.ToQuery(clock.Microseconds()) with { Lowest = isBack ? end : start, Highest = isBack ? start : end };

        var found = await CollectAsync(organisation, query, filter, isBack, most + 1, cancellation);
        var kept = (isBack ? found.Take(most) : found.TakeLast(most)).ToList();
        var entries = new List<AuditEntry>();
        foreach (var entry in kept)
            if (await CompleteAsync(organisation, filter, entry, cancellation) is { } whole) entries.Add(whole);

        var isFull = found.Count > most;
        // The bound cut it short only if there is something behind the bound that the filters do not leave out by themselves.
        var edge = isFull || (isBack ? end <= 1 : end >= head) ? null : await TimeAsync(organisation, end, cancellation);
        var cutAt = edge is { } time && (query.From is null || !isBack || UnixTime.ToMicroseconds(time) >= query.From) ? edge : null;
        var (oldest, newest) = kept.Count > 0 ? (kept[^1].Seq, kept[0].Seq) : (Math.Min(start, end), Math.Max(start, end));
        return isBack
            ? new AuditList(entries, isFull ? oldest : cutAt is null ? null : end, filter.Before is null ? null : newest, cutAt, head)
            : new AuditList(entries, oldest, isFull ? newest : cutAt is null ? null : end, cutAt, head);
    }

    /// <summary>The entry of one number, of whichever of its records it is.</summary>
    public async Task<AuditEntry?> FindAsync(OrganisationId organisation, long seq, CancellationToken cancellation)
    {
        if (await FirstAsync(organisation, new AuditQuery { Lowest = seq, Highest = seq }, descending: false, cancellation) is not { } line) return null;
        if (line is { IsIntent: false, IsOutcome: false } || line.Call is not { } call) return new AuditEntry(line);
        var intent = line.IsIntent ? line : await IntentOfAsync(organisation, call, line.Seq, lookAt, cancellation);
        var from = (intent ?? line).Seq;
        var outcome = await OutcomeOfAsync(organisation, call, from, lookAt, cancellation) ?? (line.IsOutcome ? line : null);
        // A node that was given up may still have told how its call went.
        if (outcome is { Outcome: "unknown" }) outcome = await OutcomeOfAsync(organisation, call, outcome.Seq, lookAt, cancellation) ?? outcome;
        return outcome is null ? new AuditEntry(intent!) : new AuditEntry(outcome, intent);
    }

    private async Task<List<AuditEntry>> CollectAsync(
        OrganisationId organisation, AuditQuery query, AuditFilter filter, bool isBack, int most, CancellationToken cancellation)
    {
        // What was decided is in no column: those records are picked here, from larger pieces.
        var atOnce = filter.Decision is null ? ReadAtOnce : 1_000;
        var lines = new List<AuditLine>();
        long? seen = null;
        while (true)
        {
            var read = await store.ReadAsync(organisation, query, seen, isBack, atOnce, cancellation);
            lines.AddRange(read.Select(AuditLine.Of).Where(filter.Takes));
            var entries = Join(lines, filter.Kind is null);
            if (read.Count < atOnce || entries.Count >= most) return entries;
            seen = read[^1].Seq;
        }
    }

    /// <summary>One entry a call, newest first. Who asks for one kind of record gets each by itself.</summary>
    private static List<AuditEntry> Join(List<AuditLine> lines, bool joins)
    {
        if (!joins) return [.. lines.OrderByDescending(line => line.Seq).Select(line => new AuditEntry(line))];
        var calls = new Dictionary<Guid, AuditEntry>();
        var entries = new List<AuditEntry>();
        foreach (var line in lines.OrderBy(line => line.Seq))
        {
            if (line is { IsIntent: false, IsOutcome: false } || line.Call is not { } call) entries.Add(new AuditEntry(line));
            else calls[call] = !calls.TryGetValue(call, out var known) ? new AuditEntry(line)
                : line.Outcome == "unknown" && known.Main.IsOutcome ? known
                : new AuditEntry(line, known.Main.IsIntent ? known.Main : known.Intent);
        }
        entries.AddRange(calls.Values);
        return [.. entries.OrderByDescending(entry => entry.Seq)];
    }

    /// <summary>Adds the record of the decision that the filters or the page's edge left out.</summary>
    /// <returns>Null for an intent whose end is on a newer page: that page has the call.</returns>
    public async Task<AuditEntry?> CompleteAsync(OrganisationId organisation, AuditFilter filter, AuditEntry entry, CancellationToken cancellation)
    {
        if (entry.Main.Call is not { } call) return entry;
        if (entry is { Main.IsOutcome: true, Intent: null })
            return entry with { Intent = await IntentOfAsync(organisation, call, entry.Seq, Near, cancellation) };
        if (!entry.Main.IsIntent || filter.Kind is not null || filter is { Before: null, After: null, Code: null, Decision: null }) return entry;
        return await OutcomeOfAsync(organisation, call, entry.Seq, Near, cancellation) is null ? entry : null;
    }

    private Task<AuditLine?> IntentOfAsync(OrganisationId organisation, Guid call, long seq, int near, CancellationToken cancellation) => FirstAsync(
        organisation, new AuditQuery { Call = call, Kind = "call_intent", Lowest = seq - near, Highest = seq - 1 }, descending: true, cancellation);

    private Task<AuditLine?> OutcomeOfAsync(OrganisationId organisation, Guid call, long seq, int near, CancellationToken cancellation) => FirstAsync(
        organisation, new AuditQuery { Call = call, Kind = "call_outcome", Lowest = seq + 1, Highest = seq + near }, descending: false, cancellation);

    private async Task<AuditLine?> FirstAsync(OrganisationId organisation, AuditQuery query, bool descending, CancellationToken cancellation) =>
        await store.ReadAsync(organisation, query, null, descending, 1, cancellation) is [var found] ? AuditLine.Of(found) : null;

    private async Task<DateTimeOffset?> TimeAsync(OrganisationId organisation, long seq, CancellationToken cancellation) =>
        (await FirstAsync(organisation, new AuditQuery { Lowest = seq, Highest = seq }, descending: false, cancellation))?.Recorded;
}
