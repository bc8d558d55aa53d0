using System.CommandLine;
using System.Text.Json;
using Symbolon.Cli.Invocation;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Commands;

/// <summary><c>symbolon server drift</c>: what is listed otherwise than it was reviewed. What could not be compared is never passed over in silence.</summary>
internal static class DriftCommand
{
    public static Command Build(Outside outside)
    {
        var name = new Argument<string?>("name") { Arity = ArgumentArity.ZeroOrOne, Description = "One server; default: all that serve" };
        return new Command("drift", "List tools whose live definition is not the reviewed one; exit code 2 where there are any") { name }.Does(outside, async run =>
        {
            var wanted = run.Optional(name);
            var servers = wanted is null
                ? [.. (await run.Client.ListAsync("servers?state=active", Verb.MostItems, run.Cancellation)).EnumerateArray()]
                : new[] { await run.Client.GetAsync($"servers/{Verb.Segment(wanted)}", run.Cancellation) };
            var drifted = await run.Client.ListAsync("drift" + Query.Of(("server", wanted)), Verb.MostItems, run.Cancellation);
            var unread = servers.Where(server => JsonPath.Text(server, "health") != "ok").ToList();
            if (wanted is not null && unread is [var one] && drifted.GetArrayLength() == 0)
                throw new CommandException(ExitCode.Error, "not_read", $"The tools of {wanted} cannot be compared: {Why(one)}.") { Hint = "A server is read while it is used; make a call, or list its tools with a token." };
            run.Screen.Show(drifted, Column.At("SERVER", "server"), Column.At("TOOL", "tool"), Column.At("EFFECT", "effect"), Column.At("DEFINITION", "definition"),
                new Column("CALLS", row => JsonPath.Text(row, "definition") == "vanished" ? "not there" : "refused"), Column.At("READ", "readAt"));
            foreach (var server in unread) run.Screen.Warn($"{JsonPath.Text(server, "name")} was not compared: {Why(server)}");
            if (drifted.GetArrayLength() == 0)
            {
                run.Screen.Note($"{servers.Length - unread.Count} of {servers.Length} servers list what was reviewed.");
                return ExitCode.Ok;
            }
            run.Screen.Note("symbolon review list --state open has what waits; each review shows the definitions side by side.");
            return ExitCode.Findings;
        });
    }

    private static string Why(JsonElement server) => (JsonPath.Text(server, "state"), JsonPath.Text(server, "health")) switch
    {
        (not "active", _) => $"it is {JsonPath.Text(server, "state")}",
        (_, "unreachable") => "it cannot be reached now",
        _ => "this node has not read it, since nobody uses it here",
    };
}
