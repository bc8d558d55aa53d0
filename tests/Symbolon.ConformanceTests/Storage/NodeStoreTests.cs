using System.Text;
using System.Text.Json;
using Dapper;
using Symbolon.Core.Audit;
using Symbolon.Testing.Fakes;
using Symbolon.Testing.Storage;

namespace Symbolon.ConformanceTests.Storage;

public sealed class SqliteNodeStoreTests() : NodeStoreTests(StoreKind.Sqlite);

public sealed class PostgresNodeStoreTests() : NodeStoreTests(StoreKind.Postgres)
{
    [Fact]
    public async Task Nodes_whose_clocks_differ_by_15_s_leave_each_other_alone()
    {
        var (behind, ahead) = (new FakeClock(), new FakeClock());
        ahead.Advance(TimeSpan.FromSeconds(15));
        using var slow = new OpenStore(Database.Options, behind);
        using var fast = new OpenStore(Database.Options, ahead);
        var (slowLease, fastLease) = (await slow.Nodes.StartLeaseAsync("n1", Cancellation), await fast.Nodes.StartLeaseAsync("n2", Cancellation));

        Assert.True(await fast.Nodes.HeartbeatAsync("n2", fastLease, 0, Cancellation));
        Assert.True(await slow.Nodes.HeartbeatAsync("n1", slowLease, 0, Cancellation));
        Assert.True(await fast.Nodes.HeartbeatAsync("n2", fastLease, 0, Cancellation));

        Assert.Equal(["n1", "n2"], (await slow.Nodes.LiveAsync(TimeSpan.FromSeconds(10), Cancellation)).Select(node => node.Node));
    }

    [Fact]
    public async Task A_node_whose_lease_another_has_ended_gets_no_more_records_in()
    {
        using var silent = new OpenStore(Database.Options);
        var lease = await silent.Nodes.StartLeaseAsync("n1", Cancellation);
        Assert.True(await AppendAsync(silent.AuditLog, Samples.Record()));
        await LetPassAsync(silent, "n1", 11);
        await Store.Nodes.HeartbeatAsync("n2", await Store.Nodes.StartLeaseAsync("n2", Cancellation), 0, Cancellation);

        Assert.False(await AppendAsync(silent.AuditLog, Samples.Call(AuditKind.CallIntent, Guid.NewGuid())));

        Assert.False(await silent.Nodes.HeartbeatAsync("n1", lease, 0, Cancellation));
        Assert.True(await AppendAsync(Store.AuditLog, Samples.Record()));
        Assert.Equal(2, (await Store.Audit.HeadAsync(Organisation, Cancellation)).Seq);
    }
}

public abstract class NodeStoreTests(StoreKind kind) : StoreTests(kind)
{
    private async Task<List<string>> UnknownAsync(OpenStore store) =>
        [.. (await store.Audit.ReadAsync(Organisation, new AuditQuery { Kind = "call_outcome" }, null, false, 1000, Cancellation))
            .Select(record => Encoding.UTF8.GetString(record.Json.Span)).Where(text => text.Contains("\"outcome\":\"unknown\"", StringComparison.Ordinal))];

    [Fact]
    public async Task Lease_numbers_only_grow_and_an_ended_lease_hears_so()
    {
        var first = await Store.Nodes.StartLeaseAsync("n1", Cancellation);
        Assert.True(await Store.Nodes.HeartbeatAsync("n1", first, 1, Cancellation));

        var second = await Store.Nodes.StartLeaseAsync("n1", Cancellation);

        Assert.True(second > first);
        Assert.False(await Store.Nodes.HeartbeatAsync("n1", first, 1, Cancellation));
        Assert.True(await Store.Nodes.HeartbeatAsync("n1", second, 5, Cancellation));
        var live = Assert.Single(await Store.Nodes.LiveAsync(TimeSpan.FromSeconds(5), Cancellation));
        Assert.Equal(("n1", second, 5L), (live.Node, live.Lease, live.ConfirmedRevision));
        await Store.Nodes.EndLeaseAsync("n1", second, Cancellation);
        Assert.Empty(await Store.Nodes.LiveAsync(TimeSpan.FromSeconds(5), Cancellation));
        Assert.False(await Store.Nodes.HeartbeatAsync("n1", second, 5, Cancellation));
    }

