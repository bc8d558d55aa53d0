using System.CommandLine;
using Symbolon.Cli.Invocation;
using Symbolon.Cli.Output;
using Symbolon.Core.Audit;
using Symbolon.Core.Policy;

namespace Symbolon.Cli.Commands;

/// <summary>The filters of the audit as options.</summary>
internal sealed class AuditFilterOptions
{
    private readonly Option<string?>[] exact =
    [
        Of("--kind", "Kind of record, e.g. call_intent", "KIND"),
        Of("--user", "Person", "EMAIL"),
        Of("--agent", "Agent", "NAME"),
        Of("--workflow", "Workflow", "NAME"),
        Of("--server", "Server", "NAME"),
        Of("--tool", "Tool", "NAME"),
        Of("--token", "Token", "ID"),
        Of("--code", "Reason code, e.g. not_granted", "CODE"),
        Of("--call", "One call with all its records", "ID"),
        Of("--decision", "allowed, refused or lost", "DECISION"),
    ];

    private readonly Option<string?> since = Of("--since", "From this time on: 2027-03-31, 2027-03-31T12:00:00Z, or 15m ago as 15m", "TIME");
    private readonly Option<string?> until = Of("--until", "Before this time", "TIME");

    public void AddTo(Command command)
    {
        foreach (var option in exact) command.Add(option);
        command.Add(since);
        command.Add(until);
    }

    public IEnumerable<(string Name, string? Value)> Read(CommandRun run) =>
        exact.Select(option => (option.Name[2..], Known(option.Name, run.Value(option))))
            .Append(("from", AuditTime.Of(run.Value(since), run.Outside.Clock)))
            .Append(("to", AuditTime.Of(run.Value(until), run.Outside.Clock)));

    /// <summary>A word that is on no list finds nothing, which would read as: it never happened.</summary>
    private static string? Known(string option, string? value) => (option, value) switch
    {
        ("--kind", { } kind) when !AuditTexts.AllKinds.Contains(kind) => throw CommandException.Usage($"--kind must be one of {string.Join(", ", AuditTexts.AllKinds)}."),
        ("--decision", { } decision) when decision is not ("allowed" or "refused" or "lost") => throw CommandException.Usage("--decision must be allowed, refused or lost."),
        ("--code", { } code) when !ReasonCodes.TryParse(code, out _) => throw CommandException.Usage($"There is no reason code {code}.", "docs/reason-codes.md lists them."),
        _ => value,
    };

    private static Option<string?> Of(string name, string summary, string value) => new(name) { Description = summary, HelpName = value };
}
