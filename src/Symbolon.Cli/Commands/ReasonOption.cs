using System.CommandLine;

namespace Symbolon.Cli.Commands;

/// <summary><c>--reason</c>: why, for the audit.</summary>
internal static class ReasonOption
{
    public static Option<string?> Make() => new("--reason") { Description = "Why, for the audit", HelpName = "TEXT" };
}