    [Fact]
    public async Task Intents_of_a_node_that_died_are_closed_as_unknown_when_it_starts_again()
    {
        var (done, lost) = (Guid.NewGuid(), Guid.NewGuid());
        using (var dying = new OpenStore(Database.Options))
        {
            var lease = await dying.Nodes.StartLeaseAsync("n1", Cancellation);
            await AppendAsync(dying.AuditLog, Samples.Call(AuditKind.CallIntent, done));
            await AppendAsync(dying.AuditLog, Samples.Call(AuditKind.CallIntent, lost, "tok_1"));
            await dying.Nodes.HeartbeatAsync("n1", lease, 0, Cancellation);
            await AppendAsync(dying.AuditLog, Samples.Call(AuditKind.CallOutcome, done));
        }

        await Store.Nodes.StartLeaseAsync("n1", Cancellation);
        await Store.Nodes.StartLeaseAsync("n1", Cancellation);

        var closed = Assert.Single(await UnknownAsync(Store));
        Assert.Contains(lost.ToString(), closed, StringComparison.Ordinal);
        Assert.Contains("\"token\":\"tok_1\"", closed, StringComparison.Ordinal);
        Assert.Contains("\"user\":\"alice@example.com\"", closed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Intents_that_were_settled_before_the_last_heartbeat_are_not_looked_at_again()
    {
        var lease = await Store.Nodes.StartLeaseAsync("n1", Cancellation);
        for (var i = 0; i < 50; i++)
        {
            var call = Guid.NewGuid();
            await AppendAsync(Store.AuditLog, Samples.Call(AuditKind.CallIntent, call));
            await AppendAsync(Store.AuditLog, Samples.Call(AuditKind.CallOutcome, call));
        }
        var open = Guid.NewGuid();
        await AppendAsync(Store.AuditLog, Samples.Call(AuditKind.CallIntent, open));
        await Store.Nodes.HeartbeatAsync("n1", lease, 0, Cancellation);

        await Store.Nodes.EndLeaseAsync("n1", lease, Cancellation);

        Assert.Contains(open.ToString(), Assert.Single(await UnknownAsync(Store)), StringComparison.Ordinal);
        Assert.Equal(102, (await Store.Audit.HeadAsync(Organisation, Cancellation)).Seq);
    }

    [Fact]
    public async Task A_node_that_is_silent_for_more_than_ten_seconds_is_ended_by_another_once()
    {
        var clock = new FakeClock();
        using var silent = new OpenStore(Database.Options, clock);
        using var other = new OpenStore(Database.Options, clock);
        var otherLease = await other.Nodes.StartLeaseAsync("n2", Cancellation);
        var lease = await silent.Nodes.StartLeaseAsync("n1", Cancellation);
        if (Kind == StoreKind.Sqlite) otherLease = await RestartOnSqliteAsync(other);
        await AppendAsync(silent.AuditLog, Samples.Call(AuditKind.CallIntent, Guid.NewGuid()));

        clock.Advance(TimeSpan.FromSeconds(11));
        if (Kind == StoreKind.Postgres) await LetPassAsync(silent, "n1", 11);
        await other.Nodes.HeartbeatAsync("n2", otherLease, 0, Cancellation);
        await other.Nodes.HeartbeatAsync("n2", otherLease, 0, Cancellation);

        Assert.False(await silent.Nodes.HeartbeatAsync("n1", lease, 0, Cancellation));
        if (Kind == StoreKind.Postgres) Assert.Single(await UnknownAsync(other));
    }

    [Fact]
    public async Task A_call_that_lasts_does_not_keep_all_later_ones_in_the_search_and_is_still_found()
    {
        var clock = new FakeClock();
        var (lasting, closed, young) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        using (var dying = new OpenStore(Database.Options, clock))
        {
            var lease = await dying.Nodes.StartLeaseAsync("n1", Cancellation);
            await AppendAsync(dying.AuditLog, Samples.Call(AuditKind.CallIntent, lasting));
            await AppendAsync(dying.AuditLog, Samples.Call(AuditKind.CallIntent, closed));
            clock.Advance(TimeSpan.FromSeconds(6));
            for (var i = 0; i < 20; i++)
            {
                var call = Guid.NewGuid();
                await AppendAsync(dying.AuditLog, Samples.Call(AuditKind.CallIntent, call));
                await AppendAsync(dying.AuditLog, Samples.Call(AuditKind.CallOutcome, call));
            }
            await dying.Nodes.HeartbeatAsync("n1", lease, 0, Cancellation);
            Assert.Equal((43L, 2L), await MarkAsync(dying));
            await AppendAsync(dying.AuditLog, Samples.Call(AuditKind.CallOutcome, closed));
            await AppendAsync(dying.AuditLog, Samples.Call(AuditKind.CallIntent, young));
        }

        await Store.Nodes.StartLeaseAsync("n1", Cancellation);

        Assert.Equal([lasting, young], (await UnknownAsync(Store)).Select(text => JsonDocument.Parse(text).RootElement.GetProperty("event").GetProperty("call").GetGuid()));
        Assert.Equal(0, (await MarkAsync(Store)).Lasting);
    }

    /// <summary>Where the search would begin, and how many calls are remembered by themselves.</summary>
    private static Task<(long Mark, long Lasting)> MarkAsync(OpenStore store) => store.Store.Database.ReadAsync(connection =>
        connection.QuerySingleAsync<(long, long)>("SELECT (SELECT seq FROM node_mark WHERE node='n1'), (SELECT count(*) FROM node_open WHERE node='n1')"), Cancellation);

    protected static Task LetPassAsync(OpenStore store, string node, int seconds) => store.Store.Writer.RunAsync(transaction =>
        (transaction.Connection.Execute("UPDATE node SET seen_at=seen_at-@passed WHERE id=@node", new { passed = seconds * 1_000_000L, node }), true));

    /// <summary>On SQLite a start ends everybody else, since there is one process: the other one starts last.</summary>
    private static Task<long> RestartOnSqliteAsync(OpenStore other) => other.Nodes.StartLeaseAsync("n2", Cancellation);
}
