using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters.Json;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;
using Symbolon.MicroBenchmarks;

// [--short] [--unions] [--limits] [--policy] [FOLDER]: each part of a call alone, then the whole own path (P7), and what a proof adds to it (P8); time and allocated bytes, as JSON into FOLDER.
// --unions: the union of what tools need, alone. --limits: what limits of rules add, alone. --policy: what rules add, alone (P14).
// --policy-round SECONDS: one round of the same beside other engines, as JSON on standard output.
if (args is ["--policy-round", var seconds])
{
    await Console.Out.WriteLineAsync(await PolicyRound.MeasureAsync(double.Parse(seconds, CultureInfo.InvariantCulture)));
    return 0;
}
var isShort = args.Contains("--short");
var folder = args.FirstOrDefault(arg => !arg.StartsWith("--", StringComparison.Ordinal)) ?? "artifacts/microbenchmarks";

// In this process: what is measured is internal to the gateway, and a project generated for it could not see it.
// The short size shows that everything runs and what it allocates; its times mean nothing.
var job = (isShort ? Job.ShortRun.WithWarmupCount(1).WithIterationCount(1).WithIterationTime(TimeInterval.FromMilliseconds(20)) : Job.ShortRun.WithIterationCount(10))
    .WithToolchain(InProcessEmitToolchain.Instance);
var config = ManualConfig.CreateEmpty()
    .AddJob(job)
    .AddDiagnoser(MemoryDiagnoser.Default)
    .AddColumnProvider(DefaultColumnProviders.Instance)
    .AddExporter(JsonExporter.FullCompressed)
    .AddLogger(ConsoleLogger.Default)
    .WithArtifactsPath(folder)
    .WithOptions(ConfigOptions.JoinSummary);
Type[] rules = [typeof(PolicyDecision), typeof(PolicyConditions)];
Type[] parts = args.Contains("--unions") ? [typeof(ToolUnions)]
    : args.Contains("--limits") ? [typeof(LimitTake)]
    : args.Contains("--policy") ? rules
    : [typeof(ScanAndSplice), typeof(OwnCall), typeof(ProofCheck), typeof(ToolUnions), typeof(LimitTake), .. rules];
var summaries = BenchmarkSwitcher.FromTypes(parts).RunAllJoined(config);
return summaries.HasCriticalValidationErrors || summaries.Reports.Any(report => !report.Success) ? 1 : 0;
