using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Symbolon.Core.Keys;
using Symbolon.Core.Policy;
using Symbolon.Core.Registry;
using Symbolon.Core.Revocation;
using Symbolon.Gateway.ToolCalls;
using Symbolon.Jose;
using Symbolon.Jose.Signatures;
using Symbolon.Testing.Fakes;

namespace Symbolon.UnitTests.Gateway;

/// <summary>Access tokens on <c>/mcp/{server}</c>: RFC 9068 §4, RFC 9728 §5, RFC 6750 §3, and the table of DESIGN.md, Refusals.</summary>
[Trait("area", "oauth")]
public sealed class AccessTokenTests : IDisposable
{
    private const string Resource = FakeOrigins.Origin + "/mcp/deploy";
    private const string Metadata = "resource_metadata=\"https://symbolon.example.com/.well-known/oauth-protected-resource/mcp/deploy\"";
    private readonly GatewayRig rig = new();
    private readonly Es256SigningKey key = Es256SigningKey.Generate();

    public AccessTokenTests() => rig.Apply(new SigningKeyRing { Keys = [Entry(key)] });

    public void Dispose()
    {
        rig.Dispose();
        key.Dispose();
    }

    [Fact]
    [Trait("clause", "RFC 9068 §4")]
    public async Task A_token_in_order_calls_the_tool_and_is_in_the_record()
    {
        var answer = await CallAsync(Sign(Claims()), "rollout_status");
        Assert.Equal(200, answer.Status);
        Assert.True(answer.Json.TryGetProperty("result", out _), answer.Body);
        var record = rig.Audit.Records[0];
        Assert.Equal(("bot", "tok_0123456789012345678901", "deploy", "mcp:deploy:@granted"), (record.Agent, record.Token, record.Server, record.Scope));
    }

    [Theory]
    [InlineData("http://127.0.0.1:8750")]
    [InlineData("http://localhost:8750")]
    [Trait("clause", "DESIGN.md §4 Addresses")]
    public async Task All_public_origins_name_one_resource(string origin) =>
        Assert.Equal(200, (await CallAsync(Sign(Claims($$"""{"iss":"{{origin}}","aud":"{{origin}}/mcp/deploy"}""")), "rollout_status")).Status);

