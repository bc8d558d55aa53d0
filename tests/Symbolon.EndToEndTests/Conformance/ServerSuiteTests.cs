using Symbolon.Testing;
using Xunit;

namespace Symbolon.EndToEndTests.Conformance;

/// <summary>The official conformance suite at a server of ours alone, and at the same server behind the gateway.</summary>
[Trait("area", "conformance")]
public sealed class ServerSuiteTests(ConformanceStage stage, ITestOutputHelper output) : IClassFixture<ConformanceStage>
{
    [Fact]
    [Trait("long", LongRun.Conformance)]
    public async Task A_check_that_the_server_passes_alone_it_passes_behind_the_gateway()
    {
        using var run = new LongRun(LongRun.Conformance, 0);
        List<Comparison> comparisons = [];
        foreach (var each in ServerRun.Of(TestSize.IsLong))
        {
            var direct = await each.RunAsync(stage.Direct, null);
            Assert.Empty(each.Scored(direct).Where(check => check.Failed).Select(check => $"{each.Name}: {check.Scenario} {check.Name}: {check.ErrorMessage}"));
            var comparison = new Comparison(each.Name, each.Version, [.. each.Scored(direct)], [.. each.Scored(await each.RunAsync(stage.Through, stage.Token))]);
            output.WriteLine(ConformancePage.Row(comparison));
            run.Count("checks at the server", comparison.Direct.Count(check => check.Passed));
            run.Count("checks behind the gateway", comparison.Through.Count(check => check.Passed));
            comparisons.Add(comparison);
        }
        var expected = ExpectedLoss.Read("through-the-gateway.txt");
        if (TestSize.IsLong) ConformancePage.Write(ConformancePage.Servers, comparisons, expected);
        var disagreements = ExpectedLoss.Disagreements(expected, comparisons).ToList();
        Assert.True(disagreements.Count == 0, string.Join('\n', disagreements));
        run.Pass();
    }

    [Fact]
    public void The_page_is_of_the_versions_that_are_pinned() =>
        Assert.StartsWith(ConformancePage.Head(), File.ReadAllText(ConformancePage.Path), StringComparison.Ordinal);
}
