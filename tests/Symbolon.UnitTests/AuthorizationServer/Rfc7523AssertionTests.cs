using System.Text.Json.Nodes;
using Symbolon.Core.Audit;
using Symbolon.Core.Policy;
using Symbolon.Core.Registry;
using Symbolon.Core.Revocation;
using Symbolon.Jose.Signatures;

namespace Symbolon.UnitTests.AuthorizationServer;

/// <summary>RFC 7523 and its revision (rfc7523bis): clients prove themselves by a signed assertion.</summary>
[Trait("area", "oauth")]
public sealed class Rfc7523AssertionTests
{
    /// <summary>What a client may write, each change of an honest assertion: clause, claims as JSON that are set (null leaves one out).</summary>
    public static TheoryData<string, string> Good => new()
    {
        { "aud in a list of one", """{"aud":["https://symbolon.example.com"]}""" }, { "without iat", """{"iat":null}""" }, { "not before now", """{"nbf":"now"}""" },
        { "five minutes long", """{"exp":"now+300"}""" }, { "issued by a clock that is ahead", """{"iat":"now+59","exp":"now+120"}""" },
        { "ended by a clock that is behind", """{"iat":"now-120","exp":"now-59"}""" }, { "claims that nobody knows", """{"colour":"red","htm":{"a":[1]}}""" },
    };

    [Theory]
    [MemberData(nameof(Good))]
    [Trait("clause", "RFC 7523 §3")]
    public async Task An_assertion_in_order_is_accepted(string what, string changes)
    {
        await using var host = await OAuthHost.StartAsync();
        var answer = await host.TokenWithAsync(OAuthHost.Sign(Changed(host, changes), host.Key));
        Assert.True(answer.Status == 200, $"{what}: {answer.Text}");
    }

