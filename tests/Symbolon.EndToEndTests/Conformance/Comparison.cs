namespace Symbolon.EndToEndTests.Conformance;

/// <summary>What one run of the suite found at a server alone, and what it found there through the gateway.</summary>
internal sealed record Comparison(string Run, string Version, IReadOnlyList<Check> Direct, IReadOnlyList<Check> Through)
{
    /// <summary>The checks that pass at the server alone and not behind the gateway, and those that fail only there.</summary>
    public IReadOnlyList<Check> Lost { get; } = [.. LostOf(Direct, Through)];

    private static IEnumerable<Check> LostOf(IReadOnlyList<Check> direct, IReadOnlyList<Check> through)
    {
        var passed = through.Where(check => check.Passed).CountBy(check => check.Key).ToDictionary();
        var failed = direct.Where(check => check.Failed).Select(check => check.Key).ToHashSet();
        var said = through.Where(check => check.Failed).ToLookup(check => check.Scenario);
        foreach (var group in direct.Where(check => check.Passed).GroupBy(check => check.Key))
        {
            if (passed.GetValueOrDefault(group.Key) >= group.Count()) continue;
            var why = said[group.Key.Scenario].FirstOrDefault(check => check.Key == group.Key) ?? said[group.Key.Scenario].FirstOrDefault();
            yield return group.First() with { Status = "FAILURE", ErrorMessage = why?.ErrorMessage ?? "was not reached" };
        }
        var alone = direct.Where(check => check.Passed).Select(check => check.Key).ToHashSet();
        foreach (var check in through.Where(check => check.Failed && !failed.Contains(check.Key) && !alone.Contains(check.Key))) yield return check;
    }
}
