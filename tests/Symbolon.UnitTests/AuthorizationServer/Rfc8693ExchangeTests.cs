using Symbolon.Core.AccessTokens;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Registry;
using Symbolon.Core.Resources;
using Symbolon.Core.Revocation;
using Symbolon.Core.Tools;
using Symbolon.Testing.OAuth;
using Symbolon.UnitTests.Admin;

namespace Symbolon.UnitTests.AuthorizationServer;

/// <summary>Token exchange: RFC 8693, IDENTITY.md section 1.3.</summary>
[Trait("area", "credentials")]
public sealed class Rfc8693ExchangeTests
{
    [Fact]
    [Trait("clause", "RFC 8693 §2.2.1")]
    public async Task A_call_token_becomes_one_for_the_api_with_the_server_as_newest_actor()
    {
        await using var rig = await ServerRig.StartAsync();
        var subject = rig.CallToken();
        var answer = await rig.ExchangeAsync(subject);
        Assert.True(answer.Status == 200, answer.Text);
        Assert.Equal((ServerRig.AccessToken, "DPoP", 300L, "read:cluster:prod/namespace:shop/**"), (
            answer.Json.GetProperty("issued_token_type").GetString(), answer.Json.GetProperty("token_type").GetString(), answer.Json.GetProperty("expires_in").GetInt64(), answer.Json.GetProperty("scope").GetString()));
        Assert.Equal("""[{"type":"symbolon_resource","actions":["read"],"resource":"cluster:prod/namespace:shop/**"}]""", answer.Json.GetProperty("authorization_details").GetRawText());
        Assert.False(answer.Json.TryGetProperty("refresh_token", out _));

        var (before, after) = (OAuthHost.PayloadOf(subject), OAuthHost.PayloadOf(TokenOf(answer)));
        Assert.Equal(("alice@example.com", ServerRig.Api, "server:deploy", "mcp:deploy:look"), (Text("sub"), Text("aud"), Text("client_id"), Text("tool")));
        Assert.Equal("""{"sub":"server:deploy","act":{"sub":"agent:bot"}}""", after.GetProperty("act").GetRawText());
        Assert.Equal(rig.Key.Thumbprint.ToString(), after.GetProperty("cnf").GetProperty("jkt").GetString());
        foreach (var carried in new[] { "origin_jti", "authorization_id", "auth_us" }) Assert.Equal(before.GetProperty(carried).GetRawText(), after.GetProperty(carried).GetRawText());
        Assert.Equal("cursor", Text("origin_client_id"));
        Assert.False(after.TryGetProperty("may_act", out _));
        var read = rig.Host.Get<DownstreamTokenReader>().Read(TokenOf(answer), Core.UnixTime.Microseconds(rig.Host.Clock))!;
        Assert.Equal((DownstreamKind.Exchanged, ServerRig.AliceByBot), (read.Kind, read.Holder!));
        Assert.Equal(["alice@example.com", "server:deploy", "agent:bot"], read.Chain);
        Assert.IsType<AccessTokenReading.Refused>(rig.Host.Read(TokenOf(answer)));

        string Text(string name) => after.GetProperty(name).GetString()!;
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Audit durability")]
    public async Task Allowed_or_refused_it_is_a_record_with_the_chain_the_tool_and_the_resources()
    {
        await using var rig = await ServerRig.StartAsync();
        var subject = rig.CallToken();
        Assert.Equal(200, (await rig.ExchangeAsync(subject)).Status);
        Assert.Equal(400, (await rig.ExchangeAsync(subject, ("scope", "write:x"))).Status);
        var (allowed, refused) = (rig.Host.Proofs.Records.ToList()[^2], rig.Host.Proofs.Records.Last());
        Assert.Equal((AuditKind.TokenExchanged, true, "alice@example.com", "bot", "deploy", "look", "server:deploy"), (allowed.Kind, allowed.Allowed, allowed.User, allowed.Agent, allowed.Server, allowed.Tool, allowed.By));
        Assert.Equal(("read:cluster:prod/namespace:shop/**", $"Api/{ServerRig.Api}"), (allowed.Scope, allowed.Target));
        Assert.Contains("for alice@example.com by agent:bot with tok_", allowed.Reason, StringComparison.Ordinal);
        Assert.Equal((AuditKind.TokenExchanged, false, "alice@example.com", "bot", "deploy", "look", "exchange refused: invalid_scope"), (refused.Kind, refused.Allowed, refused.User, refused.Agent, refused.Server, refused.Tool, refused.Action));
        // What the call allows, and what was asked for instead.
        Assert.Equal("read:cluster:prod/namespace:shop/**", refused.Scope);
        Assert.EndsWith(", asked for write:x", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("hostile", "DESIGN.md §4 Audit")]
    public async Task The_arguments_of_a_sensitive_tool_are_in_no_record()
    {
        await using var rig = await ServerRig.StartAsync();
        var server = ServerRig.ServerOf();
        var manifest = server.Approved!.Manifest;
        rig.Put(server with { Approved = server.Approved with { Manifest = manifest with { Tools = [.. manifest.Tools.Select(tool => tool with { Flags = Core.Tools.ToolFlags.Sensitive })] } } });
        var subject = rig.CallToken(resource: "cluster:prod/namespace:diagnosis-of-alice/**");
        Assert.Contains("diagnosis-of-alice", (await rig.ExchangeAsync(subject)).Json.GetProperty("scope").GetString(), StringComparison.Ordinal);
        await RefusedAsync(rig.ExchangeAsync(subject, ("scope", "write:diagnosis-of-alice")), "invalid_scope");
        var records = rig.Host.Proofs.Records.TakeLast(2).ToList();
        Assert.All(records, record => Assert.Equal((AuditKind.TokenExchanged, "read:cluster:prod/namespace:*/**"), (record.Kind, record.Scope)));
        Assert.All(records, record => Assert.DoesNotContain("diagnosis", $"{record.Reason} {record.Action} {record.Target}", StringComparison.Ordinal));
    }

    public static TheoryData<string, string?, string> Parameters => new()
    {
        { "subject_token", null, "invalid_request" }, { "subject_token_type", null, "invalid_request" }, { "subject_token", "x", "invalid_request" }, { "subject_token", "sym_agt_x", "invalid_request" },
        { "subject_token_type", "urn:ietf:params:oauth:token-type:jwt", "invalid_request" }, { "subject_token_type", "urn:ietf:params:oauth:token-type:id_token", "invalid_request" }, { "subject_token_type", "access_token", "invalid_request" },
        { "requested_token_type", "urn:ietf:params:oauth:token-type:refresh_token", "invalid_request" }, { "requested_token_type", "urn:ietf:params:oauth:token-type:id-jag", "invalid_request" },
        { "actor_token", "x", "invalid_request" }, { "actor_token_type", ServerRig.AccessToken, "invalid_request" },
        { "audience", "https://other.example.com", "invalid_target" }, { "resource", "https://other.example.com", "invalid_target" }, { "resource", OAuthHost.Issuer + "/mcp/deploy", "invalid_target" },
        { "scope", "read:cluster:prod/namespace:*/**", "invalid_scope" }, { "scope", "delete:cluster:prod/namespace:shop/x", "invalid_scope" }, { "scope", "mcp:deploy:look", "invalid_scope" },
        { "authorization_details", """[{"type":"symbolon_resource","actions":["read"],"resource":"cluster:prod/**"}]""", "invalid_scope" },
        { "authorization_details", "{", "invalid_authorization_details" },
    };

    [Theory]
    [MemberData(nameof(Parameters))]
    [Trait("clause", "RFC 8693 §2.1")]
    public async Task A_parameter_that_is_missing_unknown_or_asks_for_more_is_refused(string name, string? value, string error)
    {
        await using var rig = await ServerRig.StartAsync();
        await RefusedAsync(rig.ExchangeAsync(rig.CallToken(), (name, value)), error);
    }

    [Theory]
    [InlineData("requested_token_type", ServerRig.AccessToken)]
    [InlineData("audience", ServerRig.Api)]
    [InlineData("resource", ServerRig.Api)]
    [InlineData("scope", "read:cluster:prod/namespace:shop/pod/a")]
    [Trait("clause", "RFC 8693 §2.1")]
    public async Task A_parameter_that_says_what_holds_anyway_or_narrows_is_taken(string name, string value)
    {
        await using var rig = await ServerRig.StartAsync();
        Assert.Equal(200, (await rig.ExchangeAsync(rig.CallToken(), (name, value))).Status);
    }

    [Fact]
    [Trait("clause", "RFC 8693 §2.1")]
    public async Task Several_targets_are_refused()
    {
        await using var rig = await ServerRig.StartAsync();
        await RefusedAsync(rig.ExchangeAsync(rig.CallToken(), ("audience", ServerRig.Api), ("audience", "https://other.example.com")), "invalid_target");
        Assert.Equal(200, (await rig.ExchangeAsync(rig.CallToken(), ("audience", ServerRig.Api), ("resource", ServerRig.Api))).Status);
    }

    /// <summary>Members of a call token replaced, and signed by a key of ours: what verifies must still be what the gateway writes, for this server.</summary>
    public static TheoryData<string> Subjects => new(
        """{"aud":"http://127.0.0.1:7001/mcp/"}""", """{"aud":"http://127.0.0.1:7002/mcp"}""", """{"aud":"https://k8s.example.com"}""", """{"aud":"https://symbolon.example.com/mcp/deploy"}""",
        """{"may_act":{"sub":"server:shop"},"scope":"mcp:shop:look"}""", """{"may_act":null}""", """{"may_act":{"sub":"agent:bot"}}""", """{"cnf":null}""", """{"exp":1}""",
        """{"iss":"https://evil.example.com"}""", """{"origin_jti":null}""", """{"sub":"server:deploy","act":null}""", """{"act":{"sub":"server:deploy","act":{"sub":"agent:bot"}}}""",
        """{"act":{"sub":"server:a","act":{"sub":"server:b","act":{"sub":"agent:bot","act":{"sub":"workflow:ci"}}}}}""",
        """{"act":{"sub":"server:a","act":{"sub":"server:b","act":{"sub":"server:c","act":{"sub":"agent:bot","act":{"sub":"workflow:ci"}}}}}}""",
        """{"act":{"sub":"server:a","act":{"sub":"server:a","act":{"sub":"agent:bot"}}}}""");

    [Theory]
    [MemberData(nameof(Subjects))]
    [Trait("clause", "RFC 8693 §2.2.2")]
    public async Task Another_audience_another_actor_a_cycle_and_a_chain_that_is_too_deep_are_refused(string change)
    {
        await using var rig = await ServerRig.StartAsync();
        foreach (var name in new[] { "a", "b", "c" }) rig.Host.Apply(ServerRig.ServerOf() with { Name = new ServerName(name) });
        rig.Host.Apply(new WorkflowObject { Name = new WorkflowName("ci"), Owner = "o@example.com" });
        var token = rig.CallToken();
        Assert.Equal(200, (await rig.ExchangeAsync(rig.Forge(token, "{}"))).Status);
        await RefusedAsync(rig.ExchangeAsync(rig.Forge(token, change)), "invalid_request");
    }

    [Fact]
    [Trait("clause", "RFC 8693 §4.1")]
    public async Task A_chain_of_four_actors_is_the_longest()
    {
        await using var rig = await ServerRig.StartAsync();
        rig.Host.Apply(ServerRig.ServerOf() with { Name = new ServerName("a") }, new WorkflowObject { Name = new WorkflowName("ci"), Owner = "o@example.com" });
        var answer = await rig.ExchangeAsync(rig.Forge(rig.CallToken(), """{"act":{"sub":"server:a","act":{"sub":"agent:bot","act":{"sub":"workflow:ci"}}}}"""));
        Assert.Equal("""{"sub":"server:deploy","act":{"sub":"server:a","act":{"sub":"agent:bot","act":{"sub":"workflow:ci"}}}}""", OAuthHost.PayloadOf(TokenOf(answer)).GetProperty("act").GetRawText());
    }

    [Fact]
    [Trait("clause", "RFC 8693 §2.1")]
    public async Task Tokens_of_other_kinds_are_no_subject()
    {
        await using var rig = await ServerRig.StartAsync();
        var exchanged = TokenOf(await rig.ExchangeAsync(rig.CallToken()));
        foreach (var other in new[] { exchanged, TokenOf(await rig.AskAsync(null)), await rig.Host.AccessTokenAsync() }) await RefusedAsync(rig.ExchangeAsync(other), "invalid_request");
    }

    [Fact]
    [Trait("clause", "RFC 8693 §2.1")]
    public async Task What_the_gateway_asks_for_itself_and_calls_without_a_tool_or_needs_give_nothing()
    {
        await using var rig = await ServerRig.StartAsync();
        await RefusedAsync(rig.ExchangeAsync(rig.CallToken(change: order => order with { Caller = null })), "invalid_scope");
        await RefusedAsync(rig.ExchangeAsync(rig.CallToken(change: order => order with { Tool = null })), "invalid_scope");
        var answer = await RefusedAsync(rig.ExchangeAsync(rig.CallToken("mute", null)), "invalid_scope");
        Assert.Contains("does not say what it needs", answer.Json.GetProperty("error_description").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("clause", "RFC 8693 §2.2.1")]
    public async Task The_new_token_ends_with_the_subject_and_the_actor()
    {
        await using var rig = await ServerRig.StartAsync();
        var subject = rig.CallToken();
        rig.Host.Clock.Advance(TimeSpan.FromSeconds(290));
        Assert.Equal(10, (await rig.ExchangeAsync(subject)).Json.GetProperty("expires_in").GetInt64());
        rig.Host.Clock.Advance(TimeSpan.FromSeconds(10));
        await RefusedAsync(rig.ExchangeAsync(subject), "invalid_request");
        var credential = TokenOf(await rig.AskAsync(null));
        rig.Host.Clock.Advance(TimeSpan.FromSeconds(3600 - 60));
        Assert.Equal(60, (await rig.ExchangeAsync(rig.CallToken(), ("actor_token", credential), ("actor_token_type", ServerRig.AccessToken))).Json.GetProperty("expires_in").GetInt64());
    }

    [Fact]
    [Trait("clause", "RFC 8693 §2.1")]
    public async Task An_actor_token_must_be_this_servers_own_and_of_the_proved_key()
    {
        await using var rig = await ServerRig.StartAsync();
        using var second = new ProofKey();
        Assert.Equal(201, (await rig.EnrolAsync(await rig.CodeAsync(), second)).Status);
        var (own, others, call) = (TokenOf(await rig.AskAsync(null)), TokenOf(await rig.AskAsync(second)), rig.CallToken());
        Assert.Equal(200, (await With(own, ServerRig.AccessToken)).Status);
        await RefusedAsync(With(others, ServerRig.AccessToken), "invalid_request");
        await RefusedAsync(With(call, ServerRig.AccessToken), "invalid_request");
        await RefusedAsync(With(own, "urn:ietf:params:oauth:token-type:jwt"), "invalid_request");
        await RefusedAsync(With(await rig.Host.AccessTokenAsync(), ServerRig.AccessToken), "invalid_request");

        Task<Answer> With(string actor, string type) => rig.ExchangeAsync(rig.CallToken(), ("actor_token", actor), ("actor_token_type", type));
    }

    [Fact]
    [Trait("clause", "RFC 9449 §5")]
    public async Task It_needs_the_proof_of_the_key_that_signs_the_assertion()
    {
        await using var rig = await ServerRig.StartAsync();
        using var second = new ProofKey();
        Assert.Equal(201, (await rig.EnrolAsync(await rig.CodeAsync(), second)).Status);
        (string, string?)[] form = [("grant_type", ServerRig.Exchange), ("subject_token", rig.CallToken()), ("subject_token_type", ServerRig.AccessToken)];
        await RefusedAsync(rig.AskAsync(rig.Key, prover: null, form), "invalid_dpop_proof");
        await RefusedAsync(rig.AskAsync(rig.Key, second, form), "invalid_dpop_proof");
        // The token is the call's, whichever instance it reached.
        Assert.Equal(second.Thumbprint.ToString(), OAuthHost.PayloadOf(TokenOf(await rig.AskAsync(second, form))).GetProperty("cnf").GetProperty("jkt").GetString());
    }

    [Fact]
    [Trait("clause", "RFC 8693 §2.2.2")]
    public async Task Only_servers_exchange_and_a_stopped_one_is_nobody()
    {
        await using var rig = await ServerRig.StartAsync();
        var subject = rig.CallToken();
        await RefusedAsync(rig.Host.TokenAsync(("grant_type", ServerRig.Exchange), ("subject_token", subject), ("subject_token_type", ServerRig.AccessToken), ("resource", null)), "unauthorized_client");
        rig.Put(ServerRig.ServerOf(Lifecycle.Suspended));
        Assert.Equal(401, (await rig.ExchangeAsync(subject)).Status);
        rig.Put(ServerRig.ServerOf(Lifecycle.Retired));
        Assert.Equal(401, (await rig.ExchangeAsync(subject)).Status);
    }

    /// <summary>Every level on which the caller's token, or anybody in it, can be ended.</summary>
    public static TheoryData<RevocationLevel> Levels => new(
        RevocationLevel.Token, RevocationLevel.User, RevocationLevel.Agent, RevocationLevel.Server, RevocationLevel.Organisation, RevocationLevel.Client, RevocationLevel.Authorization);

    [Theory]
    [MemberData(nameof(Levels))]
    [Trait("clause", "DESIGN.md §1 Revocation")]
    public async Task A_subject_that_was_revoked_on_any_level_is_refused(RevocationLevel level)
    {
        await using var rig = await ServerRig.StartAsync();
        var caller = rig.Caller(ServerRig.AliceByBot);
        var subject = rig.CallToken(caller: caller);
        Assert.Equal(200, (await rig.ExchangeAsync(subject)).Status);
        rig.Host.Clock.Advance(TimeSpan.FromMilliseconds(1));
        rig.Host.Raise(level, level switch
        {
            RevocationLevel.Token => caller.Id.Value,
            RevocationLevel.User => "alice@example.com",
            RevocationLevel.Agent => "bot",
            RevocationLevel.Server => "deploy",
            RevocationLevel.Client => "cursor",
            RevocationLevel.Authorization => caller.OAuth!.Authorization.Value,
            _ => "default",
        });
        await RefusedAsync(rig.ExchangeAsync(subject), "invalid_request");
    }

    [Theory]
    [InlineData(RevocationLevel.User, "alice@example.com")]
    [InlineData(RevocationLevel.Agent, "bot")]
    [InlineData(RevocationLevel.Server, "deploy")]
    [InlineData(RevocationLevel.Organisation, "default")]
    [Trait("clause", "DESIGN.md §1 Revocation")]
    public async Task A_node_that_has_not_heard_of_a_revocation_makes_nothing_that_outlives_it(RevocationLevel level, string target)
    {
        await using var rig = await ServerRig.StartAsync();
        // A pasted token: nobody has consented to anything.
        var subject = rig.CallToken(caller: rig.Caller(ServerRig.AliceByBot) with { OAuth = null });
        rig.Host.Clock.Advance(TimeSpan.FromSeconds(1));
        var revokedAt = Core.UnixTime.Microseconds(rig.Host.Clock);
        rig.Host.Clock.Advance(TimeSpan.FromSeconds(1));
        var exchanged = rig.Host.Get<DownstreamTokenReader>().Read(TokenOf(await rig.ExchangeAsync(subject)), Core.UnixTime.Microseconds(rig.Host.Clock))!;
        Assert.Null(exchanged.OriginClient);
        Assert.False(rig.Host.Configuration.Epochs.IsRevoked(exchanged));
        rig.Host.Configuration.Epochs.Raise(new Epoch(OrganisationId.Default, level, target, revokedAt));
        Assert.True(rig.Host.Configuration.Epochs.IsRevoked(exchanged));
    }

    [Fact]
    [Trait("clause", "DESIGN.md §1 Revocation")]
    public async Task A_suspended_agent_ends_its_calls_and_a_grant_does_not()
    {
        await using var rig = await ServerRig.StartAsync();
        var subject = rig.CallToken();
        rig.Host.Raise(RevocationLevel.Grant, "bot-deploy");
        Assert.Equal(200, (await rig.ExchangeAsync(subject)).Status);
        rig.Host.Apply(OAuthHost.Agent("bot", rig.Host.Key) with { State = Lifecycle.Suspended });
        await RefusedAsync(rig.ExchangeAsync(subject), "invalid_request");
    }

    [Fact]
    [Trait("clause", "DESIGN.md §1 Envelope")]
    public async Task What_is_approved_at_this_moment_bounds_what_the_call_needed_then()
    {
        await using var rig = await ServerRig.StartAsync();
        var subject = rig.CallToken(resource: "cluster:prod/namespace:*/pod/*");
        rig.Put(ServerRig.ServerOf(Lifecycle.Active, ("look", "read", "cluster:prod/namespace:shop/**")));
        Assert.Equal("read:cluster:prod/namespace:shop/pod/*", (await rig.ExchangeAsync(subject)).Json.GetProperty("scope").GetString());
        rig.Put(ServerRig.ServerOf(Lifecycle.Active, ("look", "read", "vault/**")));
        await RefusedAsync(rig.ExchangeAsync(subject), "invalid_scope");
        rig.Put(ServerRig.ServerOf() with { Drifted = [new DriftedTool(new ToolName("look"), Era.Modern, "sha256:x")] });
        await RefusedAsync(rig.ExchangeAsync(subject), "invalid_scope");
        rig.Put(ServerRig.ServerOf() with { Withheld = [new DriftedTool(new ToolName("look"), Era.Modern, "sha256:x")] });
        await RefusedAsync(rig.ExchangeAsync(subject), "invalid_scope");
    }

    [Fact]
    [Trait("clause", "RFC 8693 §2.2.1")]
    public async Task Whatever_patterns_meet_the_result_is_within_both()
    {
        await using var rig = await ServerRig.StartAsync();
        var random = new Random(8693);
        var read = rig.Host.Get<DownstreamTokenReader>();
        var met = 0;
        for (var i = 0; i < 150; i++)
        {
            var (needed, approved) = (Pattern(random), Pattern(random));
            rig.Put(ServerRig.ServerOf(Lifecycle.Active, ("look", "read", approved)));
            var answer = await rig.ExchangeAsync(rig.CallToken(resource: needed));
            var sets = new[] { needed, approved }.Select(text => ResourceSet.Of([new ResourceNeed(["read"], ResourcePattern.Parse(text, out _)!)])).ToList();
            Assert.Equal(sets[0].Intersect(sets[1]).IsEmpty ? 400 : 200, answer.Status);
            if (answer.Status != 200) continue;
            met++;
            var details = read.Read(TokenOf(answer), Core.UnixTime.Microseconds(rig.Host.Clock))!.Details!;
            Assert.All(sets, set => Assert.True(set.Covers(details), $"{needed} with {approved} gave {details}"));
        }
        Assert.InRange(met, 20, 149);
    }

    private static string Pattern(Random random)
    {
        string[] segments = ["a", "b", "a*", "*", "ab", "b*"];
        var parts = Enumerable.Range(0, random.Next(1, 4)).Select(_ => segments[random.Next(segments.Length)]).ToList();
        if (random.Next(3) == 0) parts.Add("**");
        return string.Join('/', parts);
    }

    private static string TokenOf(Answer answer)
    {
        Assert.True(answer.Status == 200, answer.Text);
        return answer.Json.GetProperty("access_token").GetString()!;
    }

    private static async Task<Answer> RefusedAsync(Task<Answer> asked, string error)
    {
        var answer = await asked;
        Assert.True(answer.Status == 400 && answer.Json.GetProperty("error").GetString() == error, $"{answer.Status} {answer.Text}");
        return answer;
    }
}
