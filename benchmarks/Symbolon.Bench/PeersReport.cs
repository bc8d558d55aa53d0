using System.Globalization;
using System.Text;

namespace Symbolon.Bench;

/// <summary>Symbolon beside the gateways of the npm world that put a stdio server on HTTP, too.</summary>
internal static class PeersReport
{
    private static readonly Hop[] Peers = [Hop.McpProxy, Hop.Supergateway];

    /// <returns>Nothing when the peers did not run.</returns>
    public static string Section(Figures figures)
    {
        if (figures.SessionMegabytes.Count == 0) return "";
        var page = new StringBuilder();
        page.Append("""

            ## Peers

            `echo` of npm's server-everything, one stdio process behind each gateway, over Streamable HTTP (2025-06-18). All connections call in one
            session, which spares the peers most: supergateway has a process of the server for each session, and wrk cannot tell connections
            apart. Symbolon with everything on; the peers as they come, which check no token, decide nothing and record nothing. Processor time and
            memory of the gateway (Symbolon with its supervisor of the process), and beside it those of the server.

            | connections | gateway | requests/s | p50 µs | p99 µs | CPU µs a request | the server's | resident MB | the server's |
            |---|---|---|---|---|---|---|---|---|

            """);
        foreach (var cell in figures.Cells.Where(IsPeer).OrderBy(cell => cell.Connections).ThenBy(cell => cell.Target.Hop))
        {
            var rounds = figures.Of(cell);
            page.Append(CultureInfo.InvariantCulture, $"| {cell.Connections} | {cell.Target.Name} | {Median(r => r.PerSecond):0} | {Median(r => r.P50):0} | {Median(r => r.P99):0} | {Median(r => r.CpuPerRequest):0.0} | {Median(r => r.BehindCpuPerRequest ?? 0):0.0} | {Median(r => r.ResidentMegabytes):0} | {Median(r => r.BehindMegabytes ?? 0):0} |\n");
            double Median(Func<Round, double> figure) => Figures.Median(rounds.Select(figure));
        }
        page.Append('\n');
        foreach (var peer in Peers)
        {
            foreach (var connections in (int[])[1, 16, 64]) AppendVerdict(page, figures, peer, connections);
        }
        page.Append("- Where it is behind: the peers write nothing down. Symbolon commits two records of every call to the disk, and a caller who is alone waits for that.\n");
        foreach (var (cell, failure) in figures.NotHeld)
            page.Append(CultureInfo.InvariantCulture, $"- NOT HELD: {cell.Target.Name}, connections: {cell.Connections}: {failure}\n");
        foreach (var (name, megabytes) in figures.SessionMegabytes)
            page.Append(CultureInfo.InvariantCulture, $"- Each further session takes {megabytes:0.0} MB of {name} and what it started.\n");
        return page.ToString();
    }

    /// <summary>The peers have a table of their own.</summary>
    public static bool IsPeer(Cell cell) => cell.Target.Upstream == PeerStage.Upstream;

    private static void AppendVerdict(StringBuilder page, Figures figures, Hop peer, int connections)
    {
        (string Word, double? Ratio, bool More)[] parts =
        [
            ("requests a second", Ratio(round => round.PerSecond), true), ("p50", Ratio(round => round.P50), false),
            ("p99", Ratio(round => round.P99), false), ("processor time a request", Ratio(round => round.CpuPerRequest), false),
        ];
        if (parts.Any(part => part.Ratio is null)) return;
        var behind = parts.Where(part => part.More ? part.Ratio < 1 : part.Ratio > 1).Select(part => part.Word).ToArray();
        page.Append(CultureInfo.InvariantCulture,
            $"- Symbolon ÷ {Target.NameOf(peer)}, {connections} {(connections == 1 ? "connection" : "connections")}: {string.Join(", ", parts.Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Word} {part.Ratio:0.00}")))}: {(behind.Length == 0 ? "ahead in all" : "BEHIND in " + string.Join(", ", behind))}.\n");

        double? Ratio(Func<Round, double> figure) =>
            figures.Compare((Hop.Symbolon, PeerStage.Tool), (peer, PeerStage.Tool), PeerStage.Upstream, connections, figure, (a, b) => a / b);
    }
}
