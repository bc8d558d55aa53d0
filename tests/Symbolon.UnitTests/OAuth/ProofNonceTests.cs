using Symbolon.Core.Identity;
using Symbolon.Core.OAuth.Proofs;
using Symbolon.Jose.Proofs;
using Symbolon.Testing.Fakes;

namespace Symbolon.UnitTests.OAuth;

[Trait("area", "oauth")]
[Trait("clause", "RFC 9449 §8")]
public sealed class ProofNonceTests : IDisposable
{
    private readonly ProofStage stage = new();

    private ProofNonces Nonces => new(new FakeSecretBox(), stage.Clock);

    public void Dispose() => stage.Dispose();

    [Fact]
    public void A_proof_without_a_nonce_is_answered_with_one_that_makes_the_next_proof_good()
    {
        var strict = stage.Request with { NeedsNonce = true };
        var refusal = Assert.IsType<ProofVerdict.Refused>(stage.Check(stage.Proof(), strict)).Refusal;
        Assert.Equal((ProofFault.NonceNeeded, "use_dpop_nonce"), (refusal.Fault, refusal.Error));
        Assert.Matches("^[A-Za-z0-9_-]{22}$", refusal.Nonce);

        var accepted = Assert.IsType<ProofVerdict.Accepted>(stage.Check(WithNonce(refusal.Nonce!), strict));

        Assert.Null(accepted.NextNonce);
    }

    [Fact]
    public void Another_node_knows_the_nonce_and_another_organisation_does_not()
    {
        var proof = WithNonce(Nonces.Current(OrganisationId.Default));
        Assert.IsType<ProofVerdict.Accepted>(stage.NewValidator().Check(1, proof, stage.Request));
        Assert.Equal(ProofFault.NonceNeeded, ProofStage.FaultOf(stage.NewValidator().Check(1, proof, stage.Request with { Organisation = new("other") })));
    }

    [Fact]
    public void The_nonce_before_the_present_one_is_accepted_with_a_word_about_its_successor()
    {
        var old = Nonces.Current(OrganisationId.Default);
        stage.Clock.Advance(TimeSpan.FromSeconds(ProofNonces.Stretch));
        var successor = Nonces.Current(OrganisationId.Default);
        Assert.NotEqual(old, successor);

        Assert.Equal(successor, Assert.IsType<ProofVerdict.Accepted>(stage.Check(WithNonce(old))).NextNonce);
        stage.Clock.Advance(TimeSpan.FromSeconds(ProofNonces.Stretch));

        var refusal = Assert.IsType<ProofVerdict.Refused>(stage.Check(WithNonce(old))).Refusal;
        Assert.Equal((ProofFault.NonceNeeded, Nonces.Current(OrganisationId.Default)), (refusal.Fault, refusal.Nonce));
    }

    [Fact]
    public void The_next_nonce_is_accepted_from_a_node_whose_clock_is_up_to_5_s_ahead()
    {
        var toNext = ProofNonces.Stretch - stage.Now % ProofNonces.Stretch;
        stage.Clock.Advance(TimeSpan.FromSeconds(toNext));
        var next = Nonces.Current(OrganisationId.Default);
        stage.Clock.SetBack(TimeSpan.FromSeconds(5));
        Assert.IsType<ProofVerdict.Accepted>(stage.Check(WithNonce(next)));
        stage.Clock.SetBack(TimeSpan.FromSeconds(1));
        Assert.Equal(ProofFault.NonceNeeded, ProofStage.FaultOf(stage.Check(WithNonce(next))));
    }

    [Theory]
    [InlineData(-300, true)]
    [InlineData(-61, true)]
    [InlineData(6, true)]
    [InlineData(300, true)]
    [InlineData(-301, false)]
    [InlineData(301, false)]
    public void A_fresh_nonce_widens_the_window_to_5_minutes_and_no_further(int seconds, bool isAccepted)
    {
        string At(int away, string? nonce)
        {
            var payload = stage.Payload;
            payload["iat"] = $"\"iat\":{stage.Now + away}";
            if (nonce is not null) payload["nonce"] = $"\"nonce\":\"{nonce}\"";
            return stage.Sign(ProofStage.TextOf(stage.Header), ProofStage.TextOf(payload));
        }

        Assert.IsType<ProofVerdict.Refused>(stage.Check(At(seconds, null)));
        Assert.Equal(isAccepted, stage.Check(At(seconds, Nonces.Current(OrganisationId.Default))) is ProofVerdict.Accepted);
        Assert.Equal(isAccepted ? ProofFault.NonceNeeded : seconds < 0 ? ProofFault.TooOld : ProofFault.TooNew,
            ProofStage.FaultOf(stage.Check(At(seconds, "AAAAAAAAAAAAAAAAAAAAAA"))));
    }

    [Fact]
    public void The_row_of_a_use_with_a_nonce_outlives_the_nonce()
    {
        var proof = WithNonce(Nonces.Current(OrganisationId.Default));
        var use = Assert.IsType<ProofVerdict.Accepted>(stage.Check(proof)).Use;
        while (stage.NewValidator().Check(1, proof, stage.Request) is ProofVerdict.Accepted)
        {
            Assert.True(use.ExpiresAt > Core.UnixTime.Microseconds(stage.Clock));
            stage.Clock.Advance(TimeSpan.FromSeconds(1));
        }
        Assert.InRange(stage.Clock.GetUtcNow() - new FakeClock().GetUtcNow(), TimeSpan.FromSeconds(ProofNonces.Stretch), TimeSpan.FromSeconds(2 * ProofNonces.Stretch));
    }

    [Fact]
    public void Every_refusal_says_something_and_within_the_characters_of_its_header()
    {
        foreach (var fault in Enum.GetValues<ProofFault>())
        {
            var refusal = new ProofRefusal(fault);
            Assert.Matches(@"^DPoP error=""(use_dpop_nonce|invalid_dpop_proof)"", error_description=""[ !#-\[\]-~]+"", algs=""ES256""$", refusal.ChallengeText(null, null));
        }
        Assert.Equal(
            """DPoP error="invalid_token", scope="mcp:deploy:@granted", resource_metadata="https://symbolon.example/.well-known/oauth-protected-resource/mcp/deploy", algs="ES256" """.Trim(),
            ProofChallenge.Write("invalid_token", null, "mcp:deploy:@granted", "https://symbolon.example/.well-known/oauth-protected-resource/mcp/deploy"));
        Assert.Equal("DPoP algs=\"ES256\"", ProofChallenge.Write(null, null, null, null));
        Assert.Throws<ArgumentException>(() => ProofChallenge.Write("invalid_token", "\r\nSet-Cookie: x", null, null));
        Assert.Throws<ArgumentException>(() => ProofChallenge.Write("invalid_token", "a\", realm=\"b", null, null));
    }

    private string WithNonce(string nonce) => stage.Proof("nonce", $"\"nonce\":\"{nonce}\"");
}
