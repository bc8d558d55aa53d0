using Dapper;
using Symbolon.Core;
using Symbolon.Core.Policy.Limits;
using Symbolon.Core.Snapshot;
using Symbolon.Testing.Fakes;
using Symbolon.Testing.Storage;

namespace Symbolon.ConformanceTests.Storage;

public sealed class SqliteLimitStoreTests() : LimitStoreTests(StoreKind.Sqlite);

public sealed class PostgresLimitStoreTests() : LimitStoreTests(StoreKind.Postgres)
{
    [Fact]
    public async Task What_a_node_holds_is_free_again_when_its_lease_has_ended()
    {
        using var dead = new OpenStore(Database.Options);
        var lease = await dead.Nodes.StartLeaseAsync("dead", Cancellation);
        await Store.Nodes.StartLeaseAsync("other", Cancellation);
        var open = Of(LimitKind.Concurrency, "5");
        Assert.Equal(5, await TakeAsync(dead, new LimitRequest(open) { Count = 9 }));
        Assert.Equal(0, await TakeAsync(Store, new LimitRequest(open) { Count = 1 }));
        await Store.LimitClearing.ClearAsync(Cancellation);
        Assert.Equal(0, await TakeAsync(Store, new LimitRequest(open) { Count = 1 }));

        await dead.Nodes.EndLeaseAsync("dead", lease, Cancellation);
        await Store.LimitClearing.ClearAsync(Cancellation);
        await Store.LimitClearing.ClearAsync(Cancellation);

        Assert.Equal(5, await TakeAsync(Store, new LimitRequest(open) { Count = 9 }));
    }

    [Fact]
    public async Task A_node_whose_lease_has_ended_can_hold_nothing()
    {
        using var dead = new OpenStore(Database.Options);
        var lease = await dead.Nodes.StartLeaseAsync("dead", Cancellation);
        await Store.Nodes.StartLeaseAsync("other", Cancellation);
        await dead.Store.Writer.RunAsync(transaction => (transaction.Connection.Execute("UPDATE node SET ended_at=1 WHERE id='dead'"), true));

        await Assert.ThrowsAsync<StoreUnavailableException>(() => TakeAsync(dead, new LimitRequest(Of(LimitKind.Concurrency, "5")) { Count = 1 }));

        Assert.Equal(5, await TakeAsync(Store, new LimitRequest(Of(LimitKind.Concurrency, "5")) { Count = 5 }));
        Assert.NotEqual(0, lease);
    }

    [Fact]
    public async Task A_node_that_starts_again_has_let_go_of_what_it_held()
    {
        await Store.Nodes.StartLeaseAsync("same", Cancellation);
        Assert.Equal(5, await TakeAsync(Store, new LimitRequest(Of(LimitKind.Concurrency, "5")) { Count = 5 }));

        using var again = new OpenStore(Database.Options);
        await again.Nodes.StartLeaseAsync("same", Cancellation);
        await again.LimitClearing.ClearAsync(Cancellation);

        Assert.Equal(5, await TakeAsync(again, new LimitRequest(Of(LimitKind.Concurrency, "5")) { Count = 5 }));
    }

    [Fact]
    public async Task What_a_node_says_that_it_holds_replaces_what_it_said_before()
    {
        await Store.Nodes.StartLeaseAsync("n1", Cancellation);
        var open = Of(LimitKind.Concurrency, "5");
        Assert.Equal(3, await TakeAsync(Store, new LimitRequest(open) { Count = 3 }));
        Assert.Equal(2, await TakeAsync(Store, new LimitRequest(open) { Count = 9, Holds = 3 }));
        Assert.Equal(0, await TakeAsync(Store, new LimitRequest(open) { Count = 1, Holds = 5 }));
        for (var i = 0; i < 2; i++) await TakeAsync(Store, new LimitRequest(open) { Holds = 1, IsDue = true });
        Assert.Equal(4, await TakeAsync(Store, new LimitRequest(open) { Count = 9, Holds = 1 }));
    }
}

