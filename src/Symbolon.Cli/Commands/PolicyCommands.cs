using System.CommandLine;
using System.Text.Json;
using Symbolon.Cli.Invocation;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Commands;

/// <summary><c>symbolon policy</c>.</summary>
internal static class PolicyCommands
{
    public static Command Build(Outside outside) => new("policy", "Rules that decide each call with its arguments; made and changed by apply")
    {
        Verb.List(outside, "policy", "policies",
            Column.At("NAME", "name"), Column.At("STATE", "state"), Column.At("DEFAULT", "default"), Column.At("RULES", "rules"), Column.At("OBSERVED", "observed"), Column.At("TESTS", "tests")),
        Verb.Show(outside, "policy", "policies"),
        PolicyTestCommand.Build(outside),
        PolicySimulateCommand.Build(outside),
        Hits(outside),
        EvalCommand.Build(outside),
        Verb.Step(outside, "policy", "policies", "retire", "Let it decide no call any more, for good", forGood: true, alias: "rm"),
    };

    private static Command Hits(Outside outside)
    {
        var since = new Option<string?>("--since") { Description = "From this day on (UTC): 2027-03-31, or 7d ago as 7d; default 30d", HelpName = "TIME" };
        return new Command("hits", "What rules refused, and what those that only observe would have said") { since }.Does(outside, async run =>
            run.Screen.Show(await run.Client.GetAsync("policies/hits" + Query.Of(("from", AuditTime.Of(run.Value(since), run.Outside.Clock))), run.Cancellation),
                Column.At("RULE", "rule"), new Column("REFUSED", row => Counts(row, "refused")), Column.At("LAST", "lastRefusedAt"), new Column("WOULD HAVE", row => Counts(row, "observed")), Column.At("LAST OBSERVED", "lastObservedAt")));
    }

    /// <summary><c>deny 12, limit 3</c></summary>
    private static string Counts(JsonElement row, string name) => string.Join(", ", row.GetProperty(name).EnumerateObject().Select(said => $"{said.Name} {said.Value}"));
}
