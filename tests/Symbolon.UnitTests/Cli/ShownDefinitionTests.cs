using System.Collections.Immutable;
using System.Text.Json;
using Symbolon.Core.Registry;
using Symbolon.Core.Resources;
using Symbolon.UnitTests.Architecture;
using Symbolon.UnitTests.Tools;

namespace Symbolon.UnitTests.Cli;

/// <summary>What a file shows of a tool beside the digests by which it is served.</summary>
[Trait("area", "reviews")]
public sealed class ShownDefinitionTests
{
    private const string Tool = """{"name":"look","title":"Look","description":"Shows \u00fc <b>","inputSchema":{"type":"object","properties":{"n":{"type":"number","maximum":1.50,"multipleOf":1e-2}}},"annotations":{"readOnlyHint":true},"icons":[]MORE}""";

    private static readonly string Other = "sha256:" + new string('0', 64);

    public static TheoryData<string> Lists => [.. LabelledTool.Lists];

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task What_is_taken_over_from_a_list_shows_what_its_digests_are_of(string list)
    {
        using var recorded = JsonDocument.Parse(await File.ReadAllTextAsync(Repository.Of("tests", "data", "tool-lists", list + ".json"), TestContext.Current.CancellationToken));
        Assert.Empty(await DifferingAsync($$"""{"tools":{{recorded.RootElement.GetProperty("tools").GetRawText()}}}"""));
    }

    [Theory]
    [InlineData("nothing", false)]
    [InlineData("title", true)]
    [InlineData("description", true)]
    [InlineData("inputSchema", true)]
    [InlineData("outputSchema", true)]
    [InlineData("annotations", true)]
    [InlineData("one digest", false)]
    [InlineData("both digests", true)]
    [InlineData("no digest", false)]
    public async Task A_tool_that_shows_another_text_than_its_digests_are_of_is_found(string changed, bool isFound) =>
        Assert.Equal(isFound, (await DifferingAsync(Listed(), tool => changed switch
        {
            "title" => tool with { Title = null },
            "description" => tool with { Description = "Shows" },
            "inputSchema" => tool with { InputSchema = JsonElement.Parse("""{"type":"object"}""") },
            "outputSchema" => tool with { OutputSchema = JsonElement.Parse("""{"type":"object"}""") },
            "annotations" => tool with { Annotations = JsonElement.Parse("""{"readOnlyHint":false}""") },
            "one digest" => tool with { Digests = tool.Digests with { Legacy = Other } },
            "both digests" => tool with { Digests = new ToolDigests { Legacy = Other, Modern = Other } },
            "no digest" => tool with { Digests = new ToolDigests() },
            _ => tool,
        })).Any());

    [Fact]
    public async Task A_tool_whose_server_publishes_other_needs_than_its_file_has_is_found_and_the_text_says_that_this_may_be_why()
    {
        var published = Listed(""","_meta":{"symbolon/needs":[{"actions":["read"],"resource":"docs/*"}]}""");
        Assert.Empty(await DifferingAsync(published, tool => tool with { Needs = [new ResourceNeed(["read"], ResourcePattern.Parse("docs/*", out _)!)] }));
        Assert.Single(await DifferingAsync(published, tool => tool with { Needs = [new ResourceNeed(["read"], ResourcePattern.Parse("docs/**", out _)!)] }));
        Assert.Contains("_meta", ShownDefinition.Differs, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lint_warns_of_a_text_that_is_not_of_its_digests_and_finds_no_error()
    {
        var fake = new FakeApi
        {
            Token = null,
            Answer = $$"""
                apiVersion: symbolon/v1
                kind: Server
                metadata: { name: shop, owner: ops@example.com }
                spec:
                  upstream: { transport: http, url: http://127.0.0.1:7001/mcp }
                  tools:
                    - { name: look, effect: read, description: Shows, digests: { modern: "{{Other}}" } }
                    - { name: find, effect: read }
                """,
        };
        Assert.Equal(0, await fake.RunAsync("lint -f -"));
        var warning = Assert.Single(fake.Error.ToString().Split('\n'), line => line.StartsWith("warning:", StringComparison.Ordinal));
        Assert.Contains("spec.tools[0]: look: none of its digests is of", warning, StringComparison.Ordinal);
    }

    private static string Listed(string more = "") => $$"""{"tools":[{{Tool.Replace("MORE", more, StringComparison.Ordinal)}}]}""";

    private static async Task<ImmutableArray<ManifestTool>> DifferingAsync(string list, Func<ManifestTool, ManifestTool>? change = null)
    {
        var manifest = (await Imported.FromAsync(list)).Manifest;
        Assert.NotEmpty(manifest.Tools);
        return [.. ShownDefinition.Differing(manifest with { Tools = [.. manifest.Tools.Select(change ?? (tool => tool))] })];
    }
}
