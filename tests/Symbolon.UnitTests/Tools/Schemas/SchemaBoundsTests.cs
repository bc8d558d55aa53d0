using System.Diagnostics;
using Symbolon.Core.Tools.Schemas;

namespace Symbolon.UnitTests.Tools.Schemas;

/// <summary>Schemas and values made to cost as much as they can.</summary>
[Trait("area", "schemas")]
[Trait("hostile", "schema")]
public sealed class SchemaBoundsTests
{
    [Theory]
    [InlineData("""{"$ref":"#"}""")]
    [InlineData("""{"allOf":[{"$ref":"#"}]}""")]
    [InlineData("""{"properties":{"a":{"$ref":"#/$defs/x"}},"$defs":{"x":{"anyOf":[{"$ref":"#/$defs/y"}]},"y":{"not":{"$ref":"#/$defs/x"}}}}""")]
    [InlineData("""{"$dynamicRef":"#n","$dynamicAnchor":"n"}""")]
    [InlineData("""{"$dynamicAnchor":"n","$ref":"x","$defs":{"x":{"$id":"x","$dynamicAnchor":"n","allOf":[{"$dynamicRef":"#n"}]}}}""")]
    [InlineData("""{"if":{"$ref":"#"},"then":true}""")]
    [InlineData("""{"dependentSchemas":{"a":{"$ref":"#"}}}""")]
    public void A_schema_that_asks_itself_about_the_same_value_is_refused(string schema) =>
        Assert.Contains(SchemaCheck.Faults(schema, SchemaRules.Draft), fault => fault.Message.Contains("back to itself", StringComparison.Ordinal));

    [Fact]
    public void A_schema_that_asks_itself_about_a_part_of_the_value_is_fine()
    {
        var tree = SchemaCheck.Read("""{"properties":{"children":{"items":{"$ref":"#"}},"name":{"type":"string"}},"additionalProperties":false}""");
        Assert.Null(tree.Check("""{"children":[{"children":[{"name":"x"}]}]}"""));
        Assert.Equal("children[0].children[0].nam", tree.Check("""{"children":[{"children":[{"nam":"x"}]}]}""")?.Path);
    }

    [Fact]
    public void A_chain_of_references_longer_than_the_bound_is_refused_and_overflows_nothing()
    {
        Assert.Null(SchemaCheck.Read(Chain(200)).Check("1"));
        Assert.NotNull(SchemaCheck.Read(Chain(200)).Check("\"x\""));
        Assert.NotEmpty(SchemaCheck.Faults(Chain(1_900)));

        static string Chain(int length) =>
            "{\"$ref\":\"#/$defs/d0\",\"$defs\":{" + string.Join(',', Enumerable.Range(0, length).Select(i => $"\"d{i}\":{{\"$ref\":\"#/$defs/d{i + 1}\"}}")) + $",\"d{length}\":{{\"type\":\"integer\"}}}}}}";
    }

    [Fact]
    public void A_schema_with_too_many_parts_or_levels_is_refused()
    {
        var fault = Assert.Single(SchemaCheck.Faults("{\"allOf\":[" + string.Join(',', Enumerable.Repeat("true", 5_000)) + "]}"));
        Assert.Contains("2000", fault.Message, StringComparison.Ordinal);
        fault = Assert.Single(SchemaCheck.Faults(string.Concat(Enumerable.Repeat("{\"not\":", 63)) + "{\"not\":{\"not\":true}}" + new string('}', 63)));
        Assert.Contains("64 levels", fault.Message, StringComparison.Ordinal);
    }

