using System.Text.Json;
using Symbolon.Cel.Json;
using Symbolon.Cel.Types;
using Symbolon.Cel.Values;

namespace Symbolon.Core.Policy.Rules;

/// <summary>The types that a JSON Schema gives to arguments. What it says in ways that are not read here (references elsewhere, conditions) has any type.</summary>
internal static class SchemaTypes
{
    private const int MostDepth = 16;
    private const int MostWays = 16;

    /// <param name="isStrict">What the schema does not name is not there, unless it says that others may be.</param>
    public static CelType OfArguments(JsonElement? schema, bool isStrict) =>
        schema is { ValueKind: JsonValueKind.Object } found && found.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object
            ? new Reader(found, isStrict).Record(found, properties, 0) : CelType.Record(new CelShape([], isOpen: true));

    /// <param name="root">What references begin from.</param>
    private sealed class Reader(JsonElement root, bool isStrict)
    {
        public CelType Record(JsonElement schema, JsonElement properties, int depth)
        {
            var isOpen = !isStrict || schema.TryGetProperty("patternProperties", out _) || schema.TryGetProperty("additionalProperties", out var others) && others.ValueKind != JsonValueKind.False;
            return CelType.Record(new CelShape(properties.EnumerateObject().DistinctBy(property => property.Name).Select(property => Member(property, depth)), isOpen));
        }

        private CelMember Member(JsonProperty property, int depth)
        {
            var types = All(property.Value, depth).Distinct().ToList();
            var type = types is [var only] ? only : CelType.Dyn;
            return new CelMember(property.Name, type)
            {
                Alternatives = types.Count > 1 && !types.Contains(CelType.Dyn) ? types : null,
                Values = ValuesOf(property.Value, type), Least = BoundOf(property.Value, type, "minimum"), Most = BoundOf(property.Value, type, "maximum"),
            };
        }

        private CelType Of(JsonElement schema, int depth) => All(schema, depth).Distinct().ToList() is [var only] ? only : CelType.Dyn;

        /// <summary>One of them a value has to be.</summary>
        private IEnumerable<CelType> All(JsonElement schema, int depth)
        {
            if (schema.ValueKind != JsonValueKind.Object || depth > MostDepth) return [CelType.Dyn];
            if (schema.TryGetProperty("type", out var type))
                return type.ValueKind switch
                {
                    JsonValueKind.String => [Named(type.GetString()!, schema, depth)],
                    JsonValueKind.Array when type.GetArrayLength() > 0 => [.. type.EnumerateArray().Select(each => each.ValueKind == JsonValueKind.String ? Named(each.GetString()!, schema, depth) : CelType.Dyn)],
                    _ => [CelType.Dyn],
                };
            if (schema.TryGetProperty("$ref", out var reference)) return Find(reference) is { } found ? All(found, depth + 1) : [CelType.Dyn];
            foreach (var name in (ReadOnlySpan<string>)["anyOf", "oneOf"])
                if (schema.TryGetProperty(name, out var ways) && ways.ValueKind == JsonValueKind.Array && ways.GetArrayLength() is > 0 and <= MostWays) return [.. ways.EnumerateArray().SelectMany(way => All(way, depth + 1))];
            return [CelType.Dyn];
        }

        private CelType Named(string name, JsonElement schema, int depth) => name switch
        {
            "string" => CelType.String,
            "integer" => CelType.Int,
            "number" => CelType.Double,
            "boolean" => CelType.Bool,
            "null" => CelType.Null,
            "array" => CelType.List(schema.TryGetProperty("items", out var items) ? Of(items, depth + 1) : CelType.Dyn),
            "object" when schema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object => Record(schema, properties, depth + 1),
            "object" => CelType.Map(CelType.String, schema.TryGetProperty("additionalProperties", out var values) && !schema.TryGetProperty("patternProperties", out _) ? Of(values, depth + 1) : CelType.Dyn),
            _ => CelType.Dyn,
        };

        /// <summary>Within the schema itself alone.</summary>
        private JsonElement? Find(JsonElement reference)
        {
            if (reference.ValueKind != JsonValueKind.String || reference.GetString() is not { } path || !path.StartsWith("#/", StringComparison.Ordinal)) return null;
            var at = root;
            foreach (var step in path[2..].Split('/'))
                if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal), out at)) return null;
            return at;
        }
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
