using System.Globalization;
using Symbolon.Bench;
using Symbolon.Testing.Storage;

// ./bench [--first] [--quick] [--without-symbolon]: figures go to benchmarks/results.md and benchmarks/results.json; --quick writes none,
// --first measures P1 to P6 alone; --peers what other gateways do in front of a stdio server, --tokens token endpoints, --pages the console's pages, --unions the union of what tools need
// and --policy decisions by rules write nothing either.
var quick = args.Contains("--quick");
var rounds = quick ? 1 : 5;
var seconds = quick ? 1 : 2;
var root = Environment.GetEnvironmentVariable("SYMBOLON_BENCH_ROOT") ?? throw new InvalidOperationException("Run ./bench.");
var script = Path.Combine(root, "benchmarks", "call.lua");
var folder = Directory.CreateTempSubdirectory("symbolon-bench-").FullName;
var figures = new Figures { IsWhole = !args.Contains("--first") && !args.Contains("--without-symbolon") };
if (args.Contains("--peers"))
{
    await PeerRounds.RunAsync(root, folder, rounds, seconds, figures);
    Directory.Delete(folder, recursive: true);
    await Console.Out.WriteAsync(PeersReport.Section(figures));
    return 0;
}
if (args.Contains("--unions"))
{
    figures.OwnCode = await OwnCode.MeasureAsync(root, folder, quick, "--unions");
    Directory.Delete(folder, recursive: true);
    await Console.Out.WriteAsync(Report.UnionsSection(figures));
    return Goals.Unions(figures).Any(goal => goal.Verdict == "MISSED") ? 2 : 0;
}
if (args.Contains("--policy"))
{
    figures.OwnCode = await OwnCode.MeasureAsync(root, folder, quick, "--policy");
    await PolicyRounds.RunAsync(root, rounds, seconds, figures);
    Directory.Delete(folder, recursive: true);
    await Console.Out.WriteAsync(Report.PolicySection(figures));
    return Goals.Policy(figures).Any(goal => goal.Verdict == "MISSED") ? 2 : 0;
}
if (args.Contains("--tokens"))
{
    await TokenRounds.RunAsync(root, folder, rounds, seconds, figures);
    Directory.Delete(folder, recursive: true);
    await Console.Out.WriteAsync(TokenRounds.Section(figures));
    return 0;
}

await using (var fleet = new Fleet(root, folder))
{
    if (args.Contains("--pages"))
    {
        await fleet.StartAsync(withSymbolon: false, withVariants: false);
        figures.Pages = await FilledPages.MeasureAsync(fleet.Minimal);
        await Console.Out.WriteAsync(Report.PagesSection(figures));
        return Goals.Pages(figures).Verdict == "MISSED" ? 2 : 0;
    }
    await fleet.StartAsync(withSymbolon: !args.Contains("--without-symbolon"), withVariants: figures.IsWhole);
    figures.StartMilliseconds = fleet.StartMilliseconds;
    using (var client = new HttpClient())
    {
        foreach (var target in fleet.Targets) await Load.CheckAsync(client, target);
    }
    Cell[] cells = [.. fleet.Targets.SelectMany(target => Connections(target).Select(connections => new Cell(target, connections)))
        .OrderBy(cell => cell.Target.Upstream).ThenBy(cell => cell.Connections)];
    // Rounds that nobody counts: code compiled for good, connections open, pages touched.
    foreach (var target in fleet.Targets) await Load.RunAsync(new Cell(target, 16), quick ? 1 : 3, script);
    for (var round = 0; round < rounds; round++)
    {
        figures.SyncMicroseconds.Add(Disk.MedianSyncMicroseconds(folder));
        foreach (var cell in cells) figures.Add(cell, await Load.RunAsync(cell, seconds, script));
        await Console.Error.WriteLineAsync($"round {round + 1} of {rounds}");
    }
    if (figures.IsWhole)
    {
        await Console.Error.WriteLineAsync("idle streams, audit records, a filled store");
        figures.IdleStreamKilobytes = await IdleStreams.MeasureAsync(fleet.Symbolon!, fleet.Minimal);
        figures.RowsOnSqlite = await AuditRows.CompareAsync(StoreKind.Sqlite, rounds);
        figures.RowsOnPostgres = await AuditRows.CompareAsync(StoreKind.Postgres, rounds);
        figures.FilledStartMilliseconds = await FilledStart.MeasureAsync(fleet.Minimal);
        await Console.Error.WriteLineAsync("pages of the console");
        figures.Pages = await FilledPages.MeasureAsync(fleet.Minimal);
    }
}
// Behind the fleet: nothing of it may share the two cores with them.
if (figures.IsWhole) await PeerRounds.RunAsync(root, folder, rounds, seconds, figures);
if (figures.IsWhole) await TokenRounds.RunAsync(root, folder, rounds, seconds, figures);
if (figures.IsWhole) await PolicyRounds.RunAsync(root, rounds, seconds, figures);
if (figures.IsWhole) figures.OwnCode = await OwnCode.MeasureAsync(root, folder, quick);
Directory.Delete(folder, recursive: true);

var facts = new RunFacts(TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture),
    Environment.GetEnvironmentVariable("SYMBOLON_BENCH_COMMIT") ?? "unknown", rounds, seconds, Environment.ProcessorCount);
var page = Report.Page(figures, facts);
await Console.Out.WriteAsync(page);
if (!quick)
{
    await File.WriteAllTextAsync(Path.Combine(root, "benchmarks", "results.md"), page);
    await File.WriteAllTextAsync(Path.Combine(root, "benchmarks", "results.json"), Report.Raw(figures, facts));
}
return Goals.Of(figures).Any(goal => goal.Verdict == "MISSED") ? 2 : 0;

static int[] Connections(Target target) =>
    target.Upstream == "csharp" ? [16]
    : target.Hop > Hop.Symbolon ? [16, 64]
    : [1, 16, 64];