    /// <summary>Each level asks the next one twice: 2^60 questions, if they were all asked.</summary>
    [Fact]
    public void A_bomb_of_alternatives_is_stopped_and_refused()
    {
        foreach (var keyword in (string[])["allOf", "anyOf", "oneOf"])
        {
            var levels = string.Join(',', Enumerable.Range(0, 60).Select(i => $"\"d{i}\":{{\"{keyword}\":[{{\"$ref\":\"#/$defs/d{i + 1}\"}},{{\"$ref\":\"#/$defs/d{i + 1}\"}}]}}"));
            var last = keyword == "allOf" ? "{\"type\":\"integer\"}" : "{\"type\":\"string\"}";
            var schema = SchemaCheck.Read("{\"$ref\":\"#/$defs/d0\",\"$defs\":{" + levels + ",\"d60\":" + last + "}}");
            AssertTooMuch(schema, "1");
            // A finding that stops the check is no "no" that could be turned round.
            AssertTooMuch(SchemaCheck.Read("{\"not\":{\"$ref\":\"#/$defs/d0\"},\"$defs\":{" + levels + ",\"d60\":" + last + "}}"), "1");
        }
    }

    [Fact]
    public void A_hundred_thousand_items_are_told_apart_and_a_hundred_thousand_hostile_ones_bounded()
    {
        var unique = SchemaCheck.Read("""{"uniqueItems":true}""");
        var different = string.Join(',', Enumerable.Range(0, 100_000).Select(i => $"{{\"id\":{i},\"name\":\"n{i}\"}}"));
        Assert.Null(Timed(() => unique.Check($"[{different}]")));
        Assert.NotNull(Timed(() => unique.Check($"[{different},{{\"name\":\"n5\",\"id\":5.0}}]")));
        Assert.NotNull(Timed(() => unique.Check($"[{string.Join(',', Enumerable.Repeat("[]", 100_000))}]")));
        var inside = SchemaCheck.Read("""{"items":{"uniqueItems":true,"contains":{"pattern":"(x+x+)+y"}}}""");
        Timed(() => inside.Check($"[{string.Join(',', Enumerable.Repeat("[\"" + new string('x', 900) + "\",{}]", 4_000))}]"));
    }

    [Theory]
    [InlineData("""{"pattern":"(.*a){90}b"}""")]
    [InlineData("""{"anyOf":[{"pattern":"(a?){300}b"},{"pattern":"(x+x+)+y"}]}""")]
    public void A_long_text_under_a_costly_pattern_is_refused_in_time_that_grows_with_it(string schema)
    {
        var read = SchemaCheck.Read(schema);
        AssertTooMuch(read, '"' + new string('a', 1_000_000) + '"');
    }

    [Fact]
    public void Many_names_under_many_patterns_and_names_that_have_to_be_spelled_exactly_are_bounded()
    {
        var patterns = string.Join(',', Enumerable.Range(0, 500).Select(i => $"\"^p{i}(a|a)*$\":true"));
        var names = string.Join(',', Enumerable.Range(0, 500).Select(i => $"\"n{i}\":true"));
        var schema = SchemaCheck.Read("{\"patternProperties\":{" + patterns + "},\"properties\":{" + names + "}}");
        Timed(() => schema.Check("{" + string.Join(',', Enumerable.Range(0, 10_000).Select(i => $"\"member{i}\":1")) + "}"));
    }

    [Fact]
    public void A_deep_value_costs_no_more_than_its_levels()
    {
        var schema = SchemaCheck.Read("""{"anyOf":[{"type":"string"},{"items":{"$ref":"#"},"unevaluatedItems":false}]}""");
        Assert.Null(Timed(() => schema.Check(string.Concat(Enumerable.Repeat("[", 60)) + "\"x\"" + new string(']', 60))));
        AssertTooMuch(schema, string.Concat(Enumerable.Repeat("[", 400)) + "\"x\"" + new string(']', 400));
    }

    private static void AssertTooMuch(JsonSchema schema, string value) => Assert.Contains("too large to be checked", Timed(() => schema.Check(value))?.Demand, StringComparison.Ordinal);

    /// <summary>Far more than it takes on a machine with nothing else to do, and far less than anything that is not bounded would.</summary>
    private static SchemaViolation? Timed(Func<SchemaViolation?> check)
    {
        var watch = Stopwatch.StartNew();
        var violation = check();
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        return violation;
    }
}
