using System.CommandLine;
using Symbolon.Admin.Api;
using Symbolon.Admin.Servers;
using Symbolon.Cli.Invocation;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Commands;

/// <summary>The verbs of <c>symbolon server</c> that are about the keys of its instances.</summary>
internal static class ServerKeyCommands
{
    public static Command Enroll(Outside outside)
    {
        var name = new Argument<string>("name");
        var instance = new Option<string?>("--instance") { Description = "The name that the instance must have; of one that is there, to replace its key", HelpName = "NAME" };
        var reason = ReasonOption.Make();
        return new Command("enroll", "Give a code, good once and for 15 minutes, by which an instance of the server enrols its own key") { name, instance, reason }.Does(outside, async run =>
        {
            var made = await run.Client.PostAsync(
                $"servers/{Verb.Segment(run.Value(name))}/enrolments", new EnrolmentRequest { Instance = run.Value(instance), Reason = run.Value(reason) }, run.Cancellation);
            run.Screen.Note($"Give this code to one instance of {JsonPath.Text(made, "server")}; it is good until {JsonPath.Text(made, "expiresAt")}, once. It is not shown again.");
            if (run.Screen.Format == OutputFormat.Table) run.Screen.Line(JsonPath.Text(made, "code")!);
            else run.Screen.ShowWhole(made);
        });
    }

    public static Command Keys(Outside outside)
    {
        var name = new Argument<string>("name");
        var revoke = new Option<string?>("--revoke") { Description = "End the key with this thumbprint for good", HelpName = "THUMBPRINT" };
        var reason = ReasonOption.Make();
        var yes = GlobalOptions.Yes();
        return new Command("keys", "List the keys of its instances, or end one") { name, revoke, reason, yes }.Does(outside, async run =>
        {
            var route = $"servers/{Verb.Segment(run.Value(name))}/keys";
            if (run.Value(revoke) is not { } thumbprint)
            {
                run.Screen.Show(await run.Client.GetAsync(route, run.Cancellation), Column.At("INSTANCE", "instance"), Column.At("STATE", "state"), Column.At("ENROLLED", "enrolledAt"), Column.At("UNTIL", "until"),
                    Column.At("DUE", "dueAt"), Column.At("BY", "enrolledBy"), Column.At("KEY", "thumbprint"));
                return;
            }
            await run.ConfirmAsync(yes, $"Revoke key {thumbprint} of server {run.Value(name)}? What it has got is refused at once.");
            var ended = await run.Client.DeleteAsync($"{route}/{Verb.Segment(thumbprint)}", new ReasonRequest { Reason = run.Value(reason) }, run.Cancellation);
            run.Screen.Note($"The key of instance {JsonPath.Text(ended, "instance")} is revoked.");
            if (run.Screen.Format != OutputFormat.Table) run.Screen.ShowWhole(ended);
        });
    }

    public static Command Rotate(Outside outside)
    {
        var name = new Argument<string>("name");
        var instance = new Option<string?>("--instance") { Description = "One of its instances; without it, all", HelpName = "NAME" };
        var reason = ReasonOption.Make();
        return new Command("rotate", "Have its instances replace their keys by themselves; calls go on meanwhile") { name, instance, reason }.Does(outside, async run =>
        {
            var ordered = await run.Client.PostAsync(
                $"servers/{Verb.Segment(run.Value(name))}/rotate", new KeyOrderRequest { Instance = run.Value(instance), Reason = run.Value(reason) }, run.Cancellation);
            run.Screen.Note("Each instance hears of it with its next token. The keys below get no more tokens when they are due.");
            run.Screen.Show(ordered, Column.At("INSTANCE", "instance"), Column.At("STATE", "state"), Column.At("ENROLLED", "enrolledAt"), Column.At("DUE", "dueAt"), Column.At("KEY", "thumbprint"));
        });
    }
}
