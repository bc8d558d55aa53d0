namespace Symbolon.UnitTests.Tools.Schemas;

/// <summary>What a constraint may hold, and how a refusal is worded.</summary>
[Trait("area", "schemas")]
public sealed class ConstraintRulesTests
{
    /// <summary>Schema, place of the fault, a part of its message.</summary>
    public static TheoryData<string, string, string> Faulty => new()
    {
        { """{"properties":{"a":{"maxLenght":5}}}""", "properties.a.maxLenght", "no keyword" }, { """{"Type":"string"}""", "Type", "no keyword" }, { """{"x-limit":1}""", "x-limit", "no keyword" },
        { """{"properties":{"a":{"format":"email"}}}""", "properties.a.format", "write a pattern" }, { """{"contentEncoding":"base64"}""", "contentEncoding", "checks nothing" },
        { """{"contentMediaType":"a/b"}""", "contentMediaType", "checks nothing" }, { """{"contentSchema":{}}""", "contentSchema", "checks nothing" }, { """{"definitions":{}}""", "definitions", "$defs" },
        { """{"dependencies":{}}""", "dependencies", "older draft" }, { """{"additionalItems":false}""", "additionalItems", "older draft" }, { """{"$recursiveRef":"#"}""", "$recursiveRef", "older draft" },
        { """{"$schema":"http://json-schema.org/draft-07/schema#"}""", "$schema", "2020-12" }, { """{"$vocabulary":{}}""", "$vocabulary", "schemas of schemas" },
        { """{"$ref":"https://example.com/schema"}""", "$ref", "nothing is fetched" }, { """{"$ref":"other.json#/a"}""", "$ref", "nothing is fetched" }, { """{"$ref":"file:///etc/passwd"}""", "$ref", "nothing is fetched" },
        { """{"$ref":"#/$defs/gone"}""", "$ref", "leads to no schema" }, { """{"$ref":"#gone"}""", "$ref", "leads to no schema" }, { """{"$ref":"#/properties","properties":{}}""", "$ref", "leads to no schema" }, { """{"$dynamicRef":"#gone"}""", "$dynamicRef", "leads to no schema" },
        { """{"$id":"#x"}""", "$id", "without a fragment" }, { """{"$anchor":"1a"}""", "$anchor", "must be a letter" }, { """{"$defs":{"a":{"$anchor":"x"},"b":{"$anchor":"x"}}}""", "$defs.b.$anchor", "another schema" },
        { """{"$defs":{"a":{"$id":"x"},"b":{"$id":"x"}}}""", "$defs.b.$id", "another schema" },
        { """{"type":"strin"}""", "type", "must be object" }, { """{"type":[]}""", "type", "must be object" }, { """{"type":["string","string"]}""", "type", "twice" }, { """{"type":5}""", "type", "a text" },
        { """{"enum":"a"}""", "enum", "a list" }, { """{"required":"a"}""", "required", "list of texts" }, { """{"required":["a","a"]}""", "required", "twice" }, { """{"required":[1]}""", "required", "list of texts" },
        { """{"dependentRequired":{"a":"b"}}""", "dependentRequired", "lists of texts" }, { """{"minLength":-1}""", "minLength", "from 0 on" }, { """{"minLength":1.5}""", "minLength", "from 0 on" }, { """{"maxItems":"3"}""", "maxItems", "a number" },
        { """{"multipleOf":0}""", "multipleOf", "more than 0" }, { """{"multipleOf":-1}""", "multipleOf", "more than 0" }, { """{"maximum":1e400}""", "maximum", "carries exactly" }, { """{"const":{"a":[1e400]}}""", "const", "carries exactly" },
        { """{"uniqueItems":"yes"}""", "uniqueItems", "true or false" }, { """{"pattern":"(a"}""", "pattern", "not closed" }, { """{"pattern":"a(?=b)"}""", "pattern", "linear" }, { """{"patternProperties":{"(a)\\1":true}}""", "patternProperties", "backreference" },
        { """{"allOf":[]}""", "allOf", "at least one" }, { """{"anyOf":{}}""", "anyOf", "a list of schemas" }, { """{"not":5}""", "not", "must be a schema" }, { """{"items":[{}]}""", "items", "must be a schema" }, { """{"properties":[]}""", "properties", "an object of schemas" },
        { """{"then":true}""", "then", "without if" }, { """{"else":true}""", "else", "without if" }, { """{"minContains":2}""", "minContains", "without contains" }, { """{"if":{"type":"string"}}""", "if", "without then or else" },
        { """[]""", "", "must be a schema" }, { "\"x\"", "", "must be a schema" },
        { """{"allOf":[{"properties":{"a":{"items":{"oneOf":[{"bad":1}]}}}}]}""", "allOf[0].properties.a.items.oneOf[0].bad", "no keyword" },
    };