    public static TheoryData<string, string, string> Hostile => new()
    {
        { "iss", """{"iss":"https://evil.example.com"}""", "unauthenticated" }, { "iss", """{"iss":"https://symbolon.example.com/"}""", "unauthenticated" },
        { "iss", """{"iss":"https://SYMBOLON.example.com"}""", "unauthenticated" }, { "iss", """{"iss":"http://symbolon.example.com"}""", "unauthenticated" },
        { "iss", """{"iss":null}""", "unauthenticated" }, { "iss", """{"iss":["https://symbolon.example.com"]}""", "unauthenticated" }, { "iss", """{"iss":1}""", "unauthenticated" },
        { "aud", """{"aud":"https://symbolon.example.com/mcp/other","scope":"mcp:other:@granted"}""", "wrong_audience" }, { "aud", """{"aud":"https://symbolon.example.com/mcp/deploy/"}""", "wrong_audience" },
        { "aud", """{"aud":"https://symbolon.example.com/mcp"}""", "wrong_audience" }, { "aud", """{"aud":"https://symbolon.example.com"}""", "wrong_audience" },
        { "aud", """{"aud":"https://evil.example.com/mcp/deploy"}""", "wrong_audience" }, { "aud", """{"aud":"HTTPS://symbolon.example.com/mcp/deploy"}""", "wrong_audience" },
        { "aud", """{"aud":"https://symbolon.example.com:443/mcp/deploy"}""", "wrong_audience" }, { "aud", """{"aud":"https://symbolon.example.com/t/mcp/deploy"}""", "wrong_audience" },
        { "aud", """{"aud":["https://symbolon.example.com/mcp/deploy"]}""", "wrong_audience" }, { "aud", """{"aud":["https://symbolon.example.com/mcp/deploy","https://x"]}""", "wrong_audience" },
        { "aud", """{"aud":null}""", "wrong_audience" }, { "aud", """{"aud":[]}""", "unauthenticated" }, { "aud", """{"aud":7}""", "unauthenticated" }, { "aud", """{"aud":"agent:bot"}""", "wrong_audience" },
        { "exp", """{"exp":null}""", "unauthenticated" }, { "exp", """{"exp":"2099"}""", "unauthenticated" }, { "exp", """{"exp":1.5}""", "unauthenticated" }, { "exp", """{"exp":-1}""", "unauthenticated" },
        { "exp", """{"exp":true}""", "unauthenticated" }, { "exp", """{"exp":9223372036854775807}""", "unauthenticated" }, { "exp", """{"exp":0}""", "token_expired" }, { "exp", """{"exp":"now-5"}""", "token_expired" },
        { "iat", """{"iat":null}""", "unauthenticated" }, { "iat", """{"iat":"x"}""", "unauthenticated" }, { "iat", """{"iat":1}""", "unauthenticated" },
        { "iat", """{"iat_us":null}""", "unauthenticated" }, { "iat", """{"iat_us":1.5}""", "unauthenticated" }, { "iat", """{"iat":"now+6","iat_us":"us+6"}""", "unauthenticated" },
        { "nbf", """{"nbf":"now-1"}""", "unauthenticated" },
        { "jti", """{"jti":null}""", "unauthenticated" }, { "jti", """{"jti":"x"}""", "unauthenticated" }, { "jti", """{"jti":"tok_' OR 1=1 --"}""", "unauthenticated" }, { "jti", """{"jti":7}""", "unauthenticated" },
        { "sub", """{"sub":null}""", "unauthenticated" }, { "sub", """{"sub":"bot"}""", "unauthenticated" }, { "sub", """{"sub":"agent:"}""", "unauthenticated" }, { "sub", """{"sub":"agent:Bot"}""", "unauthenticated" },
        { "sub", """{"sub":"Alice@example.com"}""", "unauthenticated" }, { "sub", """{"sub":["agent:bot"]}""", "unauthenticated" }, { "sub", """{"sub":"*"}""", "unauthenticated" },
        { "client_id", """{"client_id":null}""", "unauthenticated" }, { "client_id", """{"client_id":1}""", "unauthenticated" }, { "client_id", """{"client_id":""}""", "unauthenticated" },
        { "authorization_id", """{"authorization_id":null}""", "unauthenticated" }, { "authorization_id", """{"authorization_id":"aut_x"}""", "unauthenticated" },
        { "scope", """{"scope":null}""", "unauthenticated" }, { "scope", """{"scope":""}""", "unauthenticated" }, { "scope", """{"scope":"mcp:other:look"}""", "unauthenticated" },
        { "scope", """{"scope":"mcp:deploy:@granted openid"}""", "unauthenticated" }, { "scope", """{"scope":["mcp:deploy:@granted"]}""", "unauthenticated" }, { "scope", """{"scope":"mcp:deploy:@granted  mcp:deploy:x"}""", "unauthenticated" },
        { "act", """{"act":{"sub":"agent:bot"}}""", "unauthenticated" }, { "act", """{"act":"agent:bot"}""", "unauthenticated" }, { "act", """{"act":{}}""", "unauthenticated" },
        { "act", """{"sub":"alice@example.com","act":{"sub":"bob@example.com"}}""", "unauthenticated" }, { "act", """{"sub":"alice@example.com","act":{"sub":"workflow:ci","act":{"sub":"agent:bot"}}}""", "unauthenticated" },
        { "act", """{"sub":"alice@example.com","act":{"sub":"agent:bot","act":{"sub":"workflow:ci","act":{"sub":"agent:bot"}}}}""", "unauthenticated" },
        { "cnf", """{"cnf":{"jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}}""", "proof_required" }, { "cnf", """{"cnf":null}""", "keep" },
        { "cnf", """{"cnf":{}}""", "unauthenticated" }, { "cnf", """{"cnf":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}""", "unauthenticated" }, { "cnf", """{"cnf":[]}""", "unauthenticated" },
        { "cnf", """{"cnf":{"jkt":"short"}}""", "unauthenticated" }, { "cnf", """{"cnf":{"jkt":7}}""", "unauthenticated" }, { "cnf", """{"cnf":{"x5t#S256":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}}""", "unauthenticated" },
        { "cnf", """{"cnf":{"jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I","x5t#S256":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}}""", "unauthenticated" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    [Trait("clause", "RFC 9068 §4")]
    [Trait("hostile", "access token")]
    public async Task A_token_with_another_claim_is_refused_and_told_where_to_get_one(string claim, string changes, string code)
    {
        if (code == "keep")
        {
            Assert.Equal(200, (await CallAsync(Sign(Claims(changes)), "rollout_status")).Status);
            return;
        }
        var answer = await CallAsync(Sign(Claims(changes)), "rollout_status");
        Assert.True((answer.Status, answer.ErrorCode) == (401, code), $"{claim} {changes}: {answer.Body}");
        var challenge = answer.Headers.WWWAuthenticate.ToString();
        Assert.Contains("error=\"invalid_token\"", challenge, StringComparison.Ordinal);
        Assert.Contains(Metadata, challenge, StringComparison.Ordinal);
        Assert.Empty(rig.Audit.Records);
        Assert.Empty(rig.Upstream.Requests);
    }

    [Theory]
    [InlineData("JWT")]
    [InlineData("jwt")]
    [InlineData("AT+JWT")]
    [InlineData("dpop+jwt")]
    [InlineData("secevent+jwt")]
    [InlineData("oauth-id-jag+jwt")]
    [InlineData("client-authentication+jwt")]
    [InlineData("token-introspection+jwt")]
    [InlineData("statuslist+jwt")]
    [InlineData("txntoken+jwt")]
    [InlineData("logout+jwt")]
    [InlineData("")]
    [Trait("clause", "RFC 8725 §3.11")]
    [Trait("hostile", "access token")]
    public async Task Another_kind_of_token_is_no_access_token(string type)
    {
        var answer = await CallAsync(key.Sign(type, Encoding.UTF8.GetBytes(Claims().ToJsonString())), "rollout_status");
        Assert.Equal((401, "unauthenticated"), (answer.Status, answer.ErrorCode));
    }

    public static TheoryData<string> Headers =>
    [
        """{"alg":"none","typ":"at+jwt","kid":"KID"}""", """{"alg":"None","typ":"at+jwt","kid":"KID"}""", """{"alg":"HS256","typ":"at+jwt","kid":"KID"}""",
        """{"alg":"es256","typ":"at+jwt","kid":"KID"}""", """{"alg":"ES384","typ":"at+jwt","kid":"KID"}""", """{"alg":"RS256","typ":"at+jwt","kid":"KID"}""", """{"typ":"at+jwt","kid":"KID"}""",
        """{"alg":["ES256"],"typ":"at+jwt","kid":"KID"}""", """{"alg":"ES256","typ":"at+jwt"}""", """{"alg":"ES256","typ":"at+jwt","kid":""}""", """{"alg":"ES256","typ":"at+jwt","kid":7}""",
        """{"alg":"ES256","typ":"at+jwt","kid":"../../etc/passwd"}""", """{"alg":"ES256","typ":"at+jwt","kid":"x' OR '1'='1"}""", """{"alg":"ES256","typ":"at+jwt","kid":"kid"}""",
        """{"alg":"ES256","typ":"at+jwt","kid":"KID","jku":"https://evil.example.com"}""", """{"alg":"ES256","typ":"at+jwt","kid":"KID","x5u":"https://evil.example.com"}""",
        """{"alg":"ES256","typ":"at+jwt","kid":"KID","jwk":{"kty":"EC"}}""", """{"alg":"ES256","typ":"at+jwt","kid":"KID","x5c":[]}""", """{"alg":"ES256","typ":"at+jwt","kid":"KID","crit":["exp"]}""",
        """{"alg":"ES256","typ":"at+jwt","kid":"KID","zip":"DEF"}""", """{"alg":"ES256","typ":"at+jwt","kid":"KID","cty":"JWT"}""", """{"alg":"ES256","typ":"at+jwt","kid":"KID","b64":false}""",
        """{"alg":"ES256","alg":"ES256","typ":"at+jwt","kid":"KID"}""", """{"alg":"ES256","ALG":"none","typ":"at+jwt","kid":"KID"}""", """["ES256"]""", "x", "",
    ];

    [Theory]
    [MemberData(nameof(Headers))]
    [Trait("clause", "RFC 8725 §3.1")]
    [Trait("hostile", "access token")]
    public async Task A_header_that_names_another_way_to_verify_is_refused(string header)
    {
        var good = Sign(Claims()).Split('.');
        var encoded = Base64Url.Encode(Encoding.UTF8.GetBytes(header.Replace("KID", key.PublicKey.Thumbprint.ToString(), StringComparison.Ordinal)));
        foreach (var token in new[] { $"{encoded}.{good[1]}.{good[2]}", $"{encoded}.{good[1]}." })
            Assert.Equal((401, "unauthenticated"), Outcome(await CallAsync(token, "rollout_status")));
    }

    [Fact]
    [Trait("clause", "RFC 7515 §5.2")]
    [Trait("hostile", "access token")]
    public async Task A_token_that_is_not_byte_for_byte_what_was_signed_is_refused()
    {
        using var stranger = Es256SigningKey.Generate();
        var good = Sign(Claims());
        var parts = good.Split('.');
        var last = good[^1];
        string[] hostile =
        [
            stranger.Sign("at+jwt", Encoding.UTF8.GetBytes(Claims().ToJsonString())), good + "=", good + ".", "." + good, good + "." + parts[2], $"{parts[0]}.{parts[1]}", $"{parts[0]}..{parts[2]}",
            $"{parts[0]}.{Base64Url.Encode(Encoding.UTF8.GetBytes(Claims("""{"scope":"mcp:deploy:@write"}""").ToJsonString()))}.{parts[2]}",
            good[..^1] + (last == 'A' ? 'B' : 'A'), $"{parts[0]}.{parts[1]}.{new string('A', 86)}", good.Replace('.', '/') + ".", new string('a', 9000) + ".b.c",
        ];
        foreach (var token in hostile) Assert.Equal((401, "unauthenticated"), Outcome(await CallAsync(token, "rollout_status")));
    }

    /// <summary>The oldest confusion: the public key, in the forms in which it is known, taken for a shared secret.</summary>
    [Fact]
    [Trait("clause", "RFC 8725 §2.1")]
    [Trait("hostile", "access token")]
    public async Task A_MAC_by_our_public_key_and_a_token_in_a_token_are_refused()
    {
        var jwk = JsonNode.Parse(key.PublicKey.ToJson())!;
        byte[] Coordinate(string name) => Base64Url.Decode(Encoding.ASCII.GetBytes((string)jwk[name]!))!;
        using var platform = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = Coordinate("x"), Y = Coordinate("y") } });
        string[] secrets = [key.PublicKey.ToJson(), key.PublicKey.Thumbprint.ToString(), platform.ExportSubjectPublicKeyInfoPem(), platform.ExportSubjectPublicKeyInfoPem() + "\n", ""];
        foreach (var algorithm in new[] { "HS256", "ES256" })
        {
            var header = Encoding.UTF8.GetBytes($$"""{"alg":"{{algorithm}}","typ":"at+jwt","kid":"{{key.PublicKey.Thumbprint}}"}""");
            var signed = $"{Base64Url.Encode(header)}.{Base64Url.Encode(Encoding.UTF8.GetBytes(Claims().ToJsonString()))}";
            foreach (var secret in secrets.Select(Encoding.ASCII.GetBytes).Append(platform.ExportSubjectPublicKeyInfo()))
                Assert.Equal((401, "unauthenticated"), Outcome(await CallAsync($"{signed}.{Base64Url.Encode(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(signed)))}", "rollout_status")));
        }
        Assert.Equal((401, "unauthenticated"), Outcome(await CallAsync(key.Sign("at+jwt", Encoding.ASCII.GetBytes(Sign(Claims()))), "rollout_status")));
    }

    [Theory]
    [InlineData("""{"iss":"a","iss":"b"}""")]
    [InlineData("""{"iss":"a","Iss":"b"}""")]
    [InlineData("""[]""")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"exp\":1e400}")]
    [Trait("clause", "RFC 7519 §4")]
    [Trait("hostile", "access token")]
    public async Task A_payload_that_two_readers_could_read_in_two_ways_is_refused(string payload) =>
        Assert.Equal((401, "unauthenticated"), Outcome(await CallAsync(key.Sign("at+jwt", Encoding.UTF8.GetBytes(payload.Length == 0 ? " " : payload)), "rollout_status")));

    [Fact]
    [Trait("clause", "RFC 9728 §5.1")]
    public async Task Who_shows_nothing_is_told_where_a_token_is_to_be_had_the_same_for_every_server()
    {
        var answers = new List<string>();
        foreach (var server in new[] { "deploy", "unknown" })
        {
            var answer = await SendAsync(null, "{}", server);
            Assert.Equal(401, answer.Status);
            answers.Add(answer.Headers.WWWAuthenticate.ToString().Replace(server, "X", StringComparison.Ordinal) + answer.Body);
        }
        Assert.Equal(answers[0], answers[1]);
        Assert.StartsWith("Bearer resource_metadata=\"https://symbolon.example.com/.well-known/oauth-protected-resource/mcp/X\", scope=\"mcp:X:@granted\"", answers[0], StringComparison.Ordinal);
        Assert.DoesNotContain("error=", answers[0], StringComparison.Ordinal);
    }

    [Fact]
    [Trait("clause", "RFC 9449 §7.1")]
    [Trait("hostile", "access token")]
    public async Task A_token_under_another_scheme_twice_or_in_the_address_is_refused()
    {
        var token = Sign(Claims());
        foreach (var header in new[] { "DPoP " + token, "Basic " + token, token, "Bearer" + token })
            Assert.Equal(401, (await SendAsync(header, "{}", "deploy")).Status);
        Assert.Equal(400, (await SendAsync($"Bearer {token}, Bearer {token}", "{}", "deploy")).Status);
        Assert.Equal(400, (await SendAsync("Bearer " + token, "{}", "deploy", context => context.Request.Headers.Authorization = new([$"Bearer {token}", $"DPoP {token}"]))).Status);
        Assert.Equal(400, (await SendAsync("Bearer " + token, "{}", "deploy", context => context.Request.QueryString = new("?access_token=" + token))).Status);
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Addresses")]
    public async Task It_is_refused_on_t_and_a_pasted_token_works_on_both()
    {
        var token = Sign(Claims());
        Assert.Equal(200, (await CallAsync(token, "rollout_status")).Status);
        var header = "Bearer " + token;
        Assert.Equal(200, (await SendAsync(header, Call("rollout_status"), "deploy")).Status);
        // The very same text, which a connection hands to each of its requests.
        var refused = await rig.CallAsync("rollout_status", "{}", context => context.Request.Headers.Authorization = header);
        Assert.Equal((401, "unauthenticated"), Outcome(refused));
        Assert.DoesNotContain("resource_metadata", refused.Headers.WWWAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Equal(200, (await SendAsync("Bearer " + rig.Token, Call("rollout_status"), "deploy")).Status);
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Refusals")]
    public async Task A_token_for_another_server_gets_401_and_one_whose_server_is_gone_404()
    {
        var token = Sign(Claims());
        Assert.Equal((401, "wrong_audience"), Outcome(await SendAsync("Bearer " + token, Call("rollout_status"), "other")));
        rig.Apply(GatewayRig.Server(state: Lifecycle.Pending));
        Assert.Equal((404, "unknown_server"), Outcome(await CallAsync(token, "rollout_status")));
    }

    [Fact]
    [Trait("clause", "RFC 6750 §3.1 insufficient_scope")]
    public async Task A_tool_outside_the_token_that_a_grant_allows_is_a_403_that_names_what_is_needed()
    {
        var answer = await CallAsync(Sign(Claims("""{"scope":"mcp:deploy:rollout_status"}""")), "delete_release");
        Assert.Equal((403, "insufficient_scope"), Outcome(answer));
        var challenge = answer.Headers.WWWAuthenticate.ToString();
        Assert.StartsWith($"Bearer error=\"insufficient_scope\", scope=\"mcp:deploy:delete_release\", {Metadata}", challenge, StringComparison.Ordinal);
        Assert.Equal("mcp:deploy:delete_release", answer.Error.GetProperty("data").GetProperty("needs").GetString());
        Assert.Equal(7, answer.Json.GetProperty("id").GetInt32());
        Assert.Equal(ReasonCode.InsufficientScope, rig.Audit.Records[^1].Code);
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Refusals")]
    public async Task A_tool_outside_every_grant_is_a_result_without_a_challenge()
    {
        rig.Apply(GatewayRig.Grant("rollout_status"));
        var answer = await CallAsync(Sign(Claims()), "delete_release");
        Assert.Equal((200, "not_granted"), (answer.Status, answer.Refusal.GetProperty("code").GetString()));
        Assert.Empty(answer.Headers.WWWAuthenticate.ToString());
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Scopes")]
    public async Task Every_call_decides_by_the_live_grant()
    {
        var token = Sign(Claims());
        Assert.Equal(200, (await CallAsync(token, "delete_release")).Status);
        rig.Apply(GatewayRig.Grant() with { RetiredAt = 1 });
        Assert.Equal(404, (await CallAsync(token, "delete_release")).Status);
    }

    [Theory]
    [MemberData(nameof(RevocationLevels.OfAccessTokens), MemberType = typeof(RevocationLevels))]
    [Trait("clause", "DESIGN.md §3 Time and state")]
    public async Task A_verified_token_is_refused_from_a_revocation_on_any_level_on(RevocationLevel level)
    {
        var token = Sign(Claims());
        Assert.Equal(200, (await CallAsync(token, "rollout_status")).Status);
        rig.Revoke(level, level switch
        {
            RevocationLevel.Token => "tok_0123456789012345678901",
            RevocationLevel.Authorization => "aut_0123456789012345678901",
            RevocationLevel.Key => key.PublicKey.Thumbprint.ToString(),
            RevocationLevel.Client => "agent:bot",
            RevocationLevel.Server => "deploy",
            RevocationLevel.Organisation => "default",
            _ => "bot",
        });
        Assert.Equal((401, "token_revoked"), Outcome(await CallAsync(token, "rollout_status")));
    }

    [Fact]
    [Trait("clause", "DESIGN.md §3 Time and state")]
    public async Task A_verified_token_reaches_nothing_by_a_grant_that_was_revoked_since()
    {
        var token = Sign(Claims());
        Assert.Equal(200, (await CallAsync(token, "rollout_status")).Status);
        rig.Revoke(RevocationLevel.Grant, "g");
        Assert.Equal(404, (await CallAsync(token, "rollout_status")).Status);
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Tokens: clocks")]
    public async Task A_verified_token_ends_five_seconds_after_its_end()
    {
        var token = Sign(Claims());
        Assert.Equal(200, (await CallAsync(token, "rollout_status")).Status);
        rig.Clock.Advance(TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(4.9));
        rig.Freshness.Confirm(rig.Clock.GetTimestamp());
        Assert.Equal(200, (await CallAsync(token, "rollout_status")).Status);
        rig.Clock.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal((401, "token_expired"), Outcome(await CallAsync(token, "rollout_status")));
    }

    [Fact]
    [Trait("clause", "DESIGN.md §6")]
    public async Task Keys_that_are_not_the_newest_verify_until_they_leave_the_ring()
    {
        using var next = Es256SigningKey.Generate();
        rig.Apply(new SigningKeyRing { Keys = [Entry(key), Entry(next)] });
        Assert.Equal(200, (await CallAsync(Sign(Claims()), "rollout_status")).Status);
        rig.Apply(new SigningKeyRing { Keys = [Entry(key) with { RevokedAt = 1 }, Entry(next)] });
        Assert.Equal(401, (await CallAsync(Sign(Claims("""{"jti":"tok_abcdefghijklmnopqrstuv"}""")), "rollout_status")).Status);
    }

    [Fact]
    [Trait("clause", "IDENTITY.md §5 no. 14")]
    public async Task Tokens_that_look_like_ours_and_are_not_are_rationed_by_address()
    {
        using var rationed = new GatewayRig(options => options.UnknownTokenBurst = 3);
        rationed.Apply(new SigningKeyRing { Keys = [Entry(key)] });
        var good = Sign(Claims());
        var statuses = new List<int>();
        for (var i = 0; i < 5; i++)
        {
            // Another digit than the one that is there, which any fixed one may be.
            var forged = good[..^6] + (good[^6] == 'a' + i ? 'z' : (char)('a' + i)) + good[^5..];
            var context = rationed.ContextOf("POST", Encoding.UTF8.GetBytes(Call("rollout_status")));
            context.Request.Headers.Authorization = "Bearer " + forged;
            await rationed.Get<ToolCallPipeline>().HandleOAuthAsync(context);
            statuses.Add(context.Response.StatusCode);
        }
        Assert.Equal([401, 401, 401, 429, 429], statuses);
    }

    private static (int, string) Outcome(GatewayRig.Answered answer) => (answer.Status, answer.ErrorCode);

    private static SigningKey Entry(Es256SigningKey key) => new() { Id = key.PublicKey.Thumbprint.ToString(), Jwk = key.PublicKey.ToJson(), CreatedAt = 0, ActiveFrom = 0 };

    private static string Call(string tool) => "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{\"name\":\"" + tool + "\",\"arguments\":{}}}";

    private Task<GatewayRig.Answered> CallAsync(string token, string tool) => SendAsync("Bearer " + token, Call(tool), "deploy");

    private async Task<GatewayRig.Answered> SendAsync(string? authorization, string body, string server, Action<HttpContext>? change = null)
    {
        var context = rig.ContextOf("POST", Encoding.UTF8.GetBytes(body));
        context.Request.Host = new HostString("symbolon.example.com");
        context.Request.RouteValues["server"] = server;
        context.Request.Headers.Authorization = authorization;
        change?.Invoke(context);
        await rig.Get<ToolCallPipeline>().HandleOAuthAsync(context);
        await context.Response.BodyWriter.FlushAsync();
        return GatewayRig.Answered.Of(context);
    }

    private string Sign(JsonObject claims) => key.Sign("at+jwt", Encoding.UTF8.GetBytes(claims.ToJsonString()));

    /// <summary>What the authorization server writes, with changes: null leaves a claim out, <c>now+1</c> and <c>us+1</c> are times.</summary>
    private JsonObject Claims(string changes = "{}")
    {
        var now = rig.Now / 1_000_000;
        var claims = new JsonObject
        {
            ["iss"] = FakeOrigins.Origin, ["sub"] = "agent:bot", ["aud"] = Resource, ["client_id"] = "agent:bot", ["jti"] = "tok_0123456789012345678901",
            ["iat"] = now, ["iat_us"] = rig.Now, ["exp"] = now + 600, ["scope"] = "mcp:deploy:@granted", ["authorization_id"] = "aut_0123456789012345678901",
        };
        foreach (var (name, value) in JsonNode.Parse(changes)!.AsObject())
        {
            var text = value is JsonValue ? value.ToString() : "";
            if (value is null) claims.Remove(name);
            else if (text.StartsWith("now", StringComparison.Ordinal)) claims[name] = now + long.Parse(text[3..], System.Globalization.CultureInfo.InvariantCulture);
            else if (text.StartsWith("us", StringComparison.Ordinal)) claims[name] = rig.Now + 1_000_000 * long.Parse(text[2..], System.Globalization.CultureInfo.InvariantCulture);
            else claims[name] = value.DeepClone();
        }
        return claims;
    }
}
