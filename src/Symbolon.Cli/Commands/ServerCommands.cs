using System.CommandLine;
using System.Text.Json;
using Symbolon.Admin.Servers;
using Symbolon.Cli.Invocation;
using Symbolon.Cli.Output;
using Symbolon.Cli.Registering;

namespace Symbolon.Cli.Commands;

/// <summary><c>symbolon server</c>.</summary>
internal static class ServerCommands
{
    public static Command Build(Outside outside) => new("server", "The MCP servers behind the gateway")
    {
        RegisterCommand.Build(outside),
        List(outside),
        Show(outside),
        DriftCommand.Build(outside),
        Approve(outside),
        Verb.Step(outside, "server", "servers", "suspend", "Let it answer nobody until it is resumed", forGood: false),
        Verb.Step(outside, "server", "servers", "resume", "Let it serve again", forGood: false),
        Quarantine(outside),
        Owner(outside),
        ServerKeyCommands.Enroll(outside),
        ServerKeyCommands.Keys(outside),
        ServerKeyCommands.Rotate(outside),
        Exchange(outside),
        Verb.Step(outside, "server", "servers", "retire", "End it for good: its secrets and keys are destroyed, its history stays, its name is not used again", forGood: true, alias: "rm"),
    };

    private static Command List(Outside outside)
    {
        var state = new Option<string?>("--state") { Description = "pending, active, suspended, retired, or attention: what a person should look at", HelpName = "STATE" };
        var owner = new Option<string?>("--owner") { Description = "Who answers for it", HelpName = "EMAIL" };
        var search = new Option<string?>("--search") { Description = "Part of a name, an owner or a tool's name", HelpName = "TEXT" };
        var command = new Command("list", "List servers") { state, owner, search };
        command.Aliases.Add("ls");
        return command.Does(outside, async run =>
        {
            var query = Query.Of(("state", run.Value(state)), ("owner", run.Value(owner)), ("q", run.Value(search)));
            run.Screen.Show(await run.Client.ListAsync("servers" + query, Verb.MostItems, run.Cancellation),
                Column.At("NAME", "name"), Column.At("STATE", "state"), Column.At("OWNER", "owner"), Column.At("TOOLS", "toolCount"),
                Column.At("APPROVED", "approvedVersion"), Column.At("PENDING", "pendingVersion"), new Column("AT", row => JsonPath.Text(row, "url") ?? JsonPath.Text(row, "command")),
                Column.At("HEALTH", "health"), Column.At("SUSPENDED", "suspendedTools"), Column.At("OLDEST KEY", "oldestKeyAt"), new Column("FINDINGS", FindingsOf));
        });
    }

    private static Command Exchange(Outside outside)
    {
        var api = new Option<string?>("--api") { Description = "Part of the address of an API", HelpName = "TEXT" };
        return new Command("exchange", "List who may exchange what: servers, their APIs, what they may get there, and for whose calls") { api }.Does(outside, async run =>
            run.Screen.Show(await run.Client.ListAsync("exchange" + Query.Of(("api", run.Value(api))), Verb.MostItems, run.Cancellation),
                Column.At("SERVER", "server"), Column.At("STATE", "state"), Column.At("API", "audience"), Column.At("AT", "at"), new Column("MAY GET", row => JsonPath.Text(row, "scope") ?? NeedsOf(row)), new Column("BY GRANTS", GrantsOf),
                Column.At("KEYS", "instances"), Column.At("OLDEST KEY", "oldestKeyAt")));
    }

    private static string NeedsOf(JsonElement row) =>
        string.Join("; ", row.GetProperty("needs").EnumerateArray().Select(need => $"{string.Join(',', need.GetProperty("actions").EnumerateArray().Select(action => action.GetString()))} {JsonPath.Text(need, "resource")}"));

    private static string GrantsOf(JsonElement row) => string.Join(", ", row.GetProperty("callers").EnumerateArray().Select(caller => JsonPath.Text(caller, "grant")));

    private static Command Show(Outside outside)
    {
        var name = new Argument<string>("name");
        return new Command("show", "Show one server") { name }.Does(outside, async run =>
        {
            var server = await run.Client.GetAsync($"servers/{Verb.Segment(run.Value(name))}", run.Cancellation);
            run.Screen.ShowWhole(server);
            if (FindingsOf(server) is { Length: > 0 } findings) run.Screen.Warn($"{findings}: a finding");
        });
    }

