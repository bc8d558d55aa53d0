using Symbolon.Core.Registry;
using Symbolon.Core.Tools;
using Symbolon.Core.Tools.Assessment;

namespace Symbolon.Admin.Servers;

/// <summary>A tool of one version, with what its owner decided, what it is assessed as now, and what its server declares, side by side.</summary>
public sealed record AssessedToolResponse
{
    public required string Name { get; init; }

    /// <summary>What the version says and calls are decided by: <c>read</c>, <c>write</c> or <c>irreversible</c>.</summary>
    public required string Effect { get; init; }
    public required IReadOnlyList<string> Flags { get; init; }

    /// <summary>From name, description and schema, by the rules of this program; never by what is declared.</summary>
    public required AssessmentResponse Assessed { get; init; }

    /// <summary>The server's annotations; absent where there are none.</summary>
    public DeclaredResponse? Declared { get; init; }

    /// <summary>Where the three say different things, for people; empty where they agree.</summary>
    public required IReadOnlyList<string> Disagreements { get; init; }

    internal static AssessedToolResponse Of(ManifestTool tool)
    {
        var assessed = ToolAssessor.Assess(new ListedTool
        {
            Name = tool.Name.Value,
            Title = tool.Title,
            Description = tool.Description,
            InputSchema = tool.InputSchema,
            Annotations = tool.Annotations,
        });
        return new AssessedToolResponse
        {
            Name = tool.Name.Value,
            Effect = tool.Effect.ToText(),
            Flags = [.. tool.Flags.ToTexts()],
            Assessed = new AssessmentResponse(assessed.Effect.ToText(), [.. assessed.Flags.ToTexts()], assessed.Why),
            Declared = assessed.Declared == DeclaredHints.None ? null : DeclaredResponse.Of(assessed.Declared),
            Disagreements = [.. assessed.Disagreements, .. Decided(tool, assessed)],
        };
    }

    /// <summary>An owner may know better; who reviews it sees where.</summary>
    private static IEnumerable<string> Decided(ManifestTool tool, ToolAssessment assessed)
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
