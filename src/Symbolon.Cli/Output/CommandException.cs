namespace Symbolon.Cli.Output;

/// <summary>Ends a command with an exit code and a message for whoever typed it.</summary>
/// <param name="code">Stable, <c>snake_case</c>; for scripts that read <c>-o json</c>.</param>
internal sealed class CommandException(ExitCode exitCode, string code, string message) : Exception(message)
{
    public ExitCode ExitCode => exitCode;
    public string Code => code;

    /// <summary>What to do about it.</summary>
    public string? Hint { get; init; }

    /// <summary>What else is wrong, one line each.</summary>
    public IReadOnlyList<string> Details { get; init; } = [];

    /// <summary>The server's whole answer where it refused.</summary>
    public System.Text.Json.JsonElement Problem { get; init; }

    public static CommandException Usage(string message, string? hint = null) => new(ExitCode.Usage, "usage", message) { Hint = hint };
}
