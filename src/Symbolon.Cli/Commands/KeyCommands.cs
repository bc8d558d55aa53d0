using System.CommandLine;
using Symbolon.Admin.Api;
using Symbolon.Cli.Invocation;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Commands;

/// <summary><c>symbolon keys</c>: the keys that sign tokens.</summary>
internal static class KeyCommands
{
    public static Command Build(Outside outside) => new("keys", "The keys that sign tokens") { List(outside), Rotate(outside), Revoke(outside) };

    private static Command List(Outside outside)
    {
        var command = new Command("list", "List the signing keys");
        command.Aliases.Add("ls");
        return command.Does(outside, async run => run.Screen.Show(await run.Client.ListAsync("keys", Verb.MostItems, run.Cancellation),
            Column.At("KEY", "id"), Column.At("STATE", "state"), Column.At("MADE", "createdAt"), Column.At("SIGNS FROM", "activeFrom"),
            Column.At("RETIRED", "retiredAt"), Column.At("REVOKED", "revokedAt")));
    }

    private static Command Rotate(Outside outside)
    {
        var reason = ReasonOption.Make();
        return new Command("rotate", "Make the next key; it signs once everybody can know it") { reason }.Does(outside, async run =>
        {
            var key = await run.Client.PostAsync("keys/rotate", new ReasonRequest { Reason = run.Value(reason) }, run.Cancellation);
            run.Screen.Note($"Key {JsonPath.Text(key, "id")} is published and signs from {JsonPath.Text(key, "activeFrom")} on. No token ends by it.");
            if (run.Screen.Format != OutputFormat.Table) run.Screen.ShowWhole(key);
        });
    }

    private static Command Revoke(Outside outside)
    {
        var id = new Argument<string>("id");
        var reason = ReasonOption.Make();
        var yes = GlobalOptions.Yes();
        return new Command("revoke", "A key is lost: refuse whatever it signed, and sign with another at once") { id, reason, yes }.Does(outside, async run =>
        {
            await run.ConfirmAsync(yes, $"Revoke signing key {run.Value(id)}? Every token that it signed ends.");
            var key = await run.Client.PostAsync($"keys/{Verb.Segment(run.Value(id))}/revoke", new ReasonRequest { Reason = run.Value(reason) }, run.Cancellation);
            run.Screen.Note($"Key {JsonPath.Text(key, "id")} is revoked. Whatever it signed is refused.");
            if (run.Screen.Format != OutputFormat.Table) run.Screen.ShowWhole(key);
        });
    }
}
