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
        obstacles.AppendProof();
        obstacles.AppendTokens();
        obstacles.AppendRows();
        obstacles.AppendMemoryAndStart();
        obstacles.AppendPages();
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

    private void AppendProof()
    {
        if (!IsOpen("P8") || Part("ProofCheck.CheckProof") is not { } check || Part("ProofCheck.VerifyAlone") is not { } verify || Part("ProofCheck.WriteRow") is not { } row) return;
        Line($"""
            P8: of one verify, {verify:0.0} µs, the must leaves {0.15 * verify:0.0} µs for all else. The call's own code takes {Own("OwnCall.WholePathAsync"):0.0}, reading the proof and
              looking for an earlier use {check - verify:0.0}, its row in the commit {row:0.0}: an insert into a tree whose keys are hashes, so that each touches a page of its own.
            """);
    }

    private void AppendTokens()
    {
        if (IsOpen("P11", "P12") && Part("ProofCheck.Sign") is { } sign && Part("ProofCheck.ImportAndVerify") is { } check)
        {
            Line($"""
                P11, P12: of a token that is bound to a key {sign + check:0.0} µs are its signature and the check of a new key's proof; the rest is one HTTP request, the look at all grants of the
                  holder, and a commit with the record and what is used up, which is its own where a call's goes with others'. oidc-provider writes nothing down.
                """);
        }
    }

    private void AppendRows()
    {
        if (RowsAreOpen(figures.RowsOnSqlite))
        {
            Line($"""
                P10, SQLite ({figures.RowsOnSqlite:0.00} of a plain INSERT that was given its text): two passes of SHA-256 over each record, RFC 8785's order of its members, and in the same
                  transaction the chain's end, the use of tokens and tools, and the notes by which a search leaves out what it need not read.
                """);
        }
        if (RowsAreOpen(figures.RowsOnPostgres))
        {
            Line($"""
                P10, PostgreSQL ({figures.RowsOnPostgres:0.00}): COPY cannot depend on the chain's end. A batch goes as one INSERT of arrays with the UPDATE that moves the end, so that two nodes cannot both write the
                  next record; and each record's text is made and hashed on a core that the database also wants, where COPY was given it ready.
                """);
        }
    }

    private void AppendMemoryAndStart()
    {
        if (IsOpen("P15"))
        {
            Line($"""
                P15: under the same load the hand-written hop, which keeps nothing, is resident with {Resident(Hop.Bare):0} MB and Symbolon without its audit with {Resident(Hop.Unrecorded):0}: most
                  of it is what the runtime lets gather before it collects. An open idle stream is two connections, the caller's and the server's, each with its buffers.
                """);
        }
        if (IsOpen("P16"))
        {
            Line($"""
                P16: of the {figures.StartMilliseconds:0} ms to an empty server that is ready, hardly any are the store's (a second start on the same folder takes as long): the runtime loads some 200
                  assemblies and compiles what a start runs once. Compiling ahead of time would need a compiler package of 30 MB at every build from source.
                """);
        }
    }

    private void AppendPages()
    {
        if (!IsOpen("pages")) return;
        var slow = figures.Pages.Where(page => page.Ratio > 3).ToList();
        Line($"Pages: {slow.Count} of {figures.Pages.Count} are past 3 times; the slowest of those takes {slow.Select(page => page.Large).DefaultIfEmpty().Max():0.0} ms. A full page of tokens has 25 rows, one of people or of the audit 50, that of 10 tokens has 10.");
    }

    /// <summary>Of the two figures of P10 one may have reached its aim.</summary>
    private bool RowsAreOpen(double? ratio) => IsOpen("P10") && ratio < 0.9;

    private bool IsOpen(params string[] numbers) => numbers.Any(open.Contains);

    private double Sync => Figures.Median(figures.SyncMicroseconds);

    private void Line(FormattableString text) => page.Append("- ").Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private double? Own(string part) => Part("OwnCall." + part);

    private double? Part(string name) => figures.OwnCode.FirstOrDefault(each => each.Name == name)?.Microseconds;

    private double Cpu(Hop of, int connections) => figures.MedianOf(of, "json", Fleet.ReadTool, connections, round => round.CpuPerRequest) ?? double.NaN;

    private double Resident(Hop of) => figures.MedianOf(of, "json", Fleet.ReadTool, 64, round => round.ResidentMegabytes) ?? double.NaN;

    private string Ratio(Hop of, string tool, int connections) =>
        figures.Compare((of, tool), (Hop.Symbolon, tool), "json", connections, round => round.PerSecond, (a, b) => a / b)?.ToString("0.00", CultureInfo.InvariantCulture) ?? "–";
}
