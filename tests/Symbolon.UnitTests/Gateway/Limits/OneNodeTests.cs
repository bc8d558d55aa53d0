using Symbolon.Core.Policy.Limits;
using Symbolon.Gateway.Limits;
using Symbolon.Testing.Fakes;
using static Symbolon.UnitTests.Gateway.Limits.LimitsNode;

namespace Symbolon.UnitTests.Gateway.Limits;

/// <summary>A node alone is exact, whether or not others could be there.</summary>
[Trait("area", "limits")]
public sealed class OneNodeTests
{
    private readonly FakeClock clock = new();
    private readonly FakeLimitStore store = new();
    private readonly LimitsNode node;

    public OneNodeTests() => node = new LimitsNode(store.Node(), clock);

    [Theory]
    [InlineData(LimitKind.Rate, "40/minute", 40)]
    [InlineData(LimitKind.Rate, "5000/hour", 5000)]
    [InlineData(LimitKind.Quota, "40/day", 40)]
    [InlineData(LimitKind.Quota, "5000/month", 5000)]
    [InlineData(LimitKind.Total, "40/week", 40)]
    [InlineData(LimitKind.Concurrency, "40", 40)]
    [InlineData(LimitKind.Concurrency, "1000", 1000)]
    public async Task A_limit_is_hit_exactly_whether_calls_come_together_or_one_by_one(LimitKind kind, string text, int limit)
    {
        foreach (var shared in new[] { true, false })
        {
            var own = new LimitsNode(new FakeLimitStore(shared).Node(), clock);
            Assert.Equal(limit, await own.TakeManyAsync(limit + 60, Use(kind, text)));
            Assert.Null(await own.TakeAsync(Use(kind, text)));
            Assert.Equal(limit, await own.TakeAllAsync(Use(kind, text, key: "other")));
        }
    }

    [Fact]
    public async Task A_share_at_hand_is_taken_at_once_and_few_calls_go_to_the_store()
    {
        var use = Use(LimitKind.Quota, "100000/day");
        var atOnce = 0;
        for (var i = 0; i < 10_000; i++)
        {
            var asked = node.AskAsync(use);
            atOnce += asked.IsCompleted ? 1 : 0;
            Assert.IsType<LimitTicket>(await asked);
        }
        Assert.InRange(store.Trips, 1, 30);
        Assert.InRange(atOnce, 9_970, 10_000);
    }

    [Fact]
    public async Task Parallel_calls_of_one_key_share_a_trip()
    {
        var gate = new TaskCompletionSource();
        store.Gate = gate.Task;
        var asked = Enumerable.Range(0, 50).Select(_ => node.TakeAsync(Use(LimitKind.Rate, "60/minute"))).ToList();
        gate.SetResult();
        Assert.All(await Task.WhenAll(asked), Assert.NotNull);
        Assert.InRange(store.Trips, 1, 2);
    }

    [Fact]
    public async Task All_limits_of_a_call_go_in_one_trip()
    {
        Assert.NotNull(await node.TakeAsync(Use(LimitKind.Rate, "60/minute"), Use(LimitKind.Quota, "50/day"), Use(LimitKind.Concurrency, "5")));
        Assert.Equal((1, 3), (store.Trips, store.Requests));
    }

    [Theory]
    [InlineData("60/minute", 60, 1, 1)]
    [InlineData("7/minute", 7, 9, 1)]
    [InlineData("7/hour", 7, 515, 1)]
    [InlineData("1/day", 1, 86_400, 1)]
    [InlineData("2/second", 2, 1, 2)]
    public async Task A_bucket_fills_by_time_and_says_when_to_come_back(string text, int burst, int retryAfter, int then)
    {
        var use = Use(LimitKind.Rate, text);
        Assert.Equal(burst, await node.TakeAllAsync(use));
        Assert.Equal(retryAfter, Assert.IsType<LimitAnswer.Refused>(await node.AskAsync(use)).RetryAfter);
        clock.Advance(TimeSpan.FromSeconds(retryAfter - 1) + TimeSpan.FromMilliseconds(10));
        if (retryAfter > 1) Assert.Null(await node.TakeAsync(use));
        clock.Advance(TimeSpan.FromMilliseconds(990));
        Assert.Equal(then, await node.TakeAllAsync(use));
        clock.Advance(TimeSpan.FromDays(1000));
        Assert.Equal(burst, await node.TakeAllAsync(use));
    }

    [Fact]
    public async Task A_burst_is_what_the_rule_says_and_the_flow_is_the_rate()
    {
        var use = Use(LimitKind.Rate, "60/minute", burst: 3);
        Assert.Equal(3, await node.TakeAllAsync(use));
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(2, await node.TakeAllAsync(use));
        clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(3, await node.TakeAllAsync(use));
    }

