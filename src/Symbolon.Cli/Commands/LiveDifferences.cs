using System.Text.Json;
using Symbolon.Admin.Sources;
using Symbolon.Cli.Invocation;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Commands;

/// <summary><c>symbolon plan --live</c>: whether what is there is what the files say, all of it and nothing more.</summary>
internal static class LiveDifferences
{
    /// <returns>Whether anything differs; each difference is a line.</returns>
    public static async Task<bool> ShowAsync(CommandRun run, JsonElement planned, IReadOnlyList<SourceDocument> documents)
    {
        var lines = new List<string>();
        foreach (var item in planned.EnumerateArray())
            if (JsonPath.Text(item, "action") is not "unchanged" and var action) lines.Add($"{Key(item)}: the file differs ({action})");
        var named = documents.Select(document => (JsonPath.Text(document.Json, "kind"), JsonPath.Text(document.Json, "metadata.name"))).ToHashSet();
        foreach (var live in (await run.Client.GetAsync("export", run.Cancellation)).EnumerateArray())
            if (!named.Contains((JsonPath.Text(live, "kind"), JsonPath.Text(live, "metadata.name")))) lines.Add($"{JsonPath.Text(live, "kind")} {JsonPath.Text(live, "metadata.name")}: in no file");
        foreach (var review in (await run.Client.ListAsync("reviews?state=open", Verb.MostItems, run.Cancellation)).EnumerateArray())
            lines.Add($"Server {JsonPath.Text(review, "server")}: waits for review {JsonPath.Text(review, "name")} ({JsonPath.Text(review, "cause")})");
        foreach (var tool in (await run.Client.ListAsync("drift", Verb.MostItems, run.Cancellation)).EnumerateArray())
            lines.Add($"Server {JsonPath.Text(tool, "server")}: tool {JsonPath.Text(tool, "tool")} is {JsonPath.Text(tool, "definition")}");
        foreach (var line in lines) run.Screen.Note(PlainText.OneLine(line));
        if (lines.Count == 0) run.Screen.Note("What is there is what the files say.");
        return lines.Count > 0;
    }

    private static string Key(JsonElement item) => $"{JsonPath.Text(item, "kind")} {JsonPath.Text(item, "name")}";
}
