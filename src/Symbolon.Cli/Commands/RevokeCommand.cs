using System.CommandLine;
using System.Text.Json;
using Symbolon.Admin;
using Symbolon.Admin.Revocations;
using Symbolon.Cli.Invocation;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Commands;

/// <summary><c>symbolon revoke</c>: kills all that was issued so far to one target.</summary>
internal static class RevokeCommand
{
    public static Command Build(Outside outside)
    {
        var user = Target("--user", "A person, by e-mail address", "EMAIL");
        var agent = Target("--agent", "An agent", "NAME");
        var workflow = Target("--workflow", "A workflow", "NAME");
        var server = Target("--server", "A server", "NAME");
        var token = Target("--token", "A token, by its id", "ID");
        var org = Target("--org", "The whole organisation: default", "NAME");
        var client = Target("--client", "An OAuth client, by its id", "ID");
        var authorization = Target("--authorization", "An authorization of OAuth, by its id", "ID");
        var key = Target("--key", "A key, by its thumbprint: what it signed so far", "THUMBPRINT");
        var grant = Target("--grant", "A grant: what it gave to anything issued so far", "NAME");
        var credential = Target("--credential", "A server: what it has got at the API behind it, for itself and for its calls", "NAME");
        var reason = ReasonOption.Make();
        var yes = GlobalOptions.Yes();
        var command = new Command("revoke", "Kill all that was issued so far to one target") { user, agent, workflow, server, token, org, client, authorization, key, grant, credential, reason, yes };
        return command.Does(outside, async run =>
        {
            Option<string?>[] all = [user, agent, workflow, server, token, org, client, authorization, key, grant, credential];
            if (all.Where(option => run.Value(option) is not null).ToList() is not [var one])
                throw CommandException.Usage("Name exactly one of --user, --agent, --workflow, --server, --token, --org, --client, --authorization, --key, --grant and --credential.");
            await run.ConfirmAsync(yes, $"Revoke all that was issued so far to {one.Name[2..]} {run.Value(one)}?");
            var request = new RevocationRequest
            {
                User = run.Value(user),
                Agent = run.Value(agent),
                Workflow = run.Value(workflow),
                Server = run.Value(server),
                Token = run.Value(token),
                Organisation = run.Value(org),
                Client = run.Value(client),
                Authorization = run.Value(authorization),
                Key = run.Value(key),
                Grant = run.Value(grant),
                Credential = run.Value(credential),
                Reason = run.Value(reason),
            };
            Show(run.Screen, await run.Client.PostAsync("revocations", request, run.Cancellation));
        });
    }

    /// <summary>Says that it is durable, how much it ended, and which nodes have not said that they know.</summary>
    public static void Show(Screen screen, JsonElement revoked)
    {
        var answer = revoked.Deserialize<RevocationResponse>(AdminJson.Default.Options)!;
        screen.Note($"Revoked: {JsonPath.Text(revoked, "level")} {JsonPath.Text(revoked, "target")}. It is durable.");
        if (answer.Nodes is not null) screen.Note(answer.ToWords());
        screen.Note(EndedText(JsonPath.Text(revoked, "liveTokens"), isServer: JsonPath.Text(revoked, "level") == "server"));
        if (JsonPath.Text(revoked, "unconfirmedNodes") is { Length: > 0 } nodes) screen.Warn($"not confirmed within a second by: {nodes}");
        if (screen.Format != OutputFormat.Table) screen.ShowWhole(revoked);
    }

    private static string EndedText(string? count, bool isServer) => (count, isServer) switch
    {
        (null or "", _) => "How many live tokens that ended could not be counted.",
        ("0", _) => "No live token was ended by it: there was none. If you expected one, look at the spelling.",
        ("1", false) => "It ended 1 live token.",
        (_, false) => $"It ended {count} live tokens.",
        ("1", true) => "1 live token may no longer call it.",
        (_, true) => $"{count} live tokens may no longer call it.",
    };

    private static Option<string?> Target(string name, string summary, string value) => new(name) { Description = summary, HelpName = value };
}
