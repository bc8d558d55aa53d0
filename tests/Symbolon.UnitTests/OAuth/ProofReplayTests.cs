using Symbolon.Core.OAuth.Proofs;
using Symbolon.Jose.Proofs;

namespace Symbolon.UnitTests.OAuth;

[Trait("area", "oauth")]
[Trait("clause", "RFC 9449 §11.1")]
public sealed class ProofReplayTests : IDisposable
{
    private readonly ProofStage stage = new();

    public void Dispose() => stage.Dispose();

    [Fact]
    public void A_proof_is_good_for_one_request()
    {
        var proof = stage.Proof();
        Assert.IsType<ProofVerdict.Accepted>(stage.Check(proof));
        Assert.Equal(ProofFault.Replayed, ProofStage.FaultOf(stage.Check(proof)));
    }

    [Theory]
    [InlineData("\"htu\":\"https://symbolon.example:443/mcp/deploy\"")]
    [InlineData("\"htu\":\"HTTPS://SYMBOLON.example/x/../mcp/%64eploy\"")]
    [InlineData("\"iat\":{0}")]
    [InlineData("\"more\":1")]
    public void The_same_jti_of_the_same_key_for_the_same_url_is_a_replay_however_it_is_written(string text)
    {
        var (first, second) = (stage.Payload, stage.Payload);
        first["jti"] = "\"jti\":\"same\"";
        second["jti"] = "\"jti\":\"\\u0073ame\"";
        second[text.Split('"')[1]] = text.Replace("{0}", $"{stage.Now - 7}", StringComparison.Ordinal);

        Assert.IsType<ProofVerdict.Accepted>(stage.Check(Sign(first)));
        Assert.Equal(ProofFault.Replayed, ProofStage.FaultOf(stage.Check(Sign(second))));
    }

    [Fact]
    public void The_same_jti_of_another_key_or_for_another_url_is_another_proof()
    {
        using var other = new ProofStage();
        var jti = "\"jti\":\"same\"";
        var elsewhere = stage.Payload;
        (elsewhere["jti"], elsewhere["htu"]) = (jti, "\"htu\":\"https://symbolon.example/mcp/payments\"");

        Assert.IsType<ProofVerdict.Accepted>(stage.Check(stage.Proof("jti", jti)));
        Assert.IsType<ProofVerdict.Accepted>(stage.Check(other.Proof("jti", jti), stage.Request with { BoundTo = null }));
        Assert.IsType<ProofVerdict.Accepted>(stage.Check(Sign(elsewhere), stage.Request with { Target = ProofTarget.Of("https://symbolon.example/mcp/payments") }));
    }

    [Fact]
    public void A_refused_proof_uses_up_nothing()
    {
        var proof = stage.Proof();
        Assert.Equal(ProofFault.WrongMethod, ProofStage.FaultOf(stage.Check(proof, stage.Request with { Method = "GET" })));
        Assert.Equal(ProofFault.NonceNeeded, ProofStage.FaultOf(stage.Check(proof, stage.Request with { NeedsNonce = true })));
        Assert.IsType<ProofVerdict.Accepted>(stage.Check(proof));
    }

    [Fact]
    public void Of_a_hundred_parallel_uses_one_passes_the_first_look()
    {
        for (var round = 0; round < 20; round++)
        {
            var proof = stage.Proof();
            var accepted = 0;
            Parallel.For(0, 100, new ParallelOptions { MaxDegreeOfParallelism = 16 }, _ =>
            {
                if (stage.Check(proof) is ProofVerdict.Accepted) Interlocked.Increment(ref accepted);
            });
            Assert.Equal(1, accepted);
        }
    }

    [Fact]
    public void What_is_remembered_is_bounded_and_what_was_forgotten_is_named_alike_for_the_store()
    {
        var validator = stage.NewValidator(new ProofLimits { Proofs = 2, Keys = 1 });
        var proof = stage.Proof();
        var first = Assert.IsType<ProofVerdict.Accepted>(validator.Check(1, proof, stage.Request)).Use;
        for (var i = 0; i < 4; i++) Assert.IsType<ProofVerdict.Accepted>(validator.Check(1, stage.Proof(), stage.Request));

        var again = Assert.IsType<ProofVerdict.Accepted>(validator.Check(1, proof, stage.Request)).Use;

        Assert.Equal(first, again, ProofUse.SameProof);
        Assert.NotEqual(first.Id, again.Id);
    }

    [Fact]
    public void A_clock_that_jumps_back_empties_nothing()
    {
        var proof = stage.Proof();
        Assert.IsType<ProofVerdict.Accepted>(stage.Check(proof));
        stage.Clock.SetBack(TimeSpan.FromMinutes(10));
        stage.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(ProofFault.Replayed, ProofStage.FaultOf(stage.Check(proof)));
    }

    [Fact]
    public void The_row_of_a_use_outlives_the_last_moment_at_which_the_proof_is_accepted()
    {
        var proof = stage.Proof("iat", $"\"iat\":{stage.Now + 5}");
        var use = Assert.IsType<ProofVerdict.Accepted>(stage.Check(proof)).Use;
        var other = stage.NewValidator();

        stage.Clock.Advance(TimeSpan.FromSeconds(65.999));
        Assert.IsType<ProofVerdict.Accepted>(other.Check(1, proof, stage.Request));
        Assert.True(use.ExpiresAt > Core.UnixTime.Microseconds(stage.Clock));
        stage.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(use.ExpiresAt, Core.UnixTime.Microseconds(stage.Clock));
        Assert.IsType<ProofVerdict.Refused>(stage.NewValidator().Check(1, proof, stage.Request));
    }

    private string Sign(Dictionary<string, string> payload) => stage.Sign(ProofStage.TextOf(stage.Header), ProofStage.TextOf(payload));
}
