using Symbolon.Core.Registry;

namespace Symbolon.UnitTests.AuthorizationServer;

/// <summary>Refresh tokens (RFC 6749 §6, RFC 9700 §4.14, IDENTITY.md §2 rule b).</summary>
[Trait("area", "oauth")]
public sealed class RefreshTokenTests
{
    [Fact]
    [Trait("clause", "OAuth 2.1 §4.3.1")]
    public async Task Each_use_gives_another_one_and_a_new_access_token()
    {
        await using var flow = await CodeFlow.StartAsync();
        var (access, refresh) = await flow.TokensAsync();
        var (nextAccess, next) = CodeFlow.TokensOf(await flow.RefreshAsync(refresh));
        Assert.NotEqual(refresh, next);
        Assert.NotEqual(access, nextAccess);
        Assert.True(flow.IsAlive(nextAccess));
        Assert.Equal(200, (await flow.RefreshAsync(next)).Status);
    }

    [Fact]
    [Trait("clause", "RFC 9700 §4.14.2")]
    public async Task A_second_use_kills_the_family_and_its_access_tokens()
    {
        await using var flow = await CodeFlow.StartAsync();
        var (access, refresh) = await flow.TokensAsync();
        var (_, next) = CodeFlow.TokensOf(await flow.RefreshAsync(refresh));
        flow.Host.Clock.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal("invalid_grant", CodeFlow.Error(await flow.RefreshAsync(refresh)));
        Assert.Equal("invalid_grant", CodeFlow.Error(await flow.RefreshAsync(next)));
        Assert.False(flow.IsAlive(access));
    }

    [Fact]
    [Trait("clause", "IDENTITY.md §2 (b)")]
    public async Task Who_lost_the_answer_gets_the_same_successor_within_ten_seconds()
    {
        await using var flow = await CodeFlow.StartAsync();
        var (_, refresh) = await flow.TokensAsync();
        var (_, next) = CodeFlow.TokensOf(await flow.RefreshAsync(refresh));
        flow.Host.Clock.Advance(TimeSpan.FromSeconds(9));
        var (_, again) = CodeFlow.TokensOf(await flow.RefreshAsync(refresh));
        Assert.Equal(next, again);
        Assert.Equal(200, (await flow.RefreshAsync(next)).Status);
    }

    [Fact]
    [Trait("clause", "IDENTITY.md §2 (b)")]
    [Trait("hostile", "refresh")]
    public async Task The_grace_covers_no_older_generation()
    {
        await using var flow = await CodeFlow.StartAsync();
        var (access, refresh) = await flow.TokensAsync();
        var (_, second) = CodeFlow.TokensOf(await flow.RefreshAsync(refresh));
        var (_, third) = CodeFlow.TokensOf(await flow.RefreshAsync(second));
        Assert.Equal("invalid_grant", CodeFlow.Error(await flow.RefreshAsync(refresh)));
        Assert.Equal("invalid_grant", CodeFlow.Error(await flow.RefreshAsync(third)));
        Assert.False(flow.IsAlive(access));
    }

