using System.Collections.Frozen;

namespace Symbolon.Core.Audit;

/// <summary>The stable names of kinds and outcomes, <c>snake_case</c>, as records and filters carry them.</summary>
public static class AuditTexts
{
    private static readonly string[] Kinds = [.. Enum.GetNames<AuditKind>().Select(ToSnakeCase)];
    private static readonly string[] Outcomes = [.. Enum.GetNames<CallOutcome>().Select(ToSnakeCase)];
    private static readonly FrozenDictionary<string, AuditKind> KindsByText =
        Enum.GetValues<AuditKind>().ToFrozenDictionary(kind => Kinds[(int)kind], StringComparer.Ordinal);

    /// <summary>Every kind's name, e.g. <c>call_intent</c>, in the order of <see cref="AuditKind"/>.</summary>
    public static IReadOnlyList<string> AllKinds => Kinds;

    /// <summary>Every outcome's name, e.g. <c>tool_error</c>, in the order of <see cref="CallOutcome"/>.</summary>
    public static IReadOnlyList<string> AllOutcomes => Outcomes;

    public static string ToText(this AuditKind kind) => Kinds[(int)kind];

    public static string ToText(this CallOutcome outcome) => Outcomes[(int)outcome];

    public static bool TryParse(string? text, out AuditKind kind) => KindsByText.TryGetValue(text ?? "", out kind);

    private static string ToSnakeCase(string name) =>
        string.Concat(name.Select((c, i) => char.IsAsciiLetterUpper(c) ? (i == 0 ? "" : "_") + char.ToLowerInvariant(c) : c.ToString()));
}
