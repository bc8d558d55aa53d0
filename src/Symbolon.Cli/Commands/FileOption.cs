using System.CommandLine;

namespace Symbolon.Cli.Commands;

/// <summary><c>-f</c>: what files to read.</summary>
internal static class FileOption
{
    public static Option<string[]> Make() => new("--file", "-f")
    {
        Description = "A file, a folder with all its files, or - for standard input; may be given several times",
        HelpName = "DIR|FILE|-",
        Required = true,
        Arity = ArgumentArity.OneOrMore,
    };
}
