using System.CommandLine;
using System.CommandLine.Parsing;
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
        CustomParser = Read,
    };

    public static readonly Option<bool> Quiet = new("--quiet", "-q") { Description = "Write data and errors only", Recursive = true };

    public static readonly Option<bool> NoHeaders = new("--no-headers") { Description = "Leave out the titles of a table", Recursive = true };

    /// <summary>For commands that destroy or stop something.</summary>
    public static Option<bool> Yes() => new("--yes", "-y") { Description = "Do not ask" };

    /// <summary>The format that was asked for; a table where that cannot be told.</summary>
    public static OutputFormat FormatOf(ParseResult parsed) =>
        parsed.GetResult(Output) is { } given && !given.Errors.Any() ? parsed.GetValue(Output) : OutputFormat.Table;

    private static OutputFormat Read(ArgumentResult argument)
    {
        switch (argument.Tokens[0].Value)
        {
            case "table": return OutputFormat.Table;
            case "json": return OutputFormat.Json;
            case "yaml": return OutputFormat.Yaml;
            default:
                argument.AddError("--output must be table, json or yaml.");
                return OutputFormat.Table;
        }
    }
}
