using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Symbolon.Admin.History;
using Symbolon.Cli.Invocation;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Commands;

/// <summary><c>symbolon history</c> and <c>symbolon rollback</c>.</summary>
internal static class HistoryCommands
{
    private static Argument<string> Kind() => new("kind") { Description = "server, agent, workflow, grant, policy, resource or issuer" };

    public static Command History(Outside outside)
    {
        var (kind, name) = (Kind(), new Argument<string>("name"));
        var since = new Option<long?>("--since") { Description = "Instead, how it differs now from this version", HelpName = "NUMBER", CustomParser = each => WholeNumber.Read<long>(each) };
        return new Command("history", "Every version of an object, who made it, and what it changed") { kind, name, since }.Does(outside, async run =>
        {
            if (run.Value(since) is { } version)
            {
                var difference = await run.Client.GetAsync(string.Create(CultureInfo.InvariantCulture, $"history/{Verb.Segment(run.Value(kind))}/{Verb.Segment(run.Value(name))}/{version}"), run.Cancellation);
                if (run.Screen.Format != OutputFormat.Table) run.Screen.ShowWhole(difference);
                else run.Screen.Show(difference.GetProperty("changes"), Column.At("MEMBER", "path"), Column.At("THEN", "before"), Column.At("NOW", "after"));
                return;
            }
            var versions = await run.Client.GetAsync($"history/{Verb.Segment(run.Value(kind))}/{Verb.Segment(run.Value(name))}", run.Cancellation);
            run.Screen.Show(versions, Column.At("VERSION", "version"), Column.At("AT", "changedAt"), Column.At("BY", "changedBy"), Column.At("STATE", "state"), Column.At("SERVES", "serves"),
                Column.At("WAITS", "waits"), Column.At("APPROVED BY", "approvedBy"), Column.At("COMMIT", "commit"), new Column("CHANGES", Changes));
        });
    }

    public static Command Rollback(Outside outside)
    {
        var (kind, name) = (Kind(), new Argument<string>("name"));
        var version = new Option<long>("--to") { Required = true, Description = "The version to take it back to, as history numbers them", HelpName = "NUMBER", CustomParser = each => WholeNumber.Read<long>(each) };
        var reason = ReasonOption.Make();
        return new Command("rollback", "Take an object back to what it said before; outside the envelope it waits for a review") { kind, name, version, reason }.Does(outside, async run =>
        {
            var applied = await run.Client.PostAsync($"history/{Verb.Segment(run.Value(kind))}/{Verb.Segment(run.Value(name))}/rollback",
                new RollbackRequest { Version = run.Value(version), Reason = run.Value(reason) }, run.Cancellation);
            run.Screen.Show(applied, ApplyCommand.Columns);
            if (JsonPath.Text(applied, "review") is { } review) run.Screen.Note($"A review is needed: symbolon review show {review}");
        });
    }

    private static string Changes(JsonElement version)
    {
        var paths = JsonPath.Find(version, "changes") is { ValueKind: JsonValueKind.Array } changes ? changes.EnumerateArray().Select(change => JsonPath.Text(change, "path")).ToList() : [];
        return paths.Count <= 3 ? string.Join(", ", paths) : $"{string.Join(", ", paths.Take(3))} and {paths.Count - 3} more";
    }
}
