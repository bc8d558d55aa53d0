using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Symbolon.Core;
using Symbolon.Core.Identity;
using Symbolon.Core.Policy.Limits;
using Symbolon.Gateway.Limits;
using Symbolon.Testing.Fakes;

namespace Symbolon.MicroBenchmarks;

/// <summary>What limits add to a call whose node has a share at hand: one limit, and three with the end of the call.</summary>
public class LimitTake
{
    private readonly long now = TimeProvider.System.Microseconds();
    private readonly LimitUse[] one = [Use(LimitKind.Concurrency, "1000000000")];
    private readonly LimitUse[] three = [Use(LimitKind.Concurrency, "1000000000"), Use(LimitKind.Quota, "1000000000/month"), Use(LimitKind.Rate, "1000000000/second")];
    private readonly LimitFacts facts = new("tok_4f1d0c2b", "alice@example.com", "bot", null, "records", "read_record");
    private NodeLimits limits = null!;

    [GlobalSetup]
    public void Setup()
    {
        var store = new FakeLimitStore(isShared: false).Node();
        limits = new NodeLimits(new CounterTable(store, new StoreTrips(store, TimeProvider.System, NullLogger<StoreTrips>.Instance), TimeProvider.System), store, TimeProvider.System);
    }

    [Benchmark]
    public bool TakeOne() => Take(one);

    [Benchmark]
    public bool TakeThree() => Take(three);

    [Benchmark]
    public string MakeKey() => LimitKey.Of(LimitPer.Token | LimitPer.Tool, facts);

    private bool Take(LimitUse[] uses)
    {
        var asked = limits.TakeAsync(OrganisationId.Default, uses, now, CancellationToken.None);
        // Once in a thousand calls a new share comes from the store.
        if ((asked.IsCompleted ? asked.Result : asked.AsTask().GetAwaiter().GetResult()) is not LimitAnswer.Taken taken) throw new InvalidOperationException("The limit was reached.");
        taken.End();
        return true;
    }

    private static LimitUse Use(LimitKind kind, string text) =>
        LimitTerms.TryParse(kind, text, null, out var terms, out var error) ? new LimitUse("p/r", terms, "t12=tok_4f1d0c2b;") : throw new InvalidOperationException(error);
}
