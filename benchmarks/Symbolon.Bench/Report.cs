using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Symbolon.Bench;

/// <summary>benchmarks/results.md for people and benchmarks/results.json with every round.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static string Page(Figures figures, RunFacts facts)
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"""
            # Bench results

            Made by `./bench` ({facts.At}, commit {facts.Commit}); not edited by hand. {facts.Rounds} interleaved rounds of {facts.Seconds} s a cell on {facts.Cores} cores that the
            load tool shares (wrk, one thread). Everything runs on loopback; Symbolon with everything on: pasted token, grant, decision, two durable
            audit records a call, SQLite. Ratios are medians of the rounds' own ratios. Absolute rates say nothing about other machines.

            ## Goals

            | # | what | must | aim | measured | verdict |
            |---|---|---|---|---|---|

            """);
        foreach (var goal in Goals.Of(figures))
            page.Append(CultureInfo.InvariantCulture, $"| {goal.Number} | {goal.What} | {Bound(goal, goal.Must)} | {Bound(goal, goal.Aim)} | {goal.Show(goal.Measured)} | {goal.Verdict} |\n");
        AppendDisk(page, figures);
        if (figures.IsWhole) Obstacles.Append(page, figures);
        page.Append("\n## Figures\n\n| upstream | connections | target | requests/s | p50 µs | p99 µs | CPU µs a request | resident MB |\n|---|---|---|---|---|---|---|---|\n");
        foreach (var cell in figures.Cells.Where(cell => !PeersReport.IsPeer(cell) && !TokenRounds.IsToken(cell)).OrderBy(cell => cell.Target.Upstream).ThenBy(cell => cell.Connections).ThenBy(cell => cell.Target.Hop).ThenBy(cell => cell.Target.Name))
        {
            var rounds = figures.Of(cell);
            page.Append(CultureInfo.InvariantCulture,
                $"| {cell.Target.Upstream} | {cell.Connections} | {cell.Target.Name} | {Median(r => r.PerSecond):0} | {Median(r => r.P50):0} | {Median(r => r.P99):0} | {Median(r => r.CpuPerRequest):0.0} | {Median(r => r.ResidentMegabytes):0} |\n");
            double Median(Func<Round, double> figure) => Figures.Median(rounds.Select(figure));
        }
        page.Append(PeersReport.Section(figures));
        page.Append(TokenRounds.Section(figures));
        page.Append(PagesSection(figures));
        page.Append(PolicyRounds.Section(figures));
        AppendOwnCode(page, figures);
        return page.ToString();
    }

    public static string Raw(Figures figures, RunFacts facts) => JsonSerializer.Serialize(new
    {
        facts,
        figures.StartMilliseconds,
        figures.FilledStartMilliseconds,
        figures.IdleStreamKilobytes,
        figures.RowsOnSqlite,
        figures.RowsOnPostgres,
        figures.SyncMicroseconds,
        figures.OwnCode,
        figures.Pages,
        figures.Policy,
        figures.SessionMegabytes,
        notHeld = figures.NotHeld.Select(each => new { target = each.Cell.Target.Name, each.Cell.Connections, each.Failure }),
        cells = figures.Cells.Select(cell => new { cell.Target.Upstream, cell.Connections, target = cell.Target.Name, rounds = figures.Of(cell) }),
    }, Json) + "\n";

    private static void AppendDisk(StringBuilder page, Figures figures)
    {
        var sync = Figures.Median(figures.SyncMicroseconds);
        page.Append(CultureInfo.InvariantCulture, $"\nOne append of 4 KiB with fdatasync took {sync:0} µs in the same run (median).");
        foreach (var goal in Goals.Of(figures).Where(goal => goal.Number == "P5" && goal.Measured is not null))
            page.Append(CultureInfo.InvariantCulture, $" The {goal.What} is {goal.Measured / sync:0.0} of it.");
        if (figures.StartMilliseconds > 0)
            page.Append(CultureInfo.InvariantCulture, $" From the start of the process to ready, on an empty folder: {figures.StartMilliseconds:0} ms.");
        page.Append('\n');
    }

    public static string PagesSection(Figures figures) => figures.Pages.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"""

        ## Pages of the console, ms until all of it is there

        | page | 10 tokens, 10^3 records | 10^4 tokens, 10^6 records | ratio |
        |---|---|---|---|
        {string.Join('\n', figures.Pages.Select(time => string.Create(CultureInfo.InvariantCulture, $"| `{time.Page}` | {time.Small:0.0} | {time.Large:0.0} | {time.Ratio:0.00} |")))}

        """);

    /// <summary>For a run of nothing else.</summary>
    public static string UnionsSection(Figures figures)
    {
        var page = new StringBuilder();
        AppendOwnCode(page, figures);
        AppendGoals(page, Goals.Unions(figures));
        return page.ToString();
    }

    /// <inheritdoc cref="UnionsSection"/>
    public static string PolicySection(Figures figures)
    {
        var page = new StringBuilder(PolicyRounds.Section(figures));
        AppendOwnCode(page, figures);
        AppendGoals(page, Goals.Policy(figures));
        return page.ToString();
    }

    private static void AppendGoals(StringBuilder page, IEnumerable<Goal> goals)
    {
        page.Append('\n');
        foreach (var goal in goals) page.Append(CultureInfo.InvariantCulture, $"- {goal.What}: {goal.Show(goal.Measured)} ({Bound(goal, goal.Must)}): {goal.Verdict}\n");
    }

    private static void AppendOwnCode(StringBuilder page, Figures figures)
    {
        if (figures.OwnCode.Count == 0) return;
        page.Append("\n## Own code, one operation alone\n\n| part | µs | allocated B |\n|---|---|---|\n");
        foreach (var part in figures.OwnCode)
            page.Append(CultureInfo.InvariantCulture, $"| {part.Name} | {part.Microseconds:0.00} | {part.AllocatedBytes} |\n");
    }

    private static string Bound(Goal goal, double bound) => (goal.AtLeast ? "≥ " : "≤ ") + goal.Show(bound);
}

/// <summary>What the figures belong to.</summary>
internal sealed record RunFacts(string At, string Commit, int Rounds, int Seconds, int Cores);
