using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Symbolon.Jose.Proofs;
using Symbolon.Testing.OAuth;

namespace Symbolon.UnitTests.Gateway;

/// <summary>Tokens that are bound to a key, on <c>/mcp/{server}</c>: RFC 9449 §7, IDENTITY.md section 1.2.</summary>
[Trait("area", "oauth")]
public sealed class BoundTokenTests : BoundCaller
{
    [Theory]
    [InlineData("rollout_status")]
    [InlineData("delete_release")]
    [Trait("clause", "RFC 9449 §7.1")]
    public async Task A_bound_token_with_its_proof_calls_the_tool_and_the_server_sees_neither(string tool)
    {
        var answer = await CallAsync(Proof(), tool);
        Assert.True(answer.Status == 200 && answer.Json.TryGetProperty("result", out _), answer.Body);
        var call = Assert.Single(Rig.Upstream.Calls);
        Assert.DoesNotContain(call.Headers, header => header.Key.Equals("DPoP", StringComparison.OrdinalIgnoreCase) || header.Key.Equals("Authorization", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(("bot", true), (Rig.Audit.Records[0].Agent, Rig.Audit.Records[0].Allowed));
        Assert.False(answer.Headers.ContainsKey(ProofHeader.Nonce));
    }

    public static TheoryData<string, string, int, string, string> Downgrades => new()
    {
        { "Bearer BOUND", "PROOF", 401, "proof_required", "error=\"invalid_token\"" },
        { "Bearer BOUND", "", 401, "proof_required", "error=\"invalid_token\"" },
        { "bearer BOUND", "PROOF", 401, "proof_required", "error=\"invalid_token\"" },
        { "DPoP BOUND", "", 401, "proof_required", "error=\"invalid_dpop_proof\"" },
        { "DPoP BOUND", "EMPTY", 401, "proof_required", "error=\"invalid_dpop_proof\"" },
        { "DPoP BOUND", "PROOF PROOF", 401, "proof_invalid", "error=\"invalid_dpop_proof\"" },
        { "DPoP BOUND", "BOUND", 401, "proof_invalid", "error=\"invalid_dpop_proof\"" },
        { "DPoP FREE", "FREEPROOF", 401, "proof_invalid", "error=\"invalid_token\"" },
        { "DPoP FREE", "", 401, "proof_invalid", "error=\"invalid_token\"" },
        { "DPoP PASTED", "PROOF", 401, "unauthenticated", "error=\"invalid_token\"" },
        { "DPoP PROOF", "PROOF", 401, "unauthenticated", "error=\"invalid_token\"" },
        { "DPoP", "PROOF", 401, "unauthenticated", "resource_metadata=" },
        { "DPoP BOUND|Bearer FREE", "PROOF", 400, "malformed_request", "" },
        { "Bearer FREE|DPoP BOUND", "PROOF", 400, "malformed_request", "" },
        { "DPoP BOUND|DPoP BOUND", "PROOF", 400, "malformed_request", "" },
        { "DPoP BOUND, Bearer FREE", "PROOF", 400, "malformed_request", "" },
        { "Bearer FREE, DPoP BOUND", "PROOF", 400, "malformed_request", "" },
    };

    [Theory]
    [MemberData(nameof(Downgrades))]
    [Trait("clause", "RFC 9449 §7.2")]
    [Trait("hostile", "downgrade")]
    public async Task A_token_in_another_way_than_it_is_bound_to_is_refused(string authorization, string proofs, int status, string code, string challenge)
    {
        string Filled(string text) => text.Replace("BOUND", Token, StringComparison.Ordinal).Replace("FREEPROOF", Key.Proof("POST", Url, Now, TokenOf(null)), StringComparison.Ordinal)
            .Replace("FREE", TokenOf(null), StringComparison.Ordinal).Replace("PASTED", Rig.Token, StringComparison.Ordinal).Replace("PROOF", Proof(), StringComparison.Ordinal)
            .Replace("EMPTY", "", StringComparison.Ordinal);
        var answer = await SendAsync(Call("rollout_status"), context =>
        {
            context.Request.Headers.Authorization = authorization.Split('|').Select(Filled).ToArray();
            context.Request.Headers["DPoP"] = proofs.Length == 0 ? StringValues.Empty : proofs.Split(' ').Select(Filled).ToArray();
        });
        Assert.Equal((status, code), (answer.Status, answer.ErrorCode));
        var header = answer.Headers.WWWAuthenticate.ToString();
        // A scheme without anything behind it says nothing of a proof.
        var hasToken = status == 401 && authorization.Contains(' ');
        if (hasToken) Assert.StartsWith("DPoP ", header, StringComparison.Ordinal);
        Assert.Contains(challenge, header, StringComparison.Ordinal);
        if (hasToken) Assert.Contains("algs=\"ES256\"", header, StringComparison.Ordinal);
        Assert.DoesNotContain(Token[^40..], answer.Body + header, StringComparison.Ordinal);
        Assert.Empty(Rig.Upstream.Requests);
        Assert.Empty(Rig.Audit.Records);
    }

    public static TheoryData<string, string> Hostile => new()
    {
        { "RFC 9449 §4.3 no. 8", """{"htm":"GET"}""" }, { "RFC 9449 §4.3 no. 8", """{"htm":"Post"}""" },
        { "RFC 9449 §4.3 no. 9", """{"htu":"https://symbolon.example.com/mcp/other"}""" }, { "RFC 9449 §4.3 no. 9", """{"htu":"https://symbolon.example.com/t/mcp/deploy"}""" },
        { "RFC 9449 §4.3 no. 9", """{"htu":"https://symbolon.example.com/oauth/token"}""" }, { "RFC 9449 §4.3 no. 9", """{"htu":"http://symbolon.example.com/mcp/deploy"}""" },
        { "RFC 9449 §4.3 no. 9", """{"htu":"http://127.0.0.1:8750/mcp/deploy"}""" }, { "RFC 9449 §4.3 no. 9", """{"htu":"https://symbolon.example.com/mcp/Deploy"}""" },
        { "RFC 9449 §4.3 no. 9", """{"htu":"https://symbolon.example.com/mcp/deploy/"}""" }, { "RFC 9449 §4.3 no. 9", """{"htu":"https://symbolon.example.com/mcp/deploy#x"}""" },
        { "RFC 9449 §4.3 no. 9", """{"htu":"https://symbolon.example.com:444/mcp/deploy"}""" }, { "RFC 9449 §4.3 no. 9", """{"htu":"/mcp/deploy"}""" },
        { "RFC 9449 §4.3 no. 12", """{"ath":null}""" }, { "RFC 9449 §4.3 no. 12", """{"ath":""}""" }, { "RFC 9449 §4.3 no. 12", """{"ath":"fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo"}""" },
        { "RFC 9449 §4.3 no. 12", """{"ath":7}""" }, { "RFC 9449 §4.3 no. 3", """{"jti":null}""" }, { "RFC 9449 §4.3 no. 3", """{"iat":null}""" }, { "RFC 9449 §4.3 no. 11", """{"iat":1}""" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    [Trait("clause", "RFC 9449 §7.1")]
    [Trait("hostile", "proof")]
    public async Task A_proof_of_another_request_or_token_gets_a_challenge_and_reaches_nothing(string clause, string changes)
    {
        var claims = ProofKey.Claims("POST", Url, Now, Token);
        foreach (var (name, value) in JsonNode.Parse(changes)!.AsObject())
        {
            if (value is null) claims.Remove(name);
            else claims[name] = value.DeepClone();
        }
        var answer = await CallAsync(Key.Sign(claims), "rollout_status");
        Assert.True((answer.Status, answer.ErrorCode) == (401, "proof_invalid"), $"{clause} {changes}: {answer.Body}");
        var challenge = answer.Headers.WWWAuthenticate.ToString();
        Assert.StartsWith("DPoP error=\"invalid_dpop_proof\", error_description=\"", challenge, StringComparison.Ordinal);
        Assert.Contains("resource_metadata=\"https://symbolon.example.com/.well-known/oauth-protected-resource/mcp/deploy\"", challenge, StringComparison.Ordinal);
        Assert.Empty(Rig.Upstream.Requests);
    }

    [Fact]
    [Trait("clause", "RFC 9449 §4.3 no. 12")]
    [Trait("hostile", "proof")]
    public async Task A_thief_with_a_key_of_his_own_reaches_nothing()
    {
        using var thief = new ProofKey();
        Assert.Equal((401, "proof_invalid"), Outcome(await CallAsync(thief.Proof("POST", Url, Now, Token), "rollout_status")));
        Assert.Empty(Rig.Upstream.Requests);
    }

    [Fact]
    [Trait("clause", "RFC 9449 §9")]
    public async Task Where_a_nonce_is_needed_the_challenge_says_so_and_the_call_goes_through_with_it()
    {
        using var strict = new GatewayRig(options => options.ProofsNeedNonce = true);
        Prepare(strict);
        var asked = await CallAsync(Proof(), "rollout_status", strict);
        Assert.Equal((401, "proof_invalid"), Outcome(asked));
        Assert.StartsWith("DPoP error=\"use_dpop_nonce\"", asked.Headers.WWWAuthenticate.ToString(), StringComparison.Ordinal);
        var nonce = asked.Headers[ProofHeader.Nonce].ToString();

        Assert.Equal(200, (await CallAsync(Key.Proof("POST", Url, Now, Token, nonce), "rollout_status", strict)).Status);
        strict.Clock.Advance(TimeSpan.FromSeconds(150));
        strict.Freshness.Confirm(strict.Clock.GetTimestamp());
        var late = await CallAsync(Key.Proof("POST", Url, Now + 150, Token, nonce), "rollout_status", strict);
        Assert.Equal(200, late.Status);
        Assert.NotEqual(nonce, late.Headers[ProofHeader.Nonce].ToString());
    }

    [Theory]
    [InlineData(-60, 200)]
    [InlineData(5, 200)]
    [InlineData(-61, 401)]
    [InlineData(6, 401)]
    [Trait("clause", "RFC 9449 §4.3 no. 11")]
    public async Task A_client_whose_clock_is_off_is_asked_to_use_a_nonce(int seconds, int status)
    {
        var answer = await CallAsync(Key.Proof("POST", Url, Now + seconds, Token), "rollout_status");
        Assert.Equal(status, answer.Status);
        if (status == 200) return;
        var nonce = answer.Headers[ProofHeader.Nonce].ToString();
        Assert.Equal(200, (await CallAsync(Key.Proof("POST", Url, Now + seconds, Token, nonce), "rollout_status")).Status);
    }

    [Theory]
    [InlineData("symbolon.example.com", "https://symbolon.example.com/mcp/deploy", 200)]
    [InlineData("127.0.0.1:8750", "http://127.0.0.1:8750/mcp/deploy", 200)]
    [InlineData("127.0.0.1:8750", "https://symbolon.example.com/mcp/deploy", 401)]
    [InlineData("symbolon.example.com", "HTTPS://Symbolon.example.com:443/x/../mcp/%64eploy", 200)]
    [Trait("clause", "RFC 9449 §4.3 no. 9")]
    public async Task The_proof_names_the_configured_address_that_was_asked(string host, string htu, int status)
    {
        var answer = await SendAsync(Call("rollout_status"), context =>
        {
            context.Request.Host = new HostString(host);
            context.Request.Headers.Authorization = "DPoP " + Token;
            context.Request.Headers["DPoP"] = Key.Proof("POST", htu, Now, Token);
        });
        Assert.Equal(status, answer.Status);
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Identities on the way")]
    public async Task A_session_belongs_to_the_key_with_which_it_was_opened()
    {
        using var other = new ProofKey();
        var theirs = TokenOf(other.Thumbprint, "tok_abcdefghijklmnopqrstuv");
        const string Opening = """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"c","version":"1"}}}""";
        var session = (await BodyAsync(Proof(), Opening)).Headers["Mcp-Session-Id"].ToString();
        Assert.NotEmpty(session);

        Assert.Equal(200, (await InSessionAsync(Token, Proof())).Status);
        Assert.Equal(404, (await InSessionAsync(theirs, other.Proof("POST", Url, Now, theirs))).Status);
        Assert.Equal(404, (await InSessionAsync(TokenOf(null), null)).Status);

        Task<GatewayRig.Answered> InSessionAsync(string shown, string? proof) => SendAsync(List, context =>
        {
            context.Request.Headers.Authorization = (proof is null ? "Bearer " : "DPoP ") + shown;
            context.Request.Headers["DPoP"] = proof;
            context.Request.Headers["Mcp-Session-Id"] = session;
            context.Request.Headers["MCP-Protocol-Version"] = "2025-11-25";
        });
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Addresses")]
    [Trait("hostile", "confusion")]
    public async Task On_the_addresses_of_pasted_tokens_a_bound_token_is_nobodys()
    {
        foreach (var scheme in new[] { "Bearer ", "DPoP " })
        {
            var answer = await Rig.PostAsync(Call("rollout_status"), context =>
            {
                context.Request.Headers.Authorization = scheme + Token;
                context.Request.Headers["DPoP"] = Proof();
            });
            Assert.Equal((401, "unauthenticated"), Outcome(answer));
            Assert.DoesNotContain("resource_metadata", answer.Headers.WWWAuthenticate.ToString(), StringComparison.Ordinal);
        }
    }
}
