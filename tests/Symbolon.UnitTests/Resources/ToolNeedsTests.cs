using System.Text.Json;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Resources;
using Symbolon.Core.Tools;

namespace Symbolon.UnitTests.Resources;

[Trait("area", "resources")]
public sealed class ToolNeedsTests
{
    [Theory]
    [InlineData("""{"type":"string"}""", "ns:*")]
    [InlineData("""{"type":"string","const":"checkout"}""", "ns:checkout")]
    [InlineData("""{"type":"string","enum":["a","b","a"]}""", "ns:a ns:b")]
    [InlineData("""{"type":"integer","enum":[1,-2]}""", "ns:-2 ns:1")]
    [InlineData("""{"type":"string","enum":["a","b/c"]}""", "ns:*")]
    [InlineData("""{"type":"string","enum":["a",".."]}""", "ns:*")]
    [InlineData("""{"type":"string","enum":["a","*"]}""", "ns:*")]
    [InlineData("""{"type":"string","enum":["a","ü"]}""", "ns:*")]
    [InlineData("""{"type":"string","enum":["a",null]}""", "ns:*")]
    [InlineData("""{"type":"string","enum":[]}""", "ns:*")]
    [InlineData("""{"type":"integer","enum":[1.5]}""", "ns:*")]
    public void An_argument_stands_for_what_every_call_is_held_to(string property, string expected) =>
        Assert.Equal(expected, Union(Tool("{\"properties\":{\"n\":" + property + "},\"required\":[\"n\"]}", "ns:{n}")));

    /// <summary>Nobody enforces it: see docs/adr/0018.</summary>
    [Fact]
    public void What_the_server_alone_declares_narrows_nothing()
    {
        var tool = Tool("{}", "ns:{n}");
        Assert.Equal("ns:*", Union(tool with { InputSchema = JsonDocument.Parse("""{"properties":{"n":{"type":"string","const":"checkout"}},"required":["n"]}""").RootElement }));
        Assert.Equal("ns:*", Union(tool with
        {
            InputSchema = JsonDocument.Parse("""{"properties":{"n":{"type":"string"}},"required":["n"]}""").RootElement,
            Arguments = new ToolConstraints(JsonDocument.Parse("""{"properties":{"n":{"const":"checkout"}}}""").RootElement),
        }));
    }

    [Theory]
    [InlineData("""{"properties":{"n":{"type":"string","const":"checkout"}}}""")]
    [InlineData("""{"properties":{"n":{"type":"string","const":"checkout"}},"required":["m"]}""")]
    [InlineData("""{"properties":{"n":{"type":"string","const":"checkout"}},"required":"n"}""")]
    [InlineData("""{"anyOf":[{"required":["n"]},{}],"properties":{"n":{"const":"checkout"}}}""")]
    public void An_argument_that_may_be_left_out_stands_for_anything(string schema) => Assert.Equal("ns:*", Union(Tool(schema, "ns:{n}")));

    [Fact]
    public void Values_of_several_arguments_are_written_out_together_up_to_a_bound()
    {
        Assert.Equal("a/c a/d b/c b/d", Union(Tool("""{"properties":{"n":{"type":"string","enum":["a","b"]},"m":{"type":"string","enum":["c","d"]}},"required":["n","m"]}""", "{n}/{m}")));
        var many = string.Join(',', Enumerable.Range(0, 60).Select(i => $"\"v{i}\""));
        var union = Union(Tool("""{"properties":{"n":{"type":"string","enum":[#]},"m":{"type":"string","enum":[#]}},"required":["n","m"]}""".Replace("#", many, StringComparison.Ordinal), "{n}/{m}"));
        Assert.Equal(60, union.Split(' ').Length);
        Assert.All(union.Split(' '), text => Assert.EndsWith("/*", text, StringComparison.Ordinal));
    }

    [Fact]
    public void The_union_of_a_server_has_no_part_within_another_and_keeps_actions_apart()
    {
        var union = ToolNeeds.Union(
        [
            Tool("{}", "docs/a") with { Needs = [Need("docs/a", "read", "write")] },
            Tool("{}", "docs/*") with { Needs = [Need("docs/*", "read"), Need("docs/**", "list")] },
        ]);
        Assert.Equal("read:docs/* list:docs/** write:docs/a", union.ToString());
    }

    private static string Union(ManifestTool tool) => string.Join(' ', ToolNeeds.Union([tool]).Needs.Select(need => need.Resource.Text));

    private static ResourceNeed Need(string resource, params string[] actions) => new([.. actions], ResourcePattern.Parse(resource, out _)!);

    private static ManifestTool Tool(string constraints, string resource) => new()
    {
        Name = new ToolName("t"), Effect = Effect.Read, InputSchema = JsonDocument.Parse("""{"properties":{"n":{"type":"string"},"m":{"type":"integer"}}}""").RootElement,
        Arguments = new ToolConstraints(JsonDocument.Parse(constraints).RootElement), Needs = [Need(resource, "read")],
    };
}
