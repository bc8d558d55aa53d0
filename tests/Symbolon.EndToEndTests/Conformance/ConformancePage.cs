using System.Globalization;
using System.Text;
using Symbolon.Testing;

namespace Symbolon.EndToEndTests.Conformance;

/// <summary>docs/conformance.md, which a long run makes anew.</summary>
internal static class ConformancePage
{
    public static string Path { get; } = Repo.At("docs", "conformance.md");

    /// <summary>What it begins with while nothing but our own code has changed.</summary>
    public static string Head() => $"""
        # Conformance

        The official MCP conformance suite (npm's `@modelcontextprotocol/conformance` {Suite.Version}) at a server on npm's `@modelcontextprotocol/server` {Suite.VersionOf("server")}
        (`tests/node/conformance-server.mjs`), alone and behind a gateway that runs. Made by `./test long`, not edited by hand.


        """;

    public static string Row(Comparison comparison) => string.Create(CultureInfo.InvariantCulture,
        $"| {comparison.Run} | {comparison.Direct.DistinctBy(check => check.Scenario).Count()} | {Count(comparison.Direct)} | {Count(comparison.Through)} |");

    public static void Write(IReadOnlyList<Comparison> comparisons, IReadOnlyList<ExpectedLoss> expected)
    {
        var commit = Environment.GetEnvironmentVariable("SYMBOLON_TEST_COMMIT") ?? "unknown";
        var page = new StringBuilder(Head());
        page.Append(CultureInfo.InvariantCulture, $"Commit {commit[..Math.Min(10, commit.Length)]}. Checks passed / failed, where a warning counts as failed; extensions, which nobody has to have, are left out.\n\n");
        page.Append("| run | scenarios | at the server | through the gateway |\n|---|---|---|---|\n");
        foreach (var comparison in comparisons) page.Append(Row(comparison)).Append('\n');
        page.Append("\n## What is lost on the way, and why\n");
        if (expected.Count == 0) page.Append("Nothing.\n");
        else page.Append("| versions | scenario | check | why |\n|---|---|---|---|\n");
        foreach (var line in expected) page.Append(CultureInfo.InvariantCulture, $"| {string.Join(", ", line.Versions)} | {line.Scenario} | {line.Check.Replace("*", "all", StringComparison.Ordinal)} | {line.Reason} |\n");
        File.WriteAllText(Path, page.ToString());
    }

    private static string Count(IReadOnlyList<Check> checks) =>
        string.Create(CultureInfo.InvariantCulture, $"{checks.Count(check => check.Passed)} / {checks.Count(check => check.Failed)}");
}
