using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Symbolon.EndToEndTests.Fixtures;
using Symbolon.Testing;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Crowds;

/// <summary>
/// Two organisations behind one real program, told apart by their tokens at the same addresses: /o/{organisation} is not routed yet, so the second one is put into
/// the store. Their servers have the same names, and number sessions, events and questions alike; every caller numbers its requests and progress from one.
/// </summary>
[Trait("area", "gateway")]
[Collection(nameof(Alone))]
public sealed class CrowdTests(ITestOutputHelper output)
{
    private const int Each = 100;

    /// <summary>
    /// MiB that the program may have grown after the first third, each measured behind a full collection. Spread over the exchanges of the rest (at the short size
    /// some ten thousand), it is a few KiB each, less than what one request takes while it runs; at the long size some hundred bytes.
    /// </summary>
    private const long MostGrowth = 64;

    /// <summary>What the processes say that they are, each with the organisation whose callers it answers.</summary>
    private readonly ConcurrentDictionary<string, string> processes = new(StringComparer.Ordinal);

    [Fact]
    [Trait("long", LongRun.Crowd)]
    public async Task Two_organisations_of_a_hundred_callers_with_equal_ids_who_come_and_go_get_nothing_of_each_other_and_leave_nothing_behind()
    {
        var seed = TestSize.IsLong ? Random.Shared.NextInt64(1_000_000) : 20261122;
        output.WriteLine($"seed {seed}");
        using var run = new LongRun(LongRun.Crowd, seed);
        var tally = new CrowdTally();
        await using var first = await CrowdServer.StartAsync(TwoOrganisations.First, Each, tally);
        await using var second = await CrowdServer.StartAsync(TwoOrganisations.Second, Each, tally);
        await using var shell = new ShellProcesses();
        await using var symbolon = await SymbolonProcess.StartAsync();
        var seats = await SeatAsync(symbolon, first.Url, second.Url, shell);

        var (before, after) = await CrowdAsync(symbolon, seats, tally, (int)seed);
        output.WriteLine($"{tally}, MiB before {before}, MiB after {after}");
        Assert.True(tally.Wrongs.IsEmpty, string.Join('\n', tally.Wrongs.Take(20)));
        Assert.All(seats, seat => Assert.NotEqual(0, tally.Of(seat.Marker, "answers")));
        await Deadline.ForAsync("no connection of a caller to be left", () => GatewayProcess.Connections(symbolon.Url.Port) == 0);
        await Deadline.ForAsync("no call and no stream to be left at the servers", () => first.Open + second.Open == 0);
        // One for each organisation, and whoever left in the middle of a call ended none.
        Assert.Equal([TwoOrganisations.Second, TwoOrganisations.First], processes.Values.Order(StringComparer.Ordinal));
        symbolon.Process.Terminate();
        Assert.Equal(0, await symbolon.Process.ExitAsync());
        await Deadline.ForAsync("no process to be left", () => shell.Running.Count == 0);
        await CompareRecordsAsync(symbolon.Folder, seats, tally);

        foreach (var (what, count) in tally.Counts) run.Count(what, count);
        run.Count("MiB before", before);
        run.Count("MiB after", after);
        run.Pass();
    }

    private static async Task<IReadOnlyList<CrowdSeat>> SeatAsync(SymbolonProcess symbolon, Uri first, Uri second, ShellProcesses shell)
    {
        using var setup = new Setup(symbolon);
        var reads = Setup.Reads("say", "ask", "later", "wait");
        await setup.ServerAsync("crowd", first, document =>
        {
            reads(document);
            document["spec"]!["clientFeatures"] = new JsonArray("elicitation");
        });
        await setup.CommandAsync("sh", shell.Command, Setup.Reads("echo", "process"));
        symbolon.Process.Terminate();
        await symbolon.Process.ExitAsync();
        var seats = await TwoOrganisations.SeatAsync(symbolon.Folder, Each, second);
        await symbolon.RestartAsync();
        return seats;
    }

    /// <summary>Everybody comes and goes for as long as the size says.</summary>
    /// <returns>MiB of the program when a third of the time is over, and at the end.</returns>
    private async Task<(long Before, long After)> CrowdAsync(SymbolonProcess symbolon, IReadOnlyList<CrowdSeat> seats, CrowdTally tally, int seed)
    {
        var whole = TimeSpan.FromSeconds(TestSize.Of(30, 600));
        using var stop = new CancellationTokenSource(whole);
        var crowd = seats.Select((seat, place) => ComeAndGoAsync(symbolon.Url, seat, new Random(seed + place), tally, stop.Token)).ToArray();
        await Task.Delay(whole / 3, TestContext.Current.CancellationToken);
        var before = await MemoryAsync(symbolon);
        await Task.WhenAll(crowd);
        var after = long.MaxValue;
        // What was freed is given back in its own time.
        await Deadline.ForAsync($"the program to be no more than {MostGrowth} MiB over {before} MiB", async () => (after = await MemoryAsync(symbolon)) <= before + MostGrowth ? "flat" : null);
        return (before, after);
    }

    private async Task ComeAndGoAsync(Uri gateway, CrowdSeat seat, Random random, CrowdTally tally, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            // With connections of its own each time, as a program that is started again has them.
            using var wire = new CrowdWire(gateway, seat, tally);
            await (random.Next(10) switch
            {
                < 5 => new LegacyVisit(wire, seat, random, tally).RunAsync(ThinkAsync),
                < 9 => new ModernVisit(wire, seat, random, tally).RunAsync(ThinkAsync),
                _ => new ProcessVisit(wire, seat, random, tally, processes).RunAsync(ThinkAsync),
            });
            tally.Count("visits");
        }

        // A crowd, not a flood: whoever has an answer does something with it.
        Task ThinkAsync() => stop.IsCancellationRequested ? Task.CompletedTask : Task.Delay(random.Next(50, 400), CancellationToken.None);
    }

    private static async Task<long> MemoryAsync(SymbolonProcess symbolon)
    {
        await GatewayProcess.CollectAsync(symbolon.ProcessId, TestContext.Current.CancellationToken);
        return GatewayProcess.Resident(symbolon.ProcessId);
    }

    /// <summary>Each call has its intent and its outcome, in the chain of its caller's organisation, and what a caller got is on record as completed.</summary>
    private static async Task CompareRecordsAsync(string folder, IReadOnlyList<CrowdSeat> seats, CrowdTally tally)
    {
        foreach (var organisation in (string[])[TwoOrganisations.First, TwoOrganisations.Second])
        {
            var records = await CrowdRecords.ReadAsync(folder, organisation);
            var own = seats.Where(seat => seat.Organisation == organisation).ToList();
            Assert.Equal(own.Select(seat => seat.Marker).Order(StringComparer.Ordinal), records.Agents.Order(StringComparer.Ordinal));
            Assert.Equal(records.Intents.Order(StringComparer.Ordinal), records.Outcomes.Order(StringComparer.Ordinal));
            Assert.All(own, seat => Assert.InRange(records.CompletedOf(seat.Marker), tally.Of(seat.Marker, "answers"), long.MaxValue));
        }
    }
}