    private static string FindingsOf(JsonElement server) => !server.TryGetProperty("findings", out var findings) ? "" : string.Join("; ", findings.EnumerateArray().Select(finding => JsonPath.Text(finding, "text")));

    /// <summary>At once, without a question: who does this is in a hurry.</summary>
    private static Command Quarantine(Outside outside)
    {
        var label = new Option<string>("--label") { Required = true, Description = "Every active server with this label", HelpName = "NAME=VALUE" };
        var reason = ReasonOption.Make();
        return new Command("quarantine", "Suspend every active server with a label, all of them or none") { label, reason }.Does(outside, async run =>
        {
            var parts = run.Value(label)!.Split('=', 2);
            if (parts is not [{ Length: > 0 } name, var value]) throw CommandException.Usage("--label must be NAME=VALUE, e.g. env=prod.");
            var suspended = await run.Client.PostAsync("quarantines", new QuarantineRequest { Label = name, Value = value, Reason = run.Value(reason) }, run.Cancellation);
            if (run.Screen.Format == OutputFormat.Table) foreach (var server in suspended.EnumerateArray()) run.Screen.Line(server.GetString()!);
            else run.Screen.ShowWhole(suspended);
            run.Screen.Note($"{suspended.GetArrayLength()} servers are suspended. symbolon server resume NAME lets each serve again.");
        });
    }

    private static Command Owner(Outside outside)
    {
        var (name, owner, reason) = (new Argument<string>("name"), new Argument<string>("email"), ReasonOption.Make());
        return new Command("owner", "Say who answers for it from now on") { name, owner, reason }.Does(outside, async run =>
        {
            var changed = await run.Client.PostAsync($"servers/{Verb.Segment(run.Value(name))}/owner", new ChangeOwnerRequest { Owner = run.Value(owner), Reason = run.Value(reason) }, run.Cancellation);
            run.Screen.Note($"{JsonPath.Text(changed, "owner")} answers for server {JsonPath.Text(changed, "name")}.");
            if (run.Screen.Format != OutputFormat.Table) run.Screen.ShowWhole(changed);
        });
    }

    private static Command Approve(Outside outside)
    {
        var name = new Argument<string>("name");
        var version = new Option<int?>("--version") { Description = "The pending version that was reviewed; default: the one that is pending now is shown, and you are asked", HelpName = "NUMBER", CustomParser = each => WholeNumber.Read<int>(each) };
        var inside = new Option<bool>("--inside") { Description = "Its host's name leads inside this network (private or loopback addresses), and that is meant" };
        var reason = ReasonOption.Make();
        return new Command("approve", "Let its pending version serve") { name, version, inside, reason }.Does(outside, async run =>
        {
            var reviewed = run.Value(version) ?? await ReviewAsync(run, run.Value(name), run.Value(inside));
            var approved = await ServerApproval.ApproveAsync(run.Client, run.Value(name), reviewed, run.Value(inside), run.Value(reason), run.Cancellation);
            run.Screen.Note($"server {run.Value(name)} is {JsonPath.Text(approved, "state")} with version {JsonPath.Text(approved, "approvedVersion")}.");
            if (JsonPath.Text(approved, "approved.selfApproved") == "yes") run.Screen.Warn("you approved what you applied yourself; it is recorded as such");
            if (run.Screen.Format != OutputFormat.Table) run.Screen.ShowWhole(approved);
        });
    }

    /// <summary>Nobody approves what they have not seen: shows what is pending and asks. Without a terminal the version must have been named.</summary>
    private static async Task<int> ReviewAsync(CommandRun run, string name, bool inside)
    {
        var (version, needsInside, words) = await ServerApproval.PendingAsync(run.Client, name, run.Cancellation);
        if (!run.Outside.InputIsTerminal) throw CommandException.Usage($"Name the version that was reviewed: --version {version} is pending now.", $"symbolon server show {name} shows it.");
        run.Screen.Note(words);
        if (needsInside && !inside)
            throw new CommandException(ExitCode.Conflict, "host_leads_inside", "The host's name leads inside this network now; nothing was approved.") { Hint = $"If that is meant: symbolon server approve {name} --inside" };
        await run.AskAsync($"Approve version {version} of server {name}?");
        return version;
    }
}
