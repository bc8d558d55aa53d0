using System.CommandLine;
using System.Text.Json;
using Symbolon.Admin.OAuthClients;
using Symbolon.Cli.Invocation;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Commands;

/// <summary>The verbs of <c>symbolon client</c> that are about registered OAuth clients.</summary>
internal static class OAuthClientCommands
{
    private const int LongestKey = 8192;

    public static IEnumerable<Command> All(Outside outside) =>
    [
        Verb.List(outside, "client", "clients", Column.At("CLIENT", "name"), Column.At("STATE", "state"), Column.At("OWNER", "owner"), Column.At("AGENT", "agent"),
            Column.At("WORKFLOW", "workflow"), Column.At("METHOD", "method"), Column.At("AUDIENCE", "audience")),
        Verb.Show(outside, "client", "clients"),
        Create(outside),
        ClientEventsCommand.Build(outside),
        Verb.Step(outside, "client", "clients", "suspend", "Give it no token until it is resumed", forGood: false),
        Verb.Step(outside, "client", "clients", "resume", "Give it tokens again", forGood: false),
        Verb.Step(outside, "client", "clients", "retire", "End it for good; its history stays", forGood: true, alias: "rm"),
    ];

    private static Command Create(Outside outside)
    {
        var name = new Argument<string>("name");
        var owner = new Option<string>("--owner") { Description = "Who answers for it, by e-mail address", HelpName = "EMAIL", Required = true };
        var agent = new Option<string?>("--agent") { Description = "The agent that it is when it acts for itself", HelpName = "NAME" };
        var workflow = new Option<string?>("--workflow") { Description = "The workflow that it is", HelpName = "NAME" };
        var key = new Option<string[]>("--key") { Description = "A file with a public key as JWK; may be given several times", HelpName = "FILE" };
        var redirect = new Option<string[]>("--redirect") { Description = "Where people may be sent back to; may be given several times. Without --key and --legacy-secret the client is public", HelpName = "URI" };
        var legacy = new Option<bool>("--legacy-secret") { Description = "It can sign nothing: make a secret for it, which is shown once" };
        var dpop = new Option<bool>("--dpop") { Description = "It gets no token but those that are bound to a key that it proves (DPoP)" };
        var pushed = new Option<bool>("--par") { Description = "Its authorization requests count only where it has pushed them (RFC 9126)" };
        var audience = new Option<string?>("--audience") { Description = "It is the API of this name: it may ask about tokens for it, and is told what is revoked", HelpName = "URL" };
        var events = new Option<string?>("--events") { Description = "How an API is told security events (RFC 8417): 'poll', or the address where they are posted", HelpName = "poll|URL" };
        var reason = ReasonOption.Make();
        return new Command("create", "Register an OAuth client, by its public keys or the redirects of a public one") { name, owner, agent, workflow, key, redirect, legacy, dpop, pushed, audience, events, reason }.Does(outside, async run =>
        {
            var keys = new List<JsonElement>();
            foreach (var file in run.Value(key) ?? []) keys.Add(await ReadKeyAsync(file, run.Cancellation));
            var created = await run.Client.PostAsync("clients", new CreateOAuthClientRequest
            {
                Name = run.Value(name),
                Owner = run.Value(owner)!,
                Agent = run.Value(agent),
                Workflow = run.Value(workflow),
                Keys = keys.Count == 0 ? null : keys,
                Redirects = run.Value(redirect) is { Length: > 0 } redirects ? redirects : null,
                LegacySecret = run.Value(legacy),
                DpopBound = run.Value(dpop),
                PushedOnly = run.Value(pushed),
                Audience = run.Value(audience),
                Events = run.Value(events) is { } told ? new ClientEventsRequest { Delivery = ClientEventsCommand.DeliveryOf(told), Url = ClientEventsCommand.UrlOf(told) } : null,
                Reason = run.Value(reason),
            }, run.Cancellation);
            run.Screen.Note($"client {JsonPath.Text(created, "name")} is registered and proves itself by {JsonPath.Text(created, "method")}.");
            if (run.Screen.Format != OutputFormat.Table) run.Screen.ShowWhole(created);
            else if (JsonPath.Text(created, "secret") is { } secret) run.Screen.Line(secret);
        });
    }

    private static async Task<JsonElement> ReadKeyAsync(string file, CancellationToken cancellation)
    {
        if (!File.Exists(file)) throw CommandException.Usage($"--key names the file {file}, which is not there.");
        if (new FileInfo(file).Length > LongestKey) throw CommandException.Usage($"{file} is longer than {LongestKey} bytes, and so no public key.");
        try
        {
            using var json = JsonDocument.Parse(await File.ReadAllTextAsync(file, cancellation));
            return json.RootElement.Clone();
        }
        catch (JsonException)
        {
            throw CommandException.Usage($"{file} is no JSON; --key takes a public key as JWK (RFC 7517).");
        }
    }
}
