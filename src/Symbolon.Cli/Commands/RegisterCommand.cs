using System.CommandLine;
using Symbolon.Admin.Sources;
using Symbolon.Cli.Invocation;
using Symbolon.Cli.Output;
using Symbolon.Cli.Registering;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;

namespace Symbolon.Cli.Commands;

/// <summary><c>symbolon server register</c>: reads what a server lists, from this process, and uploads it as a draft that waits for approval.</summary>
internal static class RegisterCommand
{
    private const int MostTold = 30;

    public static Command Build(Outside outside)
    {
        var options = new RegisterOptions(outside.BehindDashes);
        var file = new Option<string?>("--out") { Description = "Write the draft into this file instead of standard output", HelpName = "FILE" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Show the draft and upload nothing" };
        var command = new Command("register", "Read what a server lists, at --url or of the command behind --, and upload it as a draft");
        options.AddTo(command);
        command.Add(file);
        command.Add(dryRun);
        return command.Does(outside, async run =>
        {
            var order = await options.OrderAsync(run);
            var draft = await Registration.ReadAsync(order, run.Outside.Handler, run.Outside.Variable, run.Cancellation);
            Warn(run.Screen, order, draft);
            // Uploaded first: a draft on standard output says that it is there.
            var applied = run.Value(dryRun) ? default : await Registration.UploadAsync(order, draft, run.Client, run.Cancellation);
            if (run.Value(file) is { } into) await File.WriteAllTextAsync(into, YamlText.Write(draft.Json), run.Cancellation);
            else run.Screen.ShowWhole(draft.Json);
            if (order.Upstream is UpstreamAddress.Stdio server)
                foreach (var line in CommandOrder.Pins(server)) run.Screen.Note(line);
            if (draft.IsOldTransport) run.Screen.Note("the server speaks the old HTTP+SSE transport of 2024-11-05 alone, and is registered so.");
            Tell(run.Screen, draft);
            if (run.Value(dryRun)) return;
            if (order.Secret is { } secret) run.Screen.Note($"The value of {secret.Name} is sealed as secret {order.Name}; it is used up to {secret.Expires:yyyy-MM-dd}.");
            Tell(run.Screen, order.Name, draft, applied);
        });
    }

    private static void Warn(Screen screen, RegistrationOrder order, Upstreams.ServerDraft draft)
    {
        foreach (var tool in draft.Dropped) screen.Warn($"tool {tool.Name} is left out: {tool.Why}");
        foreach (var (tool, needs) in draft.Published.Where(each => each.Needs.Fault is not null)) screen.Warn($"tool {tool}: {needs.Fault}");
        var said = draft.Published.Count(each => each.Needs.Fault is null);
        if (said > 0) screen.Note($"{said} of {draft.Tools.Length} tools say themselves what they need; the draft has it, for you to check.");
        if (order is { Secret: not null, Upstream.Endpoint: { Scheme: "http", IsLoopback: false } })
            screen.Warn("the value of the header goes to this server over plain http: who is on the way can read it");
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
