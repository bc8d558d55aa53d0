using System.Collections.Immutable;
using System.Text.Json;

namespace Symbolon.Core.Tools.Assessment;

/// <summary>Finds the parameters of an input schema: properties at every depth, in alternatives and items, with local references followed.</summary>
internal sealed class SchemaWalk(JsonElement root, AssessmentRules rules)
{
    /// <summary>Schemas that are read of one tool.</summary>
    public const int MostSchemas = 5_000;

    private const int Deepest = 32;
    private const int MostValues = 500;
    private const int MostAlternatives = 32;
    private static readonly string[] Alternatives = ["anyOf", "oneOf", "allOf", "prefixItems"];
    private static readonly string[] Inner = ["items", "additionalProperties", "contains", "then", "else"];
    private static readonly string[] Named = ["properties", "patternProperties", "dependentSchemas"];

    private readonly ImmutableArray<Parameter>.Builder found = ImmutableArray.CreateBuilder<Parameter>();
    private int schemas;
    private bool whole = true;

    public static ParameterList Read(JsonElement? schema, AssessmentRules rules)
    {
        if (schema is not { ValueKind: JsonValueKind.Object } root) return new ParameterList([], true);
        var walk = new SchemaWalk(root, rules);
        walk.Visit(root, 0);
        return new ParameterList(walk.found.ToImmutable(), walk.whole);
    }

    private void Visit(JsonElement schema, int depth)
    {
        if (schema.ValueKind != JsonValueKind.Object) return;
        if (depth > Deepest || ++schemas > MostSchemas)
        {
            whole = false;
            return;
        }
        if (Referenced(schema) is { } target) Visit(target, depth + 1);
        foreach (var keyword in Named)
            if (Object(schema, keyword) is { } members)
                foreach (var member in members.EnumerateObject())
                {
                    if (!whole) return;
                    if (keyword == "properties") found.Add(Describe(NameOf(member), member.Value));
                    if (keyword == "patternProperties") found.AddRange(NamesIn(NameOf(member)).Select(name => Describe(name, member.Value)));
                    Visit(member.Value, depth + 1);
                }
        foreach (var keyword in Alternatives)
            if (schema.TryGetProperty(keyword, out var list) && list.ValueKind == JsonValueKind.Array)
                foreach (var alternative in list.EnumerateArray()) Visit(alternative, depth + 1);
        foreach (var keyword in Inner)
            if (Object(schema, keyword) is { } inner) Visit(inner, depth + 1);
    }

    /// <summary>What a pattern for names lets through says as much as names: <c>^(drop|delete)_</c>.</summary>
    private static IEnumerable<string> NamesIn(string pattern) =>
        pattern.Split(['|', '(', ')', '^', '$'], StringSplitOptions.RemoveEmptyEntries).Take(MostAlternatives).DefaultIfEmpty("");

    private Parameter Describe(string name, JsonElement schema)
    {
        var types = new SortedSet<string>(StringComparer.Ordinal);
        var values = new List<string>();
        var free = false;
        Collect(schema, types, values, ref free, 0);
        return new Parameter
        {
            Name = name,
            Words = FoldedText.Of(name, rules).Words,
            Description = FoldedText.Of(DescriptionOf(schema), rules),
            Types = [.. types],
            Values = free ? [] : [.. values],
        };
    }

    /// <summary>The schema's own description, or what its alternatives say where it says nothing.</summary>
    private static string? DescriptionOf(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object) return null;
        if (schema.TryGetProperty("description", out var text) && JsonTexts.Of(text) is { } own) return own;
        var said = Alternatives
            .SelectMany(keyword => schema.TryGetProperty(keyword, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Take(MostValues) : [])
            .Select(alternative => alternative.ValueKind == JsonValueKind.Object && alternative.TryGetProperty("description", out var one) ? JsonTexts.Of(one) : null)
            .OfType<string>();
        return string.Join(". ", said) is { Length: > 0 } joined ? joined : null;
    }

    /// <param name="free">Set where one alternative is a text that no list of values bounds.</param>
    private void Collect(JsonElement schema, SortedSet<string> types, List<string> values, ref bool free, int depth)
    {
        if (schema.ValueKind != JsonValueKind.Object || depth > 4) return;
        var bounded = values.Count;
        if (schema.TryGetProperty("enum", out var listed) && listed.ValueKind == JsonValueKind.Array)
            foreach (var value in listed.EnumerateArray().Take(MostValues + 1 - values.Count)) values.Add(JsonTexts.Of(value) ?? "");
        if (schema.TryGetProperty("const", out var only)) values.Add(JsonTexts.Of(only) ?? "");
        // More values than are read are as good as any value.
        if (values.Count > MostValues) free = true;
        var alternatives = false;
        foreach (var keyword in (ReadOnlySpan<string>)["anyOf", "oneOf"])
            if (schema.TryGetProperty(keyword, out var list) && list.ValueKind == JsonValueKind.Array)
                foreach (var alternative in list.EnumerateArray().Take(MostValues))
                {
                    alternatives = true;
                    Collect(alternative, types, values, ref free, depth + 1);
                }
        var own = TypesOf(schema);
        types.UnionWith(own);
        if (own.Contains("array") && Object(schema, "items") is { } items) Collect(items, types, values, ref free, depth + 1);
        else if (Referenced(schema) is { } target) Collect(target, types, values, ref free, depth + 1);
        else if (own.Contains("string") && values.Count == bounded && !alternatives) free = true;
    }

    private static List<string> TypesOf(JsonElement schema) =>
        !schema.TryGetProperty("type", out var type) ? []
        : type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Take(8).Select(JsonTexts.Of).OfType<string>()]
        : JsonTexts.Of(type) is { } one ? [one] : [];

    /// <summary>The schema that a reference into this document names; others are not read.</summary>
    private JsonElement? Referenced(JsonElement schema)
    {
        if (!schema.TryGetProperty("$ref", out var reference) || JsonTexts.Of(reference) is not { } pointer || !pointer.StartsWith("#/", StringComparison.Ordinal)) return null;
        var at = root;
        foreach (var step in pointer[2..].Split('/').Take(Deepest))
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal), out at)) return null;
        return at.ValueKind == JsonValueKind.Object ? at : null;
    }

    private static JsonElement? Object(JsonElement schema, string keyword) =>
        schema.TryGetProperty(keyword, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

    private static string NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }
}
