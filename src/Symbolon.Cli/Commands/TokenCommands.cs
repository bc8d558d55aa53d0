using System.CommandLine;
using System.Text.Json;
using Symbolon.Admin.Api;
using Symbolon.Cli.Invocation;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Commands;

/// <summary><c>symbolon token</c>.</summary>
internal static class TokenCommands
{
    public static Command Build(Outside outside) => new("token", "Pasted tokens: who, what, until when")
    {
        IssueCommand.Build(outside),
        TokenListCommand.Build(outside),
        Verb.Show(outside, "token", "tokens", "id"),
        Tools(outside),
        Rotate(outside),
        Revoke(outside),
    };

    private static Command Tools(Outside outside)
    {
        var id = new Argument<string>("id");
        return new Command("tools", "Show the tools that it names: whether it may call them now, and whether it does") { id }.Does(outside, async run =>
            run.Screen.Show(await run.Client.GetAsync($"tokens/{Verb.Segment(run.Value(id))}/tools", run.Cancellation),
                Column.At("TOOL", "tool"), Column.At("SERVER", "server"), Column.At("EFFECT", "effect"), Column.At("ALLOWED", "allowed"), Column.At("CALLS", "calls"), Column.At("LAST USED", "lastUsedAt"), Column.At("UNUSED", "unused")));
    }

    private static Command Rotate(Outside outside)
    {
        var id = new Argument<string>("id");
        var reason = ReasonOption.Make();
        var env = EnvFile.Option();
        return new Command("rotate", "Give it another secret; the old one dies at once") { id, reason, env }.Does(outside, async run =>
        {
            var rotated = await run.Client.PostAsync($"tokens/{Verb.Segment(run.Value(id))}/rotate", new ReasonRequest { Reason = run.Value(reason) }, run.Cancellation);
            await PrintSecretAsync(run, rotated, run.Value(env));
        });
    }

    private static Command Revoke(Outside outside)
    {
        var id = new Argument<string>("id");
        var reason = ReasonOption.Make();
        var command = new Command("revoke", "Kill it, streams included") { id, reason };
        command.Aliases.Add("rm");
        return command.Does(outside, async run =>
        {
            RevokeCommand.Show(run.Screen,
                await run.Client.PostAsync($"tokens/{Verb.Segment(run.Value(id))}/revoke", new ReasonRequest { Reason = run.Value(reason) }, run.Cancellation));
        });
    }

    /// <summary>The one time that a secret is shown: alone on standard output, or in a file of the user's own.</summary>
    public static async Task PrintSecretAsync(CommandRun run, JsonElement issued, string? envFile)
    {
        var screen = run.Screen;
        screen.Note($"token {JsonPath.Text(issued, "id")} for {AccessText.Holder(issued)} on {AccessText.Servers(issued)}, until {JsonPath.Text(issued, "expiresAt")}");
        if (JsonPath.Text(issued, "addresses") is { Length: > 0 } addresses)
            screen.Note($"Clients connect to {addresses.Replace(",", ", ", StringComparison.Ordinal)} with the header Authorization: Bearer and the token.");
        if (envFile is not null)
        {
            await EnvFile.WriteAsync(envFile, JsonPath.Text(issued, "token")!, run.Cancellation);
            screen.Note($"SYMBOLON_GATEWAY_TOKEN is in {envFile}, readable by you alone.");
            return;
        }
        if (screen.Format == OutputFormat.Table) screen.Line(JsonPath.Text(issued, "token")!);
        else screen.ShowWhole(issued);
        screen.Note("It is shown this once.");
    }
}