    [Theory]
    [InlineData(LimitKind.Quota, "5/hour", "2027-01-15T13:00:00Z")]
    [InlineData(LimitKind.Quota, "5/day", "2027-01-16T00:00:00Z")]
    [InlineData(LimitKind.Total, "5/week", "2027-01-18T00:00:00Z")]
    [InlineData(LimitKind.Quota, "5/month", "2027-02-01T00:00:00Z")]
    public async Task A_window_turns_with_the_calendar_and_not_before(LimitKind kind, string text, string turn)
    {
        var left = DateTimeOffset.Parse(turn, System.Globalization.CultureInfo.InvariantCulture) - clock.GetUtcNow();
        var use = Use(kind, text);
        Assert.Equal(5, await node.TakeAllAsync(use));
        Assert.Equal(left.TotalSeconds, Assert.IsType<LimitAnswer.Refused>(await node.AskAsync(use)).RetryAfter);
        clock.Advance(left - TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, Assert.IsType<LimitAnswer.Refused>(await node.AskAsync(use)).RetryAfter);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(5, await node.TakeAllAsync(use));
    }

    [Fact]
    public async Task A_total_adds_amounts_exactly_and_what_still_fits_is_taken()
    {
        async Task<bool> AddAsync(long millionths) => await node.TakeAsync(Use(LimitKind.Total, "100/day") with { Amount = millionths }) is not null;
        Assert.True(await AddAsync(99_999_999));
        Assert.False(await AddAsync(2));
        Assert.True(await AddAsync(0));
        Assert.True(await AddAsync(1));
        Assert.False(await AddAsync(1));
        Assert.True(await AddAsync(0));
        Assert.False(await AddAsync(long.MaxValue));
    }

    [Fact]
    public async Task More_than_the_whole_total_is_refused_and_takes_nothing()
    {
        Assert.IsType<LimitAnswer.Refused>(await node.AskAsync(Use(LimitKind.Total, "100/day", 101)));
        Assert.IsType<LimitTicket>(await node.AskAsync(Use(LimitKind.Total, "100/day", 100)));
    }

