using System.Text.Json.Nodes;

namespace Symbolon.Testing.Processes;

/// <summary>What one command of the program came to.</summary>
public sealed record CommandResult(int ExitCode, string Output, string Errors)
{
    /// <summary>Its output, which was asked for as JSON.</summary>
    public JsonNode Json => JsonNode.Parse(Output) ?? throw new InvalidOperationException("The output is null.");

    /// <summary>Itself, when it ended with the code that was expected.</summary>
    /// <exception cref="InvalidOperationException">It ended otherwise.</exception>
    public CommandResult Expect(int exitCode = 0) => ExitCode == exitCode
        ? this
        : throw new InvalidOperationException($"Ended with {ExitCode}, not {exitCode}.\n{Output}\n{Errors}");
}
