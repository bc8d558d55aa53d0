using Symbolon.Core.Audit;
using Symbolon.Core.Registry;
using Symbolon.Core.Revocation;

namespace Symbolon.UnitTests.AuthorizationServer;

/// <summary>RFC 7009 (a client gives a token back) and RFC 7662 (a client asks about one).</summary>
[Trait("area", "oauth")]
public sealed class Rfc7009And7662Tests
{
    [Fact]
    [Trait("clause", "RFC 7662 §2.2")]
    public async Task A_client_learns_of_its_own_token_what_stands_in_it()
    {
        await using var host = await OAuthHost.StartAsync();
        var token = await host.AccessTokenAsync(("scope", "mcp:shop:look"));
        var answer = await IntrospectAsync(host, token);
        Assert.True(answer.Json.GetProperty("active").GetBoolean());
        foreach (var name in new[] { "scope", "client_id", "sub", "aud", "iss", "jti", "authorization_id" })
            Assert.Equal(OAuthHost.PayloadOf(token).GetProperty(name).GetString(), answer.Json.GetProperty(name).GetString());
        Assert.Equal(OAuthHost.PayloadOf(token).GetProperty("exp").GetInt64(), answer.Json.GetProperty("exp").GetInt64());
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
    }

    [Fact]
    [Trait("clause", "RFC 7662 §2.2")]
    [Trait("hostile", "introspection")]
    public async Task Whatever_is_not_a_good_token_of_the_caller_is_inactive_and_nothing_more()
    {
        await using var host = await OAuthHost.StartAsync();
        var token = await host.AccessTokenAsync();
        foreach (var text in new[] { "x", "sym_agt_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", token[..^3] + "AAA", host.Assertion(), "é" })
            Assert.Equal("""{"active":false}""", (await IntrospectAsync(host, text)).Text);
        Assert.Equal("""{"active":false}""", (await IntrospectAsync(host, token, "agent:other")).Text);

        host.Clock.Advance(TimeSpan.FromSeconds(1800));
        Assert.Equal("""{"active":false}""", (await IntrospectAsync(host, token)).Text);
    }

    [Fact]
    [Trait("clause", "RFC 7662 §2.1")]
    [Trait("hostile", "introspection")]
    public async Task Nobody_asks_or_gives_back_without_a_proof_and_without_a_token()
    {
        await using var host = await OAuthHost.StartAsync();
        var token = await host.AccessTokenAsync();
        foreach (var path in new[] { "/oauth/introspect", "/oauth/revoke" })
        {
            Assert.Equal(401, (await host.PostAsync(path, ("token", token))).Status);
            Assert.Equal(401, (await host.PostAsync(path, ("token", token), ("client_id", "agent:bot"))).Status);
            Assert.Equal(400, (await SendAsync(host, path, null, "agent:bot")).Status);
        }
        Assert.True((await IntrospectAsync(host, token)).Json.GetProperty("active").GetBoolean());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("access_token")]
    [InlineData("refresh_token")]
    [InlineData("nonsense")]
    [Trait("clause", "RFC 7009 §2.1")]
    public async Task A_token_that_is_given_back_is_dead_whatever_the_hint(string? hint)
    {
        await using var host = await OAuthHost.StartAsync();
        var (token, other) = (await host.AccessTokenAsync(), await host.AccessTokenAsync());
        var answer = await SendAsync(host, "/oauth/revoke", token, "agent:bot", hint);
        Assert.Equal((200, ""), (answer.Status, answer.Text));
        Assert.Equal("""{"active":false}""", (await IntrospectAsync(host, token)).Text);
        Assert.True((await IntrospectAsync(host, other)).Json.GetProperty("active").GetBoolean());
        var record = host.Store.Committed[^1];
        Assert.Equal((AuditKind.Revocation, "agent:bot", OAuthHost.PayloadOf(token).GetProperty("jti").GetString()), (record.Kind, record.By, record.Token));
    }

