using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Symbolon.Client.Verification;
using Symbolon.Jose.Signatures;
using Symbolon.Testing.OAuth;

namespace Symbolon.UnitTests.Client;

/// <summary>Which tokens an API takes: RFC 9068 §4, RFC 8725, RFC 8693 §4.1.</summary>
[Trait("area", "client")]
public sealed class AccessTokenVerifierTests : IDisposable
{
    private readonly VerifierStage stage = new();

    public void Dispose() => stage.Dispose();

    [Fact]
    public async Task The_whole_chain_of_a_good_token_is_known()
    {
        var accepted = Assert.IsType<CallerVerdict.Accepted>(await stage.VerifyAsync(stage.Token(token => token["jti"] = "tok_1")));
        var caller = accepted.Caller;
        Assert.Equal(("alice@example.com", "alice@example.com", "release-bot", null, "releases"), (caller.Subject, caller.Person, caller.Agent, caller.Workflow, caller.Server));
        Assert.Equal(["server:releases", "agent:release-bot"], caller.Actors);
        Assert.Equal(("mcp:releases:rollout_status", "tok_1", "aut_1", "tok_origin", "server:releases"), (caller.Tool, caller.TokenId, caller.AuthorizationId, caller.OriginTokenId, caller.ClientId));
        Assert.True(caller.Allows("read", "cluster:prod/namespace:checkout/web"));
        Assert.False(caller.Allows("delete", "cluster:prod/namespace:checkout/web"));
        Assert.False(caller.Allows("read", "cluster:prod/namespace:payments/web"));
    }

    public static TheoryData<string, string?, string?> WrongClaims => new()
    {
        { "iss", "\"https://evil.example\"", null }, { "iss", "\"https://symbolon.example/\"", null }, { "iss", null, null },
        { "aud", "\"https://api.example/\"", null }, { "aud", "\"https://other.example\"", null }, { "aud", "[\"https://api.example\"]", null },
        { "aud", "[\"https://api.example\",\"https://other.example\"]", null }, { "aud", null, null },
        { "exp", "1000", "The token has expired." }, { "exp", "\"never\"", null }, { "exp", "1e400", null }, { "exp", "-1", null }, { "exp", null, null },
        { "iat", "9999999999", null }, { "iat", null, null }, { "nbf", "9999999999", "The token is not valid yet." }, { "iat_us", "5", null },
        { "sub", "\"\"", null }, { "sub", null, null }, { "jti", null, null }, { "client_id", null, null }, { "client_id", "7", null },
        { "cnf", null, null }, { "cnf", "{}", null }, { "cnf", "{\"jkt\":\"x\"}", null }, { "cnf", "{\"x5t#S256\":\"47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU\"}", null },
        { "act", "\"server:releases\"", null }, { "act", "{}", null }, { "act", "{\"sub\":\"server:releases\",\"iss\":\"x\"}", null }, { "act", "{\"sub\":\"alice@example.com\"}", null },
        { "act", "{\"sub\":\"a\",\"act\":{\"sub\":\"a\"}}", null }, { "act", "{\"sub\":\"a\",\"act\":{\"sub\":\"b\",\"act\":{\"sub\":\"c\",\"act\":{\"sub\":\"d\",\"act\":{\"sub\":\"e\"}}}}}", null },
        { "scope", "\"\"", null }, { "scope", "[]", null }, { "scope", "\"a  b\"", null },
        { "authorization_details", "{}", null }, { "authorization_details", "[]", null }, { "authorization_details", "[{\"type\":\"other\"}]", null },
        { "authorization_details", "[{\"type\":\"symbolon_resource\",\"actions\":[\"read\"],\"resource\":\"a/*/../b\"}]", null },
        { "authorization_details", "[{\"type\":\"symbolon_resource\",\"actions\":[\"read\"],\"resource\":\"a/{x}\"}]", null },
        { "authorization_details", "[{\"type\":\"symbolon_resource\",\"actions\":[],\"resource\":\"a\"}]", null },
        { "authorization_details", "[{\"type\":\"symbolon_resource\",\"actions\":[\"read\"],\"resource\":\"a\",\"unless\":\"b\"}]", null },
        { "may_act", "\"server:releases\"", null }, { "tool", "5", null },
    };

    [Theory]
    [MemberData(nameof(WrongClaims))]
    public async Task A_token_with_a_wrong_claim_is_refused(string claim, string? value, string? why)
    {
        var refused = Refused(await stage.VerifyAsync(stage.Token(token =>
        {
            token.Remove(claim);
            if (value is not null) token[claim] = JsonNode.Parse(value);
        })));
        Assert.Equal((401, "invalid_token"), (refused.Status, refused.Error));
        Assert.StartsWith("DPoP error=\"invalid_token\"", refused.Challenge, StringComparison.Ordinal);
        if (why is not null) Assert.Equal(why, refused.Description);
    }

