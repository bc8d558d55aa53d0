using System.CommandLine;
using Symbolon.Cli.Invocation;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Commands;

/// <summary><c>symbolon secret</c>: what servers are shown in a header or variable. Values go in by <c>server register --header|--secret-env</c> and never come out.</summary>
internal static class SecretCommand
{
    public static Command Build(Outside outside) => new("secret", "The sealed secrets of servers; values are never shown")
    {
        Verb.List(outside, "secret", "secrets",
            Column.At("NAME", "name"), Column.At("VERSION", "version"), Column.At("USED BY", "usedBy"), Column.At("EXPIRES", "expires")),
    };
}
