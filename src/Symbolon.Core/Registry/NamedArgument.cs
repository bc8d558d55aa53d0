using System.Collections.Immutable;
using System.Text.Json;
using Symbolon.Core.Resources;

namespace Symbolon.Core.Registry;

/// <summary>One of a tool's outermost arguments that a need names: that there is one, the tool's <c>inputSchema</c> says; what it can be, only what is enforced.</summary>
/// <param name="Values">All that it can be, by <c>const</c> or <c>enum</c>; empty where it can be anything, or be left out.</param>
internal sealed record NamedArgument(ImmutableArray<string> Values)
{
    private static readonly NamedArgument Anything = new(ImmutableArray<string>.Empty);

    /// <returns>Null where there is no such argument, or one that is neither a string nor an integer.</returns>
    public static NamedArgument? Of(ManifestTool tool, string name)
    {
        if (Member(Member(tool.InputSchema, "properties"), name) is not { } property) return null;
        if (Member(property, "type") is not { ValueKind: JsonValueKind.String } type || type.GetString() is not ("string" or "integer")) return null;
        // What the server declares nobody enforces, and a call without the argument meets every limit on it (docs/adr/0018).
        if (LimitOf(tool.Arguments, name) is not { } limited || !IsRequired(tool.Arguments, name)) return Anything;
        var texts = limited.Select(TextOf).ToList();
        return texts.Contains(null) ? Anything : new NamedArgument([.. texts.OfType<string>().Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>Whether the constraints limit the argument to some values, but let a call leave it out.</summary>
    public static bool IsOptional(ToolConstraints constraints, string name) => LimitOf(constraints, name) is not null && !IsRequired(constraints, name);

    private static List<JsonElement>? LimitOf(ToolConstraints? constraints, string name)
    {
        var property = Member(Member(constraints?.Json, "properties"), name);
        return Member(property, "const") is { } single ? [single] : Member(property, "enum") is { ValueKind: JsonValueKind.Array } several ? [.. several.EnumerateArray()] : null;
    }

    private static bool IsRequired(ToolConstraints? constraints, string name) =>
        Member(constraints?.Json, "required") is { ValueKind: JsonValueKind.Array } required
        && required.EnumerateArray().Any(each => each.ValueKind == JsonValueKind.String && each.GetString() == name);

    /// <summary>A value as a pattern can hold it; null for any other.</summary>
    private static string? TextOf(JsonElement value)
    {
        var text = value.ValueKind == JsonValueKind.String ? value.GetString() : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _) ? value.GetRawText() : null;
        return text is not null && ResourcePattern.Parse(text, out _) is { Segments: [{ Kind: SegmentKind.Literal }] } ? text : null;
    }

    private static JsonElement? Member(JsonElement? of, string name) => of is { ValueKind: JsonValueKind.Object } found && found.TryGetProperty(name, out var member) ? member : null;
}
