using System.CommandLine;
using Symbolon.Admin.Api;
using Symbolon.Admin.Authorizations;
using Symbolon.Cli.Invocation;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Commands;

/// <summary><c>symbolon authorization</c>: what people let clients call.</summary>
internal static class AuthorizationCommands
{
    public static Command Build(Outside outside) => new("authorization", "What people let OAuth clients call for them") { List(outside), Verb.Show(outside, "authorization", "authorizations", "id"), End(outside) };

    private static Command List(Outside outside)
    {
        var filters = new FilterOptions(
            FilterOption.Of("--user", "Only of this person", "EMAIL"),
            FilterOption.Of("--client", "Only of this client", "ID"),
            FilterOption.Of("--server", "Only on this server", "NAME"),
            FilterOption.Of("--state", "live or ended; without it both, until they run out", "STATE"));
        var command = new Command("list", "List them, the youngest first");
        command.Aliases.Add("ls");
        filters.AddTo(command);
        return command.Does(outside, async run => run.Screen.Show(
            await run.Client.ListAsync("authorizations" + Query.Of([.. filters.Read(run), ("limit", "1000")]), Verb.MostItems, run.Cancellation),
            Column.At("ID", "id"), Column.At("STATE", "state"), Column.At("PERSON", "user"), Column.At("CLIENT", "client"), Column.At("SERVER", "server"), Column.At("TOOLS", "tools"), Column.At("PROMPTS", "prompts"), Column.At("RESOURCES", "resources"),
            Column.At("SINCE", "createdAt"), Column.At("LAST USED", "lastUsedAt"), Column.At("UNTIL", "expiresAt")));
    }

    /// <summary>Ending one asks nothing: the person can let the client call again.</summary>
    private static Command End(Outside outside)
    {
        var id = new Argument<string?>("id") { Arity = ArgumentArity.ZeroOrOne, Description = "One of them; or name whose all end" };
        var user = new Option<string?>("--user") { Description = "All of this person", HelpName = "EMAIL" };
        var client = new Option<string?>("--client") { Description = "All of this client", HelpName = "ID" };
        var server = new Option<string?>("--server") { Description = "Of those only what is on this server", HelpName = "NAME" };
        var reason = ReasonOption.Make();
        var yes = GlobalOptions.Yes();
        return new Command("end", "End one, or all of a person or a client, with every code and token that came of it") { id, user, client, server, reason, yes }.Does(outside, async run =>
        {
            var isAll = run.Value(user) is not null || run.Value(client) is not null;
            if (isAll == run.Value(id) is not null || (!isAll && run.Value(server) is not null)) throw CommandException.Usage("Name one by its id, or all of them by --user, --client, or both.");
            if (isAll) await run.ConfirmAsync(yes, $"End all that {run.Value(user) ?? "people"} let {run.Value(client) ?? "clients"} call{(run.Value(server) is { } name ? $" on {name}" : "")}?");
            var ended = isAll
                ? await run.Client.PostAsync("authorizations/end", new EndAuthorizationsRequest { User = run.Value(user), Client = run.Value(client), Server = run.Value(server), Reason = run.Value(reason) }, run.Cancellation)
                : await run.Client.PostAsync($"authorizations/{Verb.Segment(run.Value(id)!)}/end", new ReasonRequest { Reason = run.Value(reason) }, run.Cancellation);
            run.Screen.Note($"{JsonPath.Text(ended, "ended")} ended. It is durable.");
            if (JsonPath.Text(ended, "unconfirmedNodes") is { Length: > 0 } nodes) run.Screen.Warn($"not confirmed within a second by: {nodes}");
            if (run.Screen.Format != OutputFormat.Table) run.Screen.ShowWhole(ended);
        });
    }
}
