using System.CommandLine;
using Symbolon.Admin.OAuthClients;
using Symbolon.Cli.Invocation;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Commands;

/// <summary><c>symbolon client events</c>: whether and how an API is told security events, and how it goes.</summary>
internal static class ClientEventsCommand
{
    public static Command Build(Outside outside)
    {
        var name = new Argument<string>("name");
        var set = new Option<string?>("--set") { Description = "Have it told from now on: 'poll' where it fetches them, an address where they are posted, or 'none'", HelpName = "poll|URL|none" };
        var test = new Option<bool>("--test") { Description = "Have it told a verification event" };
        var state = new Option<string?>("--state") { Description = "With --test: a text that comes back in the event", HelpName = "TEXT" };
        var reason = ReasonOption.Make();
        return new Command("events", "Show how an API is told security events (RFC 8417), change it, or try it") { name, set, test, state, reason }.Does(outside, async run =>
        {
            var path = $"clients/{Verb.Segment(run.Value(name))}/events";
            if (run.Value(state) is not null && !run.Value(test)) throw CommandException.Usage("--state belongs to --test.");
            if (run.Value(set) is { } told)
            {
                var changed = await run.Client.PutAsync(path, new SetClientEventsRequest { Delivery = DeliveryOf(told), Url = UrlOf(told), Reason = run.Value(reason) }, run.Cancellation);
                run.Screen.Note($"client {JsonPath.Text(changed, "name")} is told security events: {DeliveryOf(told)}.");
            }
            if (run.Value(test))
            {
                var sent = await run.Client.PostAsync($"{path}/test", new TestClientEventsRequest { State = run.Value(state), Reason = run.Value(reason) }, run.Cancellation);
                run.Screen.Note($"The verification event {JsonPath.Text(sent, "id")} waits to be told; lastDelivered names it once it was.");
            }
            run.Screen.ShowWhole(await run.Client.GetAsync(path, run.Cancellation));
        });
    }

    public static string DeliveryOf(string told) => told is "poll" or "none" ? told : "push";

    public static string? UrlOf(string told) => DeliveryOf(told) == "push" ? told : null;
}
