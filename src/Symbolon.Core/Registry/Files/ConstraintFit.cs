using System.Text;
using System.Text.Json;
using Symbolon.Core.Tools.Schemas;
using Symbolon.Jose.Json;

namespace Symbolon.Core.Registry.Files;

/// <summary>
/// Compares constraints with what the tool declares, as far as that can be seen without deciding schemas: names that the tool does not have or that only look
/// like one, and values that it never takes.
/// </summary>
internal static class ConstraintFit
{
    private static readonly string[] SameValue = ["allOf", "anyOf", "oneOf", "not", "if", "then", "else"];

    /// <summary>Keywords by which a schema may declare more names than its <c>properties</c> say.</summary>
    private static readonly string[] MoreNames = ["$ref", "$dynamicRef", "allOf", "anyOf", "oneOf", "if", "then", "else", "dependentSchemas", "dependencies", "patternProperties"];

    private static readonly (string Least, string Most)[] Bounds =
        [("minimum", "maximum"), ("minLength", "maxLength"), ("minItems", "maxItems"), ("minProperties", "maxProperties"), ("minContains", "maxContains")];

    /// <param name="input">The tool's <c>inputSchema</c>; null where nobody knows it.</param>
    public static IReadOnlyList<SchemaFault> Find(JsonElement constraints, JsonElement? input)
    {
        var faults = new List<SchemaFault>();
        Compare(constraints, "", input, [], faults);
        return faults;
    }

    /// <param name="spelled">How names of this object are spelled so far, by what they fold to.</param>
    private static void Compare(JsonElement schema, string path, JsonElement? input, Dictionary<string, string> spelled, List<SchemaFault> faults)
    {
        if (schema.ValueKind != JsonValueKind.Object) return;
        foreach (var (name, at) in NamesIn(schema, path)) CheckName(name, at, input, spelled, faults);
        CheckBounds(schema, path, faults);
        if (Member(schema, "properties") is { } properties)
            foreach (var property in properties.EnumerateObject())
            {
                var (at, declared) = (PathText.Join(PathText.Join(path, "properties"), property.Name), PropertyOf(input, property.Name));
                CheckValues(property.Value, at, declared, faults);
                Compare(property.Value, at, declared, [], faults);
            }
        foreach (var keyword in SameValue)
        {
            if (Member(schema, keyword) is not { } inner) continue;
            var at = PathText.Join(path, keyword);
            if (inner.ValueKind != JsonValueKind.Array) Compare(inner, at, input, spelled, faults);
            else foreach (var (i, item) in inner.EnumerateArray().Index()) Compare(item, PathText.Join(at, i), input, spelled, faults);
        }
    }

    private static IEnumerable<(string Name, string At)> NamesIn(JsonElement schema, string path)
    {
        foreach (var keyword in (string[])["properties", "dependentSchemas", "dependentRequired"])
            if (Member(schema, keyword) is { } map)
                foreach (var member in map.EnumerateObject()) yield return (member.Name, PathText.Join(PathText.Join(path, keyword), member.Name));
        if (Member(schema, "required") is { } required)
            foreach (var name in required.EnumerateArray()) yield return (name.GetString()!, PathText.Join(path, "required"));
    }

    private static void CheckName(string name, string at, JsonElement? input, Dictionary<string, string> spelled, List<SchemaFault> faults)
    {
        var known = Member(input, "properties") is { ValueKind: JsonValueKind.Object } properties ? properties.EnumerateObject().Select(member => member.Name).ToList() : null;
        var folded = Fold(name);
        var alike = known?.Find(other => Fold(other) == folded) ?? spelled.GetValueOrDefault(folded);
        spelled.TryAdd(folded, name);
        if (alike == name) return;
        if (alike is not null) faults.Add(new SchemaFault(at, $"names {PathText.Shown(name)}, which readers without regard to case take for {PathText.Shown(alike)}"));
        else if (known is not null && DeclaresAll(input!.Value)) faults.Add(new SchemaFault(at, $"names {PathText.Shown(name)}, which is no argument of the tool's inputSchema"));
    }

    /// <summary>Whether what <c>properties</c> says is all.</summary>
    private static bool DeclaresAll(JsonElement input) =>
        !MoreNames.Any(keyword => input.TryGetProperty(keyword, out _)) && Member(input, "additionalProperties") is null or { ValueKind: JsonValueKind.False };

    private static void CheckBounds(JsonElement schema, string path, List<SchemaFault> faults)
    {
        foreach (var (least, most) in Bounds)
            if (Number(schema, least) is { } low && Number(schema, most) is { } high && low.CompareTo(high) > 0)
                faults.Add(new SchemaFault(PathText.Join(path, least), $"is more than {most}: nothing would be allowed"));
    }

    private static void CheckValues(JsonElement constraint, string path, JsonElement? input, List<SchemaFault> faults)
    {
        if (input is not { ValueKind: JsonValueKind.Object } declared || constraint.ValueKind != JsonValueKind.Object) return;
        // Only what the property says by itself: what it refers to is elsewhere.
        var kept = declared.EnumerateObject().Where(member => member.Name is "type" or "const" or "enum").ToDictionary(member => member.Name, member => member.Value);
        if (JsonSchema.Compile(JsonSerializer.SerializeToElement(kept), SchemaRules.Draft, out _) is not { } schema) return;
        foreach (var keyword in (string[])["const", "enum"])
        {
            if (Member(constraint, keyword) is not { } found) continue;
            foreach (var value in keyword == "enum" ? found.EnumerateArray().ToList() : [found])
                if (schema.Check(JsonValue.Root(Encoding.UTF8.GetBytes(value.GetRawText()))) is not null)
                    faults.Add(new SchemaFault(PathText.Join(path, keyword), $"has {PathText.Shown(value.GetRawText())}, which the tool's inputSchema does not allow"));
        }
    }

    private static JsonElement? PropertyOf(JsonElement? input, string name) => Member(Member(input, "properties"), name);

    private static ExactNumber? Number(JsonElement schema, string keyword) =>
        Member(schema, keyword) is { ValueKind: JsonValueKind.Number } value && ExactNumber.TryRead(Encoding.UTF8.GetBytes(value.GetRawText()), out var number) ? number : null;

    private static JsonElement? Member(JsonElement? of, string name) => of is { ValueKind: JsonValueKind.Object } found && found.TryGetProperty(name, out var member) ? member : null;

    private static string Fold(string name)
    {
        var folded = new StringBuilder(name.Length);
        foreach (var rune in name.EnumerateRunes()) folded.Append(NameFolding.Fold(rune));
        return folded.ToString();
    }
}