    [Theory]
    [MemberData(nameof(Faulty))]
    public void What_would_be_ignored_or_cannot_be_enforced_is_an_error_with_its_place(string schema, string path, string message)
    {
        var fault = Assert.Single(SchemaCheck.Faults(schema));
        Assert.Equal(path, fault.Path);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_keyword_that_checks_something_and_every_remark_is_taken() => SchemaCheck.Read("""
        {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"https://example.com/a","$comment":"c","title":"t","description":"d","default":1,"examples":[1],"deprecated":true,"readOnly":true,"writeOnly":false,
         "$defs":{"a":{"$anchor":"x","$dynamicAnchor":"y"}},"$ref":"#x","$dynamicRef":"#y","allOf":[true],"anyOf":[true],"oneOf":[true],"not":false,"if":true,"then":true,"else":true,"dependentSchemas":{"a":true},
         "prefixItems":[true],"items":true,"contains":true,"minContains":1,"maxContains":2,"properties":{"a":true},"patternProperties":{"a":true},"additionalProperties":true,"propertyNames":true,"unevaluatedItems":true,
         "unevaluatedProperties":true,"type":"object","const":1,"enum":[1],"multipleOf":1,"maximum":1,"exclusiveMaximum":1,"minimum":1,"exclusiveMinimum":1,"maxLength":1,"minLength":1,"pattern":"a","maxItems":1,
         "minItems":1,"uniqueItems":true,"maxProperties":1,"minProperties":1,"required":["a"],"dependentRequired":{"a":["b"]}}
        """);

    /// <summary>Schema, value, place, a part of what is demanded, the rule.</summary>
    public static TheoryData<string, string, string, string, string> Violated => new()
    {
        { """{"properties":{"a":{"const":"x"}}}""", """{"a":"SECRET"}""", "a", "must be \"x\"", "properties.a.const" },
        { """{"properties":{"a":{"enum":["x",5,null]}}}""", """{"a":"SECRET"}""", "a", "must be one of \"x\", 5, null", "properties.a.enum" },
        { """{"properties":{"a":{"items":{"properties":{"b":{"maximum":5}}}}}}""", """{"a":[{},{"b":777}]}""", "a[1].b", "must be at most 5", "properties.a.items.properties.b.maximum" },
        { """{"properties":{"a":{"required":["b"]}}}""", """{"a":{"c":"SECRET"}}""", "a.b", "is required", "properties.a.required" },
        { """{"properties":{"a":false}}""", """{"a":"SECRET"}""", "a", "is not allowed", "properties.a" },
        { """{"additionalProperties":false,"properties":{"a":true}}""", """{"b":"SECRET"}""", "b", "is not allowed", "additionalProperties" },
        { """{"$ref":"#/$defs/n","$defs":{"n":{"properties":{"a":{"pattern":"^x"}}}}}""", """{"a":"SECRET"}""", "a", "must match ^x", "$defs.n.properties.a.pattern" },
        { """{"anyOf":[{"properties":{"a":{"const":1}}},{"required":["b"]}]}""", """{"a":"SECRET"}""", "", "one of the alternatives", "anyOf" },
        { """{"not":{"required":["force"]}}""", """{"force":"SECRET"}""", "", "not allowed", "not" },
        { """{"type":"object","minProperties":1}""", "{}", "", "must have at least 1 members", "minProperties" },
        { """{"dependentRequired":{"a":["b"]}}""", """{"a":"SECRET"}""", "b", "is required beside 'a'", "dependentRequired" },
        { """{"propertyNames":{"maxLength":1}}""", """{"ab":"SECRET"}""", "ab", "has a name that is not allowed", "propertyNames" },
        { """{"properties":{"a":{"contains":{"const":1}}}}""", """{"a":["SECRET"]}""", "a", "at least 1 items", "properties.a.contains" },
        { """{"properties":{"a":{"uniqueItems":true}}}""", """{"a":["SECRET","SECRET"]}""", "a", "item twice", "properties.a.uniqueItems" },
        { """{"unevaluatedProperties":false}""", "{\"x\\u202e\\n\":1}", "x\\u{202e}\\u{a}", "is not allowed", "unevaluatedProperties" },
        { """{"if":{"required":["a"]},"then":{"required":["b"]}}""", """{"a":1}""", "b", "is required", "then.required" },
        { """{"properties":{"a":{"maxLength":2}}}""", "{\"a\":\"\\ud83d\\ude00😀x\"}", "a", "at most 2 characters", "properties.a.maxLength" },
    };

    [Theory]
    [MemberData(nameof(Violated))]
    public void A_violation_says_where_and_what_is_asked_for_and_never_the_value(string schema, string value, string path, string demand, string rule)
    {
        var violation = SchemaCheck.Check(schema, value)!;
        Assert.Equal((path, rule), (violation.Path, violation.Rule));
        Assert.Contains(demand, violation.Demand, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", violation.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Schema, and a value in which a member imitates one that the schema names.</summary>
    [Theory]
    [InlineData("""{"properties":{"namespace":{"const":"a"}}}""", """{"Namespace":"b"}""")]
    [InlineData("""{"properties":{"namespace":{"const":"a"}}}""", "{\"name\\u017fpace\":\"b\"}")]
    [InlineData("""{"properties":{"key":{"const":"a"}}}""", "{\"\\u212aey\":\"b\"}")]
    [InlineData("""{"not":{"required":["force"]}}""", """{"Force":true}""")]
    [InlineData("""{"not":{"anyOf":[{"required":["force"]}]}}""", """{"FORCE":true}""")]
    [InlineData("""{"dependentRequired":{"force":["reason"]}}""", """{"Force":true}""")]
    [InlineData("""{"dependentRequired":{"force":["reason"]}}""", """{"force":true,"REASON":"x","reason2":1}""")]
    [InlineData("""{"dependentSchemas":{"force":false}}""", """{"Force":true}""")]
    [InlineData("""{"if":{"required":["force"]},"then":false}""", """{"Force":true}""")]
    [InlineData("""{"properties":{"a":{"items":{"properties":{"path":{"pattern":"^/srv/"}}}}}}""", """{"a":[{"Path":"/etc"}]}""")]
    [InlineData("""{"$ref":"#/$defs/n","$defs":{"n":{"properties":{"path":{}}}}}""", """{"Path":"/etc"}""")]
    [InlineData("""{"patternProperties":{"^a":{"properties":{"path":{}}}}}""", """{"a1":{"Path":"/etc"}}""")]
    [Trait("hostile", "folding")]
    [Trait("clause", "DESIGN.md §4 Bytes")]
    public void A_member_that_is_taken_for_one_that_the_constraint_names_is_refused(string schema, string value)
    {
        var violation = SchemaCheck.Check(schema, value);
        Assert.Contains("without regard to case", violation?.Demand, StringComparison.Ordinal);
        Assert.Null(SchemaCheck.Read("""{"properties":{"other":{"const":"a"}}}""").Check(value));
    }

    [Fact]
    public void Names_inside_what_the_constraint_does_not_look_into_are_free() =>
        Assert.Null(SchemaCheck.Check("""{"properties":{"path":{"const":"/"},"env":{"type":"object"}}}""", """{"path":"/","env":{"PATH":"/usr/bin"}}"""));
}
