using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Resources;
using Symbolon.Core.Tools;

namespace Symbolon.MicroBenchmarks;

/// <summary>The union of what the tools of one server need: it has to grow with their number, and not with its square.</summary>
public class ToolUnions
{
    /// <summary>Only what is enforced narrows a union.</summary>
    private static readonly ToolConstraints Stages = new(JsonDocument.Parse("""{"properties":{"stage":{"enum":["dev","test","prod"]}},"required":["stage"]}""").RootElement);

    private ManifestTool[] tools = [];
    private ManifestTool[] hostile = [];

    [Params(100, 1_000, 10_000)]
    public int Tools { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var schema = JsonDocument.Parse("""{"type":"object","properties":{"namespace":{"type":"string"},"stage":{"type":"string"}}}""").RootElement;
        tools = [.. Enumerable.Range(0, Tools).Select(i => Tool(i, schema, $"cluster:{{stage}}/namespace:{{namespace}}/kind{i}/*", $"docs/team{i % 50}/page{i}"))];
        hostile = [.. Enumerable.Range(0, Tools).Select(i => Tool(i, schema, Overlapping(i)))];
        if (ToolNeeds.Union(tools).Needs.Length != 4 * Tools) throw new InvalidOperationException("Nothing of it is within anything else.");
    }

    /// <summary>Three needs a tool, one with an argument of three values; no part within another.</summary>
    [Benchmark]
    public ResourceSet Union() => ToolNeeds.Union(tools);

    /// <summary>Every segment begins with every shorter one, and what tells the patterns apart stands last, so that a search finds its way everywhere and out nowhere.</summary>
    [Benchmark]
    public ResourceSet Hostile() => ToolNeeds.Union(hostile);

    private static string Overlapping(int number)
    {
        var random = new Random(number);
        return string.Join('/', Enumerable.Range(0, 30).Select(_ => new string('a', random.Next(12)) + "*")) + $"/end{number}";
    }

    private static ManifestTool Tool(int number, JsonElement schema, params string[] resources) => new()
    {
        Name = new ToolName($"tool_{number}"),
        Effect = Effect.Read,
        InputSchema = schema,
        Arguments = Stages,
        Needs = [.. resources.Select(text => new ResourceNeed(["read"], ResourcePattern.Parse(text, out var fault) ?? throw new InvalidOperationException(fault)))],
    };
}
