using Dapper;
using Symbolon.Core;
using Symbolon.Storage.Databases;
using Symbolon.Storage.Proofs;
using Symbolon.Storage.Writing;

namespace Symbolon.Storage.Limits;

/// <summary>
/// Frees what nodes held whose lease has ended, and removes counters that say nothing any more, a few hundred at a time, behind the calls. The host calls it every few seconds.
/// </summary>
public sealed class LimitClearing
{
    private const int MostInStep = 500;

    /// <summary>So far a clock may be set back and still find what it had counted. Milliseconds.</summary>
    private const long Margin = 24 * 3600 * 1000;

    /// <summary>How long a clock that jumps ahead is doubted.</summary>
    private static readonly TimeSpan Hold = TimeSpan.FromMinutes(6);

    private const string IsLost = "NOT EXISTS (SELECT 1 FROM node WHERE node.id=limit_hold.node AND node.lease=limit_hold.lease AND node.ended_at IS NULL)";

    private readonly StoreWriter writer;
    private readonly Database database;
    private readonly CautiousTime time;

    internal LimitClearing(StoreWriter writer, Database database, TimeProvider clock)
    {
        this.writer = writer;
        this.database = database;
        time = new CautiousTime(clock, Hold);
    }

    /// <summary>Frees and removes some. Not to be called by two at a time.</summary>
    /// <returns>Whether there may be more to do now.</returns>
    /// <exception cref="Symbolon.Core.Snapshot.StoreUnavailableException">The store does not answer; nothing was done.</exception>
    public async Task<bool> ClearAsync(CancellationToken cancellation)
    {
        var freed = database.Dialect.IsShared && await IsAnyAsync($"limit_hold WHERE {IsLost}", new { }, cancellation) ? await FreeAsync() : 0;
        if (time.Now() is not { } now) return freed == MostInStep;
        var over = new { before = UnixTime.ToMicroseconds(now) / 1000 - Margin, most = MostInStep };
        var removed = await IsAnyAsync($"limit_count WHERE {IsOver}", over, cancellation) ? await RemoveAsync(over) : 0;
        return freed == MostInStep || removed == MostInStep;
    }

    private string IsOver => database.Dialect.IsShared ? "over_at < @before AND held=0" : "over_at < @before";

    private Task<int> RemoveAsync(object over) => writer.RunAsync(transaction =>
    {
        // Said twice: what another node counts meanwhile stays.
        var count = transaction.Connection.Execute($"""
            DELETE FROM limit_count WHERE (organisation, counter) IN (SELECT organisation, counter FROM limit_count WHERE {IsOver} ORDER BY over_at, organisation, counter LIMIT @most) AND {IsOver}
            """, over);
        return (count, count > 0);
    });

    private Task<int> FreeAsync() => writer.RunAsync(transaction =>
    {
        var freed = transaction.Connection.Query<(string Organisation, string Counter, long Held)>($"""
            DELETE FROM limit_hold WHERE (organisation, counter, node, lease) IN (
                SELECT organisation, counter, node, lease FROM limit_hold WHERE {IsLost} ORDER BY organisation, counter, node, lease LIMIT @most) AND {IsLost}
            RETURNING organisation, counter, held
            """, new { most = MostInStep }).AsList();
        foreach (var (organisation, counter, held) in freed.OrderBy(one => one.Organisation, StringComparer.Ordinal).ThenBy(one => one.Counter, StringComparer.Ordinal))
            transaction.Connection.Execute("UPDATE limit_count SET held=held - @held WHERE organisation=@organisation AND counter=@counter", new { organisation, counter, held });
        return (freed.Count, freed.Count > 0);
    });

    private Task<bool> IsAnyAsync(string where, object values, CancellationToken cancellation) => database.ReadAsync(async connection =>
        await connection.QuerySingleAsync<long>($"SELECT count(*) FROM (SELECT 1 FROM {where} LIMIT 1) AS found", values) > 0, cancellation);
}
