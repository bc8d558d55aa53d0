using System.CommandLine;
using System.Text.Json;
using Symbolon.Admin.Apply;
using Symbolon.Admin.Sources;
using Symbolon.Cli.Invocation;
using Symbolon.Cli.Output;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;

namespace Symbolon.Cli.Commands;

/// <summary><c>symbolon apply</c> and <c>symbolon plan</c>, which is the same without the change.</summary>
internal static class ApplyCommand
{
    public static readonly Column[] Columns = [Column.At("KIND", "kind"), Column.At("NAME", "name"), Column.At("ACTION", "action"), Column.At("VERSION", "version")];

    public static Command Build(Outside outside) => Build(outside, "apply", "Apply files, all or nothing", plan: false);

    public static Command BuildPlan(Outside outside) => Build(outside, "plan", "Show what apply would do", plan: true);

    private static Command Build(Outside outside, string name, string summary, bool plan)
    {
        var files = FileOption.Make();
        var dryRun = new Option<bool>("--dry-run") { Description = "Show what would happen and change nothing" };
        var reason = ReasonOption.Make();
        var live = new Option<bool>("--live") { Description = "Compare with what is there: exit code 2 where anything differs, is missing in the files, waits, or drifted" };
        var (commit, author) = (CommitOption.Commit(), CommitOption.Author());
        var command = new Command(name, summary) { files };
        foreach (var option in plan ? (Option[])[live] : [dryRun, reason, commit, author]) command.Add(option);
        return command.Does(outside, async run =>
        {
            var documents = await DocumentFiles.ReadValidAsync(run, run.Value(files)!);
            var dry = plan || run.Value(dryRun);
            if (dry) DocumentFiles.WarnOfTexts(run.Screen, documents);
            DocumentFiles.WarnOfFederation(run.Screen, documents);
            var request = new ApplyRequest { Documents = [.. documents.Select(document => document.Json)], DryRun = dry, Reason = plan ? null : run.Value(reason), Source = plan ? null : CommitOption.Read(run, commit, author) };
            var answer = await SendAsync(run, request, documents);
            var waiting = Show(run.Screen, answer, documents);
            if (dry && run.Screen.Format == OutputFormat.Table)
                foreach (var line in PlannedChanges.Lines(answer)) run.Screen.Line(line);
            if (plan && run.Value(live) && await LiveDifferences.ShowAsync(run, answer, documents)) return ExitCode.Findings;
            // Who plans asks whether a review will be needed; who applies has been told, and did what was wanted.
            return plan && waiting ? ExitCode.Findings : ExitCode.Ok;
        });
    }

    /// <summary>Sends the documents; what the server finds wrong is told with file and line.</summary>
    public static async Task<JsonElement> SendAsync(CommandRun run, ApplyRequest request, IReadOnlyList<SourceDocument> sources)
    {
        try
        {
            return await run.Client.PostAsync("apply", request, run.Cancellation);
        }
        catch (CommandException refused) when (SourcesOf(refused.Problem, sources) is { Count: > 0 } errors)
        {
            throw DocumentFiles.Invalid(errors);
        }
    }

    /// <returns>Whether a server waits for a review.</returns>
    private static bool Show(Screen screen, JsonElement applied, IReadOnlyList<SourceDocument> documents)
    {
        screen.Show(applied, Columns);
        var waiting = applied.EnumerateArray().Where(IsWaiting).Select(item => JsonPath.Text(item, "name")).ToList();
        if (waiting.Count == 0) return false;
        foreach (var document in documents)
            if (DocumentReader.Read(document.Json).Document is Document.Server { Manifest.Upstream: UpstreamAddress.Stdio process } server && waiting.Contains(server.Name.Value))
                screen.Note($"server {server.Name} starts {process.Shown}");
        var reviews = applied.EnumerateArray().Where(IsWaiting).Select(item => JsonPath.Text(item, "review") is { } review ? $"symbolon review show {review}" : $"symbolon server approve {JsonPath.Text(item, "name")}");
        screen.Note($"A review is needed: {string.Join(", ", reviews)}");
        return true;
    }

    /// <summary>A server that is new, or has a new version: nobody is served by it before it is approved.</summary>
    private static bool IsWaiting(JsonElement item) => JsonPath.Text(item, "kind") == "Server" && JsonPath.Text(item, "action") is ("created" or "pending");

    private static List<SourceError> SourcesOf(JsonElement problem, IReadOnlyList<SourceDocument> sources)
    {
        const string Prefix = "documents[";
        var found = new List<SourceError>();
        if (JsonPath.Find(problem, "errors") is not { ValueKind: JsonValueKind.Array } errors) return found;
        foreach (var error in errors.EnumerateArray())
        {
            var path = JsonPath.Text(error, "path") ?? "";
            var message = JsonPath.Text(error, "message") ?? "";
            var end = path.IndexOf(']');
            if (!path.StartsWith(Prefix, StringComparison.Ordinal) || !int.TryParse(path.AsSpan(Prefix.Length, Math.Max(0, end - Prefix.Length)), out var index) || index >= sources.Count) return [];
            found.Add(sources[index].Error(path[(end + 1)..].TrimStart('.'), message));
        }
        return found;
    }
}
