using System.Collections.Frozen;
using System.Text.Json;

namespace Symbolon.Core.Tools.Schemas.Keywords;

/// <summary>The keywords of JSON Schema 2020-12, by what a constraint may do with them.</summary>
internal static class KeywordNames
{
    private const string OnlyRemark = "is only a remark in JSON Schema 2020-12 and checks nothing";

    /// <summary>Those that are enforced, name something, or cannot be taken for a check.</summary>
    private static readonly FrozenSet<string> Known = FrozenSet.Create(
        StringComparer.Ordinal,
        "$schema", "$id", "$ref", "$anchor", "$dynamicRef", "$dynamicAnchor", "$defs", "$comment", "title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly",
        "allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas", "prefixItems", "items", "contains", "properties", "patternProperties", "additionalProperties",
        "propertyNames", "unevaluatedItems", "unevaluatedProperties", "type", "const", "enum", "multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "maxLength",
        "minLength", "pattern", "maxItems", "minItems", "uniqueItems", "maxContains", "minContains", "maxProperties", "minProperties", "required", "dependentRequired");

    /// <summary>Those that would be taken for a check and are none, with what to write.</summary>
    private static readonly FrozenDictionary<string, string> Refused = new Dictionary<string, string>
    {
        ["format"] = $"{OnlyRemark}; write a pattern",
        ["contentEncoding"] = $"{OnlyRemark}; write a pattern",
        ["contentMediaType"] = OnlyRemark,
        ["contentSchema"] = OnlyRemark,
        ["$vocabulary"] = "is for schemas of schemas",
        ["definitions"] = "is of an older draft; write $defs",
        ["dependencies"] = "is of an older draft; write dependentRequired or dependentSchemas",
        ["additionalItems"] = "is of an older draft; write prefixItems and items",
        ["$recursiveRef"] = "is of an older draft; write $dynamicRef",
        ["$recursiveAnchor"] = "is of an older draft; write $dynamicAnchor",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Keywords that say nothing without another.</summary>
    public static readonly (string Name, string Partner)[] Partners = [("then", "if"), ("else", "if"), ("minContains", "contains"), ("maxContains", "contains")];

    /// <returns>Why a constraint cannot have it, as the rest of a sentence; null where it can.</returns>
    public static string? WhyNot(string name) =>
        Known.Contains(name) ? null : Refused.GetValueOrDefault(name) ?? "is no keyword of JSON Schema 2020-12, and would be ignored";

    /// <summary>Members of an object that a schema names, by any of its keywords.</summary>
    public static IEnumerable<string> NamedBy(SchemaPart part)
    {
        foreach (var keyword in (string[])["properties", "dependentSchemas", "dependentRequired"])
            if (part.Any(keyword) is { ValueKind: JsonValueKind.Object } map)
                foreach (var member in map.EnumerateObject())
                {
                    yield return member.Name;
                    foreach (var name in TextsOf(member.Value)) yield return name;
                }
        if (part.Any("required") is { } required)
            foreach (var name in TextsOf(required)) yield return name;
    }

    private static IEnumerable<string> TextsOf(JsonElement list) =>
        list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!) : [];
}
