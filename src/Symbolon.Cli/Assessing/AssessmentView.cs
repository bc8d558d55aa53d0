using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Symbolon.Core.Tools;
using Symbolon.Core.Tools.Assessment;

namespace Symbolon.Cli.Assessing;

/// <summary>An assessed tool as <c>-o json</c> shows it.</summary>
internal sealed record AssessmentView(
    string Name, string Effect, ImmutableArray<string> Flags, ImmutableArray<string> Why, DeclaredView? Declared, ImmutableArray<string> Disagreements)
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static AssessmentView Of(ToolAssessment tool) => new(
        tool.Name, tool.Effect.ToText(), [.. tool.Flags.ToTexts()], tool.Why,
        tool.Declared == DeclaredHints.None ? null
            : new DeclaredView(tool.Declared.Effect?.ToText(), tool.Declared.ReadOnly, tool.Declared.Destructive, tool.Declared.Idempotent, tool.Declared.OpenWorld),
        tool.Disagreements);
}

/// <param name="Effect">The class that the hints amount to, or absent where they name none.</param>
internal sealed record DeclaredView(string? Effect, bool? ReadOnlyHint, bool? DestructiveHint, bool? IdempotentHint, bool? OpenWorldHint);
