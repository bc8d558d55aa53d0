using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Symbolon.EndToEndTests.Fixtures;
using Symbolon.Testing;
using Symbolon.Testing.Mcp;
using Symbolon.Testing.Processes;
using Symbolon.Testing.Storage;
using Xunit;

namespace Symbolon.EndToEndTests.Durability;

[Trait("area", "durability")]
[Collection(nameof(Alone))]
public sealed class KillTests
{
    private const int Workers = 8;

    [Fact]
    [Trait("long", LongRun.KillUnderLoad)]
    public async Task After_kill_9_under_load_every_acknowledged_call_has_its_records_and_the_chain_verifies()
    {
        var seed = TestSize.IsLong ? Random.Shared.NextInt64(1_000_000) : 20260714;
        var random = new Random((int)seed);
        using var run = new LongRun(LongRun.KillUnderLoad, seed);
        await KillAndLookAsync([], TestSize.Of(10, 200), random, run);
        run.Pass();
    }

    [Fact]
    public async Task On_postgresql_too()
    {
        var database = PostgresCluster.Shared.CreateDatabase();
        using var run = new LongRun("kill -9 under load, PostgreSQL", 1);
        await KillAndLookAsync(["--store", PostgresCluster.Shared.ConnectionString(database)], 3, new Random(1), run);
        run.Pass();
    }

    private static async Task KillAndLookAsync(string[] flags, int kills, Random random, LongRun run)
    {
        await using var upstream = new HostileUpstream();
        await using var symbolon = await SymbolonProcess.StartAsync(flags);
        using var setup = new Setup(symbolon);
        await setup.ServerAsync("load", upstream.Url, Setup.Reads("fine_sse"));
        var token = (await setup.TokenAsync("load:fine,fine_sse")).Secret;

        var acknowledged = new ConcurrentBag<string>();
        for (var kill = 0; kill < kills; kill++)
        {
            var enough = acknowledged.Count + random.Next(Workers, 40 * Workers);
            using var stop = new CancellationTokenSource();
            var load = Enumerable.Range(0, Workers).Select(worker => CallAsync(symbolon.Url, token, worker, acknowledged, stop.Token)).ToArray();
            await Deadline.ForAsync("acknowledged calls", () => acknowledged.Count > enough);
            await symbolon.KillAsync();
            await stop.CancelAsync();
            await Task.WhenAll(load);
            Assert.InRange(await symbolon.RestartAsync(), TimeSpan.Zero, TimeSpan.FromSeconds(5));
            run.Count("kills", 1);
        }

        var (intents, outcomes) = await RecordsAsync(symbolon);
        Assert.All(acknowledged, trace => Assert.True(intents.TryGetValue(trace, out var call) && outcomes.Contains(call), $"no records of {trace}"));
        // A write reaches the server only with its intent on record, acknowledged or not.
        Assert.All(Forwarded(upstream), trace => Assert.Contains(trace, intents.Keys));
        (await symbolon.RunAsync("audit", "verify")).Expect();
        run.Count("acknowledged calls", acknowledged.Count);
        run.Count("intents", intents.Count);
    }

    /// <summary>Calls until the server is gone; what was answered with the tool's text is acknowledged.</summary>
    private static async Task CallAsync(Uri url, string token, int worker, ConcurrentBag<string> acknowledged, CancellationToken stop)
    {
        var tool = worker % 2 == 0 ? "fine" : "fine_sse";
        using var wire = new McpWire(url);
        while (!stop.IsCancellationRequested)
        {
            var trace = Guid.NewGuid().ToString("N");
            try
            {
                var answer = await wire.PostAsync("/t/mcp/load", token, TracedCall.Text(tool, trace, $$"""{"trace":"{{trace}}"}"""), McpWire.Modern("tools/call", tool));
                if (answer.ToolText == "good") acknowledged.Add(trace);
            }
            catch (Exception gone) when (gone is HttpRequestException or IOException)
            {
                return;
            }
        }
    }

    /// <summary>The call of each trace id that has an intent, and the calls that have an outcome.</summary>
    private static async Task<(Dictionary<string, string> Intents, HashSet<string> Outcomes)> RecordsAsync(SymbolonProcess symbolon)
    {
        var export = (await symbolon.RunAsync("audit", "export")).Expect().Output;
        var intents = new Dictionary<string, string>(StringComparer.Ordinal);
        var outcomes = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in export.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var record = JsonNode.Parse(line)!["event"]!;
            var call = (string?)record["call"];
            if ((string?)record["kind"] == "call_intent" && (string?)record["trace"] is { } trace) intents[trace] = call!;
            if ((string?)record["kind"] == "call_outcome") outcomes.Add(call!);
        }
        return (intents, outcomes);
    }

    private static IEnumerable<string> Forwarded(HostileUpstream upstream) => upstream.Requests
        .Select(request => JsonNode.Parse(request.Text)!["params"])
        .Where(parameters => (string?)parameters?["name"] == "fine")
        .Select(parameters => (string)parameters!["arguments"]!["trace"]!);
}
