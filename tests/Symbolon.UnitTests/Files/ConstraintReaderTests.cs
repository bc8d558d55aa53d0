using Symbolon.Core.Registry.Files;

namespace Symbolon.UnitTests.Files;

/// <summary>A tool's <c>arguments</c> beside its own schema, as the reader of files takes or refuses them.</summary>
[Trait("area", "files")]
[Trait("clause", "DESIGN.md §4 Files")]
public sealed class ConstraintReaderTests
{
    private const string Input = """
        {"type":"object","properties":{"namespace":{"type":"string","enum":["checkout","search","pay"]},"count":{"type":"integer"},"force":{"const":true},
         "order":{"type":"object","properties":{"path":{"type":"string"}}},"open":{"type":"object"},"free":{"properties":{"a":{}},"additionalProperties":true},"plan":{"enum":[1,2.0,null]}}}
        """;

    /// <summary>Constraints, place of the error behind <c>arguments</c>, a part of its message.</summary>
    public static TheoryData<string, string, string> Refused => new()
    {
        { """{"properties":{"namespac":{"const":"checkout"}}}""", ".properties.namespac", "no argument of the tool's inputSchema" },
        { """{"required":["reason"]}""", ".required", "no argument" }, { """{"not":{"required":["Force"]}}""", ".not.required", "take for force" }, { """{"dependentRequired":{"frce":["count"]}}""", ".dependentRequired.frce", "no argument" },
        { """{"properties":{"Namespace":{"const":"checkout"}}}""", ".properties.Namespace", "take for namespace" }, { "{\"properties\":{\"name\u017fpace\":{\"const\":\"checkout\"}}}", ".properties.name\u017fpace", "take for namespace" },
        { """{"properties":{"order":{"properties":{"pth":{}}}}}""", ".properties.order.properties.pth", "no argument" }, { """{"allOf":[{"anyOf":[{"properties":{"x":{}}}]}]}""", ".allOf[0].anyOf[0].properties.x", "no argument" },
        { """{"properties":{"open":{"properties":{"a":{}},"required":["A"]}}}""", ".properties.open.required", "take for a" }, { """{"properties":{"free":{"properties":{"A":{}}}}}""", ".properties.free.properties.A", "take for a" },
        { """{"properties":{"namespace":{"const":"other"}}}""", ".properties.namespace.const", "does not allow" }, { """{"properties":{"namespace":{"enum":["checkout","chekout"]}}}""", ".properties.namespace.enum", "\"chekout\"" },
        { """{"properties":{"namespace":{"const":5}}}""", ".properties.namespace.const", "does not allow" }, { """{"properties":{"count":{"const":"5"}}}""", ".properties.count.const", "does not allow" }, { """{"properties":{"count":{"const":1.5}}}""", ".properties.count.const", "does not allow" },
        { """{"properties":{"force":{"const":false}}}""", ".properties.force.const", "does not allow" }, { """{"if":{"properties":{"plan":{"const":3}}},"then":false}""", ".if.properties.plan.const", "does not allow" },
        { """{"properties":{"count":{"minimum":5,"maximum":4.5}}}""", ".properties.count.minimum", "nothing would be allowed" }, { """{"minProperties":3,"maxProperties":2}""", ".minProperties", "nothing would be allowed" },
        { """{"properties":{"namespace":{"format":"hostname"}}}""", ".properties.namespace.format", "write a pattern" }, { """{"properties":{"namespace":{"maxLenght":5}}}""", ".properties.namespace.maxLenght", "no keyword" },
        { """{"$ref":"https://example.com/x.json"}""", ".$ref", "nothing is fetched" }, { """{"properties":{"namespace":{"pattern":"^(?=a)"}}}""", ".properties.namespace.pattern", "linear" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_cannot_hold_as_the_author_meant_it_is_an_error_with_its_place(string constraints, string place, string message)
    {
        var error = Assert.Single(Read(constraints, Input).Errors);
        Assert.Equal(("spec.tools[1].arguments" + place, "bad_value"), (error.Path, error.Code));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"properties":{"namespace":{"enum":["checkout","pay"]},"count":{"minimum":1,"maximum":1},"plan":{"enum":[1.0,null]}},"required":["namespace","count"],"additionalProperties":false}""")]
    [InlineData("""{"properties":{"open":{"properties":{"anything":{"const":1}}},"free":{"properties":{"b":{}}},"order":{"additionalProperties":false}}}""")]
    [InlineData("""{"if":{"properties":{"force":{"const":true}},"required":["force"]},"then":{"properties":{"namespace":{"const":"search"}}}}""")]
    [InlineData("""{"$defs":{"name":{"pattern":"^[a-z-]{1,63}$"}},"properties":{"namespace":{"$ref":"#/$defs/name"}}}""")]
    [InlineData("""{"not":{"required":["force"]}}""")]
    public void What_fits_the_tool_is_accepted(string constraints) => Assert.Empty(Read(constraints, Input).Errors);

    [Theory]
    [InlineData(null)]
    [InlineData("""{"type":"object"}""")]
    [InlineData("""{"properties":{"a":{}},"additionalProperties":{"type":"string"}}""")]
    [InlineData("""{"properties":{"a":{}},"patternProperties":{"^n":{}}}""")]
    [InlineData("""{"properties":{"a":{}},"allOf":[{"$ref":"#/$defs/x"}],"$defs":{"x":{}}}""")]
    public void A_tool_whose_names_nobody_knows_all_takes_any_name(string? input) => Assert.Empty(Read("""{"properties":{"namespace":{"const":"x"}}}""", input).Errors);

    [Theory]
    [InlineData("""{"properties":{"namespace":{"const":"checkout"}}}""", false)]
    [InlineData("""{"properties":{"namespace":{"enum":["checkout","pay"]}},"required":["count"]}""", false)]
    [InlineData("""{"properties":{"namespace":{"const":"checkout"}},"required":["namespace"]}""", true)]
    [InlineData("""{"properties":{"namespace":{"pattern":"^c"}}}""", true)]
    [InlineData("""{"properties":{"count":{"const":1}}}""", true)]
    public void An_argument_that_says_which_resource_is_meant_is_not_limited_while_it_may_be_left_out(string constraints, bool isTaken)
    {
        var errors = Read(constraints, """{"properties":{"namespace":{"type":"string"},"count":{"type":"integer"}},"required":["namespace"]}""", """[{"actions":["read"],"resource":"ns:{namespace}/**"}]""").Errors;
        if (isTaken) Assert.Empty(errors);
        else Assert.Contains("must name namespace", Assert.Single(errors, error => error.Path == "spec.tools[1].arguments.required").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constraints_over_their_size_are_refused()
    {
        var error = Assert.Single(Read("{\"$comment\":\"" + new string('x', DocumentLimits.Constraints) + "\"}", null).Errors);
        Assert.Equal(("spec.tools[1].arguments", "too_long"), (error.Path, error.Code));
    }

    private static DocumentReading Read(string constraints, string? input, string? needs = null) => Documents.Read(Documents.With(
        "Server", "spec.tools.1", "{\"name\":\"scale\",\"effect\":\"write\",\"arguments\":" + constraints + (input is null ? "" : ",\"inputSchema\":" + input) + (needs is null ? "" : ",\"needs\":" + needs) + "}"));
}
