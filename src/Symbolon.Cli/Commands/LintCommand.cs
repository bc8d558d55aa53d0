using System.CommandLine;
using System.Text.Json;
using Symbolon.Admin.Sources;
using Symbolon.Cli.Invocation;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Commands;

/// <summary><c>symbolon lint</c>: checks files without a server.</summary>
internal static class LintCommand
{
    public static Command Build(Outside outside)
    {
        var files = FileOption.Make();
        files.Required = false;
        var schema = new Option<bool>("--schema") { Description = "Print the JSON Schema of the files, for editors" };
        return new Command("lint", "Check files; needs no server") { files, schema }.Does(outside, async run =>
        {
            if (run.Value(schema))
            {
                run.Screen.Line(Schema());
                return ExitCode.Ok;
            }
            if (run.Value(files) is not { Length: > 0 } named) throw CommandException.Usage("Name what to check: -f DIR|FILE|-");
            var reading = await DocumentFiles.ReadAsync(run, named, DateOnly.FromDateTime(run.Outside.Clock.GetUtcNow().UtcDateTime));
            var policies = PolicyFiles.Check(reading.Documents);
            var errors = reading.Errors.Concat(policies.SelectMany(policy => policy.Errors)).Concat(policies.SelectMany(policy => policy.Tests).Where(test => test.Result == "failed").Select(test => test.At)).ToList();
            Show(run.Screen, errors);
            if (errors.Count > 0) return ExitCode.Findings;
            // A misspelt folder in a pipeline must not pass as checked.
            if (reading.Documents.Count == 0) throw DocumentFiles.Empty();
            DocumentFiles.WarnOfTexts(run.Screen, reading.Documents);
            DocumentFiles.WarnOfFederation(run.Screen, reading.Documents);
            foreach (var policy in policies.Where(policy => policy.Absent.Count > 0))
                run.Screen.Warn(policy.Source.Error("spec.rules", $"no file describes {string.Join(", ", policy.Absent)}; what policy {policy.Policy.Name} says of {(policy.Absent.Count == 1 ? "it" : "them")} is checked when it is applied").ToString());
            run.Screen.Note(reading.Documents.Count == 1 ? "1 document is in order." : $"{reading.Documents.Count} documents are in order.");
            return ExitCode.Ok;
        });
    }

    /// <summary>The file <c>docs/schemas/symbolon-v1.json</c>, as this version has it.</summary>
    internal static string Schema()
    {
        using var reader = new StreamReader(typeof(LintCommand).Assembly.GetManifestResourceStream("symbolon-v1.json")!);
        return reader.ReadToEnd().TrimEnd();
    }

    /// <summary>Findings are what this command is asked for, so they are data.</summary>
    private static void Show(Screen screen, IReadOnlyList<SourceError> errors)
    {
        if (screen.Format == OutputFormat.Table)
            foreach (var error in errors) screen.Line(PlainText.OneLine(error.ToString()));
        else
            screen.Show(JsonSerializer.SerializeToElement(errors.Select(error => new { file = error.File, line = error.Line, column = error.At.Column, path = error.Path, message = error.Message })));
    }
}
