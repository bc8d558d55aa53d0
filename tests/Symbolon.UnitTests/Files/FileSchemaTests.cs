using System.Text.Json;
using System.Text.Json.Nodes;
using Symbolon.Cli.Commands;
using Symbolon.UnitTests.Cli;

namespace Symbolon.UnitTests.Files;

/// <summary>The JSON Schema that editors use says of every object of a file exactly the fields that the reader reads.</summary>
[Trait("area", "files")]
public sealed class FileSchemaTests
{
    private const string Digest = "\"sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"";

    private readonly PlainSchema schema = new(JsonDocument.Parse(LintCommand.Schema()).RootElement);

    /// <summary>Documents that have every object of the format between them.</summary>
    private static IEnumerable<string> Whole =>
    [
        Documents.Server, Documents.Agent, Documents.Workflow, Documents.Grant, Documents.Policy, Documents.Resource, Documents.Issuer,
        Documents.With("Server", "spec.credential", """{"mode":"exchange","audience":"https://k8s.example.com","ttl":"30m","rotation":"30d","federation":[{"issuer":"cluster","subject":"system:serviceaccount:servers:deploy"}]}"""),
        Documents.With("Server", "spec.credential", """{"mode":"exchange","audience":"https://api.example.com","at":{"tokenEndpoint":"https://login.example.com/token","client":"c","style":"on-behalf-of","scope":"a b","secret":"s","expires":"2027-01-31"}}"""),
        Documents.With("Server", "spec.upstream", """{"transport":"sse","url":"https://deploy.example.com/sse","identity":{"header":"Symbolon-Identity"}}""").Replace(",\"clientFeatures\":[\"sampling\",\"elicitation\",\"roots\"]", "", StringComparison.Ordinal),
        Documents.With("Server", "spec", """{"upstream":{"transport":"stdio","command":"/usr/bin/node","args":["-v"],"env":{"A":"b"},"cwd":"/srv","isolation":"caller","era":"auto","digests":[{"path":"/usr/bin/node","target":"/opt/node","digest":#}]},"credential":{"mode":"static","env":"KEY","secret":"s","expires":"2027-01-31"}}""".Replace("#", Digest, StringComparison.Ordinal)),
    ];

    [Fact]
    public void Each_object_has_the_fields_that_the_reader_names_and_no_other()
    {
        var compared = new HashSet<string>();
        foreach (var text in Whole)
        {
            Assert.Empty(Documents.Read(text).Errors);
            using var document = JsonDocument.Parse(text);
            Assert.Empty(schema.Check(document.RootElement));
            foreach (var path in Objects(document.RootElement, []))
            {
                if (schema.At(document.RootElement, path) is not var (place, said)) continue;
                compared.Add(place);
                var changed = JsonNode.Parse(text)!;
                path.Aggregate(changed, (node, step) => node is JsonArray list ? list[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)]! : node[step]!)["colour"] = 1;
                var error = Assert.Single(Documents.Read(changed.ToJsonString()).Errors, error => error.Code == "unknown_field");
                var read = error.Message[(error.Message.IndexOf("Fields: ", StringComparison.Ordinal) + 8)..^1].Split(", ");
                Assert.Equal(read.Order(StringComparer.Ordinal), said.GetProperty("properties").EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
                Assert.NotEmpty(schema.Check(JsonSerializer.SerializeToElement(changed)));
            }
        }
        Assert.Equal(Places(schema.Root, "#").Order(StringComparer.Ordinal), compared.Order(StringComparer.Ordinal));
        Assert.InRange(compared.Count, 20, 100);
    }

    [Theory]
    [MemberData(nameof(DocumentReaderTests.Accepted), MemberType = typeof(DocumentReaderTests))]
    [MemberData(nameof(PolicyDocumentTests.Accepted), MemberType = typeof(PolicyDocumentTests))]
    public void What_the_reader_accepts_the_schema_accepts(string kind, string path, string? json) =>
        Assert.Empty(schema.Check(JsonDocument.Parse(Documents.With(kind, path, json)).RootElement));

    [Theory]
    [MemberData(nameof(DocumentReaderTests.NotYet), MemberType = typeof(DocumentReaderTests))]
    [MemberData(nameof(PolicyDocumentTests.NotYet), MemberType = typeof(PolicyDocumentTests))]
    public void What_is_not_built_yet_is_not_in_the_schema(string kind, string path, string json) =>
        Assert.NotEmpty(schema.Check(JsonDocument.Parse(Documents.With(kind, path, json)).RootElement));

    [Fact]
    public void Fields_that_nobody_knows_and_values_of_another_type_are_refused_by_the_schema_too()
    {
        var refused = DocumentReaderTests.Refused.Concat(PolicyDocumentTests.Refused).Select(row => row.Data).Where(row => row.Item4 is "unknown_field" or "wrong_type").ToList();
        Assert.InRange(refused.Count, 20, 200);
        Assert.All(refused, row => Assert.NotEmpty(schema.Check(JsonDocument.Parse(Documents.With(row.Item1, row.Item2, row.Item3)).RootElement)));
    }

    [Fact]
    public async Task The_command_line_prints_it()
    {
        var fake = new FakeApi();
        Assert.Equal(0, await fake.RunAsync("lint --schema"));
        Assert.Equal(LintCommand.Schema(), fake.Output.ToString().TrimEnd());
        Assert.Equal(3, await fake.RunAsync("lint"));
        Assert.Contains("-f DIR|FILE|-", fake.Error.ToString(), StringComparison.Ordinal);
    }

    private static IEnumerable<string[]> Objects(JsonElement value, string[] path) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().SelectMany(member => Objects(member.Value, [.. path, member.Name])).Prepend(path),
        JsonValueKind.Array => value.EnumerateArray().SelectMany((item, i) => Objects(item, [.. path, i.ToString(System.Globalization.CultureInfo.InvariantCulture)])),
        _ => [],
    };

    /// <summary>Every object of the schema that says its members, by its place.</summary>
    private static IEnumerable<string> Places(JsonElement schema, string place)
    {
        if (schema.ValueKind != JsonValueKind.Object) yield break;
        if (schema.TryGetProperty("$defs", out var definitions))
            foreach (var found in definitions.EnumerateObject().SelectMany(each => Places(each.Value, "#/$defs/" + each.Name))) yield return found;
        if (schema.TryGetProperty("items", out var items))
            foreach (var found in Places(items, place + "/items")) yield return found;
        if (!schema.TryGetProperty("properties", out var members)) yield break;
        yield return place;
        foreach (var found in members.EnumerateObject().SelectMany(member => Places(member.Value, $"{place}/{member.Name}"))) yield return found;
    }
}
