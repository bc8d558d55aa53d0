using Symbolon.Core.Policy.Limits;
using Symbolon.Testing.Fakes;
using static Symbolon.UnitTests.Gateway.Limits.LimitsNode;

namespace Symbolon.UnitTests.Gateway.Limits;

/// <summary>Nodes on one store: never more than the limit together, and no more than a 64th of it unused on another.</summary>
[Trait("area", "limits")]
public sealed class SeveralNodesTests
{
    private readonly FakeClock clock = new();
    private readonly FakeLimitStore store = new();

    [Theory]
    [InlineData(LimitKind.Rate, "50/minute")]
    [InlineData(LimitKind.Quota, "50/day")]
    [InlineData(LimitKind.Total, "50/day")]
    [InlineData(LimitKind.Concurrency, "50")]
    public async Task A_small_limit_is_hit_exactly_by_all_nodes_together(LimitKind kind, string text)
    {
        var nodes = Nodes(3);
        var counts = await Task.WhenAll(nodes.Select(node => node.TakeManyAsync(40, Use(kind, text))));
        Assert.Equal(50, counts.Sum());
    }

    [Theory]
    [InlineData(LimitKind.Rate, "6400/hour", 6400)]
    [InlineData(LimitKind.Quota, "6400/day", 6400)]
    [InlineData(LimitKind.Concurrency, "6400", 6400)]
    public async Task Of_a_large_limit_at_most_a_64th_is_unused_elsewhere_and_comes_back(LimitKind kind, string text, int limit)
    {
        var (busy, idle) = (Node("n1"), Node("n2"));
        var use = Use(kind, text);
        var taken = 0;
        for (var i = 0; i < 200; i++) taken += await idle.TakeAsync(use) is null ? 0 : 1;
        taken += await busy.TakeAllAsync(use);
        Assert.InRange(taken, limit - (limit / 64), limit);
        await idle.ReturnAllAsync();
        clock.Advance(TimeSpan.FromMilliseconds(500));
        // In half a second not one of 6400 an hour flows in.
        Assert.Equal(limit, taken + await idle.TakeAllAsync(use));
    }

    [Fact]
    public async Task What_one_node_gives_back_another_may_take()
    {
        var (one, two) = (Node("n1"), Node("n2"));
        foreach (var use in new[] { Use(LimitKind.Concurrency, "1"), Use(LimitKind.Quota, "1/day") })
        {
            var ticket = await one.TakeAsync(use);
            Assert.Null(await two.TakeAsync(use));
            ticket!.Release();
            await one.RestAsync();
            clock.Advance(TimeSpan.FromSeconds(1));
            Assert.NotNull(await two.TakeAsync(use));
            Assert.Null(await one.TakeAsync(use));
        }
    }

    [Fact]
    public async Task The_calls_of_a_dead_node_are_open_no_more_once_its_lease_has_ended()
    {
        var (dead, other) = (Node("n1"), Node("n2"));
        var use = Use(LimitKind.Concurrency, "5");
        Assert.Equal(5, await dead.TakeAllAsync(use));
        Assert.Null(await other.TakeAsync(use));
        store.Kill("n1");
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(5, await other.TakeAllAsync(use));
    }

    [Fact]
    public async Task A_dead_node_takes_its_share_of_a_window_with_it_and_nobody_gets_it_twice()
    {
        var (dead, other) = (Node("n1"), Node("n2"));
        var use = Use(LimitKind.Quota, "6400/day");
        for (var i = 0; i < 20; i++) Assert.NotNull(await dead.TakeAsync(use));
        store.Kill("n1");
        Assert.InRange(20 + await other.TakeAllAsync(use), 6400 - 100, 6400);
    }

    [Fact]
    public async Task A_share_of_a_rate_does_not_let_the_bucket_run_over()
    {
        var (one, two) = (Node("n1"), Node("n2"));
        var use = Use(LimitKind.Rate, "6400/second");
        for (var i = 0; i < 50; i++) Assert.NotNull(await one.TakeAsync(use));
        // The bucket is full again, but for what the first node has at hand.
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.InRange(await two.TakeAllAsync(use) + await one.TakeAllAsync(use), 6400 - 100, 6400);
    }

    [Fact]
    public async Task A_share_that_is_used_after_the_bucket_has_filled_counts_against_the_burst()
    {
        var node = Node("n1");
        var use = Use(LimitKind.Rate, "6400/second");
        for (var i = 0; i < 50; i++) Assert.NotNull(await node.TakeAsync(use));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.InRange(await node.TakeAllAsync(use), 6400 - 100, 6400);
    }

