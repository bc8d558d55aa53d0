using Dapper;
using Symbolon.Core.Policy.Limits;
using Symbolon.Core.Snapshot;
using Symbolon.Storage.Databases;
using Symbolon.Storage.Writing;

namespace Symbolon.Storage.Limits;

/// <summary>The counters of limits: a row each, taken from by one statement.</summary>
internal sealed class LimitStore(StoreWriter writer, Database database) : ILimitStore
{
    private readonly LimitRows rows = new(database.Dialect);

    public bool IsShared => database.Dialect.IsShared;

    public async Task CountAsync(IReadOnlyList<LimitRequest> requests, long now)
    {
        // In one order, so that two nodes cannot wait for each other; it keeps those of one counter as they came.
        var ordered = requests.OrderBy(request => request.Counter.Organisation.Value, StringComparer.Ordinal)
            .ThenBy(request => request.Counter.Id, StringComparer.Ordinal).ToList();
        var milliseconds = now / 1000;
        if (!await writer.RunAsync(transaction => Count(transaction, ordered, milliseconds)))
            throw new StoreUnavailableException("The lease of this node has ended: it counts no more.");
    }

    public Task PeekAsync(IReadOnlyList<LimitRequest> requests, long now, CancellationToken cancellation) => database.ReadAsync(async connection =>
    {
        foreach (var request in requests)
        {
            var milliseconds = now / 1000;
            var row = await connection.QuerySingleOrDefaultAsync<(long LeftOver, long Held, long At)?>(
                "SELECT left_over, held, counted_at FROM limit_count WHERE organisation=@organisation AND counter=@counter",
                new { organisation = request.Counter.Organisation.Value, counter = request.Counter.Id });
            var bucket = row is { } known ? new LimitBucket(known.LeftOver, known.Held, known.At) : LimitBucket.Full(request.Counter.Terms, milliseconds);
            Answer(request, bucket.Take(request, IsShared ? bucket.Held : 0, milliseconds), milliseconds);
        }
        return true;
    }, cancellation);

    /// <returns>False when the node may hold nothing any more.</returns>
    private (bool Result, bool Keep) Count(WriteTransaction transaction, List<LimitRequest> requests, long now)
    {
        var isAny = false;
        foreach (var request in requests)
        {
            var (after, granted) = rows.Take(transaction.Connection, request, transaction.Lease, now);
            Answer(request, (after, granted), now);
            if (!TryHold(transaction, request, granted)) return (false, false);
            // One that found nothing and leaves nothing behind needs no commit.
            isAny |= granted > 0 || request.IsDue;
        }
        return (true, isAny);
    }

    private bool TryHold(WriteTransaction transaction, LimitRequest request, long granted)
    {
        if (!IsShared || !IsHeld(request.Counter.Terms)) return true;
        var scale = LimitBucket.Scale(request.Counter.Terms);
        var held = request.Counter.Terms.Kind == LimitKind.Concurrency ? request.Holds + granted : Math.Max(0, granted - LimitBucket.AskedOf(request)) / scale * scale;
        return LimitRows.TryHold(transaction.Connection, request.Counter, transaction.Lease, held);
    }

    /// <summary>Of windows nothing: what a dead node had at hand of them may have been used, and nothing flows that could be too much.</summary>
    private static bool IsHeld(LimitTerms terms) => terms.Kind is LimitKind.Rate or LimitKind.Concurrency;

    private static void Answer(LimitRequest request, (LimitBucket After, long Granted) taken, long now)
    {
        request.Granted = taken.Granted / LimitBucket.Scale(request.Counter.Terms);
        request.Wait = taken.After.WaitFor(request, now);
    }
}
