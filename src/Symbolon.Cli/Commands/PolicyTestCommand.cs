using System.CommandLine;
using System.Text.Json;
using Symbolon.Cli.Invocation;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Commands;

/// <summary><c>symbolon policy test</c>: of files without a server, or of one policy with the servers that it meets.</summary>
internal static class PolicyTestCommand
{
    private static readonly Column[] Columns = [Column.At("POLICY", "policy"), Column.At("TEST", "number"), Column.At("RESULT", "result"), Column.At("SAID", "said")];

    public static Command Build(Outside outside)
    {
        var name = new Argument<string?>("name") { Arity = ArgumentArity.ZeroOrOne, DefaultValueFactory = _ => null, Description = "A policy that was applied; without it, -f" };
        var files = FileOption.Make();
        files.Required = false;
        return new Command("test", "Run the tests of policies: of files with the servers of these files, without a server, or of one that was applied") { name, files }.Does(outside, run =>
            (run.Value(name), run.Value(files)) switch
            {
                ({ } applied, null or []) => OfServerAsync(run, applied),
                (null, { Length: > 0 } named) => OfFilesAsync(run, named),
                _ => throw CommandException.Usage("Name a policy, or files by -f DIR|FILE|-"),
            });
    }

    private static async Task<ExitCode> OfServerAsync(CommandRun run, string policy)
    {
        var results = await run.Client.GetAsync($"policies/{Verb.Segment(policy)}/tests", run.Cancellation);
        run.Screen.Show(results, Column.At("TEST", "number"), new Column("RESULT", row => row.GetProperty("passed").GetBoolean() ? "passed" : "failed"), Column.At("SAID", "said"));
        return Ended(run, results.GetArrayLength(), results.EnumerateArray().Count(row => !row.GetProperty("passed").GetBoolean()), 0);
    }

    private static async Task<ExitCode> OfFilesAsync(CommandRun run, string[] named)
    {
        var policies = PolicyFiles.Check(await DocumentFiles.ReadValidAsync(run, named));
        if (policies.Count == 0) throw CommandException.Usage("There is no policy in these files.");
        var rows = policies.SelectMany(policy => policy.Tests.Select(test => new { policy = policy.Policy.Name.Value, number = test.Number, result = test.Result, said = test.Said, file = test.At.File, line = test.At.Line })).ToList();
        run.Screen.Show(JsonSerializer.SerializeToElement(rows), Columns);
        var errors = policies.SelectMany(policy => policy.Errors).ToList();
        foreach (var error in errors) run.Screen.Warn(error.ToString());
        foreach (var policy in policies.Where(policy => policy.Policy.Tests.IsEmpty)) run.Screen.Note($"policy {policy.Policy.Name} has no test.");
        return Ended(run, rows.Count, rows.Count(row => row.result == "failed"), rows.Count(row => row.result == "not run") + errors.Count);
    }

    /// <summary>A test that could not be run has not passed.</summary>
    private static ExitCode Ended(CommandRun run, int all, int failed, int open)
    {
        run.Screen.Note($"{all} {(all == 1 ? "test" : "tests")}, {failed} failed{(open == 0 ? "" : $", {open} could not be run or checked")}.");
        return failed + open == 0 ? ExitCode.Ok : ExitCode.Findings;
    }
}
