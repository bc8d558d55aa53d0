using System.Text;
using System.Text.Json;
using Symbolon.Core.Tools.Schemas;
using Symbolon.Jose.Json;
using Symbolon.UnitTests.Jose;

namespace Symbolon.UnitTests.Tools.Schemas;

/// <summary>The required part of the public JSON Schema Test Suite for 2020-12 (tests/data/json-schema).</summary>
[Trait("area", "schemas")]
[Trait("clause", "JSON Schema 2020-12")]
public sealed class JsonSchemaVectorTests
{
    private const string Remote = "refers to a document that would have to be fetched";
    private const string MetaSchema = "refers to the schema of schemas by its address";
    private const string Vocabulary = "is written in a vocabulary that would have to be fetched";

    /// <summary>Groups that are refused instead, by file, with the reason: nothing is fetched.</summary>
    private static readonly Dictionary<(string File, string Group), string> Refused = new()
    {
        [("defs", "validate definition against metaschema")] = MetaSchema,
        [("ref", "remote ref, containing refs itself")] = MetaSchema,
        [("vocabulary", "schema that uses custom metaschema with with no validation vocabulary")] = Vocabulary,
        [("vocabulary", "ignore unrecognized optional vocabulary")] = Vocabulary,
        [("dynamicRef", "strict-tree schema, guards against misspelled properties")] = Remote,
        [("dynamicRef", "tests for implementation dynamic anchor and reference link")] = Remote,
        [("dynamicRef", "$ref and $dynamicAnchor are independent of order - $defs first")] = Remote,
        [("dynamicRef", "$ref and $dynamicAnchor are independent of order - $ref first")] = Remote,
        [("dynamicRef", "$ref to $dynamicRef finds detached $dynamicAnchor")] = Remote,
        [("refRemote", "fragment within remote ref")] = Remote,
        [("refRemote", "anchor within remote ref")] = Remote,
        [("refRemote", "ref within remote ref")] = Remote,
        [("refRemote", "base URI change")] = Remote,
        [("refRemote", "base URI change - change folder")] = Remote,
        [("refRemote", "root ref in remote ref")] = Remote,
        [("refRemote", "remote ref with ref to defs")] = Remote,
        [("refRemote", "Location-independent identifier in remote ref")] = Remote,
        [("refRemote", "retrieved nested refs resolve relative to their URI not $id")] = Remote,
        [("refRemote", "remote HTTP ref with different $id")] = Remote,
        [("refRemote", "remote HTTP ref with different URN $id")] = Remote,
        [("refRemote", "remote HTTP ref with nested absolute ref")] = Remote,
        [("refRemote", "$ref to $ref finds detached $anchor")] = Remote,
    };

    public static TheoryData<string> Files() => [.. JoseVectors.Names("json-schema/").Select(name => name["json-schema/".Length..^".json".Length]).Order(StringComparer.Ordinal)];

    [Fact]
    public void The_suite_is_complete()
    {
        var groups = Files().SelectMany(file => GroupsOf(file.Data)).ToList();
        Assert.Equal((46, 304, 1057), (Files().Count, groups.Count, groups.Sum(group => group.GetProperty("tests").GetArrayLength())));
        Assert.Equal(Refused.Count, Files().SelectMany(file => GroupsOf(file.Data).Where(group => Refused.ContainsKey((file.Data, NameOf(group))))).Count());
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Each_value_gets_the_verdict_that_the_suite_asks_for(string file)
    {
        var wrong = new List<string>();
        foreach (var group in GroupsOf(file).Where(group => !Refused.ContainsKey((file, NameOf(group)))))
        {
            if (JsonSchema.Compile(group.GetProperty("schema"), SchemaRules.Draft, out var faults) is not { } schema)
            {
                wrong.Add($"{NameOf(group)}: {string.Join("; ", faults)}");
                continue;
            }
            foreach (var test in group.GetProperty("tests").EnumerateArray())
            {
                var text = Encoding.UTF8.GetBytes(test.GetProperty("data").GetRawText());
                Assert.True(StrictJson.Scan(text).Accepted);
                var violation = schema.Check(JsonValue.Root(text));
                if (violation is null != test.GetProperty("valid").GetBoolean()) wrong.Add($"{NameOf(group)}, {test.GetProperty("description").GetString()}: {violation?.ToString() ?? "allowed"}");
            }
        }
        Assert.Empty(wrong);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void What_is_not_in_the_document_is_refused_when_the_schema_is_read(string file)
    {
        foreach (var group in GroupsOf(file))
        {
            if (!Refused.TryGetValue((file, NameOf(group)), out var why)) continue;
            Assert.Null(JsonSchema.Compile(group.GetProperty("schema"), SchemaRules.Draft, out var faults));
            Assert.All(faults, fault => Assert.Contains(why == Vocabulary ? "must be https://json-schema.org/draft/2020-12/schema" : "leads out of the document", fault.Message, StringComparison.Ordinal));
        }
    }

    private static List<JsonElement> GroupsOf(string file) => [.. JsonDocument.Parse(JoseVectors.Read($"json-schema/{file}.json")).RootElement.EnumerateArray()];

    private static string NameOf(JsonElement group) => group.GetProperty("description").GetString()!;
}
