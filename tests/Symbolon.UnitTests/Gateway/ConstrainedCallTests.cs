using System.Text.Json;
using Symbolon.Core.Audit;
using Symbolon.Core.Policy;
using Symbolon.Core.Registry;
using Symbolon.Core.Tools;

namespace Symbolon.UnitTests.Gateway;

/// <summary>A tool's <c>arguments</c> on the way of a call: <c>rollout_status</c> may be asked for two namespaces, and of few replicas.</summary>
[Trait("area", "gateway")]
[Trait("clause", "DESIGN.md §4 Order of checks")]
public sealed class ConstrainedCallTests : IDisposable
{
    private const string Constraints = """{"properties":{"namespace":{"enum":["checkout","search"]},"replicas":{"type":"integer","maximum":10}},"required":["namespace"]}""";

    private readonly GatewayRig rig = new();

    public ConstrainedCallTests() => Constrain(Constraints);

    public void Dispose() => rig.Dispose();

    [Theory]
    [InlineData("""{"namespace": "checkout"}""")]
    [InlineData("""{"namespace":"ch\u0065ckout","replicas":1e1}""")]
    [InlineData("""{"n\u0061mespace":"search","other":{"Replicas":99}}""")]
    [InlineData("""{"namespace":"search","other":12345678901234567890}""")]
    public async Task A_call_that_meets_the_constraints_goes_out_as_it_came(string arguments)
    {
        var answer = await rig.CallAsync("rollout_status", arguments);
        Assert.True(answer.Result.TryGetProperty("content", out _) && !answer.Result.TryGetProperty("isError", out _), answer.Body);
        Assert.Contains("\"arguments\":" + arguments, Assert.Single(rig.Upstream.Calls).Body, StringComparison.Ordinal);
        Assert.Null(rig.Audit.Records[0].Reason);
    }

