using Symbolon.Core.Registry.Files;
using Symbolon.UnitTests.Registry;

namespace Symbolon.UnitTests.Files;

[Trait("area", "registry")]
public sealed class DocumentDiffTests
{
    private static readonly string Old = "sha256:" + new string('1', 64);
    private static readonly string Next = "sha256:" + new string('2', 64);

    [Fact]
    public void A_server_is_compared_tool_by_tool()
    {
        var before = Server(Look(Old), """{"name":"find","effect":"read"}""", """{"name":"gone","effect":"read"}""");
        var after = Server(Look(Next), """{"name":"find","effect":"write","flags":["executes"]}""", """{"name":"fresh","effect":"irreversible"}""");
        Assert.Equal(
            [
                $"spec.tools[look].digests.modern: \"{Old}\" > \"{Next}\"",
                "spec.tools[find].effect: \"read\" > \"write\"",
                "spec.tools[find].flags:  > [\"executes\"]",
                "spec.tools[fresh]:  > {\"name\":\"fresh\",\"effect\":\"irreversible\"}",
                "spec.tools[gone]: {\"name\":\"gone\",\"effect\":\"read\"} > ",
            ],
            Changes(before, after));
    }

    [Theory]
    [InlineData("""{"users":["a@example.com"]}""", ""","tokens":{"maxTtl":"1h"}""", "spec.to.users: [\"*\"] > [\"a@example.com\"]|spec.tokens.maxTtl: \"8h\" > \"1h\"")]
    [InlineData("""{"users":["*"]}""", "", "spec.tokens: {\"maxTtl\":\"8h\"} > ")]
    [InlineData("""{"users":["*"]}""", ""","tokens":{"maxTtl":"8h"}""", "")]
    public void A_grant_is_compared_field_by_field(string to, string more, string expected) =>
        Assert.Equal(expected, string.Join('|', Changes(RegistryDesk.Grant("g", more: ""","tokens":{"maxTtl":"8h"}"""), RegistryDesk.Grant("g", to, more: more))));

    [Fact]
    public void Another_order_of_the_same_tools_is_said_to_be_that()
    {
        const string Find = """{"name":"find","effect":"read"}""";
        Assert.Equal(["spec.tools:  > "], Changes(Server(Look(Old), Find), Server(Find, Look(Old))));
    }

    [Theory]
    [InlineData("Agent")]
    [InlineData("Workflow")]
    public void An_identity_is_compared_field_by_field(string kind)
    {
        var before = RegistryDesk.Agent("bot").Replace("Agent", kind, StringComparison.Ordinal);
        Assert.Equal(["metadata.owner: \"ops@example.com\" > \"b@example.com\""], Changes(before, before.Replace("ops@", "b@", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("spec.tools[look]", "look", "")]
    [InlineData("spec.tools[v1.look].inputSchema.properties.at", "v1.look", "inputSchema")]
    [InlineData("spec.tools[look].needs[0].actions", "look", "needs")]
    [InlineData("spec.tools", null, "spec.tools")]
    [InlineData("spec.upstream.digests[/usr/bin/node].digest", null, "spec.upstream")]
    [InlineData("metadata.labels.env", null, "metadata.labels")]
    public void A_difference_says_which_tool_and_which_field_it_is_in(string path, string? tool, string field) =>
        Assert.Equal((tool, field), new FieldChange(path, null, null) switch { var change => (change.Tool, change.Field) });

    private static string Look(string digest) => $$$"""{"name":"look","effect":"read","digests":{"modern":"{{{digest}}}"}}""";

    private static string Server(params string[] tools) => RegistryDesk.Server("shop", string.Join(',', tools));

    private static IEnumerable<string> Changes(string before, string after) =>
        DocumentDiff.Between(Documents.Read(before).Document!, Documents.Read(after).Document!)
            .Select(change => $"{change.Path}: {change.Before?.GetRawText()} > {change.After?.GetRawText()}");
}
