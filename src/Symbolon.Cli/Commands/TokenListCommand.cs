using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Symbolon.Cli.Invocation;
using Symbolon.Cli.Output;
using Symbolon.Core.Registry.Files;

namespace Symbolon.Cli.Commands;

/// <summary><c>symbolon token list</c>.</summary>
internal static class TokenListCommand
{
    public static Command Build(Outside outside)
    {
        var filters = new FilterOptions(
            FilterOption.Of("--user", "Only of this person", "EMAIL"),
            FilterOption.Of("--agent", "Only of this agent", "NAME"),
            FilterOption.Of("--workflow", "Only of this workflow", "NAME"),
            FilterOption.Of("--server", "Only those that name this server", "NAME"),
            FilterOption.Of("--kind", "Who starts what they do: user (people alone), agent or workflow", "KIND"),
            FilterOption.Of("--state", "live, expired or revoked", "STATE"),
            FilterOption.Of("--order", "id (default), expires, issued or lastUsed", "ORDER"),
            FilterOption.Of("--search", "q", "Part of a holder's or a server's name, or an id", "TEXT", (text, _) => text),
            FilterOption.Of("--expires-before", "expiresBefore", "Those that end before this time: 2027-03-31, 2027-03-31T12:00:00Z, or within 7 days as 7d", "TIME", (text, run) => Ahead(text, run.Outside.Clock)));
        var reverse = new Option<bool>("--reverse") { Description = "The other way round" };
        var command = new Command("list", "List tokens, and how many of the tools that they may call they do not") { reverse };
        command.Aliases.Add("ls");
        filters.AddTo(command);
        return command.Does(outside, async run =>
        {
            var query = Query.Of([.. filters.Read(run), ("reverse", run.Value(reverse) ? "true" : null), ("limit", "1000")]);
            run.Screen.Show(await run.Client.ListAsync("tokens" + query, Verb.MostItems, run.Cancellation),
                Column.At("ID", "id"), Column.At("STATE", "state"), new Column("HOLDER", AccessText.Holder), new Column("SERVERS", AccessText.Servers),
                Column.At("TOOLS", "toolCount"), new Column("UNUSED", Unused), Column.At("EXPIRES", "expiresAt"), Column.At("LAST USED", "lastUsedAt"), Column.At("NOTE", "note"));
        });
    }

    /// <summary>A length of time is that far ahead; anything else the server reads.</summary>
    private static string? Ahead(string? text, TimeProvider clock) => Durations.TryParse(text, out var seconds)
        ? (clock.GetUtcNow() + TimeSpan.FromSeconds(seconds)).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
        : text;

    private static string Unused(JsonElement token) => (JsonPath.Text(token, "unusedTools.never"), JsonPath.Text(token, "unusedTools.notIn30Days")) switch
    {
        ("0", "0") => "0",
        (var never, "0") => $"{never} never called",
        ("0", var lately) => $"{lately} not in 30 days",
        var (never, lately) => $"{never} never called, {lately} not in 30 days",
    };
}
