using System.CommandLine;
using Symbolon.Admin.Api;
using Symbolon.Cli.Invocation;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Commands;

/// <summary><c>symbolon webhook</c>: where drift and reviews are told.</summary>
internal static class WebhookCommand
{
    /// <summary>An attempt takes at most 10 s; another node may have died with the first.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    public static Command Build(Outside outside) => new("webhook", "Where drift and reviews are told") { Show(outside), Test(outside) };

    private static Command Show(Outside outside) => new Command("show", "Show the webhook, and how it goes with telling it")
        .Does(outside, async run => run.Screen.ShowWhole(await run.Client.GetAsync("webhook", run.Cancellation)));

    private static Command Test(Outside outside)
    {
        var reason = ReasonOption.Make();
        return new Command("test", "Send an event of type ping, and say what came of it") { reason }.Does(outside, run => TestAsync(run, run.Value(reason)));
    }

    private static async Task TestAsync(CommandRun run, string? reason)
    {
        var id = JsonPath.Text(await run.Client.PostAsync("webhook/test", new ReasonRequest { Reason = reason }, run.Cancellation), "id");
        var started = run.Outside.Clock.GetTimestamp();
        while (run.Outside.Clock.GetElapsedTime(started) < Patience)
        {
            var webhook = await run.Client.GetAsync("webhook", run.Cancellation);
            if (JsonPath.Text(webhook, "lastTest.id") == id)
            {
                if (JsonPath.Text(webhook, "lastTest.why") is { } why) throw new CommandException(ExitCode.Error, "webhook_failed", $"{JsonPath.Text(webhook, "url")}: {why}.");
                run.Screen.Note($"{JsonPath.Text(webhook, "url")} took the ping {id}.");
                if (run.Screen.Format != OutputFormat.Table) run.Screen.ShowWhole(webhook);
                return;
            }
            await Task.Delay(Pause, run.Outside.Clock, run.Cancellation);
        }
        throw new CommandException(ExitCode.Error, "webhook_failed", "The ping was not sent yet. Is a node running that has webhook.url?") { Hint = "symbolon webhook show" };
    }
}
