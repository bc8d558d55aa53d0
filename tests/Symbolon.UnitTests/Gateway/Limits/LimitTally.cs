using Symbolon.Core.Policy.Limits;
using Symbolon.Testing.Fakes;

namespace Symbolon.UnitTests.Gateway.Limits;

/// <summary>What has been let in, counted by whoever watches all nodes; fails as soon as it is more than the limit says.</summary>
internal sealed class LimitTally(LimitTerms terms, FakeClock clock)
{
    private readonly List<(long At, long Amount)> taken = [];
    private long open;

    public void Take(long amount)
    {
        var now = clock.GetUtcNow().Ticks;
        taken.Add((now, amount));
        open += amount;
        if (terms.Kind == LimitKind.Concurrency) Assert.InRange(open, 0, terms.Count);
        else if (terms.Kind == LimitKind.Rate) CheckBucket(now);
        else Assert.InRange(taken.Where(one => WindowOf(one.At) == WindowOf(now)).Sum(one => one.Amount), 0, terms.Count);
    }

    public void Give(long amount, long at, bool isReleased)
    {
        open -= amount;
        if (isReleased && terms.Kind is LimitKind.Quota or LimitKind.Total && isReleased) taken.Remove((at, amount));
    }

    /// <summary>In any stretch of time up to now: no more than the burst and what flowed in.</summary>
    private void CheckBucket(long now)
    {
        var sum = 0L;
        for (var i = taken.Count - 1; i >= 0; i--)
        {
            sum += taken[i].Amount;
            if (i > 0 && taken[i - 1].At == taken[i].At) continue;
            var flowed = (Int128)(now - taken[i].At) * terms.Count / (LimitBucket.Scale(terms) * TimeSpan.TicksPerMillisecond);
            Assert.True(sum <= terms.Burst + flowed, $"{sum} in {TimeSpan.FromTicks(now - taken[i].At)} of {terms}");
        }
    }

    private static long WindowOf(long ticks) => ticks / TimeSpan.TicksPerHour;
}
