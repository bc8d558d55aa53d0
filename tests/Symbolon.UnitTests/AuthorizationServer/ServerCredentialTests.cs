using Symbolon.Core.AccessTokens;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Registry;
using Symbolon.Core.Tools;
using Symbolon.Testing.OAuth;
using Symbolon.UnitTests.Admin;

namespace Symbolon.UnitTests.AuthorizationServer;

/// <summary>What a server gets for itself. DESIGN.md section 4, Identities on the way.</summary>
[Trait("area", "credentials")]
public sealed class ServerCredentialTests
{
    private const string All = "delete:cluster:prod/namespace:checkout/release/* read:cluster:prod/namespace:*/**";

    [Fact]
    [Trait("clause", "RFC 6749 §4.4")]
    public async Task It_has_exactly_what_was_approved_and_is_bound_to_the_key_of_the_instance()
    {
        await using var rig = await ServerRig.StartAsync();
        var answer = await rig.AskAsync(null);
        Assert.True(answer.Status == 200, answer.Text);
        Assert.Equal(("DPoP", 3600L), (answer.Json.GetProperty("token_type").GetString(), answer.Json.GetProperty("expires_in").GetInt64()));
        Assert.Equal(All.Split(' ').Order(), answer.Json.GetProperty("scope").GetString()!.Split(' ').Order());
        Assert.False(answer.Json.TryGetProperty("issued_token_type", out _));
        var text = answer.Json.GetProperty("access_token").GetString()!;
        var claims = OAuthHost.PayloadOf(text);
        Assert.Equal(("server:deploy", "server:deploy", ServerRig.Api), (claims.GetProperty("sub").GetString(), claims.GetProperty("client_id").GetString(), claims.GetProperty("aud").GetString()));
        Assert.Equal(rig.Key.Thumbprint.ToString(), claims.GetProperty("cnf").GetProperty("jkt").GetString());
        Assert.False(claims.TryGetProperty("act", out _) || claims.TryGetProperty("authorization_id", out _));
        Assert.Equal(DownstreamKind.Credential, rig.Host.Get<DownstreamTokenReader>().Read(text, Core.UnixTime.Microseconds(rig.Host.Clock))!.Kind);
        Assert.IsType<AccessTokenReading.Refused>(rig.Host.Read(text));
        var record = rig.Host.Proofs.Records.Last();
        Assert.Equal((AuditKind.TokenIssued, "server:deploy", "deploy", $"Api/{ServerRig.Api}", true), (record.Kind, record.By, record.Server, record.Target, record.Allowed));
    }

    public static TheoryData<string, string> Narrowing => new()
    {
        { "scope=read:cluster:prod/namespace:shop/**", "read:cluster:prod/namespace:shop/**" },
        { "scope=read:cluster:prod/namespace:shop/x delete:cluster:prod/namespace:checkout/release/a", "delete:cluster:prod/namespace:checkout/release/a read:cluster:prod/namespace:shop/x" },
        { """authorization_details=[{"type":"symbolon_resource","actions":["read"],"resource":"cluster:prod/namespace:shop/*"}]""", "read:cluster:prod/namespace:shop/*" },
    };

    [Theory]
    [MemberData(nameof(Narrowing))]
    [Trait("clause", "RFC 6749 §3.3")]
    public async Task It_can_ask_for_less(string asked, string scope)
    {
        await using var rig = await ServerRig.StartAsync();
        Assert.Equal(scope, (await rig.AskAsync(null, Parameter(asked))).Json.GetProperty("scope").GetString());
    }

    public static TheoryData<string, string> TooMuch => new()
    {
        { "scope=write:cluster:prod/namespace:shop/**", "invalid_scope" }, { "scope=read:**", "invalid_scope" }, { "scope=read:cluster:prod/**", "invalid_scope" }, { "scope=delete:cluster:prod/namespace:shop/x", "invalid_scope" },
        { "scope=mcp:deploy:look", "invalid_scope" }, { "scope=read", "invalid_scope" }, { "scope=read:a/../b", "invalid_scope" }, { "scope=read:cluster:prod/namespace:{x}/**", "invalid_scope" },
        { """authorization_details=[{"type":"symbolon_resource","actions":["read","write"],"resource":"cluster:prod/namespace:shop/*"}]""", "invalid_scope" },
        { "authorization_details=[]", "invalid_authorization_details" }, { """authorization_details=[{"type":"other"}]""", "invalid_authorization_details" },
        { "audience=https://other.example.com", "invalid_target" }, { "resource=https://other.example.com", "invalid_target" }, { "resource=https://K8s.example.com", "invalid_target" },
        { "resource=https://symbolon.example.com/mcp/deploy", "invalid_target" },
    };

    [Theory]
    [MemberData(nameof(TooMuch))]
    public async Task It_gets_no_more_than_was_approved_and_no_other_api(string asked, string error)
    {
        await using var rig = await ServerRig.StartAsync();
        await RefusedAsync(rig.AskAsync(null, Parameter(asked)), error);
        var record = rig.Host.Proofs.Records.Last();
        Assert.Equal((false, "deploy", "server:deploy"), (record.Allowed, record.Server, record.By));
    }

