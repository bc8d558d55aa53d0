using Symbolon.Core;
using Symbolon.Core.AccessTokens;
using Symbolon.Core.Audit;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Registry;
using Symbolon.Core.Revocation;
using Symbolon.Registry.Credentials;

namespace Symbolon.UnitTests.AuthorizationServer;

/// <summary>What a process without a key gets into its file. DESIGN.md section 4, Identities on the way.</summary>
[Trait("area", "credentials")]
public sealed class ServerTokenTests
{
    private const string All = "delete:cluster:prod/namespace:checkout/release/* read:cluster:prod/namespace:*/**";

    [Fact]
    public async Task It_says_exactly_what_was_approved_bound_to_no_key_and_each_is_recorded()
    {
        await using var rig = await StartAsync();
        var token = (await IssueAsync(rig))!;
        var claims = OAuthHost.PayloadOf(token.Text);
        Assert.Equal(
            ("server:deploy", "server:deploy", ServerRig.Api, 1800L),
            (claims.GetProperty("sub").GetString(), claims.GetProperty("client_id").GetString(), claims.GetProperty("aud").GetString(), claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64()));
        Assert.Equal(All.Split(' ').Order(), claims.GetProperty("scope").GetString()!.Split(' ').Order());
        Assert.False(claims.TryGetProperty("cnf", out _) || claims.TryGetProperty("act", out _));
        var read = rig.Host.Get<DownstreamTokenReader>().Read(token.Text, UnixTime.Microseconds(rig.Host.Clock))!;
        Assert.Equal((DownstreamKind.Credential, true), (read.Kind, read.Key is null));
        Assert.IsType<AccessTokenReading.Refused>(rig.Host.Read(token.Text));
        var record = rig.Host.Audit.Appended[^1];
        Assert.Equal((AuditKind.TokenIssued, "symbolon:gateway", "deploy", $"Api/{ServerRig.Api}", true, read.Id.Value), (record.Kind, record.By, record.Server, record.Target, record.Allowed, record.Token));
        Assert.EndsWith("bound to no key", record.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(token.Text, token.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RevocationLevel.Credential, "deploy")]
    [InlineData(RevocationLevel.Organisation, "default")]
    [InlineData(RevocationLevel.Client, "server:deploy")]
    public async Task What_is_revoked_is_dead_and_the_next_one_is_good(RevocationLevel level, string target)
    {
        await using var rig = await StartAsync();
        var token = (await IssueAsync(rig))!;
        Assert.Equal(ServerTokenState.Current, StateOf(rig, token));
        rig.Host.Clock.Advance(TimeSpan.FromMilliseconds(1));
        rig.Host.Raise(level, target);
        Assert.Equal(ServerTokenState.Dead, StateOf(rig, token));
        rig.Host.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(ServerTokenState.Current, StateOf(rig, (await IssueAsync(rig))!));
    }

    [Fact]
    public async Task What_may_be_more_now_is_outdated_and_what_has_ended_or_belongs_to_a_suspended_server_is_dead()
    {
        await using var rig = await StartAsync();
        var token = (await IssueAsync(rig))!;
        rig.Put(ByFile(ServerRig.ServerOf(Lifecycle.Active, ("look", "read", "cluster:prod/**"))));
        Assert.Equal(ServerTokenState.Outdated, StateOf(rig, token));
        rig.Put(ByFile(ServerRig.ServerOf(Lifecycle.Suspended)));
        Assert.Equal(ServerTokenState.Dead, StateOf(rig, token));
        Assert.Null(await IssueAsync(rig));
        rig.Put(ByFile(ServerRig.ServerOf()));
        Assert.Equal(ServerTokenState.Current, StateOf(rig, token));
        rig.Host.Clock.Advance(TimeSpan.FromSeconds(1801));
        Assert.Equal(ServerTokenState.Dead, StateOf(rig, token));
    }

    [Fact]
    public async Task A_server_with_keys_and_one_that_needs_nothing_get_none_and_none_is_given_that_is_not_recorded()
    {
        await using var rig = await StartAsync();
        rig.Put(ServerRig.ServerOf());
        Assert.Null(await IssueAsync(rig));
        var server = ByFile(ServerRig.ServerOf());
        rig.Put(server with { Approved = server.Approved! with { Manifest = server.Approved!.Manifest with { Tools = [server.Approved!.Manifest.Tools[^1]] } } });
        Assert.Null(await IssueAsync(rig));
        rig.Put(server);
        rig.Host.Audit.IsHealthy = false;
        Assert.Null(await IssueAsync(rig));
        rig.Host.Audit.IsHealthy = true;
        Assert.NotNull(await IssueAsync(rig));
        // Nor by a node that cannot confirm that what it knows is current.
        rig.Host.Clock.Advance(TimeSpan.FromDays(366));
        Assert.Null(await IssueAsync(rig));
    }

    [Fact]
    public async Task A_server_with_a_file_has_no_keys_and_gets_nothing_at_the_token_endpoint()
    {
        await using var rig = await ServerRig.StartAsync();
        rig.Put(ByFile(ServerRig.ServerOf()));
        Assert.Equal("unauthorized_client", (await rig.AskAsync(null)).Json.GetProperty("error").GetString());
        Assert.Equal("unauthorized_client", (await rig.ExchangeAsync(rig.CallToken())).Json.GetProperty("error").GetString());
        var refused = Assert.IsType<Result<NewEnrolment>.Refused>(await rig.Host.Get<EnrolmentDesk>().CreateAsync(ServerRig.Admin, ServerRig.Deploy, null, null, CancellationToken.None));
        Assert.Equal("wrong_mode", refused.Why.Code);
    }

    private static async Task<ServerRig> StartAsync()
    {
        var rig = await ServerRig.StartAsync(enrols: false);
        rig.Put(ByFile(ServerRig.ServerOf()));
        return rig;
    }

    private static ServerObject ByFile(ServerObject server) => server with
    {
        Approved = server.Approved! with
        {
            Manifest = server.Approved.Manifest with
            {
                Upstream = new UpstreamAddress.Stdio { Command = "/usr/bin/deploy" }, Credential = new UpstreamCredential.Exchange { Audience = ServerRig.Api, TtlSeconds = 1800, File = "TOKEN_FILE" },
            },
        },
    };

    private static Task<ServerToken?> IssueAsync(ServerRig rig) => rig.Host.Get<IServerTokens>().IssueAsync(OrganisationId.Default, ServerRig.Deploy);

    private static ServerTokenState StateOf(ServerRig rig, ServerToken token) => rig.Host.Get<IServerTokens>().StateOf(token);
}