    [Fact]
    [Trait("clause", "IDENTITY.md §2 (b)")]
    public async Task Of_a_hundred_uses_at_once_one_rotates_and_all_get_its_successor()
    {
        await using var flow = await CodeFlow.StartAsync();
        var (_, refresh) = await flow.TokensAsync();
        for (var round = 0; round < 20; round++)
        {
            var before = flow.Host.Authorizations.Tokens.Count;
            var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => flow.RefreshAsync(refresh))));
            refresh = Assert.Single(answers.Select(answer => CodeFlow.TokensOf(answer).Refresh).Distinct());
            Assert.Equal(before + 1, flow.Host.Authorizations.Tokens.Count);
        }
    }

    [Theory]
    [InlineData("client_id", "other")]
    [InlineData("refresh_token", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")]
    [InlineData("refresh_token", "short")]
    [Trait("clause", "RFC 6749 §6")]
    [Trait("hostile", "refresh")]
    public async Task Another_client_or_another_text_gets_nothing_and_ends_nothing(string name, string value)
    {
        await using var flow = await CodeFlow.StartAsync();
        var (_, refresh) = await flow.TokensAsync();
        var refused = await flow.RefreshAsync(refresh, (name, value));
        Assert.Equal((400, "invalid_grant"), (refused.Status, CodeFlow.Error(refused)));
        Assert.Equal(200, (await flow.RefreshAsync(refresh)).Status);
    }

    [Fact]
    [Trait("clause", "RFC 6749 §6")]
    public async Task A_client_that_is_gone_is_invalid()
    {
        await using var flow = await CodeFlow.StartAsync();
        var (_, refresh) = await flow.TokensAsync();
        flow.Host.Apply(CodeFlow.Client("cli", CodeFlow.Cli) with { State = Lifecycle.Suspended });
        var refused = await flow.RefreshAsync(refresh);
        Assert.Equal((401, "invalid_client"), (refused.Status, CodeFlow.Error(refused)));
    }

    [Fact]
    [Trait("clause", "RFC 6749 §6")]
    public async Task It_can_be_narrowed_and_never_widened()
    {
        await using var flow = await CodeFlow.StartAsync();
        var asked = await flow.AuthorizeAsync();
        var (_, refresh) = CodeFlow.TokensOf(await flow.RedeemAsync(CodeFlow.Member(await flow.AnswerAsync(asked.Text, tools: ["look", "change"]), "code")!));
        var narrow = await flow.RefreshAsync(refresh, ("scope", "mcp:shop:look"));
        Assert.Equal("mcp:shop:look", narrow.Json.GetProperty("scope").GetString());
        refresh = CodeFlow.TokensOf(narrow).Refresh;
        Assert.Equal("mcp:shop:change", (await flow.RefreshAsync(refresh, ("scope", "mcp:shop:@write"))).Json.GetProperty("scope").GetString());
        refresh = CodeFlow.TokensOf(await flow.RefreshAsync(refresh)).Refresh;
        Assert.Equal("invalid_scope", CodeFlow.Error(await flow.RefreshAsync(refresh, ("scope", "mcp:shop:find"))));
        Assert.Equal("invalid_target", CodeFlow.Error(await flow.RefreshAsync(refresh, ("resource", OAuthHost.Issuer + "/mcp/deploy"))));
        Assert.Equal("mcp:shop:look mcp:shop:change", (await flow.RefreshAsync(refresh, ("scope", "mcp:shop:@granted"))).Json.GetProperty("scope").GetString());
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Scopes")]
    public async Task Grants_are_looked_at_anew()
    {
        await using var flow = await CodeFlow.StartAsync();
        var (_, refresh) = await flow.TokensAsync();
        flow.Host.Apply(OAuthHost.PersonGrant("alice-shop", CodeFlow.Alice, "shop", [new("look")], []));
        var narrowed = await flow.RefreshAsync(refresh);
        Assert.Equal("mcp:shop:look", narrowed.Json.GetProperty("scope").GetString());
        flow.Host.Apply(OAuthHost.PersonGrant("alice-shop", "bob@example.com", "shop", [new("look")], []));
        Assert.Equal("invalid_grant", CodeFlow.Error(await flow.RefreshAsync(CodeFlow.TokensOf(narrowed).Refresh)));
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Tokens")]
    public async Task It_is_dead_after_a_week_without_use_and_after_thirty_days_at_most()
    {
        await using var flow = await CodeFlow.StartAsync();
        var (_, idle) = await flow.TokensAsync();
        flow.Host.Clock.Advance(TimeSpan.FromDays(7));
        Assert.Equal("invalid_grant", CodeFlow.Error(await flow.RefreshAsync(idle)));
        var (_, used) = await flow.TokensAsync();
        for (var week = 0; week < 5; week++)
        {
            flow.Host.Clock.Advance(TimeSpan.FromDays(5.9));
            used = CodeFlow.TokensOf(await flow.RefreshAsync(used)).Refresh;
        }
        flow.Host.Clock.Advance(TimeSpan.FromDays(0.6));
        Assert.Equal("invalid_grant", CodeFlow.Error(await flow.RefreshAsync(used)));
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Tokens")]
    public async Task An_access_token_lives_no_longer_than_what_was_consented_to()
    {
        await using var flow = await CodeFlow.StartAsync();
        var asked = await flow.AuthorizeAsync();
        var code = CodeFlow.Member(await flow.AnswerAsync(asked.Text, life: "3600", tools: "look"), "code")!;
        flow.Host.Clock.Advance(TimeSpan.FromSeconds(50));
        var first = await flow.RedeemAsync(code);
        Assert.Equal(3550, first.Json.GetProperty("expires_in").GetInt64());
        flow.Host.Clock.Advance(TimeSpan.FromMinutes(50));
        Assert.Equal(550, (await flow.RefreshAsync(CodeFlow.TokensOf(first).Refresh)).Json.GetProperty("expires_in").GetInt64());
    }

    [Fact]
    [Trait("clause", "RFC 6749 §6")]
    public async Task A_person_who_was_suspended_or_is_gone_gets_no_more()
    {
        await using var flow = await CodeFlow.StartAsync();
        var code = await flow.CodeAsync();
        var (_, refresh) = await flow.TokensAsync();
        await flow.Host.SetAccountAsync(CodeFlow.Alice, isSuspended: true);
        Assert.Equal("invalid_grant", CodeFlow.Error(await flow.RefreshAsync(refresh)));
        Assert.Equal("invalid_grant", CodeFlow.Error(await flow.RedeemAsync(code)));
    }

    [Fact]
    [Trait("clause", "RFC 6749 §6")]
    public async Task An_agent_that_was_suspended_gets_no_more()
    {
        await using var flow = await CodeFlow.StartAsync();
        const string redirect = "https://vault.example.com/cb";
        (string, string?)[] Proved() => [("client_id", null), ("client_assertion_type", OAuthHost.AssertionType), ("client_assertion", flow.Host.Assertion("vault", flow.Host.Key))];
        var first = await flow.RedeemAsync(await flow.CodeAsync(("client_id", "vault"), ("redirect_uri", redirect)), [("redirect_uri", redirect), .. Proved()]);
        flow.Host.Apply(OAuthHost.Agent("bot", flow.Host.Key) with { State = Lifecycle.Suspended });
        Assert.Equal("invalid_client", CodeFlow.Error(await flow.RefreshAsync(CodeFlow.TokensOf(first).Refresh, Proved())));
    }

    [Fact]
    [Trait("clause", "RFC 6749 §2.3")]
    public async Task A_client_that_has_a_key_has_to_prove_it()
    {
        await using var flow = await CodeFlow.StartAsync();
        const string redirect = "https://vault.example.com/cb";
        var code = await flow.CodeAsync(("client_id", "vault"), ("redirect_uri", redirect));
        var refused = await flow.RedeemAsync(code, ("client_id", "vault"), ("redirect_uri", redirect));
        Assert.Equal((401, "invalid_client"), (refused.Status, CodeFlow.Error(refused)));
    }

    [Fact]
    [Trait("clause", "RFC 7009 §2.1")]
    public async Task To_revoke_it_is_to_revoke_all_that_hangs_on_the_consent()
    {
        await using var flow = await CodeFlow.StartAsync();
        var (access, refresh) = await flow.TokensAsync();
        Assert.Equal(200, (await flow.Host.PostAsync("/oauth/revoke", ("client_id", "other"), ("token", refresh))).Status);
        Assert.True(flow.IsAlive(access));
        Assert.Equal(200, (await flow.Host.PostAsync("/oauth/revoke", ("client_id", "cli"), ("token", refresh), ("token_type_hint", "access_token"))).Status);
        Assert.False(flow.IsAlive(access));
        Assert.Equal("invalid_grant", CodeFlow.Error(await flow.RefreshAsync(refresh)));
    }

    [Fact]
    [Trait("clause", "RFC 7662 §2.1")]
    public async Task A_public_client_is_told_nothing_and_another_one_only_about_its_own()
    {
        await using var flow = await CodeFlow.StartAsync();
        var (_, refresh) = await flow.TokensAsync();
        Assert.Equal(401, (await flow.Host.PostAsync("/oauth/introspect", ("client_id", "cli"), ("token", refresh))).Status);
        (string, string?)[] Proved() => [("client_assertion_type", OAuthHost.AssertionType), ("client_assertion", flow.Host.Assertion("vault", flow.Host.Key))];
        Assert.Equal("{\"active\":false}", (await flow.Host.PostAsync("/oauth/introspect", [("token", refresh), .. Proved()])).Text);
        const string redirect = "https://vault.example.com/cb";
        var own = await flow.RedeemAsync(await flow.CodeAsync(("client_id", "vault"), ("redirect_uri", redirect)), [("client_id", null), ("redirect_uri", redirect), .. Proved()]);
        var about = (await flow.Host.PostAsync("/oauth/introspect", [("token", CodeFlow.TokensOf(own).Refresh), .. Proved()])).Json;
        Assert.Equal((true, CodeFlow.Alice), (about.GetProperty("active").GetBoolean(), about.GetProperty("sub").GetString()));
        CodeFlow.TokensOf(await flow.RefreshAsync(CodeFlow.TokensOf(own).Refresh, [("client_id", null), .. Proved()]));
        Assert.Equal("{\"active\":false}", (await flow.Host.PostAsync("/oauth/introspect", [("token", CodeFlow.TokensOf(own).Refresh), .. Proved()])).Text);
    }

    [Fact]
    [Trait("clause", "DESIGN.md §6")]
    public async Task A_store_that_is_away_gives_nothing_and_uses_nothing_up()
    {
        await using var flow = await CodeFlow.StartAsync();
        var (_, refresh) = await flow.TokensAsync();
        flow.Host.Authorizations.IsBroken = true;
        Assert.Equal(503, (await flow.RefreshAsync(refresh)).Status);
        flow.Host.Authorizations.IsBroken = false;
        Assert.Equal(200, (await flow.RefreshAsync(refresh)).Status);
    }
}
