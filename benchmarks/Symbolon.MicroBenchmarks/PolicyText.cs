using System.Collections.Immutable;
using System.Text.Json;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Tools;

namespace Symbolon.MicroBenchmarks;

/// <summary>benchmarks/node/policy.json: ten rules and a call of 1 KiB that all ten look at and one allows.</summary>
internal sealed class PolicyText
{
    private readonly JsonElement text;

    public PolicyText()
    {
        using var stream = typeof(PolicyText).Assembly.GetManifestResourceStream("policy.json")!;
        text = JsonDocument.Parse(stream).RootElement;
        Arguments = JsonSerializer.Serialize(text.GetProperty("arguments"));
        if (Arguments.Length != 1024) throw new InvalidOperationException($"The arguments have {Arguments.Length} bytes and not 1,024.");
    }

    /// <summary>Compact JSON of 1,024 bytes.</summary>
    public string Arguments { get; }

    public IEnumerable<string> Conditions => text.GetProperty("rules").EnumerateArray().Select(rule => rule.GetProperty("cel").GetString()!);

    /// <summary>Ten rules a tool, each tool in a policy of its own.</summary>
    public IReadOnlyList<PolicyObject> Policies(IEnumerable<ManifestTool> tools) =>
        [.. tools.Select(tool => new PolicyObject { Name = new PolicyName($"about-{tool.Name.Value.Replace('_', '-')}"), Rules = Rules(tool) })];

    /// <summary>With the schema that types the arguments: as many as rules need, ten each.</summary>
    public static IReadOnlyList<ManifestTool> Tools(int rules) =>
        [.. Enumerable.Range(0, rules / 10).Select(i => new ManifestTool { Name = new ToolName(i == 0 ? GatewayParts.Tool : $"tool_{i}"), Effect = Effect.Write, InputSchema = Schema })];

    private static readonly JsonElement Schema = JsonDocument.Parse("""
        {"type":"object","properties":{"amount":{"type":"integer"},"currency":{"type":"string"},"account":{"type":"object","properties":{"iban":{"type":"string"}}},
        "notify":{"type":"string"},"tags":{"type":"array","items":{"type":"string"}},"priority":{"type":"string"},"count":{"type":"integer"},"discount":{"type":"integer"},
        "override":{"type":"boolean"},"note":{"type":"string"}},"required":["amount","currency","account","notify","tags","priority","count","discount","note"]}
        """).RootElement;

    private ImmutableArray<PolicyRule> Rules(ManifestTool tool) => [.. text.GetProperty("rules").EnumerateArray().Select(rule => new PolicyRule
    {
        Name = rule.GetProperty("name").GetString()!,
        Servers = [GatewayParts.Server],
        Tools = [tool.Name.Value],
        When = rule.GetProperty("cel").GetString(),
        Decision = rule.GetProperty("decision").GetString() == "deny" ? RuleDecision.Deny : RuleDecision.Allow,
    })];
}
