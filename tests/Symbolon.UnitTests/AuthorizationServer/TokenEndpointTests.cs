using Symbolon.AuthorizationServer;
using Symbolon.Core.AccessTokens;
using Symbolon.Core.Audit;
using Symbolon.Core.Policy;

namespace Symbolon.UnitTests.AuthorizationServer;

/// <summary>The token endpoint: RFC 6749 §3.2, §4.4 and §5, and what stands in the token (RFC 9068 §2.2).</summary>
[Trait("area", "oauth")]
public sealed class TokenEndpointTests
{
    [Fact]
    [Trait("clause", "RFC 6749 §5.1")]
    public async Task A_client_with_a_key_gets_a_token_that_nobody_stores()
    {
        await using var host = await OAuthHost.StartAsync();
        var answer = await host.TokenAsync(("scope", "mcp:shop:look"));

        Assert.Equal(200, answer.Status);
        Assert.Equal("application/json", answer.Headers["Content-Type"]);
        Assert.Equal(("no-store", "no-cache"), (answer.Headers["Cache-Control"], answer.Headers["Pragma"]));
        Assert.Equal("Bearer", answer.Json.GetProperty("token_type").GetString());
        Assert.Equal("mcp:shop:look", answer.Json.GetProperty("scope").GetString());
        Assert.False(answer.Json.TryGetProperty("refresh_token", out _));
    }

