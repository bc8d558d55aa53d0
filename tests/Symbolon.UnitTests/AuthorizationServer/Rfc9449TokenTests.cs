using System.Text.Json.Nodes;
using Symbolon.Core.Audit;
using Symbolon.Core.Policy;
using Symbolon.Testing.OAuth;
using Symbolon.UnitTests.Admin;

namespace Symbolon.UnitTests.AuthorizationServer;

/// <summary>DPoP at the token endpoint: RFC 9449 §5 and §8, IDENTITY.md section 1.2.</summary>
[Trait("area", "oauth")]
public sealed class Rfc9449TokenTests : IDisposable
{
    private const string Url = OAuthHost.Issuer + "/oauth/token";

    private readonly ProofKey key = new();

    public void Dispose() => key.Dispose();

    [Fact]
    [Trait("clause", "RFC 9449 §5")]
    public async Task A_token_is_bound_to_the_key_that_was_proved()
    {
        await using var host = await OAuthHost.StartAsync();
        var answer = await AskAsync(host, key.Proof("POST", Url, host.Now));
        Assert.True(answer.Status == 200, answer.Text);
        Assert.Equal("DPoP", answer.Json.GetProperty("token_type").GetString());
        var token = answer.Json.GetProperty("access_token").GetString()!;
        Assert.Equal($$"""{"jkt":"{{key.Thumbprint}}"}""", OAuthHost.PayloadOf(token).GetProperty("cnf").GetRawText());
        Assert.False(answer.Headers.ContainsKey("DPoP-Nonce"));

        var record = Assert.Single(host.Proofs.Records);
        Assert.Equal((AuditKind.TokenIssued, true, $"bound to the key {key.Thumbprint}"), (record.Kind, record.Allowed, record.Reason));
        Assert.Equal(2, host.Proofs.Count);
    }

    [Fact]
    [Trait("clause", "RFC 9449 §6.2")]
    public async Task Introspection_says_what_a_token_is_bound_to()
    {
        await using var host = await OAuthHost.StartAsync();
        var bound = (await AskAsync(host, key.Proof("POST", Url, host.Now))).Json.GetProperty("access_token").GetString()!;
        var answer = await IntrospectAsync(host, bound);
        Assert.Equal(("DPoP", key.Thumbprint.ToString()), (answer.Json.GetProperty("token_type").GetString(), answer.Json.GetProperty("cnf").GetProperty("jkt").GetString()));

        var free = await IntrospectAsync(host, await host.AccessTokenAsync());
        Assert.Equal("Bearer", free.Json.GetProperty("token_type").GetString());
        Assert.False(free.Json.TryGetProperty("cnf", out _));
    }

    [Fact]
    [Trait("clause", "RFC 9449 §5")]
    public async Task Without_a_proof_the_token_is_a_bearer_token()
    {
        await using var host = await OAuthHost.StartAsync();
        var answer = await host.TokenAsync();
        Assert.Equal("Bearer", answer.Json.GetProperty("token_type").GetString());
        Assert.False(OAuthHost.PayloadOf(answer.Json.GetProperty("access_token").GetString()!).TryGetProperty("cnf", out _));
    }

    [Fact]
    [Trait("clause", "RFC 9449 §5.1")]
    public async Task Metadata_names_the_algorithms_of_proofs()
    {
        await using var host = await OAuthHost.StartAsync();
        foreach (var path in new[] { "/.well-known/oauth-authorization-server", "/.well-known/openid-configuration" })
            Assert.Equal("""["ES256"]""", (await host.GetAsync(path)).Json.GetProperty("dpop_signing_alg_values_supported").GetRawText());
    }

