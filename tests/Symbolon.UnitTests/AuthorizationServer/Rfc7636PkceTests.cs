namespace Symbolon.UnitTests.AuthorizationServer;

/// <summary>RFC 7636: only who began can finish; and codes (RFC 6749 §4.1.3).</summary>
[Trait("area", "oauth")]
public sealed class Rfc7636PkceTests
{
    [Theory]
    [InlineData("code_challenge", null)]
    [InlineData("code_challenge_method", null)]
    [InlineData("code_challenge_method", "plain")]
    [InlineData("code_challenge_method", "s256")]
    [InlineData("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM=")]
    [InlineData("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-c")]
    [InlineData("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM")]
    [InlineData("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cN")]
    [Trait("clause", "RFC 7636 §4.4.1")]
    [Trait("hostile", "pkce")]
    public async Task A_request_without_a_good_challenge_is_refused(string name, string? value)
    {
        await using var flow = await CodeFlow.StartAsync();
        Assert.Equal("invalid_request", CodeFlow.Member(await flow.AuthorizeAsync((name, value)), "error"));
    }

    [Theory]
    [InlineData("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXl", "invalid_grant")]
    [InlineData("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "invalid_grant")]
    [InlineData("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjX", "invalid_grant")]
    [InlineData("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk=", "invalid_grant")]
    [InlineData(null, "invalid_request")]
    [Trait("clause", "RFC 7636 §4.6")]
    [Trait("hostile", "pkce")]
    public async Task Another_verifier_or_none_gets_nothing_and_the_code_stays_good_for_the_rightful_one(string? verifier, string error)
    {
        await using var flow = await CodeFlow.StartAsync();
        var code = await flow.CodeAsync();
        var refused = await flow.RedeemAsync(code, ("code_verifier", verifier));
        Assert.Equal((400, error), (refused.Status, CodeFlow.Error(refused)));
        Assert.Equal(200, (await flow.RedeemAsync(code)).Status);
    }

    [Theory]
    [InlineData(42, false)]
    [InlineData(43, true)]
    [InlineData(128, true)]
    [InlineData(129, false)]
    [Trait("clause", "RFC 7636 §4.1")]
    public async Task A_verifier_has_43_to_128_characters(int length, bool isGood)
    {
        await using var flow = await CodeFlow.StartAsync();
        var verifier = new string('v', length);
        var code = await flow.CodeAsync(("code_challenge", CodeFlow.ChallengeOf(verifier)));
        Assert.Equal(isGood ? 200 : 400, (await flow.RedeemAsync(code, ("code_verifier", verifier))).Status);
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Audit durability")]
    [Trait("hostile", "flood")]
    public async Task What_is_refused_to_a_client_that_proves_nothing_is_counted_and_no_record_of_its_own()
    {
        await using var flow = await CodeFlow.StartAsync();
        var code = await flow.CodeAsync();
        var (records, counted) = (flow.Host.Proofs.Records.Count, flow.Host.Refusals.Recorded.Count);
        for (var i = 0; i < 3; i++) Assert.Equal(400, (await flow.RedeemAsync(code, ("code_verifier", new string('w', 43)))).Status);
        Assert.Equal(400, (await flow.RedeemAsync("x", ("grant_type", "guess"))).Status);
        Assert.Equal((records, counted + 4), (flow.Host.Proofs.Records.Count, flow.Host.Refusals.Recorded.Count));
        // What gives something, or ends something, is a record each time.
        Assert.Equal(200, (await flow.RedeemAsync(code)).Status);
        Assert.Equal(400, (await flow.RedeemAsync(code)).Status);
        Assert.True(flow.Host.Proofs.Records.Count > records);
    }

    [Fact]
    [Trait("clause", "RFC 7636 §4.1")]
    [Trait("hostile", "pkce")]
    public async Task A_verifier_has_no_other_characters()
    {
        await using var flow = await CodeFlow.StartAsync();
        var verifier = new string('v', 50) + "/";
        var code = await flow.CodeAsync(("code_challenge", CodeFlow.ChallengeOf(verifier)));
        Assert.Equal("invalid_grant", CodeFlow.Error(await flow.RedeemAsync(code, ("code_verifier", verifier))));
    }

    [Theory]
    [InlineData("client_id", "other")]
    [InlineData("redirect_uri", null)]
    [InlineData("redirect_uri", "http://127.0.0.1:7001/callback")]
    [InlineData("redirect_uri", "http://localhost:7000/callback")]
    [InlineData("code", "x")]
    [Trait("clause", "RFC 6749 §4.1.3")]
    [Trait("hostile", "code")]
    public async Task A_code_is_good_for_its_client_and_its_redirect_alone(string name, string? value)
    {
        await using var flow = await CodeFlow.StartAsync();
        var refused = await flow.RedeemAsync(await flow.CodeAsync(), (name, value));
        Assert.Equal((400, "invalid_grant"), (refused.Status, CodeFlow.Error(refused)));
    }

    [Theory]
    [InlineData("https://symbolon.example.com/mcp/deploy")]
    [InlineData("https://evil.example/mcp/shop")]
    [Trait("clause", "RFC 8707 §2.2")]
    [Trait("hostile", "code")]
    public async Task A_code_is_good_for_its_resource_alone(string resource)
    {
        await using var flow = await CodeFlow.StartAsync();
        var refused = await flow.RedeemAsync(await flow.CodeAsync(), ("resource", resource));
        Assert.Equal((400, "invalid_target"), (refused.Status, CodeFlow.Error(refused)));
    }

    [Fact]
    [Trait("clause", "RFC 6749 §4.1.2")]
    public async Task A_code_is_over_after_a_minute()
    {
        await using var flow = await CodeFlow.StartAsync();
        var code = await flow.CodeAsync();
        flow.Host.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal("invalid_grant", CodeFlow.Error(await flow.RedeemAsync(code)));
    }

    [Fact]
    [Trait("clause", "RFC 6749 §4.1.2")]
    public async Task A_code_used_twice_is_refused_and_kills_what_it_gave()
    {
        await using var flow = await CodeFlow.StartAsync();
        var code = await flow.CodeAsync();
        var (access, refresh) = CodeFlow.TokensOf(await flow.RedeemAsync(code));
        Assert.True(flow.IsAlive(access));
        Assert.Equal("invalid_grant", CodeFlow.Error(await flow.RedeemAsync(code, ("code_verifier", new string('x', 43)))));
        Assert.False(flow.IsAlive(access));
        Assert.Equal("invalid_grant", CodeFlow.Error(await flow.RefreshAsync(refresh)));
    }

    [Fact]
    [Trait("clause", "RFC 6749 §4.1.2")]
    public async Task Of_a_hundred_uses_of_a_code_at_once_one_wins()
    {
        await using var flow = await CodeFlow.StartAsync();
        for (var round = 0; round < 20; round++)
        {
            var code = await flow.CodeAsync(("prompt", "consent"));
            var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => flow.RedeemAsync(code))));
            Assert.Single(answers, answer => answer.Status == 200);
            Assert.All(answers.Where(answer => answer.Status != 200), answer => Assert.Equal("invalid_grant", CodeFlow.Error(answer)));
        }
    }

    [Fact]
    [Trait("clause", "RFC 9449 §10")]
    public async Task A_code_for_a_key_needs_its_proof()
    {
        await using var flow = await CodeFlow.StartAsync();
        var code = await flow.CodeAsync(("dpop_jkt", "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"));
        Assert.Equal("invalid_grant", CodeFlow.Error(await flow.RedeemAsync(code)));
    }
}
