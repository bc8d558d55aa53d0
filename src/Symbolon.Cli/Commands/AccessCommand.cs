using System.CommandLine;
using System.Text.Json;
using Symbolon.Cli.Invocation;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Commands;

/// <summary><c>symbolon access</c>: who may call what, and why.</summary>
internal static class AccessCommand
{
    private static readonly string[] Holders = ["users", "agents", "workflows"];

    public static Command Build(Outside outside)
    {
        var options = new[]
        {
            Option("--user", "Of a person, by e-mail address", "EMAIL"), Option("--agent", "Of an agent", "NAME"),
            Option("--workflow", "Of a workflow", "NAME"), Option("--server", "To a server: of whom", "NAME"),
        };
        var by = Option("--by", "grant or token; default: both", "WHICH");
        var command = new Command("access", "Say who may call what and why: live grants and tokens, with the tools, prompts and resources that each opens now") { by };
        foreach (var option in options) command.Add(option);
        return command.Does(outside, async run =>
        {
            if (options.Count(option => run.Value(option) is not null) != 1) throw CommandException.Usage("Name exactly one of --user, --agent, --workflow and --server.");
            if (run.Value(by) is not (null or "grant" or "token")) throw CommandException.Usage("--by must be grant or token.");
            var query = Query.Of([.. options.Select(option => (option.Name[2..], run.Value(option))), ("by", run.Value(by)), ("limit", "1000")]);
            var entries = await run.Client.ListAsync("access" + query, Verb.MostItems, run.Cancellation);
            run.Screen.Show(entries, Column.At("BY", "by"), Column.At("NAME", "name"), new Column("WHO", Who),
                Column.At("READ", "effects.read"), Column.At("WRITE", "effects.write"), Column.At("IRREVERSIBLE", "effects.irreversible"),
                new Column("TOOLS", Tools), new Column("PROMPTS", entry => Features(entry, "prompts")), new Column("RESOURCES", entry => Features(entry, "resources")), new Column("BLOCKED", Blocked), Column.At("EXPIRES", "expiresAt"));
            if (entries.GetArrayLength() == 0) run.Screen.Note("No live grant or token names it. If you expected one, look at the spelling.");
        });
    }

    private static string Who(JsonElement entry) => string.Join(" + ", Holders.Select(list => JsonPath.Text(entry, list)).Where(names => !string.IsNullOrEmpty(names)));

    private static string Tools(JsonElement entry) => string.Join(' ', entry.GetProperty("servers").EnumerateArray().Select(server =>
        $"{JsonPath.Text(server, "name")}:{string.Join(',', server.GetProperty("tools").EnumerateArray().Select(tool => JsonPath.Text(tool, "name")))}"));

    private static string Features(JsonElement entry, string kind) => string.Join(' ', entry.GetProperty("servers").EnumerateArray()
        .Where(server => server.GetProperty(kind).GetArrayLength() > 0).Select(server => $"{JsonPath.Text(server, "name")}:{JsonPath.Text(server, kind)}"));

    private static string Blocked(JsonElement entry) => string.Join("; ", entry.GetProperty("servers").EnumerateArray()
        .Select(server => JsonPath.Text(server, "blocked") is { Length: > 0 } why ? $"{JsonPath.Text(server, "name")}: {why}" : null)
        .Prepend(JsonPath.Text(entry, "blocked")).Where(why => !string.IsNullOrEmpty(why)));

    private static Option<string?> Option(string name, string summary, string value) => new(name) { Description = summary, HelpName = value };
}
