using Symbolon.Testing;

namespace Symbolon.EndToEndTests.Conformance;

/// <summary>
/// A line of tests/data/conformance: a check that passes at the server alone and is known not to pass through the gateway, at these versions, and
/// why. The check is its id, or its name where many have one id; <c>*</c> is all that the scenario loses. A line that explains nothing any more is a failure.
/// </summary>
internal sealed record ExpectedLoss(IReadOnlyList<string> Versions, string Scenario, string Check, string Reason)
{
    /// <param name="file">Its name in tests/data/conformance.</param>
    public static IReadOnlyList<ExpectedLoss> Read(string file) =>
        [.. File.ReadLines(Repo.At("tests", "data", "conformance", file)).Where(line => line.Length > 0 && line[0] != '#').Select(Parse)];

    public bool Explains(string version, Check lost) => Versions.Contains(version) && lost.Scenario == Scenario && (Check == "*" || lost.Id == Check || lost.Name == Check);

    /// <summary>What the lines say too little about, and too much.</summary>
    public static IEnumerable<string> Disagreements(IReadOnlyList<ExpectedLoss> expected, IReadOnlyList<Comparison> comparisons)
    {
        foreach (var comparison in comparisons)
        {
            foreach (var lost in comparison.Lost.Where(lost => !expected.Any(line => line.Explains(comparison.Version, lost))))
                yield return $"{comparison.Run}: {lost.Scenario} {lost.Id} ({lost.Name}) is lost: {lost.ErrorMessage}";
        }
        foreach (var line in expected)
        {
            foreach (var version in line.Versions.Where(version => !comparisons.Any(each => each.Version == version && each.Lost.Any(lost => line.Explains(version, lost)))))
                yield return $"{version}: {line.Scenario} {line.Check} is lost no more; take the version from its line.";
        }
    }

    private static ExpectedLoss Parse(string line)
    {
        var parts = line.Split('|', 4, StringSplitOptions.TrimEntries);
        return parts.Length == 4 && parts.All(part => part.Length > 0)
            ? new ExpectedLoss(parts[0].Split(','), parts[1], parts[2], parts[3])
            : throw new FormatException($"Not VERSION,… | SCENARIO | CHECK | REASON: {line}");
    }
}
