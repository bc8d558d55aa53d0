using System.Globalization;

namespace Symbolon.Bench;

/// <summary>One figure beside what PERFORMANCE.md asks of it.</summary>
internal sealed record Goal(string Number, string What, double Must, double Aim, bool AtLeast, double? Measured, string Unit = "")
{
    public string Verdict => Measured is not { } value ? "not measured"
        : Meets(value, Aim) ? "aim reached"
        : Meets(value, Must) ? "must reached"
        : "MISSED";

    public string Show(double? value) => value is not { } number ? "–"
        : number.ToString(Unit.Length == 0 ? "0.00" : Must < 10 ? "0.0" : "0", CultureInfo.InvariantCulture) + Unit;

    private bool Meets(double value, double bound) => AtLeast ? value >= bound : value <= bound;
}

/// <summary>P1 to P7 from the figures of one run.</summary>
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
        var own = figures.OwnCode.FirstOrDefault(part => part.Name == "OwnCall.WholePathAsync");
        yield return new("P7", "own code a call, no I/O, no DPoP, time", 5, 3, false, own?.Microseconds, " µs");
        yield return new("P7", "own code a call, no I/O, no DPoP, allocated", 512, 200, false, own?.AllocatedBytes, " B");
    }

    /// <summary>P5's bound holds for the disk that it was set on; on another it is read beside one fdatasync of the same run.</summary>
    private static Goal Added(string word, (Hop, string) call, double must, double aim, Figures figures) =>
        new("P5", $"{word} tool, added p50 at one connection", must, aim, false,
            figures.Compare(call, Direct, "json", 1, round => round.P50, (a, b) => a - b), " µs");
}
