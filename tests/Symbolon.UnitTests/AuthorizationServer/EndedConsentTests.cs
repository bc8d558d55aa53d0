using Symbolon.AuthorizationServer.Families;
using Symbolon.AuthorizationServer.Revocation;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;

namespace Symbolon.UnitTests.AuthorizationServer;

/// <summary>
/// What hangs on a consent: code, access token, refresh token, and that it is remembered. A revocation of anything that is in it ends all four; so does the
/// end of the grant. (A token by its id and a signing key end access tokens alone: <see cref="Rfc7009And7662Tests"/> and <see cref="ConsentTests"/>. A
/// pushed request holds nothing that anybody gave.)
/// </summary>
[Trait("area", "oauth")]
[Trait("clause", "DESIGN.md §1 Revocation")]
public sealed class EndedConsentTests
{
    private const string Redirect = "https://vault.example.com/cb";

    private static readonly (string, string?)[] Request = [("client_id", "vault"), ("redirect_uri", Redirect)];

    [Theory]
    [InlineData(RevocationLevel.User, CodeFlow.Alice)]
    [InlineData(RevocationLevel.Client, "vault")]
    [InlineData(RevocationLevel.Agent, "bot")]
    [InlineData(RevocationLevel.Workflow, "ci")]
    [InlineData(RevocationLevel.Server, "shop")]
    [InlineData(RevocationLevel.Organisation, "default")]
    [InlineData(RevocationLevel.Authorization, null)]
    public async Task Every_level_ends_code_access_and_refresh_token_of_a_consent_and_its_memory(RevocationLevel level, string? target)
    {
        await using var flow = await StartAsync(isWorkflow: level == RevocationLevel.Workflow);
        var (access, refresh, code) = await GiveAsync(flow);
        Assert.True(flow.IsAlive(access));
        flow.Host.Clock.Advance(TimeSpan.FromSeconds(1));
        foreach (var each in target is null ? flow.Host.Authorizations.All.Select(each => each.Id.Value).ToArray() : [target]) flow.Host.Raise(level, each);
        flow.Host.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(flow.IsAlive(access));
        Assert.Equal("invalid_grant", CodeFlow.Error(await flow.RefreshAsync(refresh, Proof(flow))));
        Assert.Equal("invalid_grant", CodeFlow.Error(await flow.RedeemAsync(code, Proof(flow))));
        // The person is asked again, and what is given then lives.
        Assert.Equal(200, (await flow.AuthorizeAsync(Request)).Status);
        Assert.True(flow.IsAlive(CodeFlow.TokensOf(await flow.RedeemAsync(await flow.CodeAsync(Request), Proof(flow))).Access));
    }

    [Fact]
    public async Task The_end_of_the_grant_ends_code_and_refresh_token_and_leaves_nothing_to_consent_to()
    {
        await using var flow = await StartAsync(isWorkflow: false);
        var (_, refresh, code) = await GiveAsync(flow);
        flow.Host.Apply(OAuthHost.PersonGrant("alice-shop", CodeFlow.Alice, "shop", [new("look")], []) with { RetiredAt = 1 }, OAuthHost.Grant("bot-shop", "bot", "shop", [], [], null) with { RetiredAt = 1 });
        Assert.Equal("invalid_grant", CodeFlow.Error(await flow.RefreshAsync(refresh, Proof(flow))));
        Assert.Equal("invalid_grant", CodeFlow.Error(await flow.RedeemAsync(code, Proof(flow))));
        Assert.Equal("invalid_target", CodeFlow.Member(await flow.AuthorizeAsync(Request), "error"));
    }

    [Fact]
    public async Task A_revoked_grant_gives_nothing_to_code_and_refresh_token_of_a_consent_nor_to_its_memory()
    {
        await using var flow = await StartAsync(isWorkflow: false);
        var (_, refresh, code) = await GiveAsync(flow);
        flow.Host.Clock.Advance(TimeSpan.FromSeconds(1));
        foreach (var grant in (string[])["alice-shop", "bot-shop"]) flow.Host.Raise(RevocationLevel.Grant, grant);
        flow.Host.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("invalid_grant", CodeFlow.Error(await flow.RefreshAsync(refresh, Proof(flow))));
        Assert.Equal("invalid_grant", CodeFlow.Error(await flow.RedeemAsync(code, Proof(flow))));
        // The person is asked again, and what is given then draws on the grant anew.
        Assert.Equal(200, (await flow.AuthorizeAsync(Request)).Status);
        Assert.NotEmpty(CodeFlow.TokensOf(await flow.RedeemAsync(await flow.CodeAsync(Request), Proof(flow))).Access);
    }

    [Fact]
    public async Task What_is_ended_while_its_agent_is_suspended_stays_ended_when_the_agent_comes_back()
    {
        await using var flow = await StartAsync(isWorkflow: false);
        var (access, refresh, _) = await GiveAsync(flow);
        var bot = flow.Host.Configuration.Agent(OrganisationId.Default, new AgentName("bot"))!;
        flow.Host.Apply(bot with { State = Lifecycle.Suspended });
        var ended = await flow.Host.Get<AuthorizationDesk>().EndAsync(
            new Requester(OrganisationId.Default, "admin"), new AuthorizationQuery { User = UserEmail.Parse(CodeFlow.Alice) }, reason: null, TestContext.Current.CancellationToken);
        Assert.NotEqual(0, Assert.IsType<Result<RevokedAll>.Done>(ended).Value.Count);
        flow.Host.Apply(bot);
        Assert.False(flow.IsAlive(access));
        Assert.Equal("invalid_grant", CodeFlow.Error(await flow.RefreshAsync(refresh, Proof(flow))));
    }

    private static async Task<CodeFlow> StartAsync(bool isWorkflow)
    {
        var flow = await CodeFlow.StartAsync();
        var vault = CodeFlow.Client("vault", Redirect) with { Keys = [flow.Host.Key.PublicKey.ToJson()] };
        flow.Host.Apply(
            new WorkflowObject { Name = new WorkflowName("ci"), Owner = "o@example.com" },
            isWorkflow ? vault with { Workflow = new WorkflowName("ci") } : vault with { Agent = new AgentName("bot") });
        return flow;
    }

    /// <summary>A consent whose tokens were fetched, and a second one, remembered of it, whose code was not.</summary>
    private static async Task<(string Access, string Refresh, string Code)> GiveAsync(CodeFlow flow)
    {
        var (access, refresh) = CodeFlow.TokensOf(await flow.RedeemAsync(await flow.CodeAsync(Request), Proof(flow)));
        var remembered = await flow.AuthorizeAsync(Request);
        Assert.Equal(303, remembered.Status);
        return (access, refresh, CodeFlow.Member(remembered, "code")!);
    }

    private static (string, string?)[] Proof(CodeFlow flow) =>
        [("client_id", null), ("redirect_uri", Redirect), ("client_assertion_type", OAuthHost.AssertionType), ("client_assertion", flow.Host.Assertion("vault", flow.Host.Key))];
}
