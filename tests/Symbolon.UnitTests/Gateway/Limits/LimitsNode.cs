using Microsoft.Extensions.Logging.Abstractions;
using Symbolon.Core;
using Symbolon.Core.Identity;
using Symbolon.Core.Policy.Limits;
using Symbolon.Gateway.Limits;

namespace Symbolon.UnitTests.Gateway.Limits;

/// <summary>One node's limits over a store, with the words that tests ask in.</summary>
internal sealed class LimitsNode
{
    private readonly TimeProvider clock;

    public LimitsNode(ILimitStore store, TimeProvider clock)
    {
        this.clock = clock;
        Trips = new StoreTrips(store, clock, NullLogger<StoreTrips>.Instance);
        Counters = new CounterTable(store, Trips, clock);
        Limits = new NodeLimits(Counters, store, clock);
    }

    public StoreTrips Trips { get; }

    public CounterTable Counters { get; }

    public NodeLimits Limits { get; }

    public static LimitUse Use(LimitKind kind, string text, long amount = 1, string key = "k", long? burst = null, string rule = "p/r")
    {
        Assert.True(LimitTerms.TryParse(kind, text, burst, out var terms, out var error), error);
        return new LimitUse(rule, terms, key, kind == LimitKind.Total ? amount * LimitTerms.PerUnit : amount);
    }

    public ValueTask<LimitAnswer> AskAsync(params LimitUse[] uses) => Limits.TakeAsync(OrganisationId.Default, uses, clock.Microseconds(), TestContext.Current.CancellationToken);

    public ValueTask<LimitAnswer> PeekAsync(params LimitUse[] uses) => Limits.PeekAsync(OrganisationId.Default, uses, clock.Microseconds(), TestContext.Current.CancellationToken);

    /// <returns>The ticket, or null when it is refused.</returns>
    public async Task<LimitAnswer.Taken?> TakeAsync(params LimitUse[] uses) => await AskAsync(uses) as LimitAnswer.Taken;

    /// <returns>How many of so many in parallel are let in.</returns>
    public async Task<int> TakeManyAsync(int count, params LimitUse[] uses)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => Task.Run(async () => await TakeAsync(uses))));
        return answers.Count(answer => answer is not null);
    }

    /// <returns>How many are let in, one after the other, until one is not.</returns>
    public async Task<int> TakeAllAsync(params LimitUse[] uses)
    {
        var count = 0;
        while (await TakeAsync(uses) is not null) count++;
        return count;
    }

    /// <summary>Everything that was under way has come back.</summary>
    public async Task RestAsync()
    {
        for (var i = 0; i < 3; i++)
        {
            await Trips.Running;
            await Task.Yield();
        }
    }

    /// <summary>What lies idle here is back in the store.</summary>
    public async Task ReturnAllAsync()
    {
        Counters.ReturnAll();
        await RestAsync();
    }
}
