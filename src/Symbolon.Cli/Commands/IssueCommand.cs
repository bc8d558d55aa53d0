using System.CommandLine;
using System.Text.Json;
using Symbolon.Admin.Tokens;
using Symbolon.Cli.Invocation;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Commands;

/// <summary><c>symbolon token issue</c>.</summary>
internal static class IssueCommand
{
    public static Command Build(Outside outside)
    {
        var user = new Option<string?>("--user") { Description = "The person it speaks for", HelpName = "EMAIL" };
        var agent = new Option<string?>("--agent") { Description = "The agent that holds it", HelpName = "NAME" };
        var workflow = new Option<string?>("--workflow") { Description = "The workflow that holds it", HelpName = "NAME" };
        var servers = new Option<string[]>("--server") { Description = "A server, or several with what they may: NAME:TOOL,…  NAME:@EFFECT  NAME:@prompts  NAME:@resources  NAME:@all", HelpName = "NAME", Required = true };
        var tools = new Option<string[]>("--tool") { Description = "A tool of the one server", HelpName = "TOOL" };
        var effects = new Option<string[]>("--effect") { Description = "A class of the one server's tools: read, write, irreversible", HelpName = "EFFECT" };
        var all = new Option<bool>("--all") { Description = "All that the grants allow at the time of a call, on the one server" };
        var ttl = new Option<string?>("--ttl") { Description = "How long it lives, e.g. 8h; default: 8h, for a person alone 30d", HelpName = "TIME" };
        var note = new Option<string?>("--note") { Description = "Shown in lists", HelpName = "TEXT" };
        var grant = new Option<string?>("--create-grant") { Description = "Create the grant for exactly this holder and the tools that this means today, by name, under this name, in the same step", HelpName = "NAME" };
        var grantExpires = new Option<string?>("--grant-expires") { Description = "The last day of that grant, UTC, or never; default: as far ahead as a token may live at most", HelpName = "YYYY-MM-DD" };
        var grantMaxTtl = new Option<string?>("--grant-max-ttl") { Description = "The longest life of a token by that grant; default: as long as this one", HelpName = "TIME" };
        var owner = new Option<string?>("--create-agent") { Description = "Create the agent in the same step, with this owner", HelpName = "EMAIL" };
        var workflowOwner = new Option<string?>("--create-workflow") { Description = "Create the workflow in the same step, with this owner", HelpName = "EMAIL" };
        var reason = ReasonOption.Make();
        var env = EnvFile.Option();
        var command = new Command("issue", "Issue a token; its secret is shown once") { user, agent, workflow, servers, tools, effects, all, ttl, note, grant, grantExpires, grantMaxTtl, owner, workflowOwner, reason, env };
        return command.Does(outside, async run =>
        {
            if (run.Value(user) is null && run.Value(agent) is null && run.Value(workflow) is null)
                throw CommandException.Usage("Name at least one of --user, --agent and --workflow.");
            if (run.Value(env) is { } file && File.Exists(file)) throw CommandException.Usage($"{file} exists already; the secret would be lost.");
            var request = new IssueTokenRequest
            {
                User = run.Value(user),
                Agent = run.Value(agent),
                Workflow = run.Value(workflow),
                Servers = AccessOption.Read(run.Value(servers)!, run.Value(tools) ?? [], run.Value(effects) ?? [], run.Value(all)),
                Ttl = run.Value(ttl),
                Note = run.Value(note),
                Reason = run.Value(reason),
                CreateGrant = run.Value(grant) is { } name ? new CreateGrantRequest { Name = name, Expires = run.Value(grantExpires), MaxTtl = run.Value(grantMaxTtl) } : null,
                CreateAgent = run.Value(owner) is { } email ? new CreateAgentRequest { Owner = email } : null,
                CreateWorkflow = run.Value(workflowOwner) is { } address ? new CreateWorkflowRequest { Owner = address } : null,
            };
            var issued = await PostAsync(run, request);
            await TokenCommands.PrintSecretAsync(run, issued, run.Value(env));
            if (request.CreateGrant is { } created) run.Screen.Note(NoteOf(created));
        });
    }

    /// <summary>What somebody would otherwise find out only when it stops, or does not.</summary>
    private static string NoteOf(CreateGrantRequest grant) =>
        $"Grant {grant.Name} names the tools of today and no later one; "
        + (grant.MaxTtl is { } most ? $"no token lives longer by it than {most}; " : "no token lives longer by it than this one; ")
        + (grant.Expires switch { null => "it ends by itself", "never" => "it does not end by itself", var day => $"its last day is {day}" })
        + $" (symbolon grant show {grant.Name}).";

    private static async Task<JsonElement> PostAsync(CommandRun run, IssueTokenRequest request)
    {
        try
        {
            return await run.Client.PostAsync("tokens", request, run.Cancellation);
        }
        catch (CommandException refused) when (HintOf(refused, request) is { } hint)
        {
            throw new CommandException(refused.ExitCode, refused.Code, refused.Message) { Details = refused.Details, Hint = hint };
        }
    }

    /// <summary>The server speaks of its fields; who typed a command wants to know which option to add or to leave out.</summary>
    private static string? HintOf(CommandException refused, IssueTokenRequest request)
    {
        if (refused.Code == "not_granted" && request.CreateGrant is null)
            return "Apply a Grant first, or create the one that allows exactly this in the same step: --create-grant NAME";
        if (JsonPath.Find(refused.Problem, "errors") is not { ValueKind: JsonValueKind.Array } errors || errors.GetArrayLength() != 1) return null;
        return (JsonPath.Text(errors[0], "path"), JsonPath.Text(errors[0], "code")) switch
        {
            ("agent", "unknown_reference") => "Apply it first, or create it in the same step: --create-agent EMAIL, with its owner",
            ("workflow", "unknown_reference") => "Apply it first, or create it in the same step: --create-workflow EMAIL, with its owner",
            ("createAgent", _) when refused.Message.Contains("exists", StringComparison.Ordinal) => "Leave out --create-agent.",
            ("createWorkflow", _) when refused.Message.Contains("exists", StringComparison.Ordinal) => "Leave out --create-workflow.",
            ("createGrant.name" or "createGrant", _) => "Leave out --create-grant, or name another.",
            ("servers[0].name", _) => "symbolon server list shows the servers.",
            _ => null,
        };
    }
}
