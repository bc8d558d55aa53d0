using System.CommandLine;
using Symbolon.Cli.Invocation;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Commands;

/// <summary><c>symbolon reason</c>: what the codes of refusals mean.</summary>
internal static class ReasonCommand
{
    public static Command Build(Outside outside) => new("reason", "What the codes of refusals mean")
    {
        Verb.List(outside, "reason", "reasons", Column.At("CODE", "code"), Column.At("NUMBER", "number"), Column.At("STATUS", "status"), Column.At("MEANS", "what")),
        Verb.Show(outside, "reason", "reasons", "code"),
    };
}
