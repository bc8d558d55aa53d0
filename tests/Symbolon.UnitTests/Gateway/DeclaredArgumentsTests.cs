using System.Text;
using Symbolon.Gateway.Mcp;
using Symbolon.Jose.Json;

namespace Symbolon.UnitTests.Gateway;

[Trait("area", "gateway")]
public sealed class DeclaredArgumentsTests
{
    private static readonly string Long = new('q', 300);

    public static TheoryData<string, string, string?> Arguments => new()
    {
        { "namespace", "namespace", null },
        { "namespace", "Namespace", "namespace" },
        { "namespace", "name\u017Fpace", "namespace" },
        { "namespace", "\\u004eamespace", "namespace" },
        { "namespace", "\\u006eamespace", null },
        { "namespace", "namespaces", null },
        { "key", "\u212Aey", "key" },
        { "a\":{},\"A", "A", null },
        { "a\":{},\"A", "a", null },
        { "stra\u00DFe", "STRASSE", null },
        { Long, Long.ToUpperInvariant(), Long },
        { Long, Long, null },
        { "namespace", Long, null },
        { "namespace", "", null },
    };

    [Theory]
    [MemberData(nameof(Arguments))]
    public void An_argument_that_folds_to_a_declared_name_without_being_one_imitates_it(string declared, string argument, string? imitated) =>
        Assert.Equal(imitated, Imitated("{\"properties\":{\"" + declared + "\":{}}}", "{\"" + argument + "\":1}"));

    /// <summary>Schemas that declare <c>path</c> inside, with arguments that imitate it there and arguments that do not.</summary>
    public static TheoryData<string, string, bool> Inside => new()
    {
        { """{"properties":{"order":{"properties":{"path":{}}}}}""", """{"order":{"Path":1}}""", true },
        { """{"properties":{"order":{"properties":{"path":{}}}}}""", """{"order":{"path":1,"Other":2}}""", false },
        { """{"properties":{"order":{"properties":{"path":{}}}}}""", """{"other":{"PATH":1}}""", false },
        { """{"properties":{"path":{},"env":{"additionalProperties":{"type":"string"}}}}""", """{"path":"/","env":{"PATH":"/usr/bin"}}""", false },
        { """{"properties":{"all":{"items":{"properties":{"path":{}}}}}}""", """{"all":[{"path":1},{"PATH":1}]}""", true },
        { """{"properties":{"all":{"prefixItems":[{},{"properties":{"path":{}}}]}}}""", """{"all":[[{"x":1}],{"Path":1}]}""", true },
        { """{"properties":{"o":{"anyOf":[{"type":"null"},{"properties":{"path":{}}}]}}}""", """{"o":{"pAth":1}}""", true },
        { """{"allOf":[{"properties":{"o":{"oneOf":[{"properties":{"path":{}}}]}}}]}""", """{"o":{"pAth":1}}""", true },
        { """{"allOf":[{"properties":{"path":{}}}]}""", """{"Path":1}""", true },
        { """{"if":{},"then":{"properties":{"path":{}}},"else":{}}""", """{"Path":1}""", true },
        { """{"dependentSchemas":{"x":{"properties":{"path":{}}}}}""", """{"Path":1}""", true },
        { """{"properties":{"o":{"additionalProperties":{"properties":{"path":{}}}}}}""", """{"o":{"any":{"Path":1}}}""", true },
        { """{"properties":{"o":{"patternProperties":{"^x":{"properties":{"path":{}}}}}}}""", """{"o":{"x1":{"Path":1}}}""", true },
        { """{"properties":{"o":{"$ref":"#/$defs/a~1b%20c"}},"$defs":{"a/b c":{"properties":{"path":{}}}}}""", """{"o":{"Path":1}}""", true },
        { """{"properties":{"o":{"$ref":"#/$defs/x/anyOf/1"}},"$defs":{"x":{"anyOf":[{},{"properties":{"path":{}}}]}}}""", """{"o":{"Path":1}}""", true },
        { """{"properties":{"child":{"$ref":"#"},"path":{}}}""", """{"child":{"child":{"child":{"Path":1}}}}""", true },
        { """{"properties":{"child":{"$ref":"#"},"path":{}}}""", """{"child":{"child":{"child":{"path":1}}}}""", false },
        { """{"$ref":"#/$defs/gone","$defs":{"elsewhere":{"properties":{"path":{}}}}}""", """{"any":[{"Path":1}]}""", true },
        { """{"properties":{"o":{"$ref":"https://example.com/schema"},"path":{}}}""", """{"o":{"Path":1}}""", true },
        { """{"$ref":"#"}""", """{"Path":1}""", false },
        { """true""", """{"Path":1}""", false },
        { """{"properties":{"path":true}}""", """{"PATH":1}""", true },
    };

    [Theory]
    [MemberData(nameof(Inside))]
    public void A_member_inside_an_argument_is_compared_with_what_is_declared_at_its_place(string schema, string arguments, bool isImitation) =>
        Assert.Equal(isImitation ? "path" : null, Imitated(schema, arguments));

    [Fact]
    public void A_schema_that_is_too_long_to_follow_declares_its_names_everywhere()
    {
        // Links of a chain, each with a name of its own: where it is followed no further, the first link's name is guarded too.
        var links = string.Join(',', Enumerable.Range(0, 400).Select(i => $"\"d{i}\":{{\"properties\":{{\"p{i}\":{{}},\"a\":{{\"$ref\":\"#/$defs/d{i + 1}\"}}}}}}"));
        var schema = "{\"$ref\":\"#/$defs/d0\",\"$defs\":{" + links + "}}";
        Assert.Null(Imitated(schema, Nested(10, "P0")));
        Assert.Equal("p10", Imitated(schema, Nested(10, "P10")));
        Assert.Equal("p0", Imitated(schema, Nested(300, "P0")));
    }

    [Fact]
    public void A_tool_without_arguments_is_imitated_by_none() => Assert.Null(Imitated("{}", """{"x":1}"""));

    private static string Nested(int depth, string name) =>
        string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "{\"" + name + "\":1}" + new string('}', depth);

    private static string? Imitated(string schema, string arguments)
    {
        var declared = SchemaNames.Of(JsonValue.Root(Encoding.UTF8.GetBytes(schema)));
        foreach (var member in JsonValue.Root(Encoding.UTF8.GetBytes(arguments)).Members)
            if (declared.ImitatedBy(member) is { } imitated) return imitated;
        return null;
    }
}
