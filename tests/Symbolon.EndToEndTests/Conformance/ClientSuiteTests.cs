using System.Collections.Concurrent;
using Symbolon.Testing;
using Xunit;

namespace Symbolon.EndToEndTests.Conformance;

/// <summary>The official conformance suite as the server, and a client on npm's SDK that speaks with it directly and through the gateway.</summary>
[Trait("area", "conformance")]
public sealed class ClientSuiteTests(ConformanceStage stage, ITestOutputHelper output) : IClassFixture<ConformanceStage>
{
    [Fact]
    [Trait("long", LongRun.ClientConformance)]
    public async Task A_check_that_a_client_passes_directly_it_passes_through_the_gateway()
    {
        using var run = new LongRun(LongRun.ClientConformance, 0);
        ConcurrentBag<Comparison> found = [];
        await Parallel.ForEachAsync(await ClientRun.AllAsync(TestSize.IsLong), new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (each, _) =>
            found.Add(new Comparison($"{each.Scenario} {each.Version}", each.Version, await each.RunAsync(null), await each.RunAsync(stage.Symbolon))));
        List<Comparison> comparisons = [.. found.OrderBy(comparison => comparison.Run, StringComparer.Ordinal)];
        foreach (var comparison in comparisons) output.WriteLine(ConformancePage.Row(comparison));
        run.Count("checks of the client alone", comparisons.Sum(comparison => comparison.Direct.Count(check => check.Passed)));
        run.Count("checks through the gateway", comparisons.Sum(comparison => comparison.Through.Count(check => check.Passed)));
        Assert.Empty(comparisons.SelectMany(comparison => comparison.Direct.Where(check => check.Failed).Select(check => $"{comparison.Run} {check.Name}: {check.ErrorMessage}")));
        var expected = ExpectedLoss.Read("clients-through-the-gateway.txt");
        if (TestSize.IsLong) ConformancePage.Write(ConformancePage.Clients, comparisons, expected);
        var disagreements = ExpectedLoss.Disagreements(expected, comparisons).ToList();
        Assert.True(disagreements.Count == 0, string.Join('\n', disagreements));
        run.Pass();
    }
}
