using System.CommandLine;
using Symbolon.Admin.Api;
using Symbolon.Cli.Invocation;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Commands;

/// <summary>What most nouns have: a list, one object, and steps in its life.</summary>
internal static class Verb
{
    public const int MostItems = 100_000;

    public static Command List(Outside outside, string noun, string route, params IReadOnlyList<Column> columns)
    {
        var command = new Command("list", $"List {(noun.EndsWith('y') ? noun[..^1] + "ies" : noun + "s")}");
        command.Aliases.Add("ls");
        return command.Does(outside, async run => run.Screen.Show(await run.Client.ListAsync(route, MostItems, run.Cancellation), columns));
    }

    public static Command Show(Outside outside, string noun, string route, string argument = "name")
    {
        var name = new Argument<string>(argument);
        return new Command("show", $"Show one {noun}") { name }.Does(outside, async run =>
            run.Screen.ShowWhole(await run.Client.GetAsync($"{route}/{Segment(run.Value(name))}", run.Cancellation)));
    }

    /// <param name="forGood">It cannot be taken back, so it asks first. What can, is done at once: who suspends is in a hurry.</param>
    public static Command Step(Outside outside, string noun, string route, string step, string summary, bool forGood, string? alias = null)
    {
        var name = new Argument<string>("name");
        var reason = ReasonOption.Make();
        var yes = GlobalOptions.Yes();
        var command = new Command(step, summary) { name, reason };
        if (forGood) command.Add(yes);
        if (alias is not null) command.Aliases.Add(alias);
        return command.Does(outside, async run =>
        {
            if (forGood) await run.ConfirmAsync(yes, $"{char.ToUpperInvariant(step[0])}{step[1..]} {noun} {run.Value(name)}?");
            var changed = await run.Client.PostAsync($"{route}/{Segment(run.Value(name))}/{step}", new ReasonRequest { Reason = run.Value(reason) }, run.Cancellation);
            run.Screen.Note($"{noun} {JsonPath.Text(changed, "name")} is {JsonPath.Text(changed, "state")}.");
            if (run.Screen.Format != OutputFormat.Table) run.Screen.ShowWhole(changed);
        });
    }

    /// <summary>One segment of a path: a name cannot lead to another route.</summary>
    public static string Segment(string name) =>
        name is "" or "." or ".." ? throw CommandException.Usage($"'{name}' is no name.") : Uri.EscapeDataString(name);
}
