using System.Globalization;
using System.Text.Json;
using Symbolon.Testing.Processes;

namespace Symbolon.Bench;

/// <summary>Decisions by the same ten rules on the same call, of Symbolon and of engines of the npm world, in turns.</summary>
internal static class PolicyRounds
{
    public static async Task RunAsync(string root, int rounds, int seconds, Figures figures)
    {
        var span = seconds.ToString(CultureInfo.InvariantCulture);
        var script = Path.Combine(root, "benchmarks", "node", "policy.mjs");
        for (var round = 0; round < rounds; round++)
        {
            using var ours = JsonDocument.Parse(await Command.RunAsync(OwnCode.Program(root), ["--policy-round", span]));
            using var others = JsonDocument.Parse(await Command.RunAsync(NodeProgram.File("node_modules", "node", "bin", "node"), [script, span]));
            figures.Policy.Add(new PolicyTimes(Of(ours, "expressions"), Of(others, "cel"), Of(ours, "decision"), Of(others, "cedar"), Of(ours, "decisionOfThousand"), Of(others, "cedarOfThousand")));
            await Console.Error.WriteLineAsync($"rules, round {round + 1} of {rounds}");
        }
    }

    /// <returns>Nothing when they were not measured.</returns>
    public static string Section(Figures figures)
    {
        if (figures.Policy.Count == 0) return "";
        return string.Create(CultureInfo.InvariantCulture, $"""

            ## Decisions by rules

            The ten rules of benchmarks/node/policy.json on its call with 1 KiB of arguments, read from their text each time; one thread, medians of {figures.Policy.Count} rounds in
            turns. Symbolon's decision is all that rules add to a call in the gateway; the others compute theirs from variables that are there already.

            | what | Symbolon µs | beside it | µs | ratio |
            |---|---|---|---|---|
            {Row("the ten conditions, nothing declared", "@bufbuild/cel", times => times.Expressions, times => times.BufbuildCel)}
            {Row("one decision by ten rules", "@cedar-policy/cedar-wasm, policies parsed ahead", times => times.Decision, times => times.Cedar)}
            {Row("one decision by 1,000 rules, ten of them about the tool", "@cedar-policy/cedar-wasm, policies parsed ahead", times => times.DecisionOfThousand, times => times.CedarOfThousand)}

            """);

        string Row(string what, string other, Func<PolicyTimes, double> ours, Func<PolicyTimes, double> theirs) => string.Create(CultureInfo.InvariantCulture,
            $"| {what} | {Figures.Median(figures.Policy.Select(ours)):0.0} | {other} | {Figures.Median(figures.Policy.Select(theirs)):0.0} | {Figures.Median(figures.Policy.Select(times => ours(times) / theirs(times))):0.000} |");
    }

    private static double Of(JsonDocument answer, string name) => answer.RootElement.GetProperty(name).GetDouble();
}

/// <summary>Microseconds of one decision, in one round.</summary>
internal sealed record PolicyTimes(double Expressions, double BufbuildCel, double Decision, double Cedar, double DecisionOfThousand, double CedarOfThousand);
