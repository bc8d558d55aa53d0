using System.CommandLine;
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
        EvalCommand.Build(outside),
        Verb.Step(outside, "policy", "policies", "retire", "Let it decide no call any more, for good", forGood: true, alias: "rm"),
    };
}
