using Symbolon.Core.Tools.Schemas.Patterns;

namespace Symbolon.Core.Tools.Schemas.Keywords;

/// <summary>Reads the keywords that hold schemas. JSON Schema Core §10 and §11.</summary>
internal static class ApplicatorReader
{
    public static IEnumerable<Keyword> Read(SchemaPart part)
    {
        foreach (var keyword in ReadItems(part).Concat(ReadMembers(part))) yield return keyword;
        if (part.List("allOf") is { } all) yield return new AllKeyword(part.PathOf("allOf"), all);
        if (part.List("anyOf") is { } any) yield return new AnyKeyword(part.PathOf("anyOf"), any);
        if (part.List("oneOf") is { } one) yield return new OneKeyword(part.PathOf("oneOf"), one);
        if (part.Schema("not") is { } not) yield return new NotKeyword(part.PathOf("not"), not);
        // Read in any case: what a branch without a condition says can still be referred to.
        var (condition, then, otherwise) = (part.Schema("if"), part.Schema("then"), part.Schema("else"));
        if (condition is not null) yield return new IfKeyword(part.PathOf("if"), condition, then, otherwise);
        if (part.Map("dependentSchemas") is { } dependent) yield return new DependentKeyword(part.PathOf("dependentSchemas"), dependent);
    }

    /// <summary>Those that look at what all others have left.</summary>
    public static IEnumerable<Keyword> ReadLeftOvers(SchemaPart part)
    {
        if (part.Schema("unevaluatedItems") is { } items) yield return new LeftOverItemsKeyword(part.PathOf("unevaluatedItems"), items);
        if (part.Schema("unevaluatedProperties") is { } members) yield return new LeftOverMembersKeyword(part.PathOf("unevaluatedProperties"), members);
    }

    private static IEnumerable<Keyword> ReadItems(SchemaPart part)
    {
        var (first, rest) = (part.List("prefixItems"), part.Schema("items"));
        if (first is not null || rest is not null) yield return new ItemKeyword(part.PathOf("items"), first ?? [], rest);
        var (least, most) = (part.Count("minContains") ?? 1, part.Count("maxContains"));
        if (part.Schema("contains") is { } schema)
            yield return new ContainsKeyword(part.PathOf("contains"), $"must have {(most is null ? "at least " : $"{least} to ")}{most ?? least} items that contains allows", schema, least, most);
    }

    private static IEnumerable<Keyword> ReadMembers(SchemaPart part)
    {
        var (named, matching, others) = (part.Map("properties"), part.Map("patternProperties"), part.Schema("additionalProperties"));
        var patterns = new List<(Pattern, SchemaNode)>();
        foreach (var (text, schema) in matching ?? [])
            if (AssertionReader.ReadPattern(part, "patternProperties", text) is { } pattern) patterns.Add((pattern, schema));
        if (named is not null || matching is not null || others is not null) yield return new MemberKeyword(part.PathOf("properties"), named ?? [], patterns, others);
        if (part.Schema("propertyNames") is { } names) yield return new MemberNamesKeyword(part.PathOf("propertyNames"), names);
    }
}
