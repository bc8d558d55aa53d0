using System.Collections.Immutable;
using System.Text.Json;
using Symbolon.Core.Resources;

namespace Symbolon.Core.Registry;

/// <summary>What a tool's <c>inputSchema</c> says of one of its outermost arguments that a need names.</summary>
/// <param name="Values">All that it can be, by <c>const</c> or <c>enum</c>; empty where it can be anything, or be left out.</param>
internal sealed record NamedArgument(ImmutableArray<string> Values)
{
    private static readonly NamedArgument Anything = new(ImmutableArray<string>.Empty);

    /// <returns>Null where there is no such argument, or one that is neither a string nor an integer.</returns>
    public static NamedArgument? Of(JsonElement? inputSchema, string name)
    {
        if (inputSchema is not { ValueKind: JsonValueKind.Object } schema || Member(schema, "properties") is not { } properties || Member(properties, name) is not { } property) return null;
        if (Member(property, "type") is not { ValueKind: JsonValueKind.String } type || type.GetString() is not ("string" or "integer")) return null;
        var isRequired = Member(schema, "required") is { ValueKind: JsonValueKind.Array } required
            && required.EnumerateArray().Any(each => each.ValueKind == JsonValueKind.String && each.GetString() == name);
        if (!isRequired) return Anything;
        var values = Member(property, "const") is { } single ? [single]
            : Member(property, "enum") is { ValueKind: JsonValueKind.Array } several ? several.EnumerateArray().ToList() : [];
        var texts = values.Select(TextOf).ToList();
        return texts.Contains(null) ? Anything : new NamedArgument([.. texts.OfType<string>().Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>A value as a pattern can hold it; null for any other.</summary>
    private static string? TextOf(JsonElement value)
    {
        var text = value.ValueKind == JsonValueKind.String ? value.GetString() : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _) ? value.GetRawText() : null;
        return text is not null && ResourcePattern.Parse(text, out _) is { Segments: [{ Kind: SegmentKind.Literal }] } ? text : null;
    }

    private static JsonElement? Member(JsonElement of, string name) => of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var found) ? found : null;
}
