using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Conformance;

/// <summary>The suite's scenarios of the extension for tasks (SEP-2663), which no revision's requirements count: at a server alone, and at the same server behind the gateway.</summary>
[Trait("area", "conformance")]
public sealed class TaskSuiteTests(ConformanceStage stage, ITestOutputHelper output) : IClassFixture<ConformanceStage>
{
    private const string Version = "2026-07-28";

    [Fact]
    public async Task A_check_of_tasks_that_the_server_passes_alone_it_passes_behind_the_gateway()
    {
        var (server, direct) = await NodeProgram.StartTasksServerAsync();
        await using var running = server;
        await stage.Setup.ServerAsync("tasks", direct, Setup.AsksClients);
        var token = (await stage.Setup.WholeTokenAsync("tasks")).Secret;
        var scenarios = await Suite.TaskScenariosAsync();
        Assert.Equal(10, scenarios.Count);
        List<Comparison> comparisons = [];
        foreach (var run in scenarios.Select(scenario => new ServerRun(scenario, Version, "--scenario", scenario)))
        {
            var alone = await run.RunAsync(direct, null);
            Assert.Empty(alone.Where(check => check.Failed).Select(check => $"{run.Name}: {check.Name}: {check.ErrorMessage}"));
            var comparison = new Comparison(run.Name, Version, alone, await run.RunAsync(new Uri(stage.Symbolon.Url, "/mcp/tasks"), token));
            output.WriteLine(ConformancePage.Row(comparison));
            comparisons.Add(comparison);
        }
        // One waits for a rewrite of its own and checks nothing.
        Assert.InRange(comparisons.Sum(comparison => comparison.Direct.Count(check => check.Passed)), 44, int.MaxValue);
        Assert.Empty(comparisons.SelectMany(comparison => comparison.Lost.Select(lost => $"{comparison.Run}: {lost.Name} is lost: {lost.ErrorMessage}")));
    }
}
