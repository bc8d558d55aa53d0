using System.CommandLine;
using System.Text.Json;
using Symbolon.Admin.Policies;
using Symbolon.Cli.Invocation;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Commands;

/// <summary><c>symbolon policy simulate</c></summary>
internal static class PolicySimulateCommand
{
    public static Command Build(Outside outside)
    {
        var server = new Option<string>("--server") { Description = "Whose tool, prompt or resource", HelpName = "NAME", Required = true };
        var (tool, prompt, resource) = (Option("--tool", "NAME", "The tool that is called"), Option("--prompt", "NAME", "Or the prompt that is asked for"), Option("--resource", "URI", "Or the resource that is read"));
        var args = Option("--args", "JSON", "The arguments, an object; @FILE for the content of a file");
        var (token, user, agent, workflow) = (Option("--token", "ID", "Id of the token that calls, or:"), Option("--user", "EMAIL", "The person"), Option("--agent", "NAME", "The agent"), Option("--workflow", "NAME", "The workflow"));
        var groups = new Option<string[]>("--group") { Description = "A group of the person; may be given several times", HelpName = "NAME" };
        var flags = new Option<string[]>("--session-flag") { Description = "What the session has done already, such as sensitive; may be given several times", HelpName = "FLAG" };
        var at = Option("--at", "TIME", "When: 2027-03-31T12:00:00Z; default now");
        var ip = Option("--ip", "ADDRESS", "From where");
        var command = new Command("simulate", "Say what the rules that hold now would say of a call, and why; exit code 2 where it is denied");
        foreach (var option in new Option[] { server, tool, prompt, resource, args, token, user, agent, workflow, groups, flags, at, ip }) command.Add(option);
        return command.Does(outside, async run =>
        {
            var request = new SimulateRequest
            {
                Call = new SimulatedCallRequest
                {
                    Server = run.Value(server)!, Tool = run.Value(tool), Prompt = run.Value(prompt), Resource = run.Value(resource), Args = await ArgumentsAsync(run, run.Value(args)),
                    Subject = (run.Value(user), run.Value(groups)) is (null, null or []) ? null : new PolicyTestSubject(run.Value(user), run.Value(groups) is { Length: > 0 } named ? named : null),
                    Agent = run.Value(agent), Workflow = run.Value(workflow), Session = run.Value(flags) is { Length: > 0 } done ? new PolicyTestSession(done) : null, At = run.Value(at),
                },
                Token = run.Value(token), Ip = run.Value(ip),
            };
            var answer = await run.Client.PostAsync("policies/simulate", request, run.Cancellation);
            Show(run.Screen, answer);
            return JsonPath.Text(answer, "decision") == "deny" ? ExitCode.Findings : ExitCode.Ok;
        });
    }

    private static Option<string?> Option(string name, string help, string description) => new(name) { Description = description, HelpName = help };

    private static async Task<JsonElement?> ArgumentsAsync(CommandRun run, string? text)
    {
        if (text is null) return null;
        if (text.StartsWith('@'))
        {
            if (!File.Exists(text[1..])) throw CommandException.Usage($"There is no file {text[1..]}.");
            text = await File.ReadAllTextAsync(text[1..], run.Cancellation);
        }
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            throw CommandException.Usage("--args must be JSON, such as '{\"amount\": 250}'.");
        }
    }

    private static void Show(Screen screen, JsonElement answer)
    {
        if (screen.Format != OutputFormat.Table)
        {
            screen.ShowWhole(answer);
            return;
        }
        var by = JsonPath.Text(answer, "rule") is { } rule ? $" by {rule}" : "";
        var why = JsonPath.Text(answer, "error") ?? JsonPath.Text(answer, "message");
        screen.Line(PlainText.OneLine($"{JsonPath.Text(answer, "decision")}{(JsonPath.Text(answer, "code") is { } code ? $" ({code})" : "")}{by}{(why is null ? "" : $": {why}")}"));
        foreach (var demand in answer.GetProperty("demands").EnumerateArray()) screen.Line(PlainText.OneLine($"still to be met: {JsonPath.Text(demand, "id")}"));
        if (answer.GetProperty("observed").GetArrayLength() > 0) screen.Line(PlainText.OneLine($"observed: {JsonPath.Text(answer, "observed")}"));
        screen.Show(answer.GetProperty("trace"), Column.At("RULE", "rule"), Column.At("MATCHED", "matched"), Column.At("SAYS", "says"), Column.At("OBSERVED", "observed"), Column.At("ERROR", "error"));
    }
}