/// <summary>The counters of limits in a database, by themselves.</summary>
public abstract class LimitStoreTests(StoreKind kind) : StoreTests(kind)
{
    private static readonly long Start = UnixTime.ToMicroseconds(new DateTimeOffset(2027, 1, 15, 12, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData(LimitKind.Rate, "7/minute")]
    [InlineData(LimitKind.Rate, "1000000000/day")]
    [InlineData(LimitKind.Rate, "300/second")]
    [InlineData(LimitKind.Quota, "100/hour")]
    [InlineData(LimitKind.Total, "1000000000/month")]
    [InlineData(LimitKind.Concurrency, "40")]
    public async Task The_statement_and_the_model_never_differ(LimitKind kind, string text)
    {
        await Store.Nodes.StartLeaseAsync("n1", Cancellation);
        var node = new FakeLimitStore(Store.Limits.IsShared).Node();
        var (random, now) = (new Random(7), Start);
        for (var step = 0; step < 250; step++)
        {
            // Mostly on, at times back, by little and by much.
            now += random.Next(12) switch { 0 => -random.Next(3_000_000), 1 => random.NextInt64(100_000_000_000), 2 when step % 5 == 0 => -random.NextInt64(90_000_000_000), _ => random.Next(2_000_000) };
            var (unit, count) = (kind == LimitKind.Total ? random.NextInt64(1, 400_000_000_000_000) : 1, random.Next(4) == 0 ? 0 : random.Next(1, 12));
            LimitRequest Request() => new(Of(kind, text))
            {
                Unit = unit, Count = count, Extra = step % 3 == 0 ? 0 : step * 2, Back = step % 7 == 0 ? 3 : 0, Holds = kind == LimitKind.Concurrency ? step % 9 : 0, IsDue = true,
            };
            var (real, model, peeked, modelled) = (Request(), Request(), Request(), Request());
            await Store.Limits.PeekAsync([peeked], now, Cancellation);
            await node.PeekAsync([modelled], now, Cancellation);
            Assert.Equal((modelled.Granted, modelled.Wait), (peeked.Granted, peeked.Wait));
            await Store.Limits.CountAsync([real], now);
            await node.CountAsync([model], now);
            Assert.Equal((step, model.Granted, model.Wait), (step, real.Granted, real.Wait));
        }
    }

    [Fact]
    public async Task Organisations_rules_keys_windows_and_terms_are_counted_apart()
    {
        LimitCounter[] counters =
        [
            Of(LimitKind.Quota, "3/day"), Of(LimitKind.Quota, "3/day", rule: "p/other"), Of(LimitKind.Quota, "3/day", key: "other"), Of(LimitKind.Quota, "4/day"), Of(LimitKind.Quota, "3/hour"),
            Of(LimitKind.Quota, "3/day", at: Start + 86_400_000_000), Of(LimitKind.Total, "3/day"),
            LimitCounter.Of(new Symbolon.Core.Identity.OrganisationId("other"), "p/r", Terms(LimitKind.Quota, "3/day"), "k", LimitWindow.Of(Terms(LimitKind.Quota, "3/day"), Start)),
        ];
        foreach (var counter in counters) Assert.Equal(3, await TakeAsync(Store, new LimitRequest(counter) { Count = 3 }));
    }

    [Fact]
    public async Task A_restart_finds_what_was_counted()
    {
        LimitCounter[] counters = [Of(LimitKind.Quota, "10/day"), Of(LimitKind.Rate, "10/hour"), Of(LimitKind.Total, "10/day")];
        foreach (var counter in counters) Assert.Equal(7, await TakeAsync(Store, new LimitRequest(counter) { Count = 7 }));
        Store.Dispose();

        using var again = new OpenStore(Database.Options);

        foreach (var counter in counters.Take(2)) Assert.Equal(3, await TakeAsync(again, new LimitRequest(counter) { Count = 9 }));
    }

    [Fact]
    public async Task Without_a_store_nothing_is_counted()
    {
        var limits = Store.Limits;
        Store.Dispose();
        await Assert.ThrowsAsync<StoreUnavailableException>(() => limits.CountAsync([new LimitRequest(Of(LimitKind.Quota, "10/day")) { Count = 1 }], Start));
    }

    [Fact]
    public async Task Counters_that_are_over_are_removed_a_day_later_and_no_others()
    {
        var clock = new TwoHandedClock();
        using var node = new OpenStore(Database.Options, clock);
        var now = clock.Microseconds();
        LimitCounter[] young = [Of(LimitKind.Quota, "3/month", at: now), Of(LimitKind.Rate, "3/day")];
        foreach (var counter in young) Assert.Equal(3, await TakeAsync(node, new LimitRequest(counter) { Count = 3 }, now));
        var old = Enumerable.Range(0, 501).Select(i => new LimitRequest(Of(LimitKind.Quota, "3/hour", key: $"{i}", at: now - 26 * 3_600_000_000L)) { Count = 1 }).ToList();
        await node.Limits.CountAsync(old, now - 26 * 3_600_000_000L);

        Assert.False(await node.LimitClearing.ClearAsync(Cancellation));
        Assert.Equal(503, await RowsAsync(node));
        clock.Run(TimeSpan.FromMinutes(6));
        clock.SetWall(TimeSpan.FromMinutes(-6));
        Assert.True(await node.LimitClearing.ClearAsync(Cancellation));
        Assert.False(await node.LimitClearing.ClearAsync(Cancellation));

        Assert.Equal(2, await RowsAsync(node));
        foreach (var counter in young) Assert.Equal(0, await TakeAsync(node, new LimitRequest(counter) { Count = 3 }, now));
    }

    protected static LimitCounter Of(LimitKind kind, string text, string key = "k", string rule = "p/r", long? at = null) =>
        LimitCounter.Of(Organisation, rule, Terms(kind, text), key, LimitWindow.Of(Terms(kind, text), at ?? Start));

    protected static async Task<long> TakeAsync(OpenStore store, LimitRequest request, long? now = null)
    {
        await store.Limits.CountAsync([request], now ?? Start);
        return request.Granted;
    }

    private static LimitTerms Terms(LimitKind kind, string text)
    {
        Assert.True(LimitTerms.TryParse(kind, text, null, out var terms, out var error), error);
        return terms!;
    }

    private static Task<long> RowsAsync(OpenStore store) =>
        store.Store.Database.ReadAsync(connection => connection.QuerySingleAsync<long>("SELECT count(*) FROM limit_count"), Cancellation);
}
