using System.Text.Json;
using Symbolon.Cel.Json;
using Symbolon.Cel.Types;
using Symbolon.Cel.Values;

namespace Symbolon.Core.Policy.Rules;

/// <summary>The types that a JSON Schema gives to arguments. What it says in ways that are not read here (references, alternatives) has any type.</summary>
internal static class SchemaTypes
{
    private const int MostDepth = 16;

    /// <param name="isStrict">What the schema does not name is not there, unless it says that others may be.</param>
    public static CelType OfArguments(JsonElement? schema, bool isStrict) =>
        schema is { ValueKind: JsonValueKind.Object } found && found.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object
            ? Record(found, properties, isStrict, 0) : CelType.Record(new CelShape([], isOpen: true));

    private static CelType Of(JsonElement schema, bool isStrict, int depth)
    {
        if (schema.ValueKind != JsonValueKind.Object || depth > MostDepth || !schema.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String) return CelType.Dyn;
        return type.GetString() switch
        {
            "string" => CelType.String,
            "integer" => CelType.Int,
            "number" => CelType.Double,
            "boolean" => CelType.Bool,
            "null" => CelType.Null,
            "array" => CelType.List(schema.TryGetProperty("items", out var items) ? Of(items, isStrict, depth + 1) : CelType.Dyn),
            "object" when schema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object => Record(schema, properties, isStrict, depth + 1),
            "object" => CelType.Map(CelType.String, CelType.Dyn),
            _ => CelType.Dyn,
        };
    }

    private static CelType Record(JsonElement schema, JsonElement properties, bool isStrict, int depth)
    {
        var isOpen = !isStrict || schema.TryGetProperty("patternProperties", out _) || schema.TryGetProperty("additionalProperties", out var others) && others.ValueKind != JsonValueKind.False;
        return CelType.Record(new CelShape(properties.EnumerateObject().DistinctBy(property => property.Name).Select(property => Member(property, isStrict, depth)), isOpen));
    }

    private static CelMember Member(JsonProperty property, bool isStrict, int depth)
    {
        var type = Of(property.Value, isStrict, depth);
        return new CelMember(property.Name, type) { Values = ValuesOf(property.Value, type), Least = BoundOf(property.Value, type, "minimum"), Most = BoundOf(property.Value, type, "maximum") };
    }

    /// <summary><c>enum</c> and <c>const</c>, where all of them are texts or truth values: numbers have more than one spelling.</summary>
    private static List<CelValue>? ValuesOf(JsonElement schema, CelType type)
    {
        if (type.Kind is not (CelTypeKind.String or CelTypeKind.Bool)) return null;
        IEnumerable<JsonElement> values = schema.TryGetProperty("const", out var only) ? [only]
            : schema.TryGetProperty("enum", out var listed) && listed.ValueKind == JsonValueKind.Array ? listed.EnumerateArray() : [];
        var found = values.Select(value => new CelJson().Read(value.GetRawText())).ToList();
        return found.Count == 0 ? null : found;
    }

    private static double? BoundOf(JsonElement schema, CelType type, string name) =>
        type.Kind is CelTypeKind.Int or CelTypeKind.Double && schema.TryGetProperty(name, out var bound) && bound.ValueKind == JsonValueKind.Number && bound.TryGetDouble(out var value) ? value : null;
}
