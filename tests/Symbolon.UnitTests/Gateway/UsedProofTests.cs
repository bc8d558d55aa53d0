using Symbolon.Core.Audit;
using Symbolon.Core.Policy;
using Symbolon.Core.Snapshot;

namespace Symbolon.UnitTests.Gateway;

/// <summary>A proof is good for one request, which does nothing before the use of it is durable: RFC 9449 §11.1.</summary>
[Trait("area", "oauth")]
public sealed class UsedProofTests : BoundCaller
{
    [Fact]
    [Trait("clause", "RFC 9449 §11.1")]
    [Trait("hostile", "replay")]
    public async Task A_proof_is_good_for_one_request_whatever_that_is()
    {
        var proof = Proof();
        Assert.Equal(200, (await CallAsync(proof, "rollout_status")).Status);
        foreach (var body in new[] { Call("rollout_status"), Call("delete_release"), List, """{"jsonrpc":"2.0","id":1,"method":"ping"}""" })
            Assert.Equal((401, "proof_invalid"), Outcome(await BodyAsync(proof, body)));
        Assert.Single(Rig.Upstream.Calls);
    }

    [Theory]
    [InlineData("rollout_status")]
    [InlineData("delete_release")]
    [InlineData("unknown")]
    [Trait("clause", "RFC 9449 §11.1")]
    [Trait("hostile", "replay")]
    public async Task A_call_with_a_proof_that_another_node_has_seen_never_runs_and_is_recorded_as_a_refusal(string tool)
    {
        var proof = Proof();
        var elsewhere = new AuditEvent { Kind = AuditKind.CallIntent, Proof = UseOf(proof) };
        Rig.Audit.Append(elsewhere);

        Assert.Equal((401, "proof_invalid"), Outcome(await CallAsync(proof, tool)));
        Assert.Empty(Rig.Upstream.Calls);
        Assert.Equal((false, ReasonCode.ProofInvalid), (Rig.Audit.Records[1].Allowed, Rig.Audit.Records[1].Code));
        Assert.DoesNotContain(Rig.Audit.Records.Skip(1), record => record.Allowed == true);
    }

    [Theory]
    [InlineData(List)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping"}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/initialized"}""")]
    [InlineData("""[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","id":2,"method":"ping"}]""")]
    [InlineData("""[{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"rollout_status"}}]""")]
    [Trait("clause", "RFC 9449 §11.1")]
    [Trait("hostile", "replay")]
    public async Task Any_other_request_uses_its_proof_up_before_it_does_anything(string body)
    {
        var (seen, fresh) = (Proof(), Proof());
        Assert.True(await ((IProofUses)Rig.Proofs).TryUseAsync(UseOf(seen), TestContext.Current.CancellationToken));
        Assert.Equal((401, "proof_invalid"), Outcome(await BodyAsync(seen, body)));
        Assert.Empty(Rig.Upstream.Requests);

        Assert.InRange((await BodyAsync(fresh, body)).Status, 200, 202);
        Assert.Equal(2, Rig.Proofs.Count);
    }

    [Fact]
    [Trait("clause", "DESIGN.md §6")]
    public async Task Without_a_store_no_proof_is_taken()
    {
        Rig.Proofs.IsBroken = true;
        Assert.Equal((503, "audit_unavailable"), Outcome(await BodyAsync(Proof(), List)));
        Rig.Audit.Fails = _ => true;
        Assert.Equal((503, "audit_unavailable"), Outcome(await CallAsync(Proof(), "rollout_status")));
        Assert.Empty(Rig.Upstream.Calls);
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Audit durability")]
    public async Task Even_a_read_waits_until_the_use_of_its_proof_is_durable()
    {
        Assert.Equal(200, (await CallAsync(Proof(), "rollout_status")).Status);
        Rig.Audit.Holds = true;
        var call = CallAsync(Proof(), "rollout_status");
        while (Rig.Audit.Records.Count < 3) await Task.Yield();
        Assert.Single(Rig.Upstream.Calls);
        Rig.Audit.Holds = false;
        Rig.Audit.Release();
        Assert.Equal(200, (await call).Status);
        Assert.Equal(2, Rig.Upstream.Calls.Count());
    }

    [Fact]
    [Trait("clause", "RFC 9449 §11.1")]
    [Trait("hostile", "replay")]
    public async Task Of_a_hundred_parallel_calls_with_one_proof_one_runs()
    {
        Assert.Equal(200, (await CallAsync(Proof(), "rollout_status")).Status);
        for (var round = 0; round < 20; round++)
        {
            var proof = Proof();
            var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => CallAsync(proof, "rollout_status"))));
            Assert.Single(answers, answer => answer.Status == 200);
        }
        Assert.Equal(21, Rig.Upstream.Calls.Count());
    }
}