    public static TheoryData<string, string> Hostile => new()
    {
        { "RFC 9449 §4.3 no. 8", """{"htm":"GET"}""" }, { "RFC 9449 §4.3 no. 8", """{"htm":"post"}""" }, { "RFC 9449 §4.3 no. 3", """{"htm":null}""" },
        { "RFC 9449 §4.3 no. 9", """{"htu":"https://symbolon.example.com/oauth/token/"}""" }, { "RFC 9449 §4.3 no. 9", """{"htu":"https://symbolon.example.com/mcp/shop"}""" },
        { "RFC 9449 §4.3 no. 9", """{"htu":"https://symbolon.example.com/oauth/introspect"}""" }, { "RFC 9449 §4.3 no. 9", """{"htu":"http://symbolon.example.com/oauth/token"}""" },
        { "RFC 9449 §4.3 no. 9", """{"htu":"https://symbolon.example.com:8443/oauth/token"}""" }, { "RFC 9449 §4.3 no. 9", """{"htu":"https://symbolon.example.com./oauth/token"}""" },
        { "RFC 9449 §4.3 no. 9", """{"htu":"https://evil@symbolon.example.com/oauth/token"}""" }, { "RFC 9449 §4.3 no. 9", """{"htu":"https://symbolon.example.com/oauth/token?a=b"}""" },
        { "RFC 9449 §4.3 no. 9", """{"htu":"https://symbolon.example.com/x/%2e%2e/oauth/token"}""" }, { "RFC 9449 §4.3 no. 9", """{"htu":"http://127.0.0.1:8750/oauth/token"}""" },
        { "RFC 9449 §4.3 no. 3", """{"htu":null}""" }, { "RFC 9449 §4.3 no. 3", """{"jti":null}""" }, { "RFC 9449 §4.3 no. 3", """{"jti":""}""" }, { "RFC 9449 §4.3 no. 3", """{"iat":null}""" },
        { "RFC 9449 §4.3 no. 3", """{"iat":"1"}""" }, { "RFC 9449 §4.3 no. 11", """{"iat":1}""" }, { "RFC 9449 §4.3 no. 11", """{"iat":1000000000000000000}""" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    [Trait("clause", "RFC 9449 §5")]
    [Trait("hostile", "proof")]
    public async Task A_proof_that_is_not_of_this_request_gets_invalid_dpop_proof_and_a_record(string clause, string changes)
    {
        await using var host = await OAuthHost.StartAsync();
        var claims = ProofKey.Claims("POST", Url, host.Now);
        foreach (var (name, value) in JsonNode.Parse(changes)!.AsObject())
        {
            if (value is null) claims.Remove(name);
            else claims[name] = value.DeepClone();
        }
        var answer = await AskAsync(host, key.Sign(claims));
        Assert.True((answer.Status, answer.Json.GetProperty("error").GetString()) == (400, "invalid_dpop_proof"), $"{clause} {changes}: {answer.Text}");
        Assert.False(answer.Json.TryGetProperty("access_token", out _));
        var record = Assert.Single(host.Proofs.Records);
        Assert.Equal((false, ReasonCode.ProofInvalid), (record.Allowed, record.Code));
        Assert.Equal(1, host.Proofs.Count);
    }

    [Fact]
    [Trait("clause", "RFC 9449 §4.3 no. 1")]
    [Trait("hostile", "proof")]
    public async Task Two_proofs_an_empty_one_and_other_kinds_of_JWT_are_refused()
    {
        await using var host = await OAuthHost.StartAsync();
        string Proof() => key.Proof("POST", Url, host.Now);
        string[][] hostile =
        [
            [Proof(), Proof()], [""], [$"{Proof()},{Proof()}"], [host.Assertion()], [await host.AccessTokenAsync()], [Proof() + "="], [new string('a', 5000)],
            [key.Sign(ProofKey.Claims("POST", Url, host.Now), "at+jwt")], [key.Sign(ProofKey.Claims("POST", Url, host.Now), "JWT")],
        ];
        foreach (var headers in hostile)
        {
            var answer = await AskAsync(host, headers);
            Assert.True((answer.Status, answer.Json.GetProperty("error").GetString()) == (400, "invalid_dpop_proof"), answer.Text);
        }
    }

    [Theory]
    [InlineData("symbolon.example.com", "https://symbolon.example.com", true)]
    [InlineData("symbolon.example.com", "HTTPS://SYMBOLON.example.com:443", true)]
    [InlineData("127.0.0.1:8750", "http://127.0.0.1:8750", true)]
    [InlineData("127.0.0.1:8750", "http://localhost:8750", false)]
    [InlineData("127.0.0.1:8750", "https://symbolon.example.com", false)]
    [Trait("clause", "IDENTITY.md §0 no. 5")]
    public async Task The_address_that_a_proof_names_is_the_configured_origin_that_Host_selects(string hostHeader, string origin, bool isTaken)
    {
        await using var host = await OAuthHost.StartAsync();
        var claims = host.Claims();
        claims["aud"] = hostHeader.StartsWith("127", StringComparison.Ordinal) ? $"http://{hostHeader}" : $"https://{hostHeader}";
        var form = Form(OAuthHost.Sign(claims, host.Key), ("scope", "mcp:shop:look"));
        var answer = await host.SendAsync("POST", "/oauth/token", form, host: hostHeader, headers: ("DPoP", key.Proof("POST", origin + "/oauth/token", host.Now)));
        Assert.True(answer.Status == (isTaken ? 200 : 400), answer.Text);
    }

    [Fact]
    [Trait("clause", "RFC 9449 §8")]
    public async Task Where_a_nonce_is_needed_a_client_is_told_it_and_gets_its_token_with_it()
    {
        await using var host = await OAuthHost.StartAsync(new() { ProofsNeedNonce = true });
        var asked = await AskAsync(host, key.Proof("POST", Url, host.Now));
        Assert.Equal((400, "use_dpop_nonce"), (asked.Status, asked.Json.GetProperty("error").GetString()));
        Assert.Empty(host.Proofs.Records);
        var nonce = asked.Headers["DPoP-Nonce"].ToString();

        var given = await AskAsync(host, key.Proof("POST", Url, host.Now, nonce: nonce));
        Assert.True(given.Status == 200, given.Text);
        Assert.False(given.Headers.ContainsKey("DPoP-Nonce"));

        var wrong = await AskAsync(host, key.Proof("POST", Url, host.Now, nonce: nonce[..^1] + (nonce[^1] == 'A' ? 'B' : 'A')));
        Assert.Equal((400, "use_dpop_nonce"), (wrong.Status, wrong.Json.GetProperty("error").GetString()));
    }

    [Fact]
    [Trait("clause", "RFC 9449 §8.2")]
    public async Task A_client_with_the_nonce_before_the_present_one_gets_its_token_and_the_next_nonce()
    {
        await using var host = await OAuthHost.StartAsync(new() { ProofsNeedNonce = true });
        var nonce = (await AskAsync(host, key.Proof("POST", Url, host.Now))).Headers["DPoP-Nonce"].ToString();
        host.Clock.Advance(TimeSpan.FromSeconds(150));
        var given = await AskAsync(host, key.Proof("POST", Url, host.Now, nonce: nonce));
        Assert.Equal(200, given.Status);
        var next = given.Headers["DPoP-Nonce"].ToString();
        Assert.NotEqual(nonce, next);
        host.Clock.Advance(TimeSpan.FromSeconds(160));
        Assert.Equal("use_dpop_nonce", (await AskAsync(host, key.Proof("POST", Url, host.Now, nonce: nonce))).Json.GetProperty("error").GetString());
        Assert.Equal(200, (await AskAsync(host, key.Proof("POST", Url, host.Now, nonce: next))).Status);
    }

    [Theory]
    [InlineData(-60, "token")]
    [InlineData(5, "token")]
    [InlineData(-61, "use_dpop_nonce")]
    [InlineData(6, "use_dpop_nonce")]
    [InlineData(-300, "use_dpop_nonce")]
    [InlineData(-301, "invalid_dpop_proof")]
    [InlineData(301, "invalid_dpop_proof")]
    [Trait("clause", "RFC 9449 §4.3 no. 11")]
    public async Task A_proof_is_of_now_or_its_maker_is_asked_to_use_a_nonce(int seconds, string outcome)
    {
        await using var host = await OAuthHost.StartAsync();
        var answer = await AskAsync(host, key.Proof("POST", Url, host.Now + seconds));
        Assert.Equal(outcome, answer.Status == 200 ? "token" : answer.Json.GetProperty("error").GetString());
        Assert.Equal(outcome == "use_dpop_nonce", answer.Headers.ContainsKey("DPoP-Nonce"));
    }

    [Fact]
    [Trait("clause", "RFC 9449 §11.1")]
    [Trait("hostile", "replay")]
    public async Task A_proof_is_good_for_one_token_and_so_is_the_assertion_with_it()
    {
        await using var host = await OAuthHost.StartAsync();
        var (proof, assertion) = (key.Proof("POST", Url, host.Now), host.Assertion());
        Assert.Equal(200, (await AskWithAsync(host, assertion, proof)).Status);
        Assert.Equal("invalid_dpop_proof", (await AskAsync(host, proof)).Json.GetProperty("error").GetString());

        var late = key.Proof("POST", Url, host.Now);
        var replayed = await AskWithAsync(host, assertion, late);
        Assert.Equal((401, "invalid_client"), (replayed.Status, replayed.Json.GetProperty("error").GetString()));
        Assert.Equal("invalid_dpop_proof", (await AskAsync(host, late)).Json.GetProperty("error").GetString());
    }

    [Fact]
    [Trait("clause", "RFC 9449 §11.1")]
    [Trait("hostile", "replay")]
    public async Task What_the_store_has_seen_on_another_node_is_a_replay_here_and_nothing_is_recorded_as_issued()
    {
        await using var host = await OAuthHost.StartAsync();
        await using var other = await OAuthHost.StartAsync();
        var proof = key.Proof("POST", Url, host.Now);
        Assert.Equal(200, (await AskAsync(host, proof)).Status);
        foreach (var use in host.Proofs.Used) await ((Symbolon.Core.Snapshot.IProofUses)other.Proofs).TryUseAsync([use], [], TestContext.Current.CancellationToken);

        var answer = await AskAsync(other, proof);
        Assert.Equal((400, "invalid_dpop_proof"), (answer.Status, answer.Json.GetProperty("error").GetString()));
        Assert.Empty(other.Proofs.Records);
        Assert.Equal([ReasonCode.ProofInvalid], other.Refusals.Recorded);
    }

    [Fact]
    [Trait("clause", "RFC 9449 §11.1")]
    [Trait("hostile", "replay")]
    public async Task Of_a_hundred_parallel_requests_with_one_proof_or_one_assertion_one_gets_a_token()
    {
        await using var host = await OAuthHost.StartAsync();
        for (var round = 0; round < 20; round++)
        {
            var (proof, assertion) = (key.Proof("POST", Url, host.Now), host.Assertion());
            var byProof = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => AskAsync(host, proof))));
            Assert.Single(byProof, answer => answer.Status == 200);
            var byAssertion = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => AskWithAsync(host, assertion, key.Proof("POST", Url, host.Now)))));
            Assert.Single(byAssertion, answer => answer.Status == 200);
        }
    }

    private static Task<Answer> AskAsync(OAuthHost host, params string[] proofs) => AskWithAsync(host, host.Assertion(), proofs);

    private static Task<Answer> AskWithAsync(OAuthHost host, string assertion, params string[] proofs) =>
        host.SendAsync("POST", "/oauth/token", Form(assertion, ("resource", OAuthHost.Shop)), headers: [.. proofs.Select(proof => ("DPoP", proof))]);

    private static Task<Answer> IntrospectAsync(OAuthHost host, string token) => host.PostAsync(
        "/oauth/introspect", ("token", token), ("client_assertion_type", OAuthHost.AssertionType), ("client_assertion", host.Assertion()));

    private static string Form(string assertion, (string Name, string Value) more)
    {
        (string Name, string Value)[] form = [("grant_type", "client_credentials"), ("client_assertion_type", OAuthHost.AssertionType), ("client_assertion", assertion), more];
        return string.Join('&', form.Select(each => $"{each.Name}={Uri.EscapeDataString(each.Value)}"));
    }
}
