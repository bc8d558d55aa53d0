using Symbolon.Core.Audit;
using Symbolon.Core.Policy;
using Symbolon.Testing.Gateway;

namespace Symbolon.UnitTests.Gateway;

/// <summary>DESIGN.md section 4, Audit durability.</summary>
[Trait("area", "gateway")]
public sealed class DurabilityTests : IDisposable
{
    private readonly GatewayRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public async Task A_call_that_is_no_read_goes_out_only_behind_its_durable_intent()
    {
        await rig.CallAsync("rollout_status");
        rig.Audit.Holds = true;
        var running = rig.CallAsync("delete_release");
        await Eventually.HoldsAsync(() => rig.Audit.Records[^1] is { Kind: AuditKind.CallIntent, Tool: "delete_release" }, "the intent is appended");
        Assert.Single(rig.Upstream.Calls);
        rig.Audit.Release();
        await Eventually.HoldsAsync(() => rig.Upstream.Calls.Count() == 2, "the call goes out");
        await Eventually.HoldsAsync(() => rig.Audit.Records[^1].Kind == AuditKind.CallOutcome, "the outcome is appended");
        Assert.False(running.IsCompleted);
        rig.Audit.Release();
        Assert.Equal(200, (await running).Status);
    }

    [Fact]
    public async Task With_intent_first_for_all_a_read_waits_too()
    {
        using var strict = new GatewayRig(options => options.IntentFirstForReads = true);
        strict.Audit.Fails = record => record.Kind == AuditKind.CallIntent;
        Assert.Equal(503, (await strict.CallAsync("rollout_status")).Status);
        Assert.Empty(strict.Upstream.Calls);
    }

    [Fact]
    public async Task Without_a_durable_intent_nothing_is_forwarded()
    {
        rig.Audit.Fails = record => record.Kind == AuditKind.CallIntent;
        var answer = await rig.CallAsync("delete_release");
        Assert.Equal((503, "audit_unavailable"), (answer.Status, answer.ErrorCode));
        Assert.NotEmpty(answer.Headers.RetryAfter.ToString());
        Assert.Empty(rig.Upstream.Calls);
    }

    [Fact]
    public async Task A_read_whose_intent_the_log_did_not_take_is_not_forwarded()
    {
        rig.Audit.Fails = record => record.Kind == AuditKind.CallIntent;
        var answer = await rig.CallAsync("rollout_status");
        Assert.Equal((503, "audit_unavailable"), (answer.Status, answer.ErrorCode));
        Assert.Empty(rig.Upstream.Calls);
    }

    [Fact]
    public async Task Without_a_durable_outcome_the_answer_is_withheld()
    {
        rig.Audit.Fails = record => record.Kind == AuditKind.CallOutcome;
        var answer = await rig.CallAsync("rollout_status");
        Assert.Equal((503, "audit_unavailable"), (answer.Status, answer.ErrorCode));
        Assert.DoesNotContain("content", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_that_is_not_healthy_refuses_calls_before_they_go_out()
    {
        rig.Audit.IsHealthy = false;
        Assert.Equal(503, (await rig.CallAsync("rollout_status")).Status);
        Assert.Empty(rig.Upstream.Calls);
    }

    [Fact]
    public async Task Other_requests_leave_one_record()
    {
        await rig.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/list"}""");
        await rig.ModernAsync("server/discover");
        await rig.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"tasks/list"}""");
        await rig.PostAsync("{");
        Assert.Equal(["tools/list", "server/discover", "tasks/list", "HTTP POST"], rig.Audit.Records.Select(record => record.Method));
        Assert.All(rig.Audit.Records, record => Assert.Equal(AuditKind.Request, record.Kind));
        Assert.Equal([null, null, ReasonCode.UnknownMethod, ReasonCode.MalformedRequest], rig.Audit.Records.Select(record => record.Code));
    }

    [Theory]
    [InlineData("""{"b":1,"a":[1.0,"\u0041"]}""", """{ "a" : [ 1.0 , "A" ] , "b" : 1 }""", true)]
    [InlineData("""{"a":9007199254740992}""", """{"a":9007199254740993}""", false)]
    public async Task Arguments_are_recorded_as_a_keyed_digest_of_what_they_say(string one, string other, bool same)
    {
        await rig.CallAsync("rollout_status", one);
        await rig.CallAsync("rollout_status", other);
        var hmacs = rig.Audit.Records.Where(record => record.Kind == AuditKind.CallIntent).Select(record => record.Hmac).ToList();
        Assert.Equal(64, hmacs[0].Length);
        Assert.Equal(same, hmacs[0] == hmacs[1]);
    }

    [Fact]
    public async Task The_trace_that_the_caller_asserts_is_recorded()
    {
        await rig.PostAsync("""{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"rollout_status","_meta":{"traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}}}""");
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", rig.Audit.Records[0].Trace);
    }

    [Fact]
    public async Task A_failure_inside_the_gateway_is_recorded_and_says_nothing_of_itself()
    {
        rig.Upstream.Answer = _ => throw new InvalidOperationException("secret detail");
        var answer = await rig.CallAsync("rollout_status");
        Assert.Equal((500, "internal_error"), (answer.Status, answer.ErrorCode));
        Assert.DoesNotContain("secret detail", answer.Body, StringComparison.Ordinal);
        Assert.Equal((CallOutcome.Failed, ReasonCode.InternalError), (rig.Audit.Records[^1].Outcome, rig.Audit.Records[^1].Code));
    }

    [Fact]
    public async Task Entries_go_from_one_request_to_the_next_without_a_trace_of_it()
    {
        await rig.CallAsync("rollout_status", """{"namespace":"prod"}""");
        await rig.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/list"}""");
        var list = rig.Audit.Records[^1];
        Assert.Equal((null, "", null), (list.Tool, list.Hmac, list.Scope));
        rig.Upstream.Answer = _ => ScriptedUpstream.Json("""{"jsonrpc":"2.0","id":7,"result":{"isError":true,"content":[]}}""");
        await rig.CallAsync("delete_release");
        Assert.Equal(CallOutcome.ToolError, rig.Audit.Records[^1].Outcome);
    }
}
