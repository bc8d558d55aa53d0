using System.Globalization;
using System.Text;

namespace Symbolon.Bench;

/// <summary>What stands in the way of the aims that are not reached, as far as this run can show it.</summary>
internal sealed class Obstacles(StringBuilder page, Figures figures)
{
    private readonly HashSet<string> open = [.. Goals.Of(figures).Where(goal => goal is { Measured: not null, Verdict: not "aim reached" }).Select(goal => goal.Number)];

    public static void Append(StringBuilder page, Figures figures)
    {
        page.Append("\n## What stands in the way\n\n");
        var obstacles = new Obstacles(page, figures);
        obstacles.AppendThroughput();
        obstacles.AppendDisk();
        obstacles.AppendOwnCode();
        obstacles.AppendRowsAndMemory();
    }

    private void AppendThroughput()
    {
        foreach (var connections in (int[])[16, 64])
        {
            var (whole, silent) = (Cpu(Hop.Symbolon, connections), Cpu(Hop.Unrecorded, connections));
            var (hop, nginx) = (Cpu(Hop.Bare, connections), Cpu(Hop.Nginx, connections));
            Line($"""
                At {connections} connections a read costs {whole:0.0} µs of processor time, of which the hand-written hop on the same framework is {hop:0.0} and nginx's whole hop {nginx:0.0}.
                  Without its audit it costs {silent:0.0}: two durable records are {whole - silent:0.0}, everything else that is decided and checked {silent - hop:0.0}. P3's must leaves {3.2 * nginx - hop:0.0} for both.
                """);
        }
        if (IsOpen("P1", "P2", "P3", "P4"))
        {
            Line($"""
                P1 to P4 are one thing on two shared cores: processor time is rate. The audit's part is mostly the disk's own: one fdatasync takes {Sync:0} µs here, and what
                  is queued is committed at once, without a timer, so that batches stay small until the cores are full.
                """);
        }
    }

    private void AppendDisk()
    {
        if (IsOpen("P5"))
        {
            Line($"""
                P5: a read waits for one commit, a write for two in turn, each one fdatasync of {Sync:0} µs and two changes of thread. The bounds were set where a durable wait took 73 µs:
                  in such waits they are 3.0 for a read and 4.2 for a write; how many it took here is said above.
                """);
        }
        if (IsOpen("P6")) Line($"P6: the slowest call in a hundred is one that met the copying of the write-ahead log, which the hop does not have.");
        Line($"""
            PostgreSQL instead of SQLite: {Ratio(Hop.Postgres, Fleet.ReadTool, 16)} of the rate for reads and {Ratio(Hop.Postgres, Fleet.WriteTool, 16)} for writes at 16 connections,
              {Ratio(Hop.Postgres, Fleet.ReadTool, 64)} and {Ratio(Hop.Postgres, Fleet.WriteTool, 64)} at 64. Without the audit: {Ratio(Hop.Unrecorded, Fleet.ReadTool, 16)} and {Ratio(Hop.Unrecorded, Fleet.ReadTool, 64)} for reads.
            """);
    }

    private void AppendOwnCode()
    {
        if (!IsOpen("P7") || Own("WholePathAsync") is not { } whole || Own("HashAlone") is not { } hashes || Own("BuildRecord") is not { } record) return;
        Line($"""
            P7: of {whole:0.0} µs, {hashes:0.0} are the system's SHA-256 over two records and one HMAC over the arguments, called with objects that are kept; the records' text and
              their hashes together are {2 * record:0.0}. The rest, {whole - hashes:0.0} µs, is all of our own: two texts, the strict scan, the splice, the decision.
            """);
    }

    private void AppendRowsAndMemory()
    {
        if (IsOpen("P10"))
        {
            Line($"""
                P10, PostgreSQL: COPY cannot depend on the chain's end. A batch goes as one INSERT of arrays with the UPDATE that moves the end, so that two nodes cannot both write the
                  next record; and each record's text is made and hashed on a core that the database also wants, where COPY was given it ready.
                """);
        }
        if (IsOpen("P15"))
        {
            Line($"""
                P15: under the same load the hand-written hop, which keeps nothing, is resident with {Resident(Hop.Bare):0} MB and Symbolon without its audit with {Resident(Hop.Unrecorded):0}: most
                  of it is what the runtime lets gather before it collects. An open idle stream is two connections, the caller's and the server's, each with its buffers.
                """);
        }
    }

    private bool IsOpen(params string[] numbers) => numbers.Any(open.Contains);

    private double Sync => Figures.Median(figures.SyncMicroseconds);

    private void Line(FormattableString text) => page.Append("- ").Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private double? Own(string part) => figures.OwnCode.FirstOrDefault(each => each.Name == "OwnCall." + part)?.Microseconds;

    private double Cpu(Hop of, int connections) => figures.MedianOf(of, "json", Fleet.ReadTool, connections, round => round.CpuPerRequest) ?? double.NaN;

    private double Resident(Hop of) => figures.MedianOf(of, "json", Fleet.ReadTool, 64, round => round.ResidentMegabytes) ?? double.NaN;

    private string Ratio(Hop of, string tool, int connections) =>
        figures.Compare((of, tool), (Hop.Symbolon, tool), "json", connections, round => round.PerSecond, (a, b) => a / b)?.ToString("0.00", CultureInfo.InvariantCulture) ?? "–";
}
