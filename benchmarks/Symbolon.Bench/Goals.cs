using System.Globalization;

namespace Symbolon.Bench;

/// <summary>One figure beside what PERFORMANCE.md asks of it.</summary>
internal sealed record Goal(string Number, string What, double Must, double Aim, bool AtLeast, double? Measured, string Unit = "")
{
    public string Verdict => Measured is not { } value ? "not measured"
        : Meets(value, Aim) ? "aim reached"
        : Meets(value, Must) ? "must reached"
        : "MISSED";

    public string Show(double? value)
    {
        if (value is not { } number) return "–";
        var form = Unit.Length == 0 ? "0.00" : Must < 10 ? "0.0" : "0";
        // What misses a bound by less than its last digit is not shown as the bound.
        foreach (var bound in (double[])[Must, Aim])
            if (!Meets(number, bound) && Text(number, form) == Text(bound, form)) form = Unit.Length == 0 ? "0.0000" : "0.00";
        return Text(number, form) + Unit;
    }

    private static string Text(double number, string form) => number.ToString(form, CultureInfo.InvariantCulture);

    private bool Meets(double value, double bound) => AtLeast ? value >= bound : value <= bound;
}

/// <summary>The goals of PERFORMANCE.md that one run measures.</summary>
internal static class Goals
{
    private static readonly (Hop, string) Nginx = (Hop.Nginx, Fleet.ReadTool);
    private static readonly (Hop, string) Bare = (Hop.Bare, Fleet.ReadTool);
    private static readonly (Hop, string) Direct = (Hop.Direct, Fleet.ReadTool);

    public static IEnumerable<Goal> Of(Figures figures)
    {
        (string Word, (Hop, string) Call)[] tools = [("read", (Hop.Symbolon, Fleet.ReadTool)), ("write", (Hop.Symbolon, Fleet.WriteTool))];
        foreach (var (word, call) in tools)
        {
            foreach (var connections in (int[])[16, 64])
            {
                yield return new("P1", $"{word} tool ÷ nginx, requests a second, {connections} connections", 0.40, 0.60, true,
                    figures.Compare(call, Nginx, "json", connections, round => round.PerSecond, (a, b) => a / b));
            }
        }
        foreach (var (word, call) in tools)
        {
            foreach (var connections in (int[])[16, 64])
            {
                yield return new("P2", $"{word} tool ÷ bare hop, requests a second, {connections} connections", 0.60, 0.90, true,
                    figures.Compare(call, Bare, "json", connections, round => round.PerSecond, (a, b) => a / b));
            }
        }
        foreach (var (word, call) in tools)
        {
            foreach (var connections in (int[])[16, 64])
            {
                yield return new("P3", $"{word} tool ÷ nginx, CPU a request, {connections} connections", 3.2, 2.3, false,
                    figures.Compare(call, Nginx, "json", connections, round => round.CpuPerRequest, (a, b) => a / b));
            }
        }
        foreach (var connections in (int[])[16, 64])
        {
            yield return new("P4", $"SSE, minimal upstream ÷ nginx, requests a second, {connections} connections", 0.38, 0.58, true,
                figures.Compare(tools[0].Call, Nginx, "sse", connections, round => round.PerSecond, (a, b) => a / b));
        }
        yield return new("P4", "SSE, C# SDK server ÷ nginx, requests a second, 16 connections", 0.60, 0.75, true,
            figures.Compare((Hop.Symbolon, Fleet.CsharpTool), (Hop.Nginx, Fleet.CsharpTool), "csharp", 16, round => round.PerSecond, (a, b) => a / b));
        yield return Added("read", tools[0].Call, 220, 150, figures);
        yield return Added("write", tools[1].Call, 310, 240, figures);
        foreach (var (word, call) in tools)
        {
            yield return new("P6", $"{word} tool ÷ bare hop, p99, 16 connections", 1.0, 0.5, false,
                figures.Compare(call, Bare, "json", 16, round => round.P99, (a, b) => a / b));
        }
        if (!figures.IsWhole) yield break;
        var own = figures.OwnCode.FirstOrDefault(part => part.Name == "OwnCall.WholePathAsync");
        yield return new("P7", "own code a call, no I/O, no DPoP, time", 5, 3, false, own?.Microseconds, " µs");
        yield return new("P7", "own code a call, no I/O, no DPoP, allocated", 512, 200, false, own?.AllocatedBytes, " B");
        yield return new("P8", "own code with DPoP, replay row included ÷ one ES256 verify, key kept", 1.15, 1.06, false, WithProof(figures));
        foreach (var connections in (int[])[16, 64])
        {
            yield return new("P9", $"read tool, intent durable first ÷ beside the call, requests a second, {connections} connections", 0.85, 0.95, true,
                figures.Compare((Hop.IntentFirst, Fleet.ReadTool), tools[0].Call, "json", connections, round => round.PerSecond, (a, b) => a / b));
        }
        yield return new("P10", "audit records a second ÷ prepared INSERT of the same rows, batches of 256, SQLite", 0.7, 0.9, true, figures.RowsOnSqlite);
        yield return new("P10", "audit records a second ÷ COPY of the same rows, batches of 256, PostgreSQL", 0.7, 0.9, true, figures.RowsOnPostgres);
        yield return new("P11", "client-credentials tokens, stored and audited ÷ oidc-provider's in memory, tokens a second", 3, 4.5, true,
            figures.Compare(Token(Hop.Symbolon), Token(Hop.OidcProvider), TokenStage.Work, TokenStage.Connections, round => round.PerSecond, (a, b) => a / b));
        yield return new("P11", "oidc-provider's CPU a token ÷ Symbolon's", 2.5, 3.5, true,
            figures.Compare(Token(Hop.OidcProvider), Token(Hop.Symbolon), TokenStage.Work, TokenStage.Connections, round => round.CpuPerRequest, (a, b) => a / b));
        yield return new("P12", "CPU a token bound to a key ÷ (sign + import + verify)", 1.3, 1.1, false,
            figures.MedianOf(Hop.Symbolon, TokenStage.Work, TokenStage.Bound, TokenStage.Connections, round => round.CpuPerRequest) / Signatures(figures));
        foreach (var goal in Policy(figures)) yield return goal;
        yield return new("P15", "resident memory under load, 64 connections", 160, 100, false,
            figures.MedianOf(Hop.Symbolon, "json", Fleet.ReadTool, 64, round => round.ResidentMegabytes), " MB");
        yield return new("P15", "resident memory for each of 1,000 open idle streams", 60, 20, false, figures.IdleStreamKilobytes, " KB");
        yield return new("P16", "start to ready, empty store", 2000, 800, false, figures.StartMilliseconds, " ms");
        yield return new("P16", "start to ready, 10^6 tokens and 10^4 servers", 10_000, 4_000, false, figures.FilledStartMilliseconds, " ms");
        yield return Pages(figures);
        foreach (var goal in Unions(figures)) yield return goal;
    }

