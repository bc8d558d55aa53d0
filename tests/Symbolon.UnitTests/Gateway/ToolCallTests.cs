using Symbolon.Core.Audit;

namespace Symbolon.UnitTests.Gateway;

[Trait("area", "gateway")]
public sealed class ToolCallTests : IDisposable
{
    private readonly GatewayRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public async Task An_allowed_call_goes_through_and_leaves_intent_and_outcome()
    {
        var answer = await rig.CallAsync("rollout_status", """{"namespace": "prod"}""");
        Assert.Equal(200, answer.Status);
        Assert.Equal("ok", answer.Result.GetProperty("content")[0].GetProperty("text").GetString());
        var call = Assert.Single(rig.Upstream.Calls);
        Assert.Equal("""{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"rollout_status","arguments":{"namespace": "prod"}}}""", call.Body);
        Assert.Equal([AuditKind.CallIntent, AuditKind.CallOutcome], rig.Audit.Records.Select(record => record.Kind));
        Assert.All(rig.Audit.Records, record => Assert.Equal(("bot", "tok_1", "deploy", "rollout_status"), (record.Agent, record.Token, record.Server, record.Tool)));
        Assert.Equal(CallOutcome.Completed, rig.Audit.Records[1].Outcome);
    }

    [Fact]
    public async Task A_modern_call_goes_through_with_headers_written_from_its_body()
    {
        var answer = await rig.ModernAsync("tools/call", "\"name\":\"rollout_status\",\"arguments\":{}", "rollout_status");
        Assert.Equal(200, answer.Status);
        var call = Assert.Single(rig.Upstream.Calls);
        Assert.Equal(("2026-07-28", "tools/call", "rollout_status"), (call.Headers["MCP-Protocol-Version"], call.Headers["Mcp-Method"], call.Headers["Mcp-Name"]));
    }
}
