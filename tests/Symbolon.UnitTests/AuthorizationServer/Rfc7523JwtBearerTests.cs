using System.Text.Json.Nodes;
using Symbolon.Core.Audit;
using Symbolon.Core.Policy;
using Symbolon.Core.Registry;
using Symbolon.Core.Revocation;
using Symbolon.Jose.Signatures;
using Symbolon.Testing.OAuth;
using Symbolon.UnitTests.Admin;

namespace Symbolon.UnitTests.AuthorizationServer;

/// <summary>Workloads that come with a token of their platform: RFC 7523 §2.1 and §3, IDENTITY.md section 1.3.</summary>
[Trait("area", "credentials")]
public sealed class Rfc7523JwtBearerTests
{
    [Fact]
    [Trait("clause", "RFC 7523 §2.1")]
    public async Task A_projected_token_of_a_pod_becomes_a_bound_token_of_its_agent_without_a_refresh_token()
    {
        await using var rig = await WorkloadRig.StartAsync();
        var answer = await rig.AskAsync(rig.Token());
        Assert.True(answer.Status == 200, answer.Text);
        Assert.Equal(("DPoP", 600L, "mcp:shop:@granted"), (
            answer.Json.GetProperty("token_type").GetString(), answer.Json.GetProperty("expires_in").GetInt64(), answer.Json.GetProperty("scope").GetString()));
        Assert.False(answer.Json.TryGetProperty("refresh_token", out _));
        var claims = OAuthHost.PayloadOf(TokenOf(answer));
        Assert.Equal(("agent:release-bot", "agent:release-bot", OAuthHost.Shop, rig.Key.Thumbprint.ToString()), (
            claims.GetProperty("sub").GetString(), claims.GetProperty("client_id").GetString(), claims.GetProperty("aud").GetString(), claims.GetProperty("cnf").GetProperty("jkt").GetString()));
        Assert.IsType<Core.AccessTokens.AccessTokenReading.Valid>(rig.Host.Read(TokenOf(answer)));
    }

    [Fact]
    [Trait("clause", "RFC 7523 §2.1")]
    public async Task A_workflow_gets_what_its_grants_allow_and_a_request_can_narrow_it()
    {
        await using var rig = await WorkloadRig.StartAsync();
        var job = rig.Token("system:serviceaccount:jobs:nightly");
        var answer = await rig.AskAsync(job, ("scope", "mcp:shop:find"));
        await RefusedAsync(rig.AskAsync(job, ("scope", "mcp:shop:look")), "invalid_scope");
        Assert.Equal((200, "mcp:shop:find"), (answer.Status, answer.Json.GetProperty("scope").GetString()));
        Assert.Equal("workflow:nightly", OAuthHost.PayloadOf(TokenOf(answer)).GetProperty("sub").GetString());
        var narrowed = await rig.AskAsync(rig.Token(), ("scope", "mcp:shop:look"));
        Assert.Equal("mcp:shop:look", narrowed.Json.GetProperty("scope").GetString());
        await RefusedAsync(rig.AskAsync(rig.Token(), ("scope", "mcp:shop:drop")), "invalid_scope");
        await RefusedAsync(rig.AskAsync(rig.Token(), ("resource", OAuthHost.Issuer + "/mcp/closed")), "invalid_target");
    }

    [Fact]
    [Trait("clause", "RFC 7523 §2.1")]
    public async Task A_projected_file_is_read_many_times_so_its_token_counts_as_often_as_it_comes()
    {
        await using var rig = await WorkloadRig.StartAsync();
        var token = rig.Token();
        for (var i = 0; i < 3; i++) Assert.Equal(200, (await rig.AskAsync(token)).Status);
    }

    [Fact]
    [Trait("clause", "RFC 9449 §5")]
    public async Task Without_a_proof_of_a_key_there_is_no_token_and_one_proof_is_good_once()
    {
        await using var rig = await WorkloadRig.StartAsync();
        await RefusedAsync(rig.AskAsync(rig.Token(), prover: null), "invalid_dpop_proof");
        await RefusedAsync(rig.AskAsync(rig.Token(), prover: null, ("grant_type", "client_credentials"), ("client_assertion_type", OAuthHost.AssertionType), ("client_assertion", rig.Token()), ("assertion", null), ("client_id", "agent:release-bot")), "invalid_dpop_proof");
        var proof = rig.Key.Proof("POST", OAuthHost.Issuer + "/oauth/token", rig.Host.Now);
        Assert.Equal(200, (await SendAsync()).Status);
        await RefusedAsync(SendAsync(), "invalid_dpop_proof");

        Task<Answer> SendAsync() => rig.Host.SendAsync("POST", "/oauth/token",
            $"grant_type={Uri.EscapeDataString(WorkloadRig.Grant)}&assertion={rig.Token()}&resource={Uri.EscapeDataString(OAuthHost.Shop)}", headers: [("DPoP", proof)]);
    }

