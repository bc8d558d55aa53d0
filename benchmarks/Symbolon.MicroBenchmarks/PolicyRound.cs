using System.Diagnostics;
using System.Globalization;

namespace Symbolon.MicroBenchmarks;

/// <summary>One round beside other engines of rules, measured as benchmarks/node/policy.mjs measures those: half the time to warm up, then the mean.</summary>
internal static class PolicyRound
{
    /// <returns>JSON: microseconds of <c>expressions</c>, <c>decision</c> and <c>decisionOfThousand</c>.</returns>
    public static async Task<string> MeasureAsync(double seconds)
    {
        var conditions = new PolicyConditions();
        var expressions = Measure(seconds, () => conditions.EvaluateTen() == 1);
        using var ten = new PolicyDecision { Rules = 10 };
        await ten.SetupAsync();
        using var thousand = new PolicyDecision { Rules = 1_000 };
        await thousand.SetupAsync();
        return string.Create(CultureInfo.InvariantCulture, $$"""{"expressions":{{expressions}},"decision":{{Measure(seconds, () => Decide(ten))}},"decisionOfThousand":{{Measure(seconds, () => Decide(thousand))}}}""");
    }

    // Nothing in it waits, and the task of a yes is always the same.
    private static bool Decide(PolicyDecision of) => of.DecideAsync().AsTask().GetAwaiter().GetResult();

    private static double Measure(double seconds, Func<bool> decide)
    {
        Run(seconds / 2, decide);
        return Run(seconds, decide);
    }

    private static double Run(double seconds, Func<bool> decide)
    {
        var start = Stopwatch.GetTimestamp();
        var end = start + (long)(seconds * Stopwatch.Frequency);
        var count = 0L;
        long now;
        do
        {
            for (var i = 0; i < 64; i++)
                if (!decide()) throw new InvalidOperationException("The rules allow this call.");
            count += 64;
            now = Stopwatch.GetTimestamp();
        }
        while (now < end);
        return Stopwatch.GetElapsedTime(start, now).TotalMicroseconds / count;
    }
}
