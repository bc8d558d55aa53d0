using System.Collections.Immutable;
using System.Text.Json;

namespace Symbolon.Core.Tools.Assessment;

/// <summary>A tool's annotations as its server declares them. No signal of its own: shown beside the assessment. PROTOCOL.md 9.</summary>
public sealed record DeclaredHints
{
    public static readonly DeclaredHints None = new();

    public bool? ReadOnly { get; init; }
    public bool? Destructive { get; init; }
    public bool? Idempotent { get; init; }
    public bool? OpenWorld { get; init; }

    /// <summary>The class that the hints amount to, or null where they name none: a missing hint is not taken for its default.</summary>
    public Effect? Effect => (ReadOnly, Destructive) switch
    {
        (true, not true) => Tools.Effect.Read,
        (_, true) => Tools.Effect.Irreversible,
        (_, false) => Tools.Effect.Write,
        _ => null,
    };

    public static DeclaredHints Of(JsonElement? annotations)
    {
        if (annotations is not { ValueKind: JsonValueKind.Object } hints) return None;
        return new DeclaredHints
        {
            ReadOnly = Hint(hints, "readOnlyHint"),
            Destructive = Hint(hints, "destructiveHint"),
            Idempotent = Hint(hints, "idempotentHint"),
            OpenWorld = Hint(hints, "openWorldHint"),
        };
    }

    /// <summary>Where these hints and what was assessed say different things.</summary>
    public ImmutableArray<string> Against(Effect effect, ToolFlags flags)
    {
        var found = ImmutableArray.CreateBuilder<string>();
        if (ReadOnly == true && Destructive == true) found.Add("declared read-only and destructive at once");
        if (Effect is { } declared && declared != effect) found.Add($"declared {declared.ToText()}, assessed {effect.ToText()}");
        else if (ReadOnly == false && Effect is null && effect == Tools.Effect.Read) found.Add("declared not read-only, assessed read");
        if (OpenWorld == false && flags.HasFlag(ToolFlags.OpenWorld)) found.Add("declared a closed world, assessed open-world");
        return found.ToImmutable();
    }

    private static bool? Hint(JsonElement hints, string name) =>
        hints.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : null;
}
