using System.Runtime.CompilerServices;
using Symbolon.Core.Registry;
using Symbolon.Core.Tools;
using Symbolon.Core.Tools.Assessment;

namespace Symbolon.Admin.Servers;

/// <summary>A tool of one version, with what its owner decided, what it is assessed as now, and what its server declares, side by side.</summary>
public sealed record AssessedToolResponse
{
    public required string Name { get; init; }
    public string? Title { get; init; }
    public string? Description { get; init; }

    /// <summary>What the version says and calls are decided by: <c>read</c>, <c>write</c> or <c>irreversible</c>.</summary>
    public required string Effect { get; init; }
    public required IReadOnlyList<string> Flags { get; init; }

    /// <summary>What a call does behind the server; empty where nobody has said.</summary>
    public required IReadOnlyList<NeedResponse> Needs { get; init; }

    /// <summary>From name, description and schema, by the rules of this program; never by what is declared.</summary>
    public required AssessmentResponse Assessed { get; init; }

    /// <summary>The server's annotations; absent where there are none.</summary>
    public DeclaredResponse? Declared { get; init; }

    /// <summary>Where the three say different things, for people; empty where they agree.</summary>
    public required IReadOnlyList<string> Disagreements { get; init; }

    /// <summary>
    /// The scope that covers it without naming it, e.g. <c>@read</c>; absent for a tool that is in no class and must be named (<c>sensitive</c>,
    /// <c>executes</c>).
    /// </summary>
    public string? Class { get; init; }

    /// <summary>
    /// What the answering node saw listed, beside what was reviewed: <c>reviewed</c>, <c>changed</c>, <c>vanished</c>, <c>unreviewed</c> (listed only in
    /// an era in which nobody reviewed it), or <c>unknown</c> (not read). Calls of what is <c>changed</c> or <c>unreviewed</c> are refused.
    /// </summary>
    public required string Definition { get; init; }

    /// <summary>The reviewed definition by era.</summary>
    public required DigestsResponse Digests { get; init; }

    /// <summary>The definition that is listed now, by era; absent where none was read.</summary>
    public DigestsResponse? Listed { get; init; }

    /// <summary>It depends on nothing but the tool, which never changes.</summary>
    private static readonly ConditionalWeakTable<ManifestTool, ToolAssessment> Known = [];

    internal static ToolAssessment Assess(ManifestTool tool) => Known.GetValue(tool, static tool => ToolAssessor.Assess(new ListedTool
    {
        Name = tool.Name.Value,
        Title = tool.Title,
        Description = tool.Description,
        InputSchema = tool.InputSchema,
        Annotations = tool.Annotations,
    }));

    /// <summary>Calls that were let through in the last 30 days, some seconds late; absent while the store cannot be asked.</summary>
    public long? Calls30Days { get; init; }

    /// <summary>Calls that were refused for what they are, in the same time.</summary>
    public long? Refused30Days { get; init; }

    /// <summary>The last that was let through; absent where there was none.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <param name="live">What is listed now; null where that is not known, or not of this version.</param>
    internal static AssessedToolResponse Of(ManifestTool tool, LiveDefinition? live)
    {
        var assessed = Assess(tool);
        return new AssessedToolResponse
        {
            Name = tool.Name.Value,
            Title = tool.Title,
            Description = tool.Description,
            Effect = tool.Effect.ToText(),
            Flags = [.. tool.Flags.ToTexts()],
            Needs = NeedResponse.Of(tool.Needs),
            Assessed = new AssessmentResponse(assessed.Effect.ToText(), [.. assessed.Flags.ToTexts()], assessed.Why),
            Declared = assessed.Declared == DeclaredHints.None ? null : DeclaredResponse.Of(assessed.Declared),
            Disagreements = [.. assessed.Disagreements, .. Decided(tool, assessed)],
            Class = tool.Flags.MustBeNamed() ? null : "@" + tool.Effect.ToText(),
            Definition = live?.State switch
            {
                DefinitionState.Reviewed => "reviewed",
                DefinitionState.Changed => "changed",
                DefinitionState.Vanished => "vanished",
                DefinitionState.Unreviewed => "unreviewed",
                _ => "unknown",
            },
            Digests = new DigestsResponse(tool.Digests.Legacy, tool.Digests.Modern),
            Listed = live is null ? null : new DigestsResponse(live.Listed.Legacy, live.Listed.Modern),
        };
    }

    /// <summary>An owner may know better; who reviews it sees where.</summary>
    internal static IEnumerable<string> Decided(ManifestTool tool, ToolAssessment assessed)
    {
        if (tool.Effect != assessed.Effect) yield return $"decided {tool.Effect.ToText()}, assessed {assessed.Effect.ToText()}";
        if ((assessed.Flags & ~tool.Flags) is var missing and not ToolFlags.None) yield return $"assessed {string.Join(", ", missing.ToTexts())}, not decided so";
    }
}

/// <param name="Effect"><c>read</c>, <c>write</c> or <c>irreversible</c>.</param>
/// <param name="Why">For people; at least one.</param>
public sealed record AssessmentResponse(string Effect, IReadOnlyList<string> Flags, IReadOnlyList<string> Why);

/// <param name="Effect">What the hints amount to; absent where they name no class.</param>
public sealed record DeclaredResponse(string? Effect, bool? ReadOnlyHint, bool? DestructiveHint, bool? IdempotentHint, bool? OpenWorldHint)
{
    internal static DeclaredResponse Of(DeclaredHints hints) => new(hints.Effect?.ToText(), hints.ReadOnly, hints.Destructive, hints.Idempotent, hints.OpenWorld);
}
