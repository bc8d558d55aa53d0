using Symbolon.Core.Identity;
using Symbolon.Core.Policy.Limits;
using Symbolon.Gateway.Limits;
using Symbolon.Testing.Fakes;
using static Symbolon.UnitTests.Gateway.Limits.LimitsNode;

namespace Symbolon.UnitTests.Gateway.Limits;

/// <summary>What limits do when the store, a node or a clock does not what it should.</summary>
[Trait("area", "limits")]
public sealed class BadDayTests
{
    private readonly FakeClock clock = new();
    private readonly FakeLimitStore store = new();
    private readonly LimitsNode node;

    public BadDayTests() => node = new LimitsNode(store.Node(), clock);

    public static TheoryData<LimitKind, string> Limits => new() { { LimitKind.Rate, "10/minute" }, { LimitKind.Quota, "10/day" }, { LimitKind.Total, "10/day" }, { LimitKind.Concurrency, "10" } };

    [Theory]
    [MemberData(nameof(Limits))]
    public async Task Without_the_store_nobody_knows_and_with_it_again_nothing_was_taken(LimitKind kind, string text)
    {
        store.IsBroken = true;
        Assert.Same(LimitAnswer.Unavailable.Instance, await node.AskAsync(Use(kind, text)));
        Assert.Same(LimitAnswer.Unavailable.Instance, await node.PeekAsync(Use(kind, text)));
        store.IsBroken = false;
        Assert.Equal(10, await node.TakeAllAsync(Use(kind, text)));
    }

    [Fact]
    public async Task A_call_waits_two_seconds_for_the_store_and_what_comes_later_is_not_lost()
    {
        var gate = new TaskCompletionSource();
        store.Gate = gate.Task;
        LimitUse[] uses = [Use(LimitKind.Quota, "10/day"), Use(LimitKind.Concurrency, "10"), Use(LimitKind.Rate, "10/minute")];
        var asked = node.AskAsync(uses).AsTask();
        await SleepersAsync(1);
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Same(LimitAnswer.Unavailable.Instance, await asked);
        gate.SetResult();
        await node.RestAsync();
        foreach (var use in uses) Assert.Equal(10, await node.TakeAllAsync(use));
    }

    [Fact]
    public async Task A_client_that_leaves_while_it_waits_takes_nothing()
    {
        var gate = new TaskCompletionSource();
        store.Gate = gate.Task;
        using var leaving = new CancellationTokenSource();
        LimitUse[] uses = [Use(LimitKind.Quota, "10/day"), Use(LimitKind.Concurrency, "10")];
        var asked = node.Limits.TakeAsync(OrganisationId.Default, uses, 1, leaving.Token).AsTask();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        gate.SetResult();
        await node.RestAsync();
        Assert.Equal(10, await node.TakeAllAsync(uses[1]));
    }

    [Theory]
    [MemberData(nameof(Limits))]
    public async Task An_answer_that_is_lost_never_lets_more_in(LimitKind kind, string text)
    {
        store.LosesAnswers = true;
        for (var i = 0; i < 4; i++) Assert.Same(LimitAnswer.Unavailable.Instance, await node.AskAsync(Use(kind, text)));
        store.LosesAnswers = false;
        // What is open is said anew each time; what was taken of the others is gone.
        Assert.Equal(kind == LimitKind.Concurrency ? 10 : 6, await node.TakeAllAsync(Use(kind, text)));
    }

    [Fact]
    public async Task What_is_open_is_said_again_until_the_store_has_heard_it()
    {
        var use = Use(LimitKind.Concurrency, "10");
        var ticket = await node.TakeAsync(use);
        store.IsBroken = true;
        ticket!.End();
        await node.RestAsync();
        Assert.Equal(1, store.Held);
        store.IsBroken = false;
        node.Counters.Tidy();
        await node.RestAsync();
        Assert.Equal(0, store.Held);
    }

    [Theory]
    [InlineData(LimitKind.Rate, "6400/minute")]
    [InlineData(LimitKind.Concurrency, "6400")]
    public async Task A_share_that_lies_idle_is_back_after_a_few_seconds(LimitKind kind, string text)
    {
        for (var i = 0; i < 20; i++) (await node.TakeAsync(Use(kind, text)))!.End();
        await node.RestAsync();
        Assert.NotEqual(0, store.Held);
        for (var i = 0; i < 3; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            node.Counters.Tidy();
            await node.RestAsync();
        }
        Assert.Equal(0, store.Held);
    }

    [Fact]
    public async Task Counters_that_nobody_asks_for_are_dropped_and_found_again_as_they_were()
    {
        Assert.Equal(3, await node.TakeAllAsync(Use(LimitKind.Quota, "3/month")));
        var open = await node.TakeAsync(Use(LimitKind.Concurrency, "1"));
        for (var i = 0; i < 5; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(30));
            node.Counters.Tidy();
            await node.RestAsync();
        }
        Assert.Equal(1, node.Counters.Count);
        Assert.Null(await node.TakeAsync(Use(LimitKind.Quota, "3/month")));
        Assert.Null(await node.TakeAsync(Use(LimitKind.Concurrency, "1")));
        open!.End();
        await node.RestAsync();
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(await node.TakeAsync(Use(LimitKind.Concurrency, "1")));
    }

    [Fact]
    public async Task A_flood_of_keys_is_bounded_and_resets_nothing()
    {
        var own = new LimitsNode(new FakeLimitStore(isShared: false).Node(), clock);
        var (quota, open) = (Use(LimitKind.Quota, "2/day", key: "victim"), Use(LimitKind.Concurrency, "1", key: "victim"));
        Assert.Equal(2, await own.TakeAllAsync(quota));
        Assert.NotNull(await own.TakeAsync(open));
        for (var i = 0; i < CounterTable.Most + 1000; i++)
        {
            if (i % 1000 == 0) clock.Advance(TimeSpan.FromSeconds(1));
            Assert.NotNull(await own.TakeAsync(Use(LimitKind.Concurrency, "1", key: $"{i}")) is { } ticket ? End(ticket) : null);
        }
        Assert.InRange(own.Counters.Count, 1, CounterTable.Most);
        Assert.Null(await own.TakeAsync(quota));
        Assert.Null(await own.TakeAsync(open));

        static LimitAnswer.Taken End(LimitAnswer.Taken ticket)
        {
            ticket.End();
            return ticket;
        }
    }

    [Fact]
    public async Task With_every_counter_in_use_a_new_key_is_refused_as_unknown()
    {
        var own = new LimitsNode(new FakeLimitStore(isShared: false).Node(), clock);
        for (var i = 0; i < CounterTable.Most; i++) Assert.NotNull(await own.TakeAsync(Use(LimitKind.Concurrency, "1", key: $"{i}")));
        Assert.Same(LimitAnswer.Unavailable.Instance, await own.AskAsync(Use(LimitKind.Concurrency, "1", key: "one more")));
        Assert.IsType<LimitAnswer.Refused>(await own.AskAsync(Use(LimitKind.Concurrency, "1", key: "7")));
    }

    private async Task SleepersAsync(int count)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (clock.Sleepers < count)
        {
            deadline.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