    [Fact]
    public async Task Four_actors_are_a_chain_and_the_end_has_five_seconds_of_tolerance()
    {
        var chain = JsonNode.Parse("""{"sub":"server:b","act":{"sub":"server:a","act":{"sub":"agent:x","act":{"sub":"workflow:w"}}}}""");
        var caller = Assert.IsType<CallerVerdict.Accepted>(await stage.VerifyAsync(stage.Token(token => token["act"] = chain))).Caller;
        Assert.Equal(("b", "x", "w"), (caller.Server, caller.Agent, caller.Workflow));
        Assert.IsType<CallerVerdict.Accepted>(await stage.VerifyAsync(stage.Token(token => token["exp"] = stage.Now - 4)));
        Assert.IsType<CallerVerdict.Refused>(await stage.VerifyAsync(stage.Token(token => token["exp"] = stage.Now - 5)));
    }

    [Theory]
    [InlineData("JWT")]
    [InlineData("dpop+jwt")]
    [InlineData("client-authentication+jwt")]
    [InlineData("AT+JWT")]
    public async Task A_token_of_another_kind_is_refused(string type) => Assert.Equal("invalid_token", Refused(await stage.VerifyAsync(stage.Token(type: type))).Error);

    [Fact]
    public async Task A_token_that_another_key_signed_is_refused_whatever_it_calls_itself()
    {
        using var other = Es256SigningKey.Generate();
        Assert.Equal(401, Refused(await stage.VerifyAsync(stage.Token(by: other))).Status);
        var parts = stage.Token().Split('.');
        var others = stage.Token(by: other).Split('.');
        foreach (var forged in new[] { $"{parts[0]}.{others[1]}.{others[2]}", $"{parts[0]}.{parts[1]}.", $"{parts[0]}.{parts[1]}", $"{parts[0]}.{parts[1]}.{parts[2]}A", "a.b.c", "x" })
            Assert.Equal(401, Refused(await stage.VerifyAsync(forged)).Status);
    }

    [Fact]
    [Trait("clause", "RFC 9449 §7.2")]
    public async Task A_bound_token_without_its_proof_or_in_two_places_is_refused()
    {
        var token = stage.Token();
        Assert.Equal((401, "invalid_token"), Short(await stage.VerifyAsync(token, scheme: "Bearer")));
        Assert.Equal((401, null), Short(await stage.SendAsync([], [])));
        Assert.Equal((401, null), Short(await stage.SendAsync(["Basic YTpi"], [])));
        Assert.Equal((400, "invalid_request"), Short(await stage.SendAsync([$"DPoP {token}", $"DPoP {token}"], [stage.Proof(token)])));
        Assert.Equal((401, "invalid_dpop_proof"), Short(await stage.SendAsync([$"DPoP {token}"], [])));
        Assert.Equal((401, "invalid_dpop_proof"), Short(await stage.SendAsync([$"DPoP {token}"], [stage.Proof(token), stage.Proof(token)])));
        Assert.Equal("DPoP algs=\"ES256\"", Refused(await stage.SendAsync([], [])).Challenge);
    }

    [Fact]
    public async Task A_key_that_is_not_known_is_asked_for_at_once_and_then_not_for_thirty_seconds()
    {
        Assert.IsType<CallerVerdict.Accepted>(await stage.VerifyAsync(stage.Token()));
        Assert.Equal(1, stage.Symbolon.CountOf("/oauth/jwks"));
        stage.Clock.Advance(TimeSpan.FromSeconds(30));
        var rotated = Es256SigningKey.Generate();
        stage.Symbolon.Keys.Add(rotated);
        Assert.IsType<CallerVerdict.Accepted>(await stage.VerifyAsync(stage.Token(by: rotated)));
        Assert.Equal(2, stage.Symbolon.CountOf("/oauth/jwks"));

        for (var i = 0; i < 100; i++)
        {
            using var unknown = Es256SigningKey.Generate();
            Assert.Equal(401, Refused(await stage.VerifyAsync(stage.Token(by: unknown))).Status);
        }
        Assert.Equal(2, stage.Symbolon.CountOf("/oauth/jwks"));
        stage.Clock.Advance(TimeSpan.FromSeconds(29));
        Assert.IsType<CallerVerdict.Accepted>(await stage.VerifyAsync(stage.Token()));
        Assert.Equal(2, stage.Symbolon.CountOf("/oauth/jwks"));
    }

    [Fact]
    public async Task Keys_that_cannot_be_had_again_serve_an_hour_and_then_nothing_is_said_of_any_token()
    {
        Assert.IsType<CallerVerdict.Accepted>(await stage.VerifyAsync(stage.Token()));
        stage.Symbolon.Instead = _ => throw new HttpRequestException("down");
        stage.Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.IsType<CallerVerdict.Accepted>(await stage.VerifyAsync(stage.Token()));
        stage.Clock.Advance(TimeSpan.FromMinutes(1));
        var refused = Refused(await stage.VerifyAsync(stage.Token()));
        Assert.Equal((503, 1), (refused.Status, refused.RetryAfter));
        Assert.Null(refused.Challenge);

        stage.Symbolon.Instead = null;
        stage.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.IsType<CallerVerdict.Accepted>(await stage.VerifyAsync(stage.Token()));
    }