    public static TheoryData<string, string> Hostile => new()
    {
        { "rfc7523bis §4 aud", """{"aud":"https://symbolon.example.com/oauth/token"}""" },
        { "rfc7523bis §4 aud", """{"aud":["https://symbolon.example.com","https://other.example.com"]}""" },
        { "rfc7523bis §4 aud", """{"aud":["https://symbolon.example.com","https://symbolon.example.com"]}""" },
        { "rfc7523bis §4 aud", """{"aud":"https://symbolon.example.com/"}""" }, { "rfc7523bis §4 aud", """{"aud":"https://SYMBOLON.example.com"}""" },
        { "rfc7523bis §4 aud", """{"aud":"http://symbolon.example.com"}""" }, { "rfc7523bis §4 aud", """{"aud":"https://symbolon.example.com:443"}""" },
        { "rfc7523bis §4 aud", """{"aud":"http://127.0.0.1:8750"}""" }, { "rfc7523bis §4 aud", """{"aud":"https://symbolon.example.com/mcp/shop"}""" },
        { "rfc7523bis §4 aud", """{"aud":null}""" }, { "rfc7523bis §4 aud", """{"aud":[]}""" }, { "rfc7523bis §4 aud", """{"aud":7}""" }, { "rfc7523bis §4 aud", """{"aud":""}""" },
        { "rfc7523bis §4 aud", """{"aud":{"0":"https://symbolon.example.com"}}""" }, { "rfc7523bis §4 aud", """{"aud":"agent:bot"}""" },
        { "RFC 7523 §3 iss", """{"iss":null}""" }, { "RFC 7523 §3 iss", """{"iss":"agent:other"}""" }, { "RFC 7523 §3 iss", """{"iss":"agent:nobody"}""" },
        { "RFC 7523 §3 iss", """{"iss":["agent:bot"]}""" }, { "RFC 7523 §3 iss", """{"iss":"Agent:bot"}""" }, { "RFC 7523 §3 iss", """{"iss":"agent:bot "}""" },
        { "RFC 7523 §3 iss", """{"iss":"agent:Bot"}""" }, { "RFC 7523 §3 iss", """{"iss":"workflow:bot"}""" }, { "RFC 7523 §3 iss", """{"iss":"bot"}""" },
        { "RFC 7523 §3 iss", """{"iss":"agent:keyless","sub":"agent:keyless"}""" }, { "RFC 7523 §3 iss", """{"iss":"agent:../bot","sub":"agent:../bot"}""" },
        { "RFC 7523 §3 sub", """{"sub":null}""" }, { "RFC 7523 §3 sub", """{"sub":"agent:other"}""" }, { "RFC 7523 §3 sub", """{"sub":"alice@example.com"}""" }, { "RFC 7523 §3 sub", """{"sub":1}""" },
        { "RFC 7523 §3 exp", """{"exp":null}""" }, { "RFC 7523 §3 exp", """{"exp":"now-60"}""" }, { "RFC 7523 §3 exp", """{"exp":"now-3600"}""" }, { "RFC 7523 §3 exp", """{"exp":0}""" },
        { "RFC 7523 §3 exp", """{"exp":-1}""" }, { "RFC 7523 §3 exp", """{"exp":"2099"}""" }, { "RFC 7523 §3 exp", """{"exp":1.5}""" }, { "RFC 7523 §3 exp", """{"exp":true}""" }, { "RFC 7523 §3 exp", """{"exp":[1]}""" },
        { "lifetime at most 5 minutes", """{"exp":"now+361"}""" }, { "lifetime at most 5 minutes", """{"exp":"now+86400"}""" }, { "lifetime at most 5 minutes", """{"iat":"now-1","exp":"now+300"}""" },
        { "lifetime at most 5 minutes", """{"exp":253402300799}""" }, { "lifetime at most 5 minutes", """{"exp":9223372036854775807}""" },
        { "RFC 7523 §3 iat", """{"iat":"now+61","exp":"now+120"}""" }, { "RFC 7523 §3 iat", """{"iat":"text"}""" }, { "RFC 7523 §3 iat", """{"iat":-5}""" },
        { "RFC 7523 §3 nbf", """{"nbf":"now+61"}""" }, { "RFC 7523 §3 nbf", """{"nbf":"soon"}""" },
        { "single use needs jti", """{"jti":null}""" }, { "single use needs jti", """{"jti":""}""" }, { "single use needs jti", """{"jti":17}""" }, { "single use needs jti", """{"jti":["a"]}""" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    [Trait("clause", "RFC 7523 §3")]
    [Trait("hostile", "assertion")]
    public async Task An_assertion_with_another_claim_is_invalid_client(string clause, string changes)
    {
        await using var host = await OAuthHost.StartAsync();
        var answer = await host.TokenWithAsync(OAuthHost.Sign(Changed(host, changes), host.Key));
        Assert.True(answer.Status == 401, $"{clause} {changes}: {answer.Text}");
        Assert.Equal("invalid_client", answer.Json.GetProperty("error").GetString());
        Assert.Equal(0, host.Proofs.Count);
        Assert.Equal(ReasonCode.Unauthenticated, Assert.Single(host.Refusals.Recorded));
    }

    /// <summary>Kinds of tokens that are no assertion, and types that are none of ours.</summary>
    [Theory]
    [InlineData("at+jwt")]
    [InlineData("dpop+jwt")]
    [InlineData("secevent+jwt")]
    [InlineData("oauth-id-jag+jwt")]
    [InlineData("token-introspection+jwt")]
    [InlineData("statuslist+jwt")]
    [InlineData("txntoken+jwt")]
    [InlineData("jwt")]
    [InlineData("client-authentication+JWT")]
    [InlineData("application/at+jwt")]
    [Trait("clause", "RFC 8725 §3.11")]
    [Trait("hostile", "assertion")]
    public async Task Another_kind_of_token_is_no_assertion(string type)
    {
        await using var host = await OAuthHost.StartAsync();
        var answer = await host.TokenWithAsync(OAuthHost.Sign(host.Claims(), host.Key, type));
        Assert.Equal((401, "invalid_client"), (answer.Status, answer.Json.GetProperty("error").GetString()));
    }

    [Theory]
    [InlineData("JWT")]
    [InlineData("client-authentication+jwt")]
    [InlineData("application/client-authentication+jwt")]
    [Trait("clause", "rfc7523bis §3")]
    public async Task Both_types_of_the_assertion_are_accepted(string type)
    {
        await using var host = await OAuthHost.StartAsync();
        Assert.Equal(200, (await host.TokenWithAsync(OAuthHost.Sign(host.Claims(), host.Key, type))).Status);
    }

    [Fact]
    [Trait("clause", "RFC 7523 §3 no. 9")]
    [Trait("hostile", "assertion")]
    public async Task A_signature_of_another_client_s_key_or_of_a_stranger_s_is_refused()
    {
        await using var host = await OAuthHost.StartAsync();
        using var stranger = Es256SigningKey.Generate();
        foreach (var key in new[] { host.OtherKey, stranger })
            Assert.Equal(401, (await host.TokenWithAsync(OAuthHost.Sign(host.Claims(), key))).Status);
    }

    [Fact]
    [Trait("clause", "RFC 8725 §3.1")]
    [Trait("hostile", "assertion")]
    public async Task A_text_that_is_no_signed_token_is_refused()
    {
        await using var host = await OAuthHost.StartAsync();
        var good = host.Assertion().Split('.');
        var none = Symbolon.Jose.Base64Url.Encode("""{"alg":"none"}"""u8);
        var hmac = Symbolon.Jose.Base64Url.Encode("""{"alg":"HS256"}"""u8);
        var crit = Symbolon.Jose.Base64Url.Encode("""{"alg":"ES256","crit":["exp"]}"""u8);
        var jwk = Symbolon.Jose.Base64Url.Encode(System.Text.Encoding.UTF8.GetBytes($$"""{"alg":"ES256","jwk":{{host.Key.PublicKey.ToJson()}}}"""));
        var jku = Symbolon.Jose.Base64Url.Encode("""{"alg":"ES256","jku":"https://evil.example.com/keys"}"""u8);
        var twice = Symbolon.Jose.Base64Url.Encode("""{"alg":"ES256","alg":"ES256"}"""u8);
        string[] hostile =
        [
            "x", "a.b.c", "..", $"{good[0]}.{good[1]}.", $"{good[0]}.{good[1]}", $".{good[1]}.{good[2]}", $"{none}.{good[1]}.", $"{none}.{good[1]}.{good[2]}",
            $"{hmac}.{good[1]}.{good[2]}", $"{crit}.{good[1]}.{good[2]}", $"{jwk}.{good[1]}.{good[2]}", $"{jku}.{good[1]}.{good[2]}", $"{twice}.{good[1]}.{good[2]}",
            $"{good[0]}.{good[1]}.{good[2]}=", $"{good[0]}.{good[1]}.{good[2]}.{good[2]}", $"{good[0]}.{good[1]}.{good[2][..^4]}AAAA", new string('a', 9000), "é.é.é",
        ];
        foreach (var text in hostile)
        {
            var answer = await host.TokenWithAsync(text);
            Assert.True(answer.Status is 401 && answer.Json.GetProperty("error").GetString() == "invalid_client", text);
        }
    }

    [Fact]
    [Trait("clause", "RFC 7523 §3 no. 7")]
    [Trait("hostile", "assertion")]
    public async Task An_assertion_is_good_for_one_request_also_after_a_refusal_and_at_every_endpoint()
    {
        await using var host = await OAuthHost.StartAsync();
        var used = host.Assertion();
        Assert.Equal(200, (await host.TokenWithAsync(used)).Status);
        Assert.Equal(401, (await host.TokenWithAsync(used)).Status);
        foreach (var path in new[] { "/oauth/introspect", "/oauth/revoke" })
            Assert.Equal(401, (await host.PostAsync(path, ("client_assertion", used), ("client_assertion_type", OAuthHost.AssertionType), ("token", "x"))).Status);

        var refused = host.Assertion();
        Assert.Equal(400, (await host.TokenWithAsync(refused, ("scope", "nonsense"))).Status);
        Assert.Equal(401, (await host.TokenWithAsync(refused)).Status);
    }

    [Fact]
    [Trait("clause", "RFC 7523 §3 no. 7")]
    public async Task The_same_id_of_two_clients_is_two_ids()
    {
        await using var host = await OAuthHost.StartAsync();
        host.Apply(OAuthHost.Grant("other-shop", "other", "shop", [new("look")], [], null));
        var (mine, theirs) = (host.Claims(), host.Claims("agent:other"));
        mine["jti"] = "one";
        theirs["jti"] = "one";
        Assert.Equal(200, (await host.TokenWithAsync(OAuthHost.Sign(mine, host.Key))).Status);
        Assert.Equal(200, (await host.TokenWithAsync(OAuthHost.Sign(theirs, host.OtherKey))).Status);
    }

    [Fact]
    [Trait("clause", "RFC 7523 §3 no. 7")]
    public async Task Of_a_hundred_uses_of_one_assertion_at_once_exactly_one_wins()
    {
        await using var host = await OAuthHost.StartAsync();
        for (var round = 0; round < 5; round++)
        {
            var assertion = host.Assertion();
            var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => host.TokenWithAsync(assertion))));
            Assert.Equal(1, answers.Count(answer => answer.Status == 200));
            Assert.Equal(99, answers.Count(answer => answer.Status == 401));
        }
    }

    [Fact]
    [Trait("clause", "RFC 7521 §4.2")]
    public async Task A_client_id_beside_the_assertion_has_to_be_the_same()
    {
        await using var host = await OAuthHost.StartAsync();
        Assert.Equal(200, (await host.TokenAsync(("client_id", "agent:bot"))).Status);
        Assert.Equal(401, (await host.TokenAsync(("client_id", "agent:other"))).Status);
    }

    [Theory]
    [InlineData("client_assertion_type", null)]
    [InlineData("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:saml2-bearer")]
    [InlineData("client_assertion", null)]
    [InlineData("client_secret", "s3cret")]
    [Trait("clause", "RFC 6749 §2.3")]
    [Trait("hostile", "client authentication")]
    public async Task Half_an_assertion_or_a_second_method_beside_it_is_an_invalid_request(string name, string? value)
    {
        await using var host = await OAuthHost.StartAsync();
        var answer = await host.TokenAsync((name, value));
        Assert.Equal((400, "invalid_request"), (answer.Status, answer.Json.GetProperty("error").GetString()));
    }

    [Fact]
    [Trait("clause", "RFC 6749 §5.2")]
    [Trait("hostile", "client authentication")]
    public async Task A_secret_is_no_proof_and_a_header_is_answered_with_its_scheme()
    {
        await using var host = await OAuthHost.StartAsync();
        var body = await host.PostAsync("/oauth/token", ("grant_type", "client_credentials"), ("client_id", "agent:bot"), ("client_secret", "x"));
        var alone = await host.PostAsync("/oauth/token", ("grant_type", "client_credentials"), ("client_id", "agent:bot"));
        var basic = await host.SendAsync("POST", "/oauth/token", "grant_type=client_credentials", headers: ("Authorization", "Basic YWdlbnQ6Ym90Og=="));
        foreach (var answer in new[] { body, alone, basic })
            Assert.Equal((401, "invalid_client"), (answer.Status, answer.Json.GetProperty("error").GetString()));
        Assert.StartsWith("Basic", basic.Headers["WWW-Authenticate"], StringComparison.Ordinal);
        Assert.False(body.Headers.ContainsKey("WWW-Authenticate"));
    }

    [Fact]
    [Trait("clause", "IDENTITY.md §5 no. 27")]
    public async Task A_client_that_is_not_there_is_refused_in_the_words_of_one_that_is()
    {
        await using var host = await OAuthHost.StartAsync();
        using var stranger = Es256SigningKey.Generate();
        var known = await host.TokenWithAsync(host.Assertion("agent:bot", stranger));
        var unknown = await host.TokenWithAsync(host.Assertion("agent:nobody", stranger));
        Assert.Equal(known.Text, unknown.Text);
    }

    [Fact]
    [Trait("clause", "DESIGN.md §1 Revocation")]
    public async Task A_suspended_agent_a_removed_key_and_a_revoked_one_get_nothing_any_more()
    {
        await using var host = await OAuthHost.StartAsync();
        using var second = Es256SigningKey.Generate();
        host.Apply(OAuthHost.Agent("bot", host.Key, second));
        Assert.Equal(200, (await host.TokenWithAsync(host.Assertion("agent:bot", second))).Status);

        host.Raise(RevocationLevel.Key, second.PublicKey.Thumbprint.ToString());
        Assert.Equal(401, (await host.TokenWithAsync(host.Assertion("agent:bot", second))).Status);
        Assert.Equal(200, (await host.TokenAsync()).Status);

        host.Apply(OAuthHost.Agent("bot", second));
        Assert.Equal(401, (await host.TokenAsync()).Status);
        host.Apply(OAuthHost.Agent("bot", host.Key) with { State = Lifecycle.Suspended });
        Assert.Equal(401, (await host.TokenAsync()).Status);
        host.Apply(OAuthHost.Agent("bot", host.Key));
        Assert.Equal(200, (await host.TokenAsync()).Status);
        Assert.All(host.Proofs.Records, record => Assert.Equal(AuditKind.TokenIssued, record.Kind));
    }

    private static JsonObject Changed(OAuthHost host, string changes)
    {
        var claims = host.Claims();
        foreach (var (name, value) in JsonNode.Parse(changes)!.AsObject())
        {
            if (value is null) claims.Remove(name);
            else if (value is JsonValue && value.ToString() is var text && text.StartsWith("now", StringComparison.Ordinal))
                claims[name] = host.Now + (text.Length > 3 ? long.Parse(text[3..], System.Globalization.CultureInfo.InvariantCulture) : 0);
            else claims[name] = value.DeepClone();
        }
        return claims;
    }
}