    [Theory]
    [InlineData("now+30", 30)]
    [InlineData("now+3600", 3600)]
    [InlineData("now-59", 1)]
    [Trait("clause", "RFC 7523 §3")]
    public async Task A_token_lives_no_longer_than_the_assertion(string exp, long seconds)
    {
        await using var rig = await WorkloadRig.StartAsync();
        var answer = await rig.AskAsync(rig.Changed($$"""{"exp":"{{exp}}","iat":"now-{{(seconds == 1 ? 600 : 0)}}"}"""));
        Assert.True(answer.Status == 200, answer.Text);
        Assert.Equal(seconds, answer.Json.GetProperty("expires_in").GetInt64());
    }

    [Fact]
    public async Task An_assertion_of_a_day_still_gives_a_token_of_an_hour_at_most()
    {
        await using var rig = await WorkloadRig.StartAsync();
        rig.Host.Apply(rig.IssuerOf() with { MaxTtlSeconds = 24 * 3600 });
        var answer = await rig.AskAsync(rig.Changed("""{"exp":"now+86400"}"""));
        Assert.Equal((200, 3600L), (answer.Status, answer.Json.GetProperty("expires_in").GetInt64()));
    }

    /// <summary>Claims that are set, null leaves one out; and a word of the answer.</summary>
    public static TheoryData<string, string> Hostile => new()
    {
        { """{"iss":null}""", "trusted here" }, { """{"iss":"https://evil.example.com"}""", "trusted here" }, { """{"iss":"https://kubernetes.default.svc.cluster.local/"}""", "trusted here" },
        { """{"iss":["https://kubernetes.default.svc.cluster.local"]}""", "trusted here" }, { """{"iss":"agent:release-bot"}""", "trusted here" },
        { """{"aud":null}""", "aud has to be" }, { """{"aud":"https://other.example.com"}""", "aud has to be" }, { """{"aud":"https://symbolon.example.com/"}""", "aud has to be" },
        { """{"aud":["https://symbolon.example.com","https://other.example.com"]}""", "aud has to be" }, { """{"aud":["https://symbolon.example.com","https://symbolon.example.com"]}""", "aud has to be" },
        { """{"aud":[]}""", "trusted here" }, { """{"aud":7}""", "trusted here" },
        { """{"sub":null}""", "trusted here" }, { """{"sub":"system:serviceaccount:kube-system:default"}""", "not trusted for the subject" }, { """{"sub":"system:serviceaccount:botsx:release-bot"}""", "not trusted for the subject" },
        { """{"sub":"SYSTEM:serviceaccount:bots:release-bot"}""", "not trusted for the subject" }, { """{"sub":"system:serviceaccount:bots:other"}""", "No agent or workflow" }, { """{"sub":7}""", "trusted here" },
        { """{"sub":"system:serviceaccount:bots:release-bot\u0430"}""", "trusted here" },
        { """{"exp":null}""", "no exp" }, { """{"exp":"now-60","iat":"now-600"}""", "expired" }, { """{"exp":0}""", "expired" }, { """{"exp":"text"}""", "trusted here" }, { """{"exp":1.5}""", "trusted here" },
        { """{"iat":null}""", "no iat" }, { """{"iat":"now+61"}""", "60 seconds ahead" }, { """{"nbf":"now+61"}""", "60 seconds ahead" },
        { """{"exp":"now+3601"}""", "maxTtl" }, { """{"iat":"now-3599","exp":"now+2"}""", "maxTtl" }, { """{"exp":253402300799}""", "maxTtl" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    [Trait("clause", "RFC 7523 §3")]
    [Trait("hostile", "assertion")]
    public async Task An_assertion_with_another_claim_is_invalid_grant(string changes, string words)
    {
        await using var rig = await WorkloadRig.StartAsync();
        Assert.Contains(words, (await RefusedAsync(rig.AskAsync(rig.Changed(changes)), "invalid_grant")).Json.GetProperty("error_description").GetString(), StringComparison.Ordinal);
        // As a client's proof it is refused in the same words under the name that has there.
        var client = await rig.AskAsync(null, ("grant_type", "client_credentials"), ("client_assertion_type", OAuthHost.AssertionType), ("client_assertion", rig.Changed(changes)), ("client_id", "agent:release-bot"));
        Assert.Equal((401, "invalid_client"), (client.Status, client.Json.GetProperty("error").GetString()));
    }

    public static TheoryData<string> Headers => new(
        """{"alg":"none","kid":"key-1"}""", """{"alg":"HS256","kid":"key-1"}""", """{"alg":"PS256","kid":"key-1"}""", """{"alg":"RS512","kid":"key-1"}""", """{"alg":"rs256","kid":"key-1"}""",
        """{"alg":"RS256","kid":"key-2"}""", """{"alg":"RS256","kid":"KEY-1"}""", """{"alg":"RS256","kid":"../key-1"}""", """{"alg":"RS256","kid":7}""",
        """{"alg":"RS256","kid":"key-1","typ":"at+jwt"}""", """{"alg":"RS256","kid":"key-1","typ":"dpop+jwt"}""", """{"alg":"RS256","kid":"key-1","typ":"logout+jwt"}""",
        """{"alg":"RS256","kid":"key-1","typ":"client-authentication+jwt"}""", """{"alg":"RS256","kid":"key-1","typ":"secevent+jwt"}""", """{"alg":"RS256","kid":"key-1","typ":"jwt"}""",
        """{"alg":"RS256","kid":"key-1","crit":["exp"]}""", """{"alg":"RS256","kid":"key-1","jku":"https://evil.example.com/keys"}""", """{"alg":"RS256","kid":"key-1","x5u":"https://evil.example.com/keys"}""",
        """{"alg":"RS256","kid":"key-1","jwk":{"kty":"RSA"}}""", """{"alg":"RS256","kid":"key-1","zip":"DEF"}""", """{"alg":"RS256","kid":"key-1","kid":"key-1"}""");

    [Theory]
    [MemberData(nameof(Headers))]
    [Trait("clause", "RFC 8725 §3.1")]
    [Trait("hostile", "assertion")]
    public async Task Another_algorithm_key_type_or_header_is_refused(string header)
    {
        await using var rig = await WorkloadRig.StartAsync();
        await RefusedAsync(rig.AskAsync(rig.Changed("{}", header: header)), "invalid_grant");
        Assert.Equal(ReasonCode.Unauthenticated, Assert.Single(rig.Host.Refusals.Recorded));
        Assert.Empty(rig.Host.Web.Asked);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.e30.")]
    [InlineData("sym_agt_x")]
    [Trait("hostile", "assertion")]
    public async Task What_is_no_signed_jwt_is_refused(string text)
    {
        await using var rig = await WorkloadRig.StartAsync();
        await RefusedAsync(rig.AskAsync(text), text.Length == 0 ? "invalid_request" : "invalid_grant");
        await RefusedAsync(rig.AskAsync(null), "invalid_request");
    }

    [Fact]
    [Trait("hostile", "assertion")]
    public async Task Another_key_a_changed_payload_and_more_than_8_KiB_are_refused()
    {
        await using var rig = await WorkloadRig.StartAsync();
        using var other = new PlatformKey();
        await RefusedAsync(rig.AskAsync(rig.Changed("{}", other)), "invalid_grant");
        var (mine, theirs) = (rig.Token().Split('.'), rig.Token("system:serviceaccount:jobs:nightly").Split('.'));
        await RefusedAsync(rig.AskAsync($"{mine[0]}.{theirs[1]}.{mine[2]}"), "invalid_grant");
        await RefusedAsync(rig.AskAsync(rig.Changed($$"""{"more":"{{new string('x', 8 * 1024)}}"}""")), "invalid_grant");
        Assert.Equal(200, (await rig.AskAsync(rig.Changed($$"""{"more":"{{new string('x', 4 * 1024)}}"}"""))).Status);
    }

    [Fact]
    [Trait("hostile", "assertion")]
    public async Task A_token_of_ours_an_id_token_for_a_person_and_a_client_assertion_are_no_assertion()
    {
        await using var rig = await WorkloadRig.StartAsync();
        foreach (var other in new[] { await rig.Host.AccessTokenAsync(), rig.Host.Assertion(), OAuthHost.Sign(rig.Claims(), rig.Host.Key, "JWT") })
            await RefusedAsync(rig.AskAsync(other), "invalid_grant");
    }

    [Fact]
    [Trait("clause", "RFC 7523 §2.1")]
    public async Task A_client_that_proves_itself_in_another_way_besides_is_refused()
    {
        await using var rig = await WorkloadRig.StartAsync();
        await RefusedAsync(rig.AskAsync(rig.Token(), ("client_assertion_type", OAuthHost.AssertionType), ("client_assertion", rig.Host.Assertion())), "invalid_request");
        await RefusedAsync(rig.AskAsync(rig.Token(), ("client_secret", "x")), "invalid_request");
        await RefusedAsync(rig.AskAsync(rig.Token(), ("client_id", "agent:bot")), "invalid_grant");
        Assert.Equal(200, (await rig.AskAsync(rig.Token(), ("client_id", "agent:release-bot"))).Status);
    }

    [Fact]
    [Trait("clause", "RFC 7523 §2.2")]
    public async Task A_platform_token_proves_a_client_at_the_token_endpoint_alone()
    {
        await using var rig = await WorkloadRig.StartAsync();
        (string, string?)[] proved = [("client_assertion_type", OAuthHost.AssertionType), ("client_assertion", rig.Token()), ("client_id", "agent:release-bot")];
        var answer = await rig.AskAsync(null, [("grant_type", "client_credentials"), .. proved]);
        Assert.Equal((200, 600L), (answer.Status, answer.Json.GetProperty("expires_in").GetInt64()));
        foreach (var path in new[] { "/oauth/introspect", "/oauth/revoke", "/oauth/par" })
            Assert.Equal("invalid_client", (await rig.PostAsync(path, rig.Key, [("token", TokenOf(answer)), .. proved])).Json.GetProperty("error").GetString());
        // Somebody else's is none, and neither is one without a name.
        Assert.Equal(401, (await rig.AskAsync(null, [("grant_type", "client_credentials"), proved[0], proved[1], ("client_id", "agent:bot")])).Status);
        Assert.Equal(401, (await rig.AskAsync(null, [("grant_type", "client_credentials"), proved[0], proved[1]])).Status);
        Assert.Equal(401, (await rig.AskAsync(null, [("grant_type", "client_credentials"), ("client_id", "agent:release-bot")])).Status);
    }

    [Fact]
    public async Task A_subject_of_several_agents_is_refused_with_their_number_and_none_is_guessed()
    {
        await using var rig = await WorkloadRig.StartAsync();
        rig.Host.Apply(OAuthHost.Agent("second") with { Federation = [WorkloadRig.Of("cluster", "system:serviceaccount:bots:release-*")] });
        var refused = await RefusedAsync(rig.AskAsync(rig.Token()), "invalid_grant");
        Assert.Contains("2 agents and workflows", refused.Text, StringComparison.Ordinal);
        rig.Host.Apply(OAuthHost.Agent("second") with { Federation = [WorkloadRig.Of("cluster", "system:serviceaccount:bots:release-*")], State = Lifecycle.Suspended });
        await RefusedAsync(rig.AskAsync(rig.Token()), "invalid_grant");
        rig.Host.Apply(OAuthHost.Agent("second") with { Federation = [WorkloadRig.Of("cluster", "system:serviceaccount:bots:release-*")], State = Lifecycle.Retired });
        Assert.Equal(200, (await rig.AskAsync(rig.Token())).Status);
    }

    [Fact]
    public async Task A_suspended_agent_a_retired_issuer_and_a_federation_that_was_cut_give_nothing()
    {
        await using var rig = await WorkloadRig.StartAsync();
        rig.Host.Apply(rig.Bot(WorkloadRig.Pod) with { State = Lifecycle.Suspended });
        Assert.Contains("not active", (await RefusedAsync(rig.AskAsync(rig.Token()), "invalid_grant")).Text, StringComparison.Ordinal);
        rig.Host.Apply(rig.Bot());
        await RefusedAsync(rig.AskAsync(rig.Token()), "invalid_grant");
        rig.Host.Apply(rig.Bot(WorkloadRig.Pod));
        Assert.Equal(200, (await rig.AskAsync(rig.Token())).Status);
        rig.Host.Apply(rig.IssuerOf() with { RetiredAt = 1 });
        await RefusedAsync(rig.AskAsync(rig.Token()), "invalid_grant");
    }

    [Fact]
    public async Task Two_issuers_of_one_iss_are_none()
    {
        await using var rig = await WorkloadRig.StartAsync();
        rig.Host.Apply(rig.IssuerOf("twin"));
        await RefusedAsync(rig.AskAsync(rig.Token()), "invalid_grant");
    }

    [Fact]
    public async Task Revoking_the_agent_ends_its_token_and_the_next_one_is_good()
    {
        await using var rig = await WorkloadRig.StartAsync();
        var token = TokenOf(await rig.AskAsync(rig.Token()));
        rig.Host.Clock.Advance(TimeSpan.FromSeconds(1));
        rig.Host.Raise(RevocationLevel.Agent, "release-bot");
        Assert.True(IsRevoked(token));
        rig.Host.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(IsRevoked(TokenOf(await rig.AskAsync(rig.Token()))));

        bool IsRevoked(string text) => rig.Host.Configuration.Epochs.IsRevoked(Assert.IsType<Core.AccessTokens.AccessTokenReading.Valid>(rig.Host.Read(text)).Token);
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Audit durability")]
    public async Task Allowed_or_refused_it_is_a_record_with_issuer_and_subject_and_a_stranger_is_counted()
    {
        await using var rig = await WorkloadRig.StartAsync();
        Assert.Equal(200, (await rig.AskAsync(rig.Token())).Status);
        var allowed = rig.Host.Proofs.Records.Last();
        Assert.Equal((AuditKind.TokenIssued, true, "agent:release-bot", "release-bot", "shop"), (allowed.Kind, allowed.Allowed, allowed.By, allowed.Agent, allowed.Server));
        Assert.Equal(($"issue by {WorkloadRig.Grant}", $"bound to the key {rig.Key.Thumbprint}, as {WorkloadRig.Pod} of issuer cluster"), (allowed.Action, allowed.Reason));
        Assert.Equal(400, (await rig.AskAsync(rig.Token(), ("scope", "mcp:shop:drop"))).Status);
        var refused = rig.Host.Proofs.Records.Last();
        Assert.Equal((false, "agent:release-bot", $"as {WorkloadRig.Pod} of issuer cluster"), (refused.Allowed, refused.By, refused.Reason));

        // Of a trusted subject that is nobody's: a record of its own, cut where the subject is long.
        var far = "system:serviceaccount:bots:" + new string('x', 900);
        Assert.Equal(400, (await rig.AskAsync(rig.Token(far))).Status);
        var nobody = rig.Host.Audit.Appended[^1];
        Assert.Equal((AuditKind.TokenIssued, false, "Issuer/cluster"), (nobody.Kind, nobody.Allowed, nobody.Target));
        Assert.Equal($"as {far[..256]}... of issuer cluster", nobody.Reason);
        Assert.Empty(rig.Host.Refusals.Recorded);
        // A subject that the issuer is not trusted for may be anybody's, in any number.
        var before = rig.Host.Audit.Appended.Count;
        Assert.Equal(400, (await rig.AskAsync(rig.Token("system:serviceaccount:evil:x"))).Status);
        Assert.Equal((before, ReasonCode.Unauthenticated), (rig.Host.Audit.Appended.Count, Assert.Single(rig.Host.Refusals.Recorded)));
    }

    [Fact]
    public async Task A_token_of_GitHub_Actions_as_its_documentation_shows_it_is_taken()
    {
        await using var rig = await WorkloadRig.StartAsync();
        const string issuer = "https://token.actions.githubusercontent.com";
        rig.Host.Apply(
            rig.IssuerOf("github", issuer) with { Subjects = [new("repo:octo-org/octo-repo:*")] },
            rig.Bot() with { Federation = [WorkloadRig.Of("github", "repo:octo-org/octo-repo:environment:prod")] });
        var claims = JsonNode.Parse($$"""
            {"jti":"example-id","sub":"repo:octo-org/octo-repo:environment:prod","environment":"prod","aud":"{{WorkloadRig.Audience}}","ref":"refs/heads/main","sha":"example-sha",
             "repository":"octo-org/octo-repo","repository_owner":"octo-org","actor_id":"12","repository_visibility":"private","repository_id":"74","repository_owner_id":"65","run_id":"example-run-id",
             "run_number":"10","run_attempt":"2","runner_environment":"github-hosted","actor":"octocat","workflow":"example-workflow","head_ref":"","base_ref":"","event_name":"workflow_dispatch",
             "enterprise":"avocado-corp","enterprise_id":"2","ref_type":"branch","job_workflow_ref":"octo-org/octo-automation/.github/workflows/oidc.yml@refs/heads/main","iss":"{{issuer}}",
             "nbf":{{rig.Host.Now - 300}},"exp":{{rig.Host.Now + 300}},"iat":{{rig.Host.Now}} }
            """)!;
        var answer = await rig.AskAsync(rig.Platform.Sign(claims, """{"typ":"JWT","alg":"RS256","x5t":"example-thumbprint","kid":"key-1"}"""));
        Assert.True(answer.Status == 200, answer.Text);
        claims["sub"] = "repo:octo-org/octo-repo-evil:environment:prod";
        await RefusedAsync(rig.AskAsync(rig.Platform.Sign(claims)), "invalid_grant");
    }

    [Fact]
    [Trait("clause", "SPIFFE JWT-SVID §3")]
    public async Task A_JWT_SVID_is_known_by_its_trust_domain_and_one_of_another_domain_is_refused()
    {
        await using var rig = await WorkloadRig.StartAsync();
        using var ec = Es256SigningKey.Generate();
        var issuer = rig.IssuerOf("mesh", issuer: null) with { TrustDomain = "prod.example.com", Subjects = [new("spiffe://prod.example.com/bots/*")], Keys = [ec.PublicKey.ToJson()] };
        rig.Host.Apply(issuer, rig.Bot() with { Federation = [WorkloadRig.Of("mesh", "spiffe://prod.example.com/bots/release")] });
        Assert.Equal(200, (await rig.AskAsync(Svid("spiffe://prod.example.com/bots/release"))).Status);
        foreach (var other in new[] { "spiffe://dev.example.com/bots/release", "spiffe://prod.example.com.evil.com/bots/release", "spiffe://PROD.example.com/bots/release", "spiffe://prod.example.com/other", "bots/release" })
            await RefusedAsync(rig.AskAsync(Svid(other)), "invalid_grant");
        // With an iss it has to be the one that is set, and the domain counts all the same.
        await RefusedAsync(rig.AskAsync(Svid("spiffe://prod.example.com/bots/release", "https://spire.example.com")), "invalid_grant");
        rig.Host.Apply(issuer with { Issuer = "https://spire.example.com", Subjects = [new("spiffe://*")] });
        Assert.Equal(200, (await rig.AskAsync(Svid("spiffe://prod.example.com/bots/release", "https://spire.example.com"))).Status);
        await RefusedAsync(rig.AskAsync(Svid("spiffe://dev.example.com/bots/release", "https://spire.example.com")), "invalid_grant");

        string Svid(string subject, string? iss = null)
        {
            var claims = new JsonObject { ["sub"] = subject, ["aud"] = new JsonArray(WorkloadRig.Audience), ["exp"] = rig.Host.Now + 300, ["iat"] = rig.Host.Now };
            if (iss is not null) claims["iss"] = iss;
            return OAuthHost.Sign(claims, ec, "JWT");
        }
    }

    [Fact]
    public async Task The_metadata_name_the_grant()
    {
        await using var rig = await WorkloadRig.StartAsync();
        var metadata = await rig.Host.GetAsync("/.well-known/oauth-authorization-server");
        Assert.Contains(WorkloadRig.Grant, metadata.Json.GetProperty("grant_types_supported").EnumerateArray().Select(each => each.GetString()));
    }

    private static string TokenOf(Answer answer)
    {
        Assert.True(answer.Status == 200, answer.Text);
        return answer.Json.GetProperty("access_token").GetString()!;
    }

    private static async Task<Answer> RefusedAsync(Task<Answer> asked, string error)
    {
        var answer = await asked;
        Assert.True(answer.Status == 400, answer.Text);
        Assert.Equal(error, answer.Json.GetProperty("error").GetString());
        Assert.False(answer.Json.TryGetProperty("access_token", out _));
        return answer;
    }
}