    [Fact]
    [Trait("clause", "RFC 9449 §5")]
    public async Task Without_a_proof_and_with_another_keys_proof_there_is_none()
    {
        await using var rig = await ServerRig.StartAsync();
        using var second = new ProofKey();
        Assert.Equal(201, (await rig.EnrolAsync(await rig.CodeAsync(), second)).Status);
        await RefusedAsync(rig.AskAsync(rig.Key, prover: null), "invalid_dpop_proof");
        // Also where the other key is an instance's of the same server.
        await RefusedAsync(rig.AskAsync(rig.Key, second), "invalid_dpop_proof");
        Assert.Equal(200, (await rig.AskAsync(second)).Status);
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Drift")]
    public async Task Needs_of_a_tool_that_drifted_are_cut_and_of_nothing_there_is_no_token()
    {
        await using var rig = await ServerRig.StartAsync();
        rig.Put(ServerRig.ServerOf() with { Drifted = [new DriftedTool(new ToolName("drop"), Era.Modern, "sha256:x")] });
        Assert.Equal("read:cluster:prod/namespace:*/**", (await rig.AskAsync(null)).Json.GetProperty("scope").GetString());
        rig.Put(ServerRig.ServerOf() with { Drifted = [new DriftedTool(new ToolName("drop"), Era.Modern, "sha256:x"), new DriftedTool(new ToolName("look"), Era.Legacy, "sha256:x")] });
        await RefusedAsync(rig.AskAsync(null), "invalid_scope");
    }

    [Theory]
    [InlineData(Lifecycle.Suspended)]
    [InlineData(Lifecycle.Retired)]
    [InlineData(Lifecycle.Pending)]
    public async Task A_server_that_is_not_active_is_nobody(Lifecycle state)
    {
        await using var rig = await ServerRig.StartAsync();
        rig.Put(ServerRig.ServerOf(state));
        Assert.Equal(401, (await rig.AskAsync(null)).Status);
    }

    [Fact]
    public async Task Another_mode_in_the_approved_file_ends_it()
    {
        await using var rig = await ServerRig.StartAsync();
        var server = ServerRig.ServerOf();
        rig.Put(server with { Approved = server.Approved! with { Manifest = server.Approved.Manifest with { Credential = new UpstreamCredential.None() } } });
        await RefusedAsync(rig.AskAsync(null), "unauthorized_client");
        rig.Put(server with { Approved = server.Approved! with { Manifest = server.Approved.Manifest with { Credential = new UpstreamCredential.Exchange { Audience = OAuthHost.Shop } } } });
        await RefusedAsync(rig.AskAsync(null), "invalid_target");
        rig.Put(server with { Approved = server.Approved! with { Manifest = server.Approved.Manifest with { Credential = new UpstreamCredential.Exchange { Audience = ServerRig.Api, TtlSeconds = 300 } } } });
        Assert.Equal(300, (await rig.AskAsync(null)).Json.GetProperty("expires_in").GetInt64());
    }

    [Fact]
    public async Task A_union_larger_than_a_token_can_be_asked_for_in_part()
    {
        await using var rig = await ServerRig.StartAsync();
        rig.Put(ServerRig.ServerOf(Lifecycle.Active, [.. Enumerable.Range(0, 400).Select(i => ($"tool{i}", "read", $"cluster:prod/namespace:team-{i:000}/release/*"))]));
        await RefusedAsync(rig.AskAsync(null), "invalid_scope");
        Assert.Equal(200, (await rig.AskAsync(null, ("scope", "read:cluster:prod/namespace:team-007/release/*"))).Status);
        rig.Put(ServerRig.ServerOf(Lifecycle.Active, [.. Enumerable.Range(0, 25).Select(i => ($"tool{i}", "read", $"cluster:prod/namespace:team-{i:000}/release/*"))]));
        var token = (await rig.AskAsync(null)).Json.GetProperty("access_token").GetString()!;
        Assert.Equal(25, rig.Host.Get<DownstreamTokenReader>().Read(token, Core.UnixTime.Microseconds(rig.Host.Clock))!.Details!.Needs.Length);
    }

    [Fact]
    public async Task Nobody_else_is_a_server_and_a_server_gets_no_token_of_a_caller()
    {
        await using var rig = await ServerRig.StartAsync();
        Assert.Equal(401, (await rig.AskAsync(rig.Key, ("client_assertion", rig.Key.Assert(rig.Host.Claims("server:shop"))))).Status);
        Assert.Equal(401, (await rig.AskAsync(rig.Key, ("client_assertion", rig.Key.Assert(rig.Host.Claims("server:Deploy"))))).Status);
        Assert.Equal(401, (await rig.AskAsync(rig.Key, ("client_assertion", rig.Key.Assert(rig.Host.Claims("agent:bot"))))).Status);
        await RefusedAsync(rig.AskAsync(null, ("resource", OAuthHost.Issuer + "/mcp/shop"), ("scope", "mcp:shop:look")), "invalid_target");
    }

    private static (string, string?) Parameter(string text) => (text[..text.IndexOf('=', StringComparison.Ordinal)], text[(text.IndexOf('=', StringComparison.Ordinal) + 1)..]);

    private static async Task RefusedAsync(Task<Answer> asked, string error)
    {
        var answer = await asked;
        Assert.Equal((400, error), (answer.Status, answer.Json.GetProperty("error").GetString()));
    }
}
