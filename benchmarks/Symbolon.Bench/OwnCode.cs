using System.Text.Json;

namespace Symbolon.Bench;

/// <summary>The micro-benchmarks, run as a process of their own while nothing else of the bench runs.</summary>
internal static class OwnCode
{
    /// <param name="only">The part that is measured alone; null for all.</param>
    /// <exception cref="InvalidOperationException">A benchmark failed, or nothing was written.</exception>
    public static async Task<IReadOnlyList<OwnPart>> MeasureAsync(string root, string folder, bool quick, string? only = null)
    {
        var written = Path.Combine(folder, "microbenchmarks");
        await Command.RunAsync(Program(root), [.. quick ? ["--short"] : Array.Empty<string>(), .. only is null ? Array.Empty<string>() : [only], written]);
        var report = Directory.EnumerateFiles(Path.Combine(written, "results"), "*-full-compressed.json").SingleOrDefault()
            ?? throw new InvalidOperationException($"The micro-benchmarks left no report in {written}.");
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(report));
        return [.. json.RootElement.GetProperty("Benchmarks").EnumerateArray().Select(Read)];
    }

    public static string Program(string root) => Path.Combine(root, "artifacts", "bin", "Symbolon.MicroBenchmarks", "release", "Symbolon.MicroBenchmarks");

    private static OwnPart Read(JsonElement benchmark)
    {
        var parameters = benchmark.GetProperty("Parameters").GetString() ?? "";
        return new OwnPart(
            benchmark.GetProperty("Type").GetString() + "." + benchmark.GetProperty("Method").GetString() + (parameters.Length > 0 ? $"({parameters})" : ""),
            benchmark.GetProperty("Statistics").GetProperty("Median").GetDouble() / 1000,
            benchmark.GetProperty("Memory").GetProperty("BytesAllocatedPerOperation").GetInt64());
    }
}

/// <summary>One part of a call, alone.</summary>
/// <param name="Name">Class, method and parameters.</param>
/// <param name="Microseconds">Median of one operation.</param>
/// <param name="AllocatedBytes">Managed memory of one operation.</param>
internal sealed record OwnPart(string Name, double Microseconds, long AllocatedBytes);