    [Theory]
    [InlineData(200, "{\"keys\":[]}", 401)]
    [InlineData(200, "[]", 503)]
    [InlineData(302, "", 503)]
    [InlineData(500, "{\"keys\":[]}", 503)]
    [InlineData(200, null, 503)]
    public async Task A_set_of_keys_that_is_none_is_not_believed(int status, string? body, int answer)
    {
        stage.Symbolon.Instead = _ => body is not null ? FakeSymbolon.Json((HttpStatusCode)status, body)
            : new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(new string(' ', 70_000) + "{\"keys\":[]}", Encoding.UTF8) };
        Assert.Equal(answer, Refused(await stage.VerifyAsync(stage.Token())).Status);
    }

    [Fact]
    public async Task Keys_are_fetched_once_for_all_who_wait()
    {
        var gate = new TaskCompletionSource();
        stage.Symbolon.Gate = gate.Task;
        var waiting = Enumerable.Range(0, 20).Select(_ => stage.VerifyAsync(stage.Token())).ToList();
        gate.SetResult();
        Assert.All(await Task.WhenAll(waiting), verdict => Assert.IsType<CallerVerdict.Accepted>(verdict));
        Assert.Equal(1, stage.Symbolon.CountOf("/oauth/jwks"));
    }

    [Fact]
    public async Task At_a_servers_endpoint_only_the_gateways_call_token_for_this_server_is_taken()
    {
        using var server = new VerifierStage(server: "releases");
        Assert.Equal("invalid_token", Refused(await server.VerifyAsync(server.Token())).Error);
        Assert.Equal("invalid_token", Refused(await server.VerifyAsync(server.Token(token => Call(token, "server:other")))).Error);
        Assert.Equal("invalid_token", Refused(await server.VerifyAsync(server.Token(token => { Call(token, "server:releases"); token["act"] = new JsonObject { ["sub"] = "server:other" }; }))).Error);
        var caller = Assert.IsType<CallerVerdict.Accepted>(await server.VerifyAsync(server.Token(token => Call(token, "server:releases")))).Caller;
        Assert.Equal(("alice@example.com", "release-bot", null, "mcp:releases:rollout_status"), (caller.Person, caller.Agent, caller.Server, caller.Tool));

        static void Call(JsonObject token, string mayAct)
        {
            token["act"] = new JsonObject { ["sub"] = "agent:release-bot" };
            token["may_act"] = new JsonObject { ["sub"] = mayAct };
            token["scope"] = "mcp:releases:rollout_status";
            token.Remove("tool");
        }
    }

    [Fact]
    public async Task At_an_api_only_what_a_server_has_got_for_it_is_taken()
    {
        // A server whose own address is the API's audience is called with tokens of that audience too.
        Assert.Equal(401, Refused(await stage.VerifyAsync(stage.Token(token => token["may_act"] = new JsonObject { ["sub"] = "server:releases" }))).Status);
        Assert.Equal(401, Refused(await stage.VerifyAsync(stage.Token(token => token["act"] = new JsonObject { ["sub"] = "agent:release-bot" }))).Status);
        Assert.Equal(401, Refused(await stage.VerifyAsync(stage.Token(token => token.Remove("act")))).Status);
        var own = Assert.IsType<CallerVerdict.Accepted>(await stage.VerifyAsync(stage.Token(token => { token.Remove("act"); token.Remove("tool"); token["sub"] = "server:releases"; }))).Caller;
        Assert.Equal((null, "releases"), (own.Person, own.Server));
    }

    [Theory]
    [InlineData("http://symbolon.example")]
    [InlineData("ftp://symbolon.example")]
    [InlineData("https://alice@symbolon.example")]
    [InlineData("https://symbolon.example?x=1")]
    public void An_issuer_that_keys_would_come_from_in_clear_is_refused(string issuer) =>
        Assert.Throws<ArgumentException>(() => new AccessTokenVerifier(new AccessTokenVerifierOptions { Issuer = new Uri(issuer), Audience = "https://api.example", Server = "releases" }, feed: null));

    [Fact]
    public void An_api_that_does_not_hear_of_revocations_takes_no_tokens() =>
        Assert.Throws<ArgumentNullException>(() => new AccessTokenVerifier(new AccessTokenVerifierOptions { Issuer = new Uri("https://symbolon.example"), Audience = "https://api.example" }, feed: null));

    [Theory]
    [InlineData(999)]
    [InlineData(10_000_001)]
    public void Room_for_too_few_or_too_many_proofs_is_refused_by_name(int proofs)
    {
        var options = new AccessTokenVerifierOptions { Issuer = new Uri("https://symbolon.example"), Audience = "https://api.example", Server = "releases", ProofsRemembered = proofs };
        Assert.Contains("ProofsRemembered must be 1,000 to 10,000,000", Assert.Throws<ArgumentException>(() => new AccessTokenVerifier(options, feed: null)).Message, StringComparison.Ordinal);
    }

    private static (int, string?) Short(CallerVerdict verdict) => (Refused(verdict).Status, Refused(verdict).Error);

    private static CallerVerdict.Refused Refused(CallerVerdict verdict) => Assert.IsType<CallerVerdict.Refused>(verdict);
}
