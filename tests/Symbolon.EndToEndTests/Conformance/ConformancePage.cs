using System.Globalization;
using System.Text;
using Symbolon.Testing;

namespace Symbolon.EndToEndTests.Conformance;

/// <summary>docs/conformance.md, of which each long run makes its part anew.</summary>
internal static class ConformancePage
{
    public const string Servers = "Servers";
    public const string Clients = "Clients";

    public static string Path { get; } = Repo.At("docs", "conformance.md");

    /// <summary>What it begins with while nothing but our own code has changed.</summary>
    public static string Head() => $"""
        # Conformance

        The official MCP conformance suite (npm's `@modelcontextprotocol/conformance` {Suite.Version}). *Servers*: it asks a server on npm's `@modelcontextprotocol/server`
        {Suite.VersionOf("server")} (`tests/node/conformance-server.mjs`), alone and behind a gateway that runs. *Clients*: it is the server of a client on npm's
        `@modelcontextprotocol/client` {Suite.VersionOf("client")} (`tests/node/conformance-client.mjs`), directly and with the gateway between them. The figures are checks passed / failed, where a
        warning counts as failed; extensions, which nobody has to have, and the scenarios in which a client gets itself a token are left out.
        Made by `./test long`, not edited by hand.


        """;

    public static string Row(Comparison comparison) => string.Create(CultureInfo.InvariantCulture,
        $"| {comparison.Run} | {comparison.Direct.DistinctBy(check => check.Scenario).Count()} | {Count(comparison.Direct)} | {Count(comparison.Through)} |");

    /// <param name="part"><see cref="Servers"/> or <see cref="Clients"/>; the other stays as it is.</param>
    public static void Write(string part, IReadOnlyList<Comparison> comparisons, IReadOnlyList<ExpectedLoss> expected)
    {
        var parts = Read();
        parts[part] = Part(comparisons, expected);
        File.WriteAllText(Path, Head() + string.Join('\n', parts.Select(each => $"## {each.Key}\n{each.Value}")));
    }

    private static SortedDictionary<string, string> Read()
    {
        SortedDictionary<string, string> parts = new(Comparer<string>.Create((a, b) => string.CompareOrdinal(b, a)));
        if (!File.Exists(Path)) return parts;
        foreach (var part in File.ReadAllText(Path).Split("\n## ")[1..])
        {
            var end = part.IndexOf('\n', StringComparison.Ordinal);
            parts[part[..end]] = part[(end + 1)..].TrimEnd('\n') + '\n';
        }
        return parts;
    }

    private static string Part(IReadOnlyList<Comparison> comparisons, IReadOnlyList<ExpectedLoss> expected)
    {
        var commit = Environment.GetEnvironmentVariable("SYMBOLON_TEST_COMMIT") ?? "unknown";
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"At commit {commit[..Math.Min(10, commit.Length)]}.\n\n| run | scenarios | alone | through the gateway |\n|---|---|---|---|\n");
        foreach (var comparison in comparisons) text.Append(Row(comparison)).Append('\n');
        text.Append("\n### What is lost on the way, and why\n");
        text.Append(expected.Count == 0 ? "Nothing.\n" : "| versions | scenario | check | why |\n|---|---|---|---|\n");
        foreach (var line in expected)
            text.Append(CultureInfo.InvariantCulture, $"| {string.Join(", ", line.Versions)} | {line.Scenario} | {line.Check.Replace("*", "all", StringComparison.Ordinal)} | {line.Reason} |\n");
        return text.ToString();
    }

    private static string Count(IReadOnlyList<Check> checks) =>
        string.Create(CultureInfo.InvariantCulture, $"{checks.Count(check => check.Passed)} / {checks.Count(check => check.Failed)}");
}
