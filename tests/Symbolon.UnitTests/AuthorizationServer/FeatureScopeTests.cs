using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Registry;
using Symbolon.Core.Resources;

namespace Symbolon.UnitTests.AuthorizationServer;

/// <summary>Prompts and resources in scopes, in what a person is asked, and in what comes of it: it only ever gets narrower. DESIGN.md section 4, Scopes.</summary>
[Trait("area", "oauth")]
[Trait("clause", "DESIGN.md §4 Scopes")]
public sealed class FeatureScopeTests
{
    private static readonly GrantSubjects Alice = new() { Users = [CodeFlow.Alice] };

    [Theory]
    [InlineData("mcp:shop:@prompts", "mcp:shop:@prompts")]
    [InlineData("mcp:shop:@resources mcp:shop:look mcp:shop:@prompts", "mcp:shop:look mcp:shop:@prompts mcp:shop:@resources")]
    [InlineData("mcp:shop:@granted", "mcp:shop:@granted")]
    public async Task A_client_gets_the_prompts_and_resources_that_a_grant_gives(string asked, string granted)
    {
        await using var host = await OAuthHost.StartAsync();
        host.Apply(Of("bot-features", new GrantSubjects { Agents = [new AgentName("bot")] }));
        var answer = await host.TokenAsync(("resource", OAuthHost.Shop), ("scope", asked));
        Assert.True(answer.Status == 200, answer.Text);
        Assert.Equal(granted, answer.Json.GetProperty("scope").GetString());
        var read = Assert.IsType<Core.AccessTokens.AccessTokenReading.Valid>(host.Read(answer.Json.GetProperty("access_token").GetString()!)).Token.Servers[0];
        Assert.Equal(granted, string.Join(' ', Scopes.Of(read)));
    }

    [Fact]
    public async Task Prompts_alone_are_no_resources()
    {
        await using var host = await OAuthHost.StartAsync();
        host.Apply(Of("bot-prompts", new GrantSubjects { Agents = [new AgentName("bot")] }, resources: false));
        Assert.Equal("mcp:shop:@prompts", (await host.TokenAsync(("resource", OAuthHost.Shop), ("scope", "mcp:shop:@prompts mcp:shop:@resources"))).Json.GetProperty("scope").GetString());
        Assert.Equal("invalid_scope", CodeFlow.Error(await host.TokenAsync(("resource", OAuthHost.Shop), ("scope", "mcp:shop:@resources"))));
    }

    [Theory]
    [InlineData("mcp:shop:@granted", "look,find,change", "@prompts,@resources")]
    [InlineData("mcp:shop:@prompts", "", "@prompts")]
    [InlineData("mcp:shop:look mcp:shop:@resources", "look", "@resources")]
    [InlineData("mcp:shop:@read", "look,find", "")]
    public async Task A_person_is_asked_about_the_prompts_and_resources_that_they_have(string scope, string tools, string features)
    {
        await using var flow = await StartAsync();
        await flow.AuthorizeAsync(("scope", scope));
        var question = flow.Host.Pages.Asked!;
        Assert.Equal(tools, string.Join(',', question.Tools.Select(tool => tool.Name)));
        Assert.Equal(features, string.Join(',', question.Features.Select(feature => feature.Name)));
        Assert.All(question.Features, feature => Assert.True(feature.IsTicked));
    }

    [Fact]
    public async Task Who_has_none_is_not_asked_about_them()
    {
        await using var flow = await CodeFlow.StartAsync();
        await flow.AuthorizeAsync(("scope", "mcp:shop:@granted"));
        Assert.Empty(flow.Host.Pages.Asked!.Features);
        Assert.Equal("invalid_scope", CodeFlow.Member(await flow.AuthorizeAsync(("scope", "mcp:shop:@prompts")), "error"));
    }

    [Theory]
    [InlineData("look", "mcp:shop:look")]
    [InlineData("look,@prompts", "mcp:shop:look mcp:shop:@prompts")]
    [InlineData("@prompts,@resources", "mcp:shop:@prompts mcp:shop:@resources")]
    public async Task A_token_has_what_was_ticked(string ticked, string scope)
    {
        await using var flow = await StartAsync();
        var asked = await flow.AuthorizeAsync(("scope", "mcp:shop:@granted"));
        var tokens = await flow.RedeemAsync(CodeFlow.Member(await flow.AnswerAsync(asked.Text, tools: ticked.Split(',')), "code")!);
        Assert.Equal(scope, tokens.Json.GetProperty("scope").GetString());
        Assert.Equal(scope, (await flow.RefreshAsync(CodeFlow.TokensOf(tokens).Refresh)).Json.GetProperty("scope").GetString());
    }

