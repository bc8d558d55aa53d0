using System.Data.Common;
using Dapper;
using Symbolon.Core.Audit;
using Symbolon.Core.Policy.Limits;
using Symbolon.Storage.Databases;

namespace Symbolon.Storage.Limits;

/// <summary>
/// Statements about the counters of limits: <see cref="LimitBucket.Take"/> in SQL, so that nodes at the same row follow one another. A test holds the two against each other.
/// </summary>
internal sealed class LimitRows(Dialect dialect)
{
    private readonly string takeRate = Take(dialect, LimitKind.Rate);
    private readonly string takeWindow = Take(dialect, LimitKind.Quota);
    private readonly string takeOpen = Take(dialect, LimitKind.Concurrency);

    /// <param name="now">Milliseconds since the Unix epoch.</param>
    public (LimitBucket After, long Granted) Take(DbConnection connection, LimitRequest request, NodeLease lease, long now)
    {
        var (counter, terms) = (request.Counter, request.Counter.Terms);
        var (first, granted) = LimitBucket.Full(terms, now).Take(request, others: 0, now);
        var row = connection.QuerySingle<(long LeftOver, long Held, long At, long Granted)>(
            terms.Kind switch { LimitKind.Rate => takeRate, LimitKind.Concurrency => takeOpen, _ => takeWindow },
            new
            {
                organisation = counter.Organisation.Value, counter = counter.Id, rule = counter.Rule, node = lease.Node, lease = lease.Lease,
                firstLeft = first.Left, firstHeld = first.Held, firstGranted = granted, now, ahead = LimitBucket.MostAhead, over = OverAt(counter, now),
                capacity = LimitBucket.Capacity(terms), flow = LimitBucket.Flow(terms), fill = LimitBucket.FillTime(terms), rest = LimitBucket.ShareOfRest,
                asked = LimitBucket.AskedOf(request), unit = LimitBucket.UnitOf(request), extra = LimitBucket.ExtraOf(request), back = LimitBucket.BackOf(request),
                holds = request.Holds * LimitBucket.Scale(terms), grain = LimitBucket.GrainOf(terms),
            });
        return (new LimitBucket(row.LeftOver, row.Held, row.At), row.Granted);
    }

    /// <summary>Says what a node holds of a counter; of a lease that has ended nothing can be held.</summary>
    /// <returns>False when the lease has ended: nothing of this transaction may be kept.</returns>
    public static bool TryHold(DbConnection connection, LimitCounter counter, NodeLease lease, long held)
    {
        var row = new { organisation = counter.Organisation.Value, counter = counter.Id, node = lease.Node, lease = lease.Lease, held };
        if (held > 0)
            return connection.Execute("""
                INSERT INTO limit_hold (organisation, counter, node, lease, held) SELECT @organisation, @counter, @node, @lease, @held
                WHERE EXISTS (SELECT 1 FROM node WHERE id=@node AND lease=@lease AND ended_at IS NULL)
                ON CONFLICT (organisation, counter, node, lease) DO UPDATE SET held=excluded.held
                """, row) > 0;
        connection.Execute("DELETE FROM limit_hold WHERE organisation=@organisation AND counter=@counter AND node=@node AND lease=@lease", row);
        return true;
    }

    /// <summary>From then on the row says nothing that one that is made anew would not: the bucket is full, the window over. Milliseconds.</summary>
    private static long OverAt(LimitCounter counter, long now) => counter.Terms.Kind switch
    {
        LimitKind.Rate => now + LimitBucket.FillTime(counter.Terms),
        LimitKind.Concurrency => now,
        _ => counter.Window.End / 1000,
    };

    private static string Take(Dialect dialect, LimitKind kind)
    {
        var least = dialect.Least;
        // Where no other node may be, all that is held is this one's, or was an earlier process's.
        var others = kind == LimitKind.Quota || !dialect.IsShared
            ? "0"
            : "c.held - coalesce((SELECT held FROM limit_hold WHERE organisation=@organisation AND counter=@counter AND node=@node AND lease=@lease), 0)";
        var held = kind switch
        {
            LimitKind.Concurrency => "got",
            LimitKind.Rate => "CASE WHEN got > @asked THEN got - @asked ELSE 0 END",
            _ => "0",
        };
        return $"""
            INSERT INTO limit_count AS c (organisation, counter, rule, left_over, held, counted_at, granted, over_at)
            VALUES (@organisation, @counter, @rule, @firstLeft, @firstHeld, @now, @firstGranted, @over)
            ON CONFLICT (organisation, counter) DO UPDATE SET (left_over, held, counted_at, granted, over_at) = (
                SELECT free - got, others + @holds + {held}, CASE WHEN c.counted_at > @now + @ahead THEN @now WHEN c.counted_at > @now THEN c.counted_at ELSE @now END, got, @over
                FROM (SELECT free, others, CASE WHEN free >= @asked THEN @asked + {least}(@extra, (free - @asked) / @rest) / @grain * @grain WHEN free <= 0 THEN 0 ELSE free / @unit * @unit END AS got
                    FROM (SELECT others, {least}(@capacity - others - @holds, {least}(@capacity - c.held, c.left_over + @flow * CASE WHEN @now > c.counted_at THEN {least}(@now - c.counted_at, @fill) ELSE 0 END) + @back) AS free
                        FROM (SELECT {others} AS others) AS of_others) AS of_free) AS of_got)
            RETURNING left_over, held, counted_at, granted
            """;
    }
}