    [Fact]
    [Trait("clause", "RFC 9068 §2.2")]
    public async Task The_token_has_the_claims_that_the_profile_requires()
    {
        await using var host = await OAuthHost.StartAsync();
        var token = await host.AccessTokenAsync(("scope", "mcp:shop:look"));
        var header = System.Text.Encoding.UTF8.GetString(Symbolon.Jose.Base64Url.Decode(System.Text.Encoding.ASCII.GetBytes(token.Split('.')[0]))!);
        var claims = OAuthHost.PayloadOf(token);

        Assert.Contains("\"typ\":\"at+jwt\"", header, StringComparison.Ordinal);
        Assert.Contains("\"alg\":\"ES256\"", header, StringComparison.Ordinal);
        Assert.Equal(OAuthHost.Issuer, claims.GetProperty("iss").GetString());
        Assert.Equal(OAuthHost.Shop, claims.GetProperty("aud").GetString());
        Assert.Equal(("agent:bot", "agent:bot"), (claims.GetProperty("sub").GetString(), claims.GetProperty("client_id").GetString()));
        Assert.Equal(host.Now, claims.GetProperty("iat").GetInt64());
        Assert.Equal(host.Now + 1800, claims.GetProperty("exp").GetInt64());
        Assert.StartsWith("tok_", claims.GetProperty("jti").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("aut_", claims.GetProperty("authorization_id").GetString(), StringComparison.Ordinal);
        Assert.IsType<AccessTokenReading.Valid>(host.Read(token));
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Tokens")]
    public async Task It_lives_an_hour_or_as_long_as_the_grant_lets_it()
    {
        await using var host = await OAuthHost.StartAsync(new AuthorizationServerOptions { AccessTokenTtl = TimeSpan.FromMinutes(45) });
        Assert.Equal(1800, (await host.TokenAsync()).Json.GetProperty("expires_in").GetInt64());
        Assert.Equal(45 * 60, (await host.TokenAsync(("resource", OAuthHost.Issuer + "/mcp/deploy"))).Json.GetProperty("expires_in").GetInt64());
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Identities on the way")]
    public async Task Tokens_of_one_client_for_one_server_are_of_one_authorization()
    {
        await using var host = await OAuthHost.StartAsync();
        string Authorization(string token) => OAuthHost.PayloadOf(token).GetProperty("authorization_id").GetString()!;
        var first = Authorization(await host.AccessTokenAsync());
        Assert.Equal(first, Authorization(await host.AccessTokenAsync()));
        Assert.NotEqual(first, Authorization(await host.AccessTokenAsync(("resource", OAuthHost.Issuer + "/mcp/deploy"))));
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Audit durability")]
    public async Task Every_token_and_every_refusal_of_a_known_client_is_a_record()
    {
        await using var host = await OAuthHost.StartAsync();
        var token = await host.AccessTokenAsync(("scope", "mcp:shop:look"));
        Assert.Equal(400, (await host.TokenAsync(("scope", "mcp:shop:drop"))).Status);
        var records = host.Proofs.Records.ToList();

        Assert.Equal(2, records.Count);
        Assert.Equal(
            (AuditKind.TokenIssued, true, "agent:bot", "bot", "shop", "mcp:shop:look", "issue by client_credentials"),
            (records[0].Kind, records[0].Allowed, records[0].By, records[0].Agent, records[0].Server, records[0].Scope, records[0].Action));
        Assert.Equal(OAuthHost.PayloadOf(token).GetProperty("jti").GetString(), records[0].Token);
        Assert.Equal((false, ReasonCode.NotGranted, "issue refused: invalid_scope"), (records[1].Allowed, records[1].Code, records[1].Action));
        Assert.All(records, record => Assert.DoesNotContain(token, $"{record.Target}{record.Reason}{record.Action}", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("clause", "DESIGN.md §6")]
    public async Task What_cannot_be_recorded_is_not_given_out()
    {
        await using var host = await OAuthHost.StartAsync();
        host.Proofs.IsBroken = true;
        var answer = await host.TokenAsync();
        Assert.Equal((503, "temporarily_unavailable"), (answer.Status, answer.Json.GetProperty("error").GetString()));
        Assert.False(answer.Json.TryGetProperty("access_token", out _));
        Assert.Equal("1", answer.Headers["Retry-After"]);
    }

    [Fact]
    [Trait("clause", "DESIGN.md §3 Time and state")]
    public async Task A_node_that_cannot_confirm_what_it_knows_issues_nothing()
    {
        await using var host = await OAuthHost.StartAsync();
        host.Clock.Advance(TimeSpan.FromDays(400));
        Assert.Equal(503, (await host.TokenAsync()).Status);
    }

    [Theory]
    [InlineData("grant_type=client_credentials&grant_type=client_credentials")]
    [InlineData("grant_type=client_credentials&scope=a&scope=b")]
    [InlineData("scope=%")]
    [InlineData("scope=%4")]
    [InlineData("scope=%zz")]
    [InlineData("scope=%FF")]
    [InlineData("scope=%C0%AF")]
    [InlineData("scope=a%00b")]
    [InlineData("scope=a%0Ab")]
    [InlineData("=x")]
    [InlineData("client_assertion=a&client_assertion=a")]
    [InlineData("client_id=a&client_id=b")]
    [InlineData("%67rant_type=a&grant_type=b")]
    [Trait("clause", "RFC 6749 §3.2")]
    [Trait("hostile", "form")]
    public async Task A_form_that_two_readers_could_read_in_two_ways_is_an_invalid_request(string body)
    {
        await using var host = await OAuthHost.StartAsync();
        var answer = await host.SendAsync("POST", "/oauth/token", body);
        Assert.Equal((400, "invalid_request"), (answer.Status, answer.Json.GetProperty("error").GetString()));
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded; charset=utf-16")]
    [InlineData("application/x-www-form-urlencoded-x")]
    [Trait("clause", "RFC 6749 Appendix B")]
    [Trait("hostile", "form")]
    public async Task A_body_that_is_no_form_is_an_invalid_request(string type)
    {
        await using var host = await OAuthHost.StartAsync();
        var answer = await host.SendAsync("POST", "/oauth/token", """{"grant_type":"client_credentials"}""", type);
        Assert.Equal((400, "invalid_request"), (answer.Status, answer.Json.GetProperty("error").GetString()));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("HEAD")]
    [Trait("clause", "RFC 6749 §3.2")]
    [Trait("hostile", "form")]
    public async Task Another_method_than_POST_is_none_of_the_endpoint(string method)
    {
        await using var host = await OAuthHost.StartAsync();
        foreach (var path in new[] { "/oauth/token", "/oauth/revoke", "/oauth/introspect" })
            Assert.Equal(405, (await host.SendAsync(method, path, null)).Status);
    }

    [Fact]
    [Trait("clause", "OAuth 2.1 §3.2")]
    [Trait("hostile", "form")]
    public async Task Parameters_in_the_address_are_an_invalid_request()
    {
        await using var host = await OAuthHost.StartAsync();
        var answer = await host.SendAsync("POST", "/oauth/token?grant_type=client_credentials", "");
        Assert.Equal((400, "invalid_request"), (answer.Status, answer.Json.GetProperty("error").GetString()));
    }

    [Fact]
    [Trait("clause", "IDENTITY.md §5 no. 14")]
    [Trait("hostile", "form")]
    public async Task A_body_past_the_limit_and_too_many_parameters_are_refused()
    {
        await using var host = await OAuthHost.StartAsync();
        Assert.Equal(400, (await host.SendAsync("POST", "/oauth/token", "scope=" + new string('a', 70_000))).Status);
        Assert.Equal(400, (await host.SendAsync("POST", "/oauth/token", string.Join('&', Enumerable.Range(0, 65).Select(i => $"p{i}=x")))).Status);
    }

    [Theory]
    [InlineData(null, "invalid_request")]
    [InlineData("", "invalid_request")]
    [InlineData("password", "unsupported_grant_type")]
    [InlineData("implicit", "unsupported_grant_type")]
    [InlineData("Client_Credentials", "unsupported_grant_type")]
    [InlineData("client_credentials ", "unsupported_grant_type")]
    [InlineData("urn:ietf:params:oauth:grant-type:saml2-bearer", "unsupported_grant_type")]
    [Trait("clause", "RFC 6749 §5.2")]
    [Trait("hostile", "grant type")]
    public async Task A_grant_type_that_is_not_built_is_refused(string? type, string error)
    {
        await using var host = await OAuthHost.StartAsync();
        var answer = await host.TokenAsync(("grant_type", type));
        Assert.Equal((400, error), (answer.Status, answer.Json.GetProperty("error").GetString()));
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Addresses")]
    public async Task Another_host_than_a_public_one_reaches_nothing()
    {
        await using var host = await OAuthHost.StartAsync();
        Assert.Equal(404, (await host.SendAsync("POST", "/oauth/token", "grant_type=client_credentials", host: "evil.example.com")).Status);
        Assert.Equal(404, (await host.GetAsync("/.well-known/oauth-authorization-server", "evil.example.com")).Status);
        Assert.Equal(404, (await host.GetAsync("/.well-known/oauth-protected-resource/mcp/shop", "evil.example.com")).Status);
    }
}