    [Fact]
    [Trait("hostile", "consent")]
    public async Task What_was_not_asked_for_is_not_given_by_a_tick()
    {
        await using var flow = await StartAsync();
        var asked = await flow.AuthorizeAsync(("scope", "mcp:shop:look"));
        var tokens = await flow.RedeemAsync(CodeFlow.Member(await flow.AnswerAsync(asked.Text, tools: ["look", "@prompts", "@resources"]), "code")!);
        Assert.Equal("mcp:shop:look", tokens.Json.GetProperty("scope").GetString());
    }

    [Fact]
    [Trait("hostile", "refresh")]
    public async Task A_refresh_narrows_and_never_widens()
    {
        await using var flow = await StartAsync();
        var asked = await flow.AuthorizeAsync(("scope", "mcp:shop:@granted"));
        var (_, refresh) = CodeFlow.TokensOf(await flow.RedeemAsync(CodeFlow.Member(await flow.AnswerAsync(asked.Text, tools: ["look", "@prompts"]), "code")!));
        Assert.Equal("invalid_scope", CodeFlow.Error(await flow.RefreshAsync(refresh, ("scope", "mcp:shop:@resources"))));
        var narrowed = await flow.RefreshAsync(refresh, ("scope", "mcp:shop:look"));
        Assert.Equal("mcp:shop:look", narrowed.Json.GetProperty("scope").GetString());
        var next = await flow.RefreshAsync(CodeFlow.TokensOf(narrowed).Refresh, ("scope", "mcp:shop:@granted"));
        Assert.Equal("mcp:shop:look mcp:shop:@prompts", next.Json.GetProperty("scope").GetString());
        Assert.Equal("mcp:shop:@prompts", (await flow.RefreshAsync(CodeFlow.TokensOf(next).Refresh, ("scope", "mcp:shop:@prompts"))).Json.GetProperty("scope").GetString());
    }

    [Fact]
    public async Task A_grant_that_is_gone_takes_them_from_the_next_token()
    {
        await using var flow = await StartAsync();
        var asked = await flow.AuthorizeAsync(("scope", "mcp:shop:@granted"));
        var (_, refresh) = CodeFlow.TokensOf(await flow.RedeemAsync(CodeFlow.Member(await flow.AnswerAsync(asked.Text, tools: ["look", "@prompts", "@resources"]), "code")!));
        flow.Host.Apply(Of("alice-features", Alice, prompts: false));
        Assert.Equal("mcp:shop:look mcp:shop:@resources", (await flow.RefreshAsync(refresh)).Json.GetProperty("scope").GetString());
    }

    [Fact]
    public async Task A_consent_to_tools_is_none_to_prompts_and_the_person_is_asked_again()
    {
        await using var flow = await StartAsync();
        (string, string?)[] web = [("client_id", "web"), ("redirect_uri", CodeFlow.Web)];
        var asked = await flow.AuthorizeAsync([.. web, ("scope", "mcp:shop:look")]);
        Assert.NotNull(CodeFlow.Member(await flow.AnswerAsync(asked.Text, tools: "look"), "code"));
        Assert.Equal(303, (await flow.AuthorizeAsync([.. web, ("scope", "mcp:shop:look")])).Status);
        asked = await flow.AuthorizeAsync([.. web, ("scope", "mcp:shop:look mcp:shop:@prompts")]);
        Assert.Equal(200, asked.Status);
        Assert.NotNull(CodeFlow.Member(await flow.AnswerAsync(asked.Text, tools: ["look", "@prompts"]), "code"));
        Assert.Equal(303, (await flow.AuthorizeAsync([.. web, ("scope", "mcp:shop:look mcp:shop:@prompts")])).Status);
    }

    internal static GrantObject Of(string name, GrantSubjects to, bool prompts = true, bool resources = true) => new()
    {
        Name = new GrantName(name),
        To = to,
        Servers =
        [
            new ServerAccess { Server = new ServerName("shop"), Prompts = prompts ? ["review"] : [], Resources = resources ? [UriPattern.Parse("file:///docs/*", out _)!] : [] },
        ],
    };

    private static async Task<CodeFlow> StartAsync()
    {
        var flow = await CodeFlow.StartAsync();
        flow.Host.Apply(Of("alice-features", Alice));
        return flow;
    }
}
