using Symbolon.Client.Verification;
using Symbolon.Jose;
using Symbolon.Testing.Fakes;
using Symbolon.Testing.OAuth;

namespace Symbolon.UnitTests.Client;

/// <summary>Proofs at an API, whose memory is its own process: RFC 9449 §4.3, §9 and §11.1. The vectors of the common part are in ProofClaimVectorTests.</summary>
[Trait("area", "client")]
public sealed class VerifiedProofTests : IDisposable
{
    private readonly VerifierStage stage = new();

    public void Dispose() => stage.Dispose();

    [Fact]
    public async Task Of_a_hundred_who_use_one_proof_at_once_one_is_let_in()
    {
        var token = stage.Token();
        var proof = stage.Proof(token);
        await stage.VerifyAsync(stage.Token());
        var all = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => stage.VerifyAsync(token, proof))));
        Assert.Single(all, verdict => verdict is CallerVerdict.Accepted);
        Assert.All(all.OfType<CallerVerdict.Refused>(), refused => Assert.Equal("invalid_dpop_proof", refused.Error));
    }

    [Fact]
    public async Task A_proof_is_good_for_its_own_request_its_own_token_and_its_own_key()
    {
        var token = stage.Token();
        using var thief = new ProofKey();
        string[] wrong =
        [
            stage.Proof(token, method: "POST"), stage.Proof(token, url: "https://api.example/releases/other"), stage.Proof(token, url: "https://other.example/releases/web"),
            stage.Proof(stage.Token()), thief.Proof("GET", VerifierStage.Url, stage.Now, token), stage.Key.Proof("GET", VerifierStage.Url, stage.Now), "x", "",
        ];
        foreach (var proof in wrong) Assert.Equal("invalid_dpop_proof", Refused(await stage.VerifyAsync(token, proof)).Error);
        Assert.IsType<CallerVerdict.Accepted>(await stage.VerifyAsync(token, stage.Proof(token, url: "HTTPS://API.example:443/./releases/web")));
    }

    [Theory]
    [InlineData(-61)]
    [InlineData(6)]
    public async Task A_client_whose_clock_is_off_is_asked_for_a_nonce_and_let_in_with_it(int seconds)
    {
        stage.Clock.Advance(TimeSpan.FromMinutes(10));
        var token = stage.Token();
        var asked = Refused(await stage.VerifyAsync(token, stage.Proof(token, at: stage.Now + seconds)));
        Assert.Equal((401, "use_dpop_nonce"), (asked.Status, asked.Error));
        var proof = stage.Proof(token, nonce: asked.Nonce, at: stage.Now + seconds);
        Assert.IsType<CallerVerdict.Accepted>(await stage.VerifyAsync(token, proof));
        Assert.Equal("invalid_dpop_proof", Refused(await stage.VerifyAsync(token, proof)).Error);
        Assert.Equal("invalid_dpop_proof", Refused(await stage.VerifyAsync(token, stage.Proof(token, nonce: asked.Nonce, at: stage.Now + Math.Sign(seconds) * 301))).Error);
    }

    [Fact]
    public async Task A_nonce_lives_for_a_minute_at_most_and_its_successor_is_sent_along()
    {
        using var strict = new VerifierStage(alwaysNonce: true);
        var token = strict.Token();
        var nonce = Refused(await strict.VerifyAsync(token)).Nonce;
        Assert.Null(Assert.IsType<CallerVerdict.Accepted>(await strict.VerifyAsync(token, strict.Proof(token, nonce: nonce))).NextNonce);
        strict.Clock.Advance(TimeSpan.FromSeconds(30));
        var next = Assert.IsType<CallerVerdict.Accepted>(await strict.VerifyAsync(token, strict.Proof(token, nonce: nonce))).NextNonce;
        strict.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("use_dpop_nonce", Refused(await strict.VerifyAsync(token, strict.Proof(token, nonce: nonce))).Error);
        Assert.IsType<CallerVerdict.Accepted>(await strict.VerifyAsync(token, strict.Proof(token, nonce: next)));
        Assert.Equal("use_dpop_nonce", Refused(await strict.VerifyAsync(token, strict.Proof(token, nonce: "AAAAAAAAAAAAAAAAAAAAAA"))).Error);
    }

    [Fact]
    public async Task A_proof_from_before_this_process_began_needs_a_nonce_of_it()
    {
        // Its memory is empty, so whether the proof was used is not known.
        var token = stage.Token();
        Assert.Equal("use_dpop_nonce", Refused(await stage.VerifyAsync(token, stage.Proof(token, at: stage.Now - 1))).Error);
        Assert.Equal("use_dpop_nonce", Refused(await stage.VerifyAsync(token, stage.Proof(token, at: stage.Now - 30))).Error);
        Assert.IsType<CallerVerdict.Accepted>(await stage.VerifyAsync(token));
    }

    [Fact]
    public async Task A_wall_clock_that_jumps_back_lets_no_used_proof_in_again()
    {
        var token = stage.Token(claims => claims["exp"] = stage.Now + 7200);
        var proof = stage.Proof(token);
        Assert.IsType<CallerVerdict.Accepted>(await stage.VerifyAsync(token, proof));
        for (var minutes = 0; minutes < 5; minutes++)
        {
            stage.Clock.Advance(TimeSpan.FromMinutes(1));
            Assert.IsType<CallerVerdict.Accepted>(await stage.VerifyAsync(token));
        }
        stage.Wall.Shift = TimeSpan.FromMinutes(-5);
        Assert.Equal("use_dpop_nonce", Refused(await stage.VerifyAsync(token, proof)).Error);
        // Whoever is honest is asked once more, and goes on.
        var nonce = Refused(await stage.VerifyAsync(token)).Nonce;
        Assert.IsType<CallerVerdict.Accepted>(await stage.VerifyAsync(token, stage.Proof(token, nonce: nonce)));
    }

    [Fact]
    public void A_proof_is_remembered_for_longer_than_it_can_be_used_and_not_for_ever()
    {
        var clock = new FakeClock();
        var used = new UsedProofs(clock, 200);
        for (var offset = 0; offset < 140; offset += 7)
        {
            var proof = Sha256Value.Of(BitConverter.GetBytes(offset));
            Assert.Equal(UseOfProof.First, used.TryUse(proof, stage.Key.Thumbprint, clock.GetUtcNow().ToUnixTimeSeconds()));
            for (var second = 0; second < 66; second += 6)
            {
                clock.Advance(TimeSpan.FromSeconds(6));
                Assert.Equal(UseOfProof.Replay, used.TryUse(proof, stage.Key.Thumbprint, 0));
            }
        }
        clock.Advance(TimeSpan.FromSeconds(140));
        Assert.Equal(UseOfProof.First, used.TryUse(Sha256Value.Of(BitConverter.GetBytes(0)), stage.Key.Thumbprint, 0));
    }

    [Fact]
    public async Task When_there_is_no_room_to_remember_proofs_calls_are_refused_until_there_is()
    {
        using var small = new VerifierStage(mostProofs: 6);
        for (var i = 0; i < 3; i++) Assert.IsType<CallerVerdict.Accepted>(await small.VerifyAsync(small.Token()));
        Assert.Equal(503, Refused(await small.VerifyAsync(small.Token())).Status);
        small.Clock.Advance(TimeSpan.FromSeconds(70));
        Assert.IsType<CallerVerdict.Accepted>(await small.VerifyAsync(small.Token()));
    }

    [Fact]
    public void A_key_that_floods_leaves_room_for_every_other()
    {
        var clock = new FakeClock();
        var used = new UsedProofs(clock, 1000);
        var number = 0;
        // Each takes all that it is given, and there is always some left.
        for (var each = 0; each < 6; each++) Assert.InRange(Taken(each), 10, 500);
        // Whose proofs were refused is let in again with the others.
        clock.Advance(UsedProofs.Generation);
        Assert.Equal(500, Taken(0));

        int Taken(int key)
        {
            var taken = 0;
            while (used.TryUse(Sha256Value.Of(BitConverter.GetBytes(++number)), Sha256Value.Of(BitConverter.GetBytes(key)), 0) == UseOfProof.First) taken++;
            return taken;
        }
    }

    private static CallerVerdict.Refused Refused(CallerVerdict verdict) => Assert.IsType<CallerVerdict.Refused>(verdict);
}
