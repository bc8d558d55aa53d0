using Symbolon.Cli.Output;
using Symbolon.Core.Audit;
using Symbolon.Core.Policy;

namespace Symbolon.Cli.Commands;

/// <summary>The filters of the audit as options.</summary>
internal static class AuditFilterOptions
{
    private static readonly string[] Decisions = ["allowed", "refused", "lost"];

    public static FilterOptions Make() => new(
        Listed("--kind", "Kind of record, e.g. call_intent", "KIND", AuditTexts.AllKinds),
        FilterOption.Of("--user", "Person", "EMAIL"),
        FilterOption.Of("--agent", "Agent", "NAME"),
        FilterOption.Of("--workflow", "Workflow", "NAME"),
        FilterOption.Of("--server", "Server", "NAME"),
        FilterOption.Of("--tool", "Tool", "NAME"),
        FilterOption.Of("--token", "Token", "ID"),
        FilterOption.Of("--code", "code", "Reason code, e.g. not_granted", "CODE", (code, _) => code is null || ReasonCodes.TryParse(code, out var known) ? code
            : throw CommandException.Usage($"There is no reason code {code}.", "docs/reason-codes.md lists them.")),
        FilterOption.Of("--call", "One call with all its records", "ID"),
        Listed("--decision", "allowed, refused or lost", "DECISION", Decisions),
        FilterOption.Of("--since", "from", "From this time on: 2027-03-31, 2027-03-31T12:00:00Z, or 15m ago as 15m", "TIME", (text, run) => AuditTime.Of(text, run.Outside.Clock)),
        FilterOption.Of("--until", "to", "Before this time", "TIME", (text, run) => AuditTime.Of(text, run.Outside.Clock)));

    /// <summary>A word that is on no list finds nothing, which would read as: it never happened.</summary>
    private static FilterOption Listed(string name, string summary, string value, IEnumerable<string> words) => FilterOption.Of(name, name[2..], summary, value,
        (word, _) => word is null || words.Contains(word) ? word : throw CommandException.Usage($"{name} must be one of {string.Join(", ", words)}."));
}
