using System.Diagnostics;

namespace Symbolon.Testing;

/// <summary>
/// One run of a named test at its large size. Disposed without <see cref="Pass"/>, it is red. At the short size nothing is written.
/// </summary>
public sealed class LongRun(string name, long seed) : IDisposable
{
    /// <summary>Every run that must stand in docs/reliability.json, green, for <c>./test</c> to pass.</summary>
    public static IReadOnlyList<string> Names { get; } = [KeyRotation, KillUnderLoad, KilledReviews, KilledKeys, MutatedTokens, ComparedExpressions, PatternSubsets, SingleUse + " on Sqlite", SingleUse + " on Postgres", SingleCode + " on Sqlite", SingleCode + " on Postgres", Conformance, ClientConformance, Crowd];

    /// <summary>The signing key is another one every ten seconds, under load.</summary>
    public const string KeyRotation = "key rotation under load";

    /// <summary>The process is killed again and again while calls are under way.</summary>
    public const string KillUnderLoad = "kill -9 under load";

    /// <summary>The process is killed in the middle of every step of a review.</summary>
    public const string KilledReviews = "kill -9 in reviews";

    /// <summary>The process is killed while keys of servers are enrolled and replaced.</summary>
    public const string KilledKeys = "kill -9 while keys come";

    /// <summary>Damaged and odd tokens, judged by us and by another implementation.</summary>
    public const string MutatedTokens = "mutated tokens";

    /// <summary>Expressions of the policy language, evaluated by us and by another implementation.</summary>
    public const string ComparedExpressions = "expressions beside another implementation";

    /// <summary>Random pairs of resource patterns, and a resource of the one.</summary>
    public const string PatternSubsets = "subsets of resource patterns";

    /// <summary>A hundred uses of one proof and of one assertion at once, on two nodes; one run for each kind of store.</summary>
    public const string SingleUse = "single use";

    /// <summary>A hundred uses at once of one code or refresh token, and as many browsers at one pushed request; one run for each kind of store.</summary>
    public const string SingleCode = "codes and refresh tokens";

    /// <summary>The official conformance suite at a server alone and behind the gateway.</summary>
    public const string Conformance = "conformance suite";

    /// <summary>The suite's scenarios for clients, with the gateway between the client and the scenario's server.</summary>
    public const string ClientConformance = "conformance suite for clients";

    /// <summary>Two organisations of a hundred callers each, who come and go behind one program for ten minutes.</summary>
    public const string Crowd = "crowd of two organisations";

    private readonly long started = Stopwatch.GetTimestamp();
    private readonly SortedDictionary<string, long> counts = new(StringComparer.Ordinal);
    private string verdict = "red";

    /// <summary>Adds to a figure of the report.</summary>
    public void Count(string what, long number) => counts[what] = counts.GetValueOrDefault(what) + number;

    /// <summary>The last statement of the test: all that it asserts has held.</summary>
    public void Pass() => verdict = "green";

    public void Dispose()
    {
        if (!TestSize.IsLong) return;
        Reliability.Record(new ReliabilityRow
        {
            Run = name,
            Verdict = verdict,
            At = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
            Seconds = (long)Stopwatch.GetElapsedTime(started).TotalSeconds,
            Commit = Environment.GetEnvironmentVariable("SYMBOLON_TEST_COMMIT") ?? "unknown",
            Seed = seed,
            Counts = counts,
        });
    }
}
