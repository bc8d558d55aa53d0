using System.Text.Json;
using Symbolon.Core.Tools.Schemas.Patterns;
using Symbolon.Jose.Json;

namespace Symbolon.Core.Tools.Schemas.Keywords;

/// <summary>Reads the keywords that look at the value itself. JSON Schema Validation §6.</summary>
internal static class AssertionReader
{
    private const int MostShown = 200;

    public static IEnumerable<Keyword> Read(SchemaPart part) => ReadValues(part).Concat(ReadNumbers(part)).Concat(ReadLengths(part)).Concat(ReadOthers(part));

    /// <summary>With a fault where it is not taken.</summary>
    public static Pattern? ReadPattern(SchemaPart part, string keyword, string text)
    {
        var pattern = Pattern.Parse(text, out var fault);
        if (pattern is null) part.Fault(keyword, $"has a pattern that {fault}");
        return pattern;
    }

    private static IEnumerable<Keyword> ReadValues(SchemaPart part)
    {
        if (ReadTypes(part) is { } types) yield return new TypeKeyword(part.PathOf("type"), types);
        if (part.Any("const") is { } single)
        {
            if (KnownValue.Of(single) is { } known) yield return new ValueKeyword(part.PathOf("const"), $"must be {Shown(single)}", [known]);
            else part.Fault("const", "must be a number that an int64 or a double carries exactly");
        }
        if (part.Value("enum", "must be a list", JsonValueKind.Array) is not { } several) yield break;
        var values = several.EnumerateArray().Select(KnownValue.Of).OfType<KnownValue>().ToList();
        if (values.Count < several.GetArrayLength()) part.Fault("enum", "must have no number but those that an int64 or a double carries exactly");
        yield return new ValueKeyword(part.PathOf("enum"), $"must be one of {Cut(string.Join(", ", several.EnumerateArray().Take(MostShown).Select(Shown)))}", values);
    }

    private static List<string>? ReadTypes(SchemaPart part)
    {
        var types = part.Any("type") is { ValueKind: JsonValueKind.Array } ? part.Texts("type") : part.Text("type") is { } one ? [one] : null;
        if (types is null || (types.Count > 0 && types.TrueForAll(type => TypeKeyword.Names.Contains(type)))) return types;
        part.Fault("type", $"must be {string.Join(", ", TypeKeyword.Names)}, or a list of these");
        return null;
    }

    private static IEnumerable<NumberKeyword> ReadNumbers(SchemaPart part)
    {
        foreach (var (name, rule, words) in (IEnumerable<(string, NumberRule, string)>)
        [
            ("multipleOf", NumberRule.Multiple, "a multiple of"), ("maximum", NumberRule.Most, "at most"), ("exclusiveMaximum", NumberRule.LessThan, "less than"),
            ("minimum", NumberRule.Least, "at least"), ("exclusiveMinimum", NumberRule.MoreThan, "more than"),
        ])
        {
            if (part.Number(name) is not { } limit) continue;
            if (rule == NumberRule.Multiple && !limit.IsPositive) part.Fault(name, "must be more than 0");
            else yield return new NumberKeyword(part.PathOf(name), $"must be {words} {Shown(part.Any(name)!.Value)}", rule, limit);
        }
    }

    private static IEnumerable<LengthKeyword> ReadLengths(SchemaPart part)
    {
        foreach (var (suffix, kind, words) in (IEnumerable<(string, JsonKind, string)>)[("Length", JsonKind.String, "characters"), ("Items", JsonKind.Array, "items"), ("Properties", JsonKind.Object, "members")])
        {
            if (part.Count("min" + suffix) is { } least) yield return new LengthKeyword(part.PathOf("min" + suffix), $"must have at least {least} {words}", kind, least, isMost: false);
            if (part.Count("max" + suffix) is { } most) yield return new LengthKeyword(part.PathOf("max" + suffix), $"must have at most {most} {words}", kind, most, isMost: true);
        }
    }

    private static IEnumerable<Keyword> ReadOthers(SchemaPart part)
    {
        if (part.Text("pattern") is { } text && ReadPattern(part, "pattern", text) is { } pattern) yield return new PatternKeyword(part.PathOf("pattern"), pattern);
        if (part.Value("uniqueItems", "must be true or false", JsonValueKind.True, JsonValueKind.False) is { ValueKind: JsonValueKind.True }) yield return new UniqueKeyword(part.PathOf("uniqueItems"));
        if (part.Texts("required") is { } required) yield return new RequiredKeyword(part.PathOf("required"), "is required", null, required);
        if (part.Value("dependentRequired", "must be an object of lists of texts", JsonValueKind.Object) is not { } dependent) yield break;
        foreach (var member in dependent.EnumerateObject())
        {
            var names = member.Value.ValueKind == JsonValueKind.Array && member.Value.EnumerateArray().All(name => name.ValueKind == JsonValueKind.String)
                ? member.Value.EnumerateArray().Select(name => name.GetString()!).ToList() : null;
            if (names is null) part.Fault("dependentRequired", "must be an object of lists of texts");
            else yield return new RequiredKeyword(part.PathOf("dependentRequired"), $"is required beside '{PathText.Shown(member.Name)}'", member.Name, names);
        }
    }

    private static string Shown(JsonElement value) => Cut(value.GetRawText());

    private static string Cut(string text) => PathText.Shown(text, MostShown);
}