    [Fact]
    public async Task Clocks_that_differ_let_nothing_flow_twice_and_a_call_counts_in_one_window()
    {
        var ahead = new FakeClock();
        ahead.Advance(TimeSpan.FromSeconds(30));
        var (slow, fast) = (Node("n1"), new LimitsNode(store.Node("n2"), ahead));
        var use = Use(LimitKind.Rate, "60/minute");
        var taken = await slow.TakeAllAsync(use) + await fast.TakeAllAsync(use);
        Assert.Equal(60 + 30, taken);
        for (var second = 0; second < 100; second++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            ahead.Advance(TimeSpan.FromSeconds(1));
            taken += await slow.TakeAllAsync(use) + await fast.TakeAllAsync(use);
        }
        Assert.Equal(60 + 30 + 100, taken);
    }

    /// <summary>Random calls, ends, releases, pauses, deaths and lost answers: at no time is there more than the limit says.</summary>
    [Theory]
    [InlineData(LimitKind.Quota, "300/hour")]
    [InlineData(LimitKind.Quota, "40/hour")]
    [InlineData(LimitKind.Total, "300/hour")]
    [InlineData(LimitKind.Concurrency, "300")]
    [InlineData(LimitKind.Concurrency, "7")]
    [InlineData(LimitKind.Rate, "300/minute")]
    [InlineData(LimitKind.Rate, "1000/second")]
    [InlineData(LimitKind.Rate, "7/minute")]
    [InlineData(LimitKind.Rate, "70/second")]
    public async Task No_interleaving_lets_more_in_than_the_limit(LimitKind kind, string text)
    {
        for (var seed = 0; seed < 12; seed++) await RunAsync(kind, text, new Random(seed));
    }

    private async Task RunAsync(LimitKind kind, string text, Random random)
    {
        var (own, time) = (new FakeLimitStore(), new FakeClock());
        var nodes = Enumerable.Range(0, 3).Select(i => new LimitsNode(own.Node($"n{i}"), time)).ToList();
        var tally = new LimitTally(Use(kind, text).Terms, time);
        var open = new List<(LimitAnswer.Taken Ticket, LimitsNode Node, long Amount, long At)>();
        for (var step = 0; step < 300; step++)
        {
            var node = nodes[random.Next(nodes.Count)];
            switch (random.Next(10))
            {
                case < 5:
                    var amount = kind == LimitKind.Total ? random.Next(1, 12) : 1;
                    var asked = await Task.WhenAll(Enumerable.Range(0, random.Next(1, 60)).Select(_ => node.TakeAsync(Use(kind, text, amount))));
                    foreach (var ticket in asked.OfType<LimitAnswer.Taken>())
                    {
                        tally.Take(amount);
                        open.Add((ticket, node, amount, time.GetUtcNow().Ticks));
                    }
                    break;
                case < 8 when open.Count > 0:
                    var isReleased = random.Next(2) == 0;
                    foreach (var each in open.OrderBy(_ => random.Next()).Take(random.Next(1, 40)).ToList())
                    {
                        // Told first: what comes back may be taken from then on.
                        tally.Give(each.Amount, each.At, isReleased);
                        if (isReleased) each.Ticket.Release();
                        else each.Ticket.End();
                        open.Remove(each);
                    }
                    break;
                case 8:
                    time.Advance(TimeSpan.FromMilliseconds(random.Next(1, 3000)));
                    if (random.Next(20) == 0) time.Advance(TimeSpan.FromMinutes(random.Next(1, 50)));
                    nodes.ForEach(each => each.Counters.Tidy());
                    break;
                default:
                    if (random.Next(3) == 0) own.LosesAnswers = !own.LosesAnswers;
                    else if (random.Next(3) == 0)
                    {
                        var place = nodes.IndexOf(node);
                        own.Kill($"n{place}");
                        nodes[place] = new LimitsNode(own.Node($"n{place}"), time);
                        // Its calls have ended with it; of windows and rates they stay counted.
                        foreach (var each in open.Where(each => each.Node == node).ToList())
                        {
                            tally.Give(each.Amount, each.At, isReleased: false);
                            open.Remove(each);
                        }
                    }
                    break;
            }
            foreach (var each in nodes) await each.RestAsync();
        }
    }

    private LimitsNode Node(string name) => new(store.Node(name), clock);

    private List<LimitsNode> Nodes(int count) => [.. Enumerable.Range(1, count).Select(i => Node($"n{i}"))];
}
