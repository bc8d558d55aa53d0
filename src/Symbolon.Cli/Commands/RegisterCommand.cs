using System.CommandLine;
using Symbolon.Cli.Invocation;
using Symbolon.Cli.Output;
using Symbolon.Cli.Registering;
using Symbolon.Core.Identity;

namespace Symbolon.Cli.Commands;

/// <summary><c>symbolon server register</c>: reads what a server lists, from this process, and uploads it as a draft that waits for approval.</summary>
internal static class RegisterCommand
{
    private const int MostTold = 30;

    public static Command Build(Outside outside)
    {
        var name = new Argument<string>("name");
        var owner = new Option<string>("--owner") { Description = "Who answers for it", HelpName = "EMAIL", Required = true };
        var url = new Option<string>("--url") { Description = "Its Streamable HTTP endpoint", HelpName = "URL", Required = true };
        var header = new Option<string?>("--header") { Description = "A header that the server wants, its value in a file (- for standard input)", HelpName = "NAME=@FILE" };
        var expires = new Option<string?>("--secret-expires") { Description = "The last day of that value, UTC; default: in 90 days", HelpName = "YYYY-MM-DD" };
        var file = new Option<string?>("--out") { Description = "Write the draft into this file instead of standard output", HelpName = "FILE" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Show the draft and upload nothing" };
        var reason = ReasonOption.Make();
        var command = new Command("register", "Read what a server lists and upload it as a draft") { name, owner, url, header, expires, file, dryRun, reason };
        return command.Does(outside, async run =>
        {
            var order = new RegistrationOrder
            {
                Name = ServerName.IsValid(run.Value(name)) ? new ServerName(run.Value(name)) : throw CommandException.Usage($"The name of a server is {ServerName.Rule}."),
                Owner = UserEmail.TryParse(run.Value(owner), out _) ? run.Value(owner)! : throw CommandException.Usage($"--owner must be an e-mail address, not '{run.Value(owner)}'."),
                Url = Uri.TryCreate(run.Value(url), UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
                    ? address : throw CommandException.Usage($"--url must be an http or https address, not '{run.Value(url)}'.", "A whole one looks like http://127.0.0.1:7001/mcp"),
                Header = run.Value(header) is { } given ? await SecretHeaderFile.ReadAsync(given, run.Value(expires), run.Outside.Input, run.Outside.Clock, run.Cancellation) : null,
                Reason = run.Value(reason),
            };
            var draft = await Registration.ReadAsync(order, run.Outside.Handler, run.Cancellation);
            foreach (var tool in draft.Dropped) run.Screen.Warn($"tool {tool.Name} is left out: {tool.Why}");
            if (order is { Header: not null, Url: { Scheme: "http", IsLoopback: false } })
                run.Screen.Warn("the value of the header goes to this server over plain http: who is on the way can read it");
            // Uploaded first: a draft on standard output says that it is there.
            var applied = run.Value(dryRun) ? default : await Registration.UploadAsync(order, draft, run.Client, run.Cancellation);
            if (run.Value(file) is { } into) await File.WriteAllTextAsync(into, YamlText.Write(draft.Json), run.Cancellation);
            else run.Screen.ShowWhole(draft.Json);
            Tell(run.Screen, draft);
            if (run.Value(dryRun)) return;
            if (order.Header is { } secret) run.Screen.Note($"The value of {secret.Name} is sealed as secret {order.Name}; it is used up to {secret.Expires:yyyy-MM-dd}.");
            Tell(run.Screen, order.Name, draft, applied);
        });
    }

    /// <summary>Where what the server declares and what was assessed differ: that is what who reviews the draft looks at first.</summary>
    private static void Tell(Screen screen, Upstreams.ServerDraft draft)
    {
        foreach (var tool in draft.Assessments.Where(tool => !tool.Disagreements.IsEmpty).Take(MostTold))
            screen.Note($"tool {tool.Name}: {string.Join(", ", tool.Disagreements)}: {tool.Why[0]}");
        var more = draft.Assessments.Count(tool => !tool.Disagreements.IsEmpty) - MostTold;
        if (more > 0) screen.Note($"and {more} more tools declare something else than was assessed.");
    }

    private static void Tell(Screen screen, ServerName name, Upstreams.ServerDraft draft, System.Text.Json.JsonElement applied)
    {
        if (JsonPath.Text(applied, "action") == "unchanged")
        {
            screen.Note($"server {name} is known with exactly these {draft.Tools.Length} tools; nothing was changed.");
            return;
        }
        screen.Note($"server {name} waits for approval with {draft.Tools.Length} tools, with effects and flags as assessed until you decide otherwise.");
        screen.Note($"Next: look at each tool's effect in the draft and symbolon apply it, then symbolon server approve {name}");
    }
}
