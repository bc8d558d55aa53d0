using System.Data.Common;
using Dapper;
using Symbolon.Core.Audit;
using Symbolon.Core.Snapshot;
using Symbolon.Storage.Databases;
using Symbolon.Storage.Writing;

namespace Symbolon.Storage;

/// <summary>The nodes' lives, and what they leave open when they end.</summary>
internal sealed class NodeStore(StoreWriter writer, Database database, TimeProvider clock) : INodeStore
{
    /// <summary>A node that was not heard of for so long has ended. Microseconds.</summary>
    private const long SilenceEnds = 10_000_000;

    public Task<long> StartLeaseAsync(string node, CancellationToken cancellation) => writer.RunAsync(transaction =>
    {
        var connection = transaction.Connection;
        var now = Now();
        // The same node's earlier life is over whenever its next one begins; on SQLite there is only one process, so everybody's is.
        Settle(transaction, Ended(connection, database.Dialect.IsShared ? node : null, now), now);
        var lease = connection.QuerySingle<long>("UPDATE counter SET value=value+1 WHERE name='lease' RETURNING value");
        connection.Execute($"""
            INSERT INTO node (id, lease, confirmed_revision, seen_at) VALUES (@node, @lease, -1, {database.Dialect.Now})
            ON CONFLICT (id) DO UPDATE SET lease=excluded.lease, confirmed_revision=-1, seen_at=excluded.seen_at, ended_at=NULL
            """, new { node, lease, now });
        connection.Execute("DELETE FROM node_mark WHERE node=@node", new { node });
        connection.Execute("DELETE FROM node_open WHERE node=@node", new { node });
        connection.Execute("INSERT INTO node_mark (organisation, node, seq) SELECT organisation, @node, seq + 1 FROM audit_chain", new { node });
        transaction.NewLease = new NodeLease(node, lease);
        return (lease, true);
    });

    public Task<bool> HeartbeatAsync(string node, long lease, long confirmedRevision, CancellationToken cancellation) => writer.RunAsync(transaction =>
    {
        var connection = transaction.Connection;
        var now = Now();
        var alive = connection.QuerySingleOrDefault<long?>($"""
            UPDATE node SET seen_at={database.Dialect.Now}, confirmed_revision=@confirmedRevision WHERE id=@node AND lease=@lease AND ended_at IS NULL RETURNING lease
            """, new { node, lease, confirmedRevision, now }) is not null;
        if (!alive) return (false, false);
        foreach (var (organisation, seq) in transaction.Intents.Marks(now))
            connection.Execute("""
                INSERT INTO node_mark (organisation, node, seq) VALUES (@organisation, @node, @seq)
                ON CONFLICT (organisation, node) DO UPDATE SET seq=excluded.seq WHERE node_mark.seq <> excluded.seq
                """, new { organisation = organisation.Value, node, seq });
        RememberLasting(connection, node, transaction.Intents.LastingAt(now));
        Settle(transaction, Ended(connection, null, now, silence: SilenceEnds), now);
        return (true, true);
    });

    public Task EndLeaseAsync(string node, long lease, CancellationToken cancellation) => writer.RunAsync(transaction =>
    {
        var now = Now();
        var ended = transaction.Connection.Query<(string, long)>(
            $"UPDATE node SET ended_at={database.Dialect.Now} WHERE id=@node AND lease=@lease AND ended_at IS NULL RETURNING id, lease", new { node, lease, now }).AsList();
        Settle(transaction, ended, now);
        // Ended by itself, in good order: what it still has to record is nobody's call.
        transaction.NewLease = NodeLease.None;
        return (true, true);
    });

    public async Task<IReadOnlyList<NodeStatus>> LiveAsync(TimeSpan age, CancellationToken cancellation)
    {
        var rows = await database.ReadAsync(connection => connection.QueryAsync<(string Id, long Lease, long Revision, long Seen)>(
            $"SELECT id, lease, confirmed_revision, seen_at FROM node WHERE ended_at IS NULL AND seen_at >= {database.Dialect.Now} - @age ORDER BY id",
            new { now = Now(), age = age.Ticks / TimeSpan.TicksPerMicrosecond }), cancellation);
        return [.. rows.Select(row => new NodeStatus(row.Id, row.Lease, row.Revision, row.Seen))];
    }

    /// <summary>Ends leases by one statement, so that of several nodes that see a silent one only one settles it.</summary>
    /// <param name="silence">Microseconds since their last heartbeat; null ends them whenever that was.</param>
    private List<(string Node, long Lease)> Ended(DbConnection connection, string? node, long now, long? silence = null) =>
        connection.Query<(string, long)>($"""
            UPDATE node SET ended_at={database.Dialect.Now}
            WHERE ended_at IS NULL AND id=coalesce(@node, id){(silence is null ? "" : $" AND seen_at < {database.Dialect.Now} - @silence")} RETURNING id, lease
            """, new { node, now, silence }).AsList();

    private static void RememberLasting(DbConnection connection, string node, IReadOnlySet<(string Organisation, long Seq)> lasting)
    {
        var known = connection.Query<(string Organisation, long Seq)>("SELECT organisation, seq FROM node_open WHERE node=@node", new { node }).ToHashSet();
        foreach (var (organisation, seq) in lasting.Except(known))
            connection.Execute("INSERT INTO node_open (node, organisation, seq) VALUES (@node, @organisation, @seq)", new { node, organisation, seq });
        foreach (var (organisation, seq) in known.Except(lasting))
            connection.Execute("DELETE FROM node_open WHERE node=@node AND organisation=@organisation AND seq=@seq", new { node, organisation, seq });
    }

    private static void Settle(WriteTransaction transaction, List<(string Node, long Lease)> ended, long now)
    {
        foreach (var (node, lease) in ended)
            foreach (var outcome in LostCalls.Find(transaction.Connection, new NodeLease(node, lease), now))
                transaction.Append(outcome.Organisation, outcome);
    }

    private long Now() => (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
