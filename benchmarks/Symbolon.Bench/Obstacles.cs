using System.Globalization;
using System.Text;

namespace Symbolon.Bench;

/// <summary>What stands in the way of the goals that are not reached, as far as this run can show it.</summary>
internal static class Obstacles
{
    public static void Append(StringBuilder page, Figures figures)
    {
        page.Append("\n## What stands in the way\n\n");
        foreach (var connections in (int[])[16, 64])
        {
            var (whole, silent) = (Cpu(Hop.Symbolon, connections), Cpu(Hop.Unrecorded, connections));
            var (hop, nginx) = (Cpu(Hop.Bare, connections), Cpu(Hop.Nginx, connections));
            page.Append(CultureInfo.InvariantCulture, $"""
                - At {connections} connections a read costs {whole:0.0} µs of processor time, of which the hand-written hop on the same framework is {hop:0.0} and nginx's whole hop {nginx:0.0}.
                  Without its audit it costs {silent:0.0}: two durable records are {whole - silent:0.0}, everything else that is decided and checked {silent - hop:0.0}. P3's must leaves {3.2 * nginx - hop:0.0} for both.

                """);
        }
        var sync = Figures.Median(figures.SyncMicroseconds);
        page.Append(CultureInfo.InvariantCulture, $"""
            - P1, P2 and P3 are one thing on two shared cores: processor time is rate. The audit's part is mostly the disk's own: one fdatasync takes {sync:0} µs here, and what
              is queued is committed at once, without a timer, so that batches stay small until the cores are full.
            - P5: a read waits for one commit, a write for two in turn, each one fdatasync of {sync:0} µs and two changes of thread. The bounds were set where a durable wait took 73 µs:
              in such waits they are 3.0 for a read and 4.2 for a write; how many it took here is said above.
            - P6: the slowest call in a hundred is one that met the copying of the write-ahead log, which the hop does not have.
            - PostgreSQL instead of SQLite: {Ratio(Hop.Postgres, Fleet.ReadTool, 16)} of the rate for reads and {Ratio(Hop.Postgres, Fleet.WriteTool, 16)} for writes at 16 connections,
              {Ratio(Hop.Postgres, Fleet.ReadTool, 64)} and {Ratio(Hop.Postgres, Fleet.WriteTool, 64)} at 64. Without the audit: {Ratio(Hop.Unrecorded, Fleet.ReadTool, 16)} and {Ratio(Hop.Unrecorded, Fleet.ReadTool, 64)} for reads.

            """);

        double Cpu(Hop of, int connections) => figures.MedianOf(of, "json", Fleet.ReadTool, connections, round => round.CpuPerRequest) ?? double.NaN;

        string Ratio(Hop of, string tool, int connections) =>
            figures.Compare((of, tool), (Hop.Symbolon, tool), "json", connections, round => round.PerSecond, (a, b) => a / b)?.ToString("0.00", CultureInfo.InvariantCulture) ?? "–";
    }
}