    [Fact]
    public async Task Many_amounts_at_once_never_add_up_to_more_and_leave_no_room_for_the_smallest()
    {
        var sum = 0L;
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(async () =>
        {
            if (await node.TakeAsync(Use(LimitKind.Total, "100/day", (i % 7) + 1)) is not null) Interlocked.Add(ref sum, (i % 7) + 1);
        })));
        while (await node.TakeAsync(Use(LimitKind.Total, "100/day")) is not null) sum++;
        Assert.Equal(100, sum);
    }

    [Theory]
    [InlineData(LimitKind.Rate, "3/minute", 0, 0)]
    [InlineData(LimitKind.Quota, "3/day", 3, 0)]
    [InlineData(LimitKind.Total, "3/day", 3, 0)]
    [InlineData(LimitKind.Concurrency, "3", 3, 3)]
    public async Task What_is_given_back_is_said_by_the_kind_and_only_once(LimitKind kind, string text, int afterRelease, int afterEnd)
    {
        foreach (var shared in new[] { true, false })
        {
            var own = new LimitsNode(new FakeLimitStore(shared).Node(), clock);
            async Task<int> AfterAsync(string key, Action<LimitAnswer.Taken> give)
            {
                var use = Use(kind, text, key: key);
                var tickets = new List<LimitAnswer.Taken>();
                while (await own.TakeAsync(use) is { } ticket) tickets.Add(ticket);
                Assert.Equal(3, tickets.Count);
                tickets.ForEach(give);
                await own.RestAsync();
                return await own.TakeAllAsync(use);
            }
            Assert.Equal(afterRelease, await AfterAsync("released", ticket => ticket.Release()));
            Assert.Equal(afterEnd, await AfterAsync("ended", ticket => ticket.End()));
            Assert.Equal(afterRelease, await AfterAsync("twice", ticket => { ticket.Release(); ticket.Release(); ticket.End(); }));
            Assert.Equal(afterEnd, await AfterAsync("other way", ticket => { ticket.End(); ticket.Release(); }));
        }
    }

    [Fact]
    public async Task What_is_released_after_its_window_is_not_the_next_ones()
    {
        var use = Use(LimitKind.Quota, "3/day");
        var ticket = await node.TakeAsync(use);
        clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(3, await node.TakeAllAsync(use));
        ticket!.Release();
        await node.RestAsync();
        Assert.Null(await node.TakeAsync(use));
    }

    [Fact]
    public async Task A_call_that_waited_for_an_approval_longer_than_its_counter_was_kept_gives_its_quota_back()
    {
        foreach (var shared in new[] { true, false })
        {
            var own = new LimitsNode(new FakeLimitStore(shared).Node(), clock);
            var use = Use(LimitKind.Quota, "1/month");
            var ticket = await own.TakeAsync(use);
            clock.Advance(TimeSpan.FromMinutes(2));
            own.Counters.Tidy();
            Assert.Equal(0, own.Counters.Count);
            Assert.Null(await own.TakeAsync(use));
            clock.Advance(TimeSpan.FromSeconds(2));
            ticket!.Release();
            await own.RestAsync();
            Assert.NotNull(await own.TakeAsync(use));
        }
    }

    [Fact]
    public async Task A_call_refused_by_one_limit_is_counted_by_none()
    {
        var (rate, quota, open) = (Use(LimitKind.Rate, "10/minute"), Use(LimitKind.Quota, "10/day"), Use(LimitKind.Concurrency, "10"));
        var full = Use(LimitKind.Quota, "1/day", key: "full", rule: "p/full");
        Assert.NotNull(await node.TakeAsync(full));
        for (var i = 0; i < 30; i++)
        {
            // Each time anew, so that it is not known beforehand.
            clock.Advance(TimeSpan.FromMilliseconds(1));
            Assert.Equal("p/full", Assert.IsType<LimitAnswer.Refused>(await node.AskAsync(rate, quota, open, full with { Key = i % 2 == 0 ? "full" : $"full {i}", Terms = full.Terms }, full)).Rule);
        }
        await node.RestAsync();
        foreach (var use in new[] { rate, quota, open }) Assert.Equal(10, await node.TakeAllAsync(use));
    }

    [Fact]
    public async Task The_longest_refusal_is_told()
    {
        var (rate, quota) = (Use(LimitKind.Rate, "1/minute", rule: "p/rate"), Use(LimitKind.Quota, "1/day", rule: "p/quota"));
        Assert.NotNull(await node.TakeAsync(rate, quota));
        clock.Advance(TimeSpan.FromSeconds(2));
        var refused = Assert.IsType<LimitAnswer.Refused>(await node.AskAsync(rate, quota));
        Assert.Equal(("p/quota", 12 * 3600 - 2), (refused.Rule, refused.RetryAfter));
    }

    [Fact]
    public async Task A_rule_whose_terms_changed_counts_anew()
    {
        Assert.Equal(3, await node.TakeAllAsync(Use(LimitKind.Quota, "3/day")));
        Assert.Equal(5, await node.TakeAllAsync(Use(LimitKind.Quota, "5/day")));
        Assert.Equal(0, await node.TakeAllAsync(Use(LimitKind.Quota, "3/day")));
    }

    [Fact]
    public async Task Looking_takes_nothing_and_says_what_taking_would()
    {
        LimitUse[] uses = [Use(LimitKind.Rate, "3/minute"), Use(LimitKind.Concurrency, "5"), Use(LimitKind.Total, "100/day", 20)];
        for (var i = 0; i < 10; i++) Assert.IsType<LimitAnswer.Taken>(await node.PeekAsync(uses), exactMatch: false);
        for (var i = 0; i < 3; i++) Assert.NotNull(await node.TakeAsync(uses));
        var seen = Assert.IsType<LimitAnswer.Refused>(await node.PeekAsync(uses));
        Assert.Equal(20, seen.RetryAfter);
        Assert.Equal(seen.RetryAfter, Assert.IsType<LimitAnswer.Refused>(await node.AskAsync(uses)).RetryAfter);
        Assert.IsType<LimitAnswer.Refused>(await node.PeekAsync(Use(LimitKind.Total, "100/day", 41)));
        Assert.IsType<LimitAnswer.Taken>(await node.PeekAsync(Use(LimitKind.Total, "100/day", 40)), exactMatch: false);
    }

    [Fact]
    public async Task A_clock_that_is_set_back_gives_nothing_twice()
    {
        var (rate, quota) = (Use(LimitKind.Rate, "6/minute"), Use(LimitKind.Quota, "5/hour"));
        Assert.Equal(6, await node.TakeAllAsync(rate));
        Assert.Equal(5, await node.TakeAllAsync(quota));
        clock.SetBack(TimeSpan.FromMinutes(5));
        Assert.Null(await node.TakeAsync(rate));
        Assert.Null(await node.TakeAsync(quota));
        clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        Assert.Null(await node.TakeAsync(rate));
        clock.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(1, await node.TakeAllAsync(rate));
    }

    [Fact]
    public async Task A_clock_that_was_a_year_ahead_stops_no_rate_for_a_year()
    {
        var use = Use(LimitKind.Rate, "6/minute");
        clock.Advance(TimeSpan.FromDays(365));
        Assert.Equal(6, await node.TakeAllAsync(use));
        clock.SetBack(TimeSpan.FromDays(365));
        Assert.Null(await node.TakeAsync(use));
        clock.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(1, await node.TakeAllAsync(use));
    }
}