    public static IEnumerable<Goal> Policy(Figures figures)
    {
        double? Of(int rules) => figures.OwnCode.FirstOrDefault(part => part.Name == $"PolicyDecision.DecideAsync(Rules={rules})")?.Microseconds;
        yield return new("P14", "policy decision, 10 rules, arguments of 1 KiB included", 3, 1.5, false, Of(10), " µs");
        yield return new("P14", "policy decision, 1,000 rules of which 10 match the tool", 4, 2, false, Of(1_000), " µs");
    }

    /// <summary>Time a tool: linear growth is 1.</summary>
    public static IEnumerable<Goal> Unions(Figures figures) =>
    [
        new("unions", "union of 10,000 tools ÷ of 100, time a tool", 2, 1.5, false, Growth(figures, "Union", 100)),
        // Of a hundred such patterns a search is through before its bound ends it.
        new("unions", "the same of 10,000 ÷ 1,000, of patterns made to overlap", 2, 1.5, false, Growth(figures, "Hostile", 1_000)),
    ];

    private static double? Growth(Figures figures, string method, int from)
    {
        double? Of(int tools) => figures.OwnCode.FirstOrDefault(part => part.Name == $"ToolUnions.{method}(Tools={tools})")?.Microseconds / tools;
        return Of(10_000) / Of(from);
    }

    public static Goal Pages(Figures figures) => new("pages", "slowest page of the console, 10^4 tokens and 10^6 records ÷ 10 and 10^3", 3, 1.5, false,
        figures.Pages.Count == 0 ? null : figures.Pages.Max(page => page.Ratio));

    private static double? WithProof(Figures figures)
    {
        double? Of(string name) => figures.OwnCode.FirstOrDefault(part => part.Name == name)?.Microseconds;
        return (Of("OwnCall.WholePathAsync") + Of("ProofCheck.CheckProof") + Of("ProofCheck.WriteRow")) / Of("ProofCheck.VerifyAlone");
    }

    private static (Hop, string) Token(Hop of) => (of, TokenStage.Asserted);

    private static double? Signatures(Figures figures)
    {
        double? Of(string name) => figures.OwnCode.FirstOrDefault(part => part.Name == name)?.Microseconds;
        return Of("ProofCheck.Sign") + Of("ProofCheck.ImportAndVerify");
    }

    /// <summary>P5's bound holds for the disk that it was set on; on another it is read beside one fdatasync of the same run.</summary>
    private static Goal Added(string word, (Hop, string) call, double must, double aim, Figures figures) =>
        new("P5", $"{word} tool, added p50 at one connection", must, aim, false,
            figures.Compare(call, Direct, "json", 1, round => round.P50, (a, b) => a - b), " µs");
}
