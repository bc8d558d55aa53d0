using System.CommandLine;
using Symbolon.Cli.Commands;
using Symbolon.Cli.Invocation;
using Symbolon.Cli.Output;

namespace Symbolon.Cli;

/// <summary>The whole tree of commands: noun, then verb. DESIGN.md section 4, Command line.</summary>
internal static class CommandLine
{
    public static RootCommand Build(Outside outside) => new("Identity provider, registry and gateway for MCP servers")
    {
        GlobalOptions.Output,
        GlobalOptions.Quiet,
        GlobalOptions.NoHeaders,
        ServeCommand.Build(outside),
        RunnerCommand.Build(outside),
        SidecarCommand.Build(outside),
        DemoCommand.Build(outside),
        LoginCommands.Login(outside),
        LoginCommands.Logout(outside),
        LintCommand.Build(outside),
        ManifestCommand.Build(outside),
        ApplyCommand.BuildPlan(outside),
        ApplyCommand.Build(outside),
        ExportCommand.Build(outside),
        ServerCommands.Build(outside),
        ReviewCommands.Build(outside),
        HistoryCommands.History(outside),
        HistoryCommands.Rollback(outside),
        IdentityCommands.Agent(outside),
        IdentityCommands.Workflow(outside),
        UserCommands.Build(outside),
        IdentityCommands.Grant(outside),
        PolicyCommands.Build(outside),
        IdentityCommands.Resource(outside),
        IdentityCommands.Issuer(outside),
        AccessCommand.Build(outside),
        ToolCommands.Build(outside),
        SecretCommand.Build(outside),
        TokenCommands.Build(outside),
        ClientCommand.Build(outside),
        AuthorizationCommands.Build(outside),
        RevokeCommand.Build(outside),
        AuditCommands.Build(outside),
        OverviewCommand.Build(outside),
        KeyCommands.Build(outside),
        NodeCommand.Build(outside),
        WebhookCommand.Build(outside),
        SessionCommands.Build(outside),
        ReasonCommand.Build(outside),
    };

    /// <summary>Parses and runs. What cannot be parsed is exit code 3, with the errors on standard error.</summary>
    public static async Task<int> RunAsync(string[] arguments, Outside outside, CancellationToken cancellation = default)
    {
        var dashes = Array.IndexOf(arguments, "--");
        var root = Build(dashes < 0 ? outside : outside with { BehindDashes = arguments[(dashes + 1)..] });
        // A word that starts with @ is a word here, not the name of a file of further words.
        var parsed = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            // What was typed wrong comes before what is missing because of it.
            var unknown = parsed.UnmatchedTokens is [var first, ..] ? first : null;
            var errors = parsed.Errors.Select(error => error.Message).Distinct().OrderBy(message => unknown is null || !message.Contains($"'{unknown}'", StringComparison.Ordinal)).ToList();
            var failure = new CommandException(ExitCode.Usage, "usage", errors[0])
            {
                Details = errors[1..],
                Hint = $"{(Nearest.To(parsed) is { } meant ? $"Did you mean {meant}? " : "")}{NameOf(parsed.CommandResult.Command)} --help",
            };
            CommandAction.ScreenOf(parsed, outside).Fail(failure);
            return (int)ExitCode.Usage;
        }
        // Time for a server to end its streams and flush its audit; commands end at once.
        var running = new InvocationConfiguration
        {
            Output = outside.Output,
            Error = outside.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = TimeSpan.FromSeconds(15),
        };
        return await parsed.InvokeAsync(running, cancellation);
    }

    private static string NameOf(Symbol command) =>
        string.Join(' ', command.Parents.OfType<Command>().Take(1).Select(NameOf).Append(command is RootCommand ? "symbolon" : command.Name));
}
