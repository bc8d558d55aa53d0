using System.CommandLine;
using System.Text.Json;
using Symbolon.Cli.Files;
using Symbolon.Cli.Invocation;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Commands;

/// <summary><c>symbolon lint</c>: checks files without a server.</summary>
internal static class LintCommand
{
    public static Command Build(Outside outside)
    {
        var files = FileOption.Make();
        return new Command("lint", "Check files; needs no server") { files }.Does(outside, async run =>
        {
            var reading = await DocumentFiles.ReadAsync(run, run.Value(files)!, DateOnly.FromDateTime(run.Outside.Clock.GetUtcNow().UtcDateTime));
            Show(run.Screen, reading.Errors);
            if (reading.Errors.Count > 0) return ExitCode.Findings;
            // A misspelt folder in a pipeline must not pass as checked.
            if (reading.Documents.Count == 0) throw DocumentFiles.Empty();
            run.Screen.Note(reading.Documents.Count == 1 ? "1 document is in order." : $"{reading.Documents.Count} documents are in order.");
            return ExitCode.Ok;
        });
    }

    /// <summary>Findings are what this command is asked for, so they are data.</summary>
    private static void Show(Screen screen, IReadOnlyList<SourceError> errors)
    {
        if (screen.Format == OutputFormat.Table)
            foreach (var error in errors) screen.Line(PlainText.OneLine(error.ToString()));
        else
            screen.Show(JsonSerializer.SerializeToElement(errors.Select(error => new { file = error.File, line = error.Line, path = error.Path, message = error.Message })));
    }
}
