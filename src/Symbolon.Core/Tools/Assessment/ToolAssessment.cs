using System.Collections.Immutable;

namespace Symbolon.Core.Tools.Assessment;

/// <summary>What we take a tool for, and why. Never more lenient for what the tool says of itself in annotations or promises.</summary>
public sealed record ToolAssessment
{
    /// <summary>As listed, and not necessarily a <see cref="Identity.ToolName"/>; empty where there is none.</summary>
    public required string Name { get; init; }
    public required Effect Effect { get; init; }
    public ToolFlags Flags { get; init; }

    /// <summary>At least one, the effect's first; for people. Words of the tool appear cut and only as the rules know them.</summary>
    public required ImmutableArray<string> Why { get; init; }

    /// <summary>What the server declares, beside what was assessed.</summary>
    public required DeclaredHints Declared { get; init; }

    /// <summary>Where the two say different things; empty where nothing is declared.</summary>
    public required ImmutableArray<string> Disagreements { get; init; }

    /// <summary>The same tool as two lists describe it: the worse effect and the flags of both.</summary>
    public ToolAssessment WorseOf(ToolAssessment other)
    {
        var (worse, better) = other.Effect > Effect ? (other, this) : (this, other);
        return worse with
        {
            Flags = worse.Flags | better.Flags,
            Why = [.. worse.Why.Union(better.Why)],
            Disagreements = [.. worse.Disagreements.Union(better.Disagreements)],
        };
    }
}