    /// <summary>Arguments, the place that the answer names, the rule.</summary>
    public static TheoryData<string, string, string> Refused => new()
    {
        { """{"namespace":"SECRET"}""", "'namespace'", "arguments.properties.namespace.enum" },
        { """{"namespace":"Checkout"}""", "'namespace'", "arguments.properties.namespace.enum" },
        { """{"namespace":"checkout "}""", "'namespace'", "arguments.properties.namespace.enum" },
        { """{"namespace":["checkout"]}""", "'namespace'", "arguments.properties.namespace.enum" },
        { """{"namespace":null}""", "'namespace'", "arguments.properties.namespace.enum" },
        { "{}", "'namespace'", "arguments.required" },
        { """{"Namespace":"checkout"}""", "'namespace'", "" },
        { "{\"name\\u017fpace\":\"SECRET\"}", "'namespace'", "" },
        { """{"namespace":"checkout","REPLICAS":11}""", "'replicas'", "arguments" },
        { """{"namespace":"checkout","replicas":11}""", "'replicas'", "arguments.properties.replicas.maximum" },
        { """{"namespace":"checkout","replicas":"1"}""", "'replicas'", "arguments.properties.replicas.type" },
        { """{"namespace":"checkout","replicas":-1e400}""", "'replicas'", "arguments.properties.replicas.type" },
        { """{"namespace":"checkout","replicas":-12345678901234567891}""", "'replicas'", "arguments.properties.replicas.type" },
        { """{"namespace":"checkout","replicas":9.9999999999999999999}""", "'replicas'", "arguments.properties.replicas.type" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    [Trait("hostile", "arguments")]
    public async Task A_call_that_does_not_is_refused_with_the_place_and_the_rule_and_never_reaches_the_server(string arguments, string place, string rule)
    {
        var answer = await rig.CallAsync("rollout_status", arguments);
        Assert.Equal((200, true, "argument_not_allowed"), (answer.Status, answer.Result.GetProperty("isError").GetBoolean(), answer.Refusal.GetProperty("code").GetString()));
        var text = answer.Result.GetProperty("content")[0].GetProperty("text").GetString();
        Assert.Contains(place, text, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", answer.Body, StringComparison.Ordinal);
        Assert.Empty(rig.Upstream.Calls);
        var record = rig.Audit.Records[0];
        Assert.Equal((AuditKind.CallIntent, false, ReasonCode.ArgumentNotAllowed), (record.Kind, record.Allowed, record.Code));
        Assert.Null(record.Arguments);
        // A name that imitates a declared one is refused before any rule is asked.
        if (rule.Length == 0) return;
        Assert.Equal(rule, answer.Refusal.GetProperty("rule").GetString());
        Assert.Equal($"the tool's constraint {rule} is not met", record.Reason);
    }

    [Fact]
    public async Task A_call_without_arguments_is_one_with_none()
    {
        const string body = """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"rollout_status"}}""";
        Assert.Equal("arguments.required", (await rig.PostAsync(body)).Refusal.GetProperty("rule").GetString());
        Assert.Empty(rig.Upstream.Calls);
        Constrain("""{"properties":{"namespace":{"const":"checkout"}}}""");
        Assert.True((await rig.PostAsync(body)).Result.TryGetProperty("content", out _));
        Assert.Single(rig.Upstream.Calls);
    }

    [Fact]
    public async Task A_modern_call_is_held_to_the_same()
    {
        var refused = await rig.ModernAsync("tools/call", "\"name\":\"rollout_status\",\"arguments\":{\"namespace\":\"prod\"}", "rollout_status");
        Assert.Equal("argument_not_allowed", refused.Refusal.GetProperty("code").GetString());
        Assert.Empty(rig.Upstream.Calls);
        Assert.True((await rig.ModernAsync("tools/call", "\"name\":\"rollout_status\",\"arguments\":{\"namespace\":\"search\"}", "rollout_status")).Result.TryGetProperty("content", out _));
    }

    [Fact]
    public async Task Other_tools_are_held_to_nothing_and_what_the_file_says_now_counts()
    {
        Assert.True((await rig.CallAsync("delete_release", """{"namespace":"prod"}""")).Result.TryGetProperty("content", out _));
        Constrain("""{"properties":{"namespace":{"const":"prod"}}}""");
        Assert.False((await rig.CallAsync("rollout_status", """{"namespace":"prod"}""")).Result.TryGetProperty("isError", out _));
        Constrain(null);
        Assert.False((await rig.CallAsync("rollout_status", """{"namespace":"any"}""")).Result.TryGetProperty("isError", out _));
    }

    [Fact]
    [Trait("hostile", "arguments")]
    public async Task Arguments_that_cost_too_much_to_check_are_refused()
    {
        Constrain("""{"properties":{"namespace":{"pattern":"(.*a){90}b"}}}""");
        var answer = await rig.CallAsync("rollout_status", $$"""{"namespace":"{{new string('a', 500_000)}}"}""");
        Assert.Equal("argument_not_allowed", answer.Refusal.GetProperty("code").GetString());
        Assert.Contains("too large to be checked", answer.Result.GetProperty("content")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Empty(rig.Upstream.Calls);
    }

    [Fact]
    public async Task Constraints_that_this_version_does_not_read_let_nothing_through()
    {
        Constrain("""{"$ref":"https://example.com/schema"}""");
        Assert.Equal("argument_not_allowed", (await rig.CallAsync("rollout_status", """{"namespace":"checkout"}""")).Refusal.GetProperty("code").GetString());
        Assert.Empty(rig.Upstream.Calls);
    }

    private void Constrain(string? constraints) => rig.Apply(GatewayRig.Server(manifest => manifest with
    {
        Tools =
        [
            GatewayRig.ToolOf(GatewayRig.ReadTool, Effect.Read) with { Arguments = constraints is null ? null : new ToolConstraints(JsonDocument.Parse(constraints).RootElement) },
            GatewayRig.ToolOf(GatewayRig.WriteTool, Effect.Irreversible),
        ],
    }));
}