    [Fact]
    [Trait("clause", "RFC 7009 §2.2")]
    [Trait("hostile", "revocation")]
    public async Task What_is_no_token_and_what_is_another_client_s_is_answered_alike_and_nothing_happens()
    {
        await using var host = await OAuthHost.StartAsync();
        var token = await host.AccessTokenAsync();
        var commits = host.Store.Committed.Count;
        foreach (var text in new[] { "x", token[..^3] + "AAA", host.Assertion(), "sym_agt_x", "é" })
            Assert.Equal((200, ""), await AnswerAsync(host, text, "agent:bot"));
        Assert.Equal((200, ""), await AnswerAsync(host, token, "agent:other"));
        Assert.Equal(commits, host.Store.Committed.Count);
        Assert.True((await IntrospectAsync(host, token)).Json.GetProperty("active").GetBoolean());
    }

    [Fact]
    [Trait("clause", "DESIGN.md §6")]
    public async Task A_revocation_that_is_not_durable_acts_and_says_so()
    {
        await using var host = await OAuthHost.StartAsync();
        var token = await host.AccessTokenAsync();
        host.Store.IsBroken = true;
        Assert.Equal(503, (await SendAsync(host, "/oauth/revoke", token, "agent:bot")).Status);
        Assert.Equal("""{"active":false}""", (await IntrospectAsync(host, token)).Text);
        host.Store.IsBroken = false;
    }

    /// <summary>Every level of revocation ends the token.</summary>
    [Theory]
    [MemberData(nameof(RevocationLevels.OfAccessTokens), MemberType = typeof(RevocationLevels))]
    [Trait("clause", "DESIGN.md §3 Time and state")]
    public async Task A_revocation_on_any_level_ends_what_was_issued_before_and_nothing_after(RevocationLevel level)
    {
        await using var host = await OAuthHost.StartAsync();
        var token = await host.AccessTokenAsync();
        var target = level switch
        {
            RevocationLevel.Token => OAuthHost.PayloadOf(token).GetProperty("jti").GetString()!,
            RevocationLevel.Authorization => OAuthHost.PayloadOf(token).GetProperty("authorization_id").GetString()!,
            RevocationLevel.Key => host.Configuration.SigningKeys(Core.Identity.OrganisationId.Default).Keys[0].Id,
            RevocationLevel.Client => "agent:bot",
            RevocationLevel.Server => "shop",
            RevocationLevel.Organisation => "default",
            _ => "bot",
        };
        host.Clock.Advance(TimeSpan.FromMilliseconds(1));
        host.Raise(level, target);
        Assert.Equal("""{"active":false}""", (await IntrospectAsync(host, token)).Text);
        host.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True((await IntrospectAsync(host, await host.AccessTokenAsync())).Json.GetProperty("active").GetBoolean());
    }

    [Fact]
    [Trait("clause", "RFC 7662 §4")]
    public async Task A_token_of_a_suspended_agent_is_inactive()
    {
        await using var host = await OAuthHost.StartAsync();
        var token = await host.AccessTokenAsync();
        var assertion = host.Assertion();
        host.Apply(OAuthHost.Agent("bot", host.Key) with { State = Lifecycle.Suspended });
        Assert.Equal(401, (await host.PostAsync("/oauth/introspect", ("token", token), ("client_assertion", assertion), ("client_assertion_type", OAuthHost.AssertionType))).Status);
    }

    private static async Task<(int, string)> AnswerAsync(OAuthHost host, string token, string client)
    {
        var answer = await SendAsync(host, "/oauth/revoke", token, client);
        return (answer.Status, answer.Text);
    }

    private static Task<Admin.Answer> IntrospectAsync(OAuthHost host, string token, string client = "agent:bot") => SendAsync(host, "/oauth/introspect", token, client);

    private static Task<Admin.Answer> SendAsync(OAuthHost host, string path, string? token, string client, string? hint = null) => host.PostAsync(path,
        ("token", token), ("token_type_hint", hint), ("client_assertion_type", OAuthHost.AssertionType), ("client_assertion", host.Assertion(client)));
}
