using Microsoft.Extensions.Logging.Abstractions;
using Symbolon.Core;
using Symbolon.Core.Policy.Limits;
using Symbolon.Gateway.Limits;
using Symbolon.Testing.Fakes;
using Symbolon.Testing.Storage;

namespace Symbolon.ConformanceTests.Storage;

public sealed class SqliteLimitsAcrossNodesTests() : LimitsAcrossNodesTests(StoreKind.Sqlite);

public sealed class PostgresLimitsAcrossNodesTests() : LimitsAcrossNodesTests(StoreKind.Postgres)
{
    [Theory]
    [InlineData("30", 30)]
    [InlineData("700", 700)]
    public Task What_is_open_on_two_nodes_is_never_more_than_the_limit(string text, int limit) => HitOnTwoNodesAsync(LimitKind.Concurrency, text, limit);
}

/// <summary>Limits as nodes keep them, over a database. On SQLite there is one process; two share the file here all the same, but for what is open, which each counts for itself there.</summary>
public abstract class LimitsAcrossNodesTests(StoreKind kind) : StoreTests(kind)
{
    private readonly FakeClock clock = new();

    public static TheoryData<LimitKind, string, int> Limits => new()
    {
        { LimitKind.Rate, "30/hour", 30 }, { LimitKind.Rate, "700/day", 700 }, { LimitKind.Quota, "30/day", 30 }, { LimitKind.Quota, "700/month", 700 }, { LimitKind.Total, "30/week", 30 },
    };

    [Theory]
    [MemberData(nameof(Limits))]
    [InlineData(LimitKind.Concurrency, "30", 30)]
    [InlineData(LimitKind.Concurrency, "700", 700)]
    public async Task A_limit_is_hit_exactly_by_parallel_calls_on_one_node(LimitKind kind, string text, int limit)
    {
        await Store.Nodes.StartLeaseAsync("n1", Cancellation);
        var node = Node(Store);
        Assert.Equal(limit, await TakeManyAsync([node], limit + 70, kind, text));
        Assert.IsType<LimitAnswer.Refused>(await AskAsync(node, kind, text));
    }

    [Theory]
    [MemberData(nameof(Limits))]
    public Task A_limit_is_hit_exactly_by_parallel_calls_on_two_nodes(LimitKind kind, string text, int limit) => HitOnTwoNodesAsync(kind, text, limit);

    protected async Task HitOnTwoNodesAsync(LimitKind kind, string text, int limit)
    {
        await Store.Nodes.StartLeaseAsync("n1", Cancellation);
        using var other = new OpenStore(Database.Options);
        await other.Nodes.StartLeaseAsync("n2", Cancellation);
        // On SQLite the second start has ended the first lease, which nothing here depends on.
        var nodes = new[] { Node(Store), Node(other) };
        var taken = await TakeManyAsync(nodes, limit + 70, kind, text);
        Assert.InRange(taken, limit - (limit < 64 ? 0 : limit / 64), limit);
        // What one had at hand and the other wanted.
        foreach (var (node, counters, trips) in nodes)
        {
            counters.ReturnAll();
            await trips.Running;
        }
        clock.Advance(TimeSpan.FromSeconds(1));
        while (await AskAsync(nodes[0], kind, text) is LimitAnswer.Taken) taken++;
        Assert.Equal(limit, taken);
    }

    [Fact]
    public async Task A_hundred_parallel_amounts_on_two_nodes_fill_a_total_to_the_millionth()
    {
        await Store.Nodes.StartLeaseAsync("n1", Cancellation);
        using var other = new OpenStore(Database.Options);
        await other.Nodes.StartLeaseAsync("n2", Cancellation);
        var nodes = new[] { Node(Store), Node(other) };
        var sum = 0L;
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(async () =>
        {
            var amount = 500_000L + (i % 5 * 333_333);
            if (await AskAsync(nodes[i % 2], LimitKind.Total, "50/day", amount) is LimitAnswer.Taken) Interlocked.Add(ref sum, amount);
        })));
        foreach (var (_, counters, trips) in nodes)
        {
            counters.ReturnAll();
            await trips.Running;
        }
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.InRange(sum, 50_000_000 - 1_833_332, 50_000_000);
        Assert.IsType<LimitAnswer.Taken>(await AskAsync(nodes[1], LimitKind.Total, "50/day", 50_000_000 - sum), exactMatch: false);
        Assert.IsType<LimitAnswer.Refused>(await AskAsync(nodes[0], LimitKind.Total, "50/day", 1));
    }

    private (NodeLimits Limits, CounterTable Counters, StoreTrips Trips) Node(OpenStore store)
    {
        var trips = new StoreTrips(store.Limits, clock, NullLogger<StoreTrips>.Instance);
        var counters = new CounterTable(store.Limits, trips, clock);
        return (new NodeLimits(counters, store.Limits, clock), counters, trips);
    }

    private ValueTask<LimitAnswer> AskAsync((NodeLimits Limits, CounterTable, StoreTrips) node, LimitKind kind, string text, long? amount = null)
    {
        Assert.True(LimitTerms.TryParse(kind, text, null, out var terms, out _));
        return node.Limits.TakeAsync(Organisation, [new LimitUse("p/r", terms, "k", amount ?? (kind == LimitKind.Total ? LimitTerms.PerUnit : 1))], clock.Microseconds(), Cancellation);
    }

    private async Task<int> TakeManyAsync((NodeLimits, CounterTable, StoreTrips)[] nodes, int count, LimitKind kind, string text)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, count).Select(i => Task.Run(async () => await AskAsync(nodes[i % nodes.Length], kind, text))));
        Assert.All(answers, answer => Assert.NotSame(LimitAnswer.Unavailable.Instance, answer));
        return answers.Count(answer => answer is LimitAnswer.Taken);
    }
}
