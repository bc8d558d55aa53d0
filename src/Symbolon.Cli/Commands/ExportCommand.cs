using System.CommandLine;
using Symbolon.Admin.Sources;
using Symbolon.Cli.Files;
using Symbolon.Cli.Invocation;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Commands;

/// <summary><c>symbolon export</c>: all that files describe, as files that <c>apply</c> takes.</summary>
internal static class ExportCommand
{
    public static Command Build(Outside outside)
    {
        var folder = new Option<string?>("--file", "-f") { Description = "Write one file for each object into this folder instead of standard output", HelpName = "DIR" };
        return new Command("export", "Write all objects as files") { folder }.Does(outside, async run =>
        {
            var documents = await run.Client.GetAsync("export", run.Cancellation);
            if (run.Value(folder) is not { } into)
            {
                if (run.Screen.Format == OutputFormat.Json) run.Screen.ShowWhole(documents);
                else run.Screen.Line(string.Join("---\n", documents.EnumerateArray().Select(YamlText.Write)).TrimEnd('\n'));
                return;
            }
            Directory.CreateDirectory(into);
            foreach (var document in documents.EnumerateArray())
            {
                // Both were checked by the server, and are still not trusted to be names of files.
                var name = FileName.Of(JsonPath.Text(document, "kind")?.ToLowerInvariant(), JsonPath.Text(document, "metadata.name"));
                await File.WriteAllTextAsync(Path.Combine(into, name), YamlText.Write(document), run.Cancellation);
            }
            run.Screen.Note($"{documents.GetArrayLength()} files are in {into}.");
        });
    }
}
