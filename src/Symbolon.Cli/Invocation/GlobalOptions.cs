using System.CommandLine;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Invocation;

/// <summary>The options that every command has.</summary>
internal static class GlobalOptions
{
    public static readonly Option<OutputFormat> Output = new("--output", "-o")
    {
        Description = "table, json (the API's own objects) or yaml",
        Recursive = true,
        HelpName = "table|json|yaml",
    };

    public static readonly Option<bool> Quiet = new("--quiet", "-q") { Description = "Write data and errors only", Recursive = true };

    public static readonly Option<bool> NoHeaders = new("--no-headers") { Description = "Leave out the titles of a table", Recursive = true };

    /// <summary>For commands that destroy or stop something.</summary>
    public static Option<bool> Yes() => new("--yes", "-y") { Description = "Do not ask" };
}
