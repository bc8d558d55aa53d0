using System.CommandLine;
using System.Text.Json;
using Symbolon.Cli.Assessing;
using Symbolon.Cli.Invocation;
using Symbolon.Cli.Output;
using Symbolon.Core.Tools.Assessment;

namespace Symbolon.Cli.Commands;

/// <summary><c>symbolon tool</c>.</summary>
internal static class ToolCommands
{
    public static Command Build(Outside outside) => new("tool", "What tools do") { List(outside), Assess(outside) };

    private static Command List(Outside outside)
    {
        var server = new Argument<string>("server");
        var version = new Option<string?>("--version") { Description = "approved or pending; default: the one that serves, or the pending one before there is any", HelpName = "WHICH" };
        var command = new Command("list", "List a server's tools: what was decided, assessed and declared, and where these differ") { server, version };
        command.Aliases.Add("ls");
        return command.Does(outside, async run =>
        {
            var query = run.Value(version) switch
            {
                null => "",
                "approved" or "pending" => $"?version={run.Value(version)}",
                _ => throw CommandException.Usage("--version must be approved or pending."),
            };
            var tools = await run.Client.ListAsync($"servers/{Verb.Segment(run.Value(server))}/tools{query}", Verb.MostItems, run.Cancellation);
            run.Screen.Show(tools, Column.At("TOOL", "name"), Column.At("EFFECT", "effect"), Column.At("FLAGS", "flags"),
                Column.At("ASSESSED", "assessed.effect"), Column.At("DECLARED", "declared.effect"), new Column("DIFFERS", row => string.Join("; ", row.GetProperty("disagreements").EnumerateArray().Select(JsonPath.Text))), Column.At("DEFINITION", "definition"));
            var differing = tools.EnumerateArray().Count(tool => tool.GetProperty("disagreements").GetArrayLength() > 0);
            if (differing > 0) run.Screen.Note($"{differing} of {tools.GetArrayLength()} tools differ; -o json says why each is assessed so.");
        });
    }

    private static Command Assess(Outside outside)
    {
        var file = new Argument<string>("file") { Description = "A saved tools/list: the answer, its result, or the list itself; - for standard input" };
        return new Command("assess", "Say what each tool of a saved tools/list does, and why; needs no server") { file }.Does(outside, async run =>
        {
            var tools = await SavedTools.ReadAsync(run.Value(file), run.Outside.Input, run.Cancellation);
            var assessed = tools.Select(tool => AssessmentView.Of(ToolAssessor.Assess(ListedTool.Of(tool)))).ToList();
            run.Screen.Show(JsonSerializer.SerializeToElement(assessed, AssessmentView.Json), Column.At("TOOL", "name"), Column.At("EFFECT", "effect"), Column.At("FLAGS", "flags"),
                Column.At("DECLARED", "declared.effect"), new Column("WHY", row => string.Join("; ", row.GetProperty("why").EnumerateArray().Select(JsonPath.Text))));
            var disagreeing = assessed.Count(tool => tool.Disagreements.Length > 0);
            if (disagreeing > 0) run.Screen.Note($"{disagreeing} of {assessed.Count} tools declare something else than was assessed.");
        });
    }
}
