using Symbolon.Core.Audit;

namespace Symbolon.UnitTests.AuthorizationServer;

/// <summary><c>authorization_details</c> (RFC 9396) where a person is asked: what is shown, given, remembered and narrowed.</summary>
[Trait("area", "oauth")]
public sealed class Rfc9396ConsentTests
{
    private const string Team = """[{"type":"symbolon_resource","actions":["read","write"],"resource":"docs/team/**"}]""";
    private const string Plan = """[{"type":"symbolon_resource","actions":["read"],"resource":"docs/team/plan"}]""";
    private const string TeamRead = """[{"type":"symbolon_resource","actions":["read"],"resource":"docs/team/*"}]""";

    [Fact]
    [Trait("clause", "RFC 9396 §3")]
    public async Task The_person_is_shown_the_limit_and_only_tools_that_could_be_called_under_it()
    {
        await using var flow = await StartAsync();
        await flow.AuthorizeAsync(("authorization_details", Team));
        var question = flow.Host.Pages.Asked!;
        Assert.Equal(["look", "change"], question.Tools.Select(tool => tool.Name));
        var limit = Assert.Single(question.Limits!);
        Assert.Equal(("read write", "docs/team/*"), (string.Join(' ', limit.Actions), limit.Resource));
        await flow.AuthorizeAsync();
        Assert.Null(flow.Host.Pages.Asked!.Limits);
    }

    [Fact]
    [Trait("clause", "RFC 9396 §7")]
    public async Task What_is_given_is_what_the_ticked_tools_need_of_it_on_record_in_the_token_and_at_introspection()
    {
        await using var flow = await StartAsync();
        var asked = await flow.AuthorizeAsync(("authorization_details", Team), ("client_id", "vault"), ("redirect_uri", "https://vault.example.com/cb"));
        var answer = await flow.AnswerAsync(asked.Text, tools: "look");
        Assert.Equal("mcp:shop:look read:docs/team/*", flow.Host.Proofs.Records.Last(each => each.Kind == AuditKind.Consent).Scope);
        var tokens = await flow.RedeemAsync(CodeFlow.Member(answer, "code")!, Vault(flow));
        Assert.Equal(TeamRead, Rfc9396DetailsTests.Details(tokens.Json));
        foreach (var token in new[] { "access_token", "refresh_token" })
        {
            var introspected = await flow.Host.PostAsync("/oauth/introspect", [("token", tokens.Json.GetProperty(token).GetString()), .. Vault(flow)[2..]]);
            Assert.Equal(TeamRead, Rfc9396DetailsTests.Details(introspected.Json));
        }
    }

    [Fact]
    [Trait("clause", "IDENTITY.md §5 no. 18")]
    [Trait("hostile", "consent")]
    public async Task A_yes_to_one_limit_is_none_to_another_that_it_has_become_meanwhile()
    {
        await using var flow = await StartAsync();
        Rfc9396DetailsTests.Prepared(flow.Host, "docs/team/plan");
        var asked = await flow.AuthorizeAsync(("scope", "mcp:shop:look"), ("authorization_details", Team));
        Rfc9396DetailsTests.Prepared(flow.Host);
        var answer = await flow.AnswerAsync(asked.Text, tools: "look");
        Assert.Equal((400, "docs/team/*"), (answer.Status, Assert.Single(flow.Host.Pages.Asked!.Limits!).Resource));
        Assert.Empty(flow.Host.Authorizations.All);
        Assert.Equal(303, (await flow.AnswerAsync(answer.Text, tools: "look")).Status);
    }

    [Theory]
    [InlineData(Plan, 200, Plan)]
    [InlineData("""[{"type":"symbolon_resource","actions":["read"],"resource":"docs/team/p*"}]""", 200, """[{"type":"symbolon_resource","actions":["read"],"resource":"docs/team/p*"}]""")]
    [InlineData(null, 200, TeamRead)]
    [InlineData("""[{"type":"symbolon_resource","actions":["write"],"resource":"docs/team/plan"}]""", 400, null)]
    [InlineData("""[{"type":"symbolon_resource","actions":["read"],"resource":"docs/other/plan"}]""", 400, null)]
    [InlineData("""[{"type":"symbolon_resource","actions":["read"],"resource":"docs/*/plan"}]""", 400, null)]
    [InlineData("""[{"type":"symbolon_resource","actions":["read"],"resource":"**"}]""", 400, null)]
    [InlineData("[]", 400, null)]
    [Trait("clause", "RFC 9396 §6")]
    [Trait("hostile", "authorization details")]
    public async Task Code_and_refresh_token_give_the_same_or_less(string? details, int status, string? granted)
    {
        await using var flow = await StartAsync();
        var code = await flow.CodeAsync(("scope", "mcp:shop:look"), ("authorization_details", TeamRead));
        var redeemed = await flow.RedeemAsync(code, ("authorization_details", details));
        Assert.Equal((status, granted), (redeemed.Status, Rfc9396DetailsTests.Details(redeemed.Json)));
        if (status == 400)
        {
            Assert.Equal("invalid_authorization_details", CodeFlow.Error(redeemed));
            // The refusal has cost nothing: the code is still good.
            redeemed = await flow.RedeemAsync(code);
        }
        var refresh = CodeFlow.TokensOf(redeemed).Refresh;
        var refreshed = await flow.RefreshAsync(refresh, ("authorization_details", details));
        Assert.Equal((status, granted), (refreshed.Status, Rfc9396DetailsTests.Details(refreshed.Json)));
        // Once narrowed is not narrowed for good, and once refused is not the end.
        var next = await flow.RefreshAsync(status == 200 ? CodeFlow.TokensOf(refreshed).Refresh : refresh);
        Assert.Equal(TeamRead, Rfc9396DetailsTests.Details(next.Json));
    }

    [Fact]
    [Trait("clause", "RFC 9396 §6")]
    public async Task A_consent_without_a_limit_can_be_narrowed_to_one()
    {
        await using var flow = await StartAsync();
        var (_, refresh) = await flow.TokensAsync(("scope", "mcp:shop:look"));
        var narrowed = await flow.RefreshAsync(refresh, ("authorization_details", Plan));
        Assert.Equal(Plan, Rfc9396DetailsTests.Details(narrowed.Json));
        Assert.Null(Rfc9396DetailsTests.Details((await flow.RefreshAsync(CodeFlow.TokensOf(narrowed).Refresh)).Json));
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Scopes")]
    public async Task A_consent_gives_no_more_when_the_tools_need_more_and_ends_when_they_need_nothing_of_it()
    {
        await using var flow = await StartAsync();
        var (_, refresh) = await flow.TokensAsync(("scope", "mcp:shop:look"), ("authorization_details", TeamRead));
        Rfc9396DetailsTests.Prepared(flow.Host, "docs/team/plan");
        var narrower = await flow.RefreshAsync(refresh);
        Assert.Equal(Plan, Rfc9396DetailsTests.Details(narrower.Json));
        Rfc9396DetailsTests.Prepared(flow.Host, "elsewhere/*");
        Assert.Equal("invalid_grant", CodeFlow.Error(await flow.RefreshAsync(CodeFlow.TokensOf(narrower).Refresh)));
    }

    [Fact]
    [Trait("clause", "RFC 9396 §13")]
    [Trait("hostile", "consent")]
    public async Task What_was_consented_to_before_covers_no_other_and_no_wider_resource()
    {
        await using var flow = await StartAsync();
        (string, string?)[] web = [("client_id", "web"), ("redirect_uri", CodeFlow.Web), ("scope", "mcp:shop:look")];
        await flow.CodeAsync([.. web, ("authorization_details", TeamRead)]);
        Assert.Equal(303, (await flow.AuthorizeAsync([.. web, ("authorization_details", TeamRead)])).Status);
        Assert.Equal(303, (await flow.AuthorizeAsync([.. web, ("authorization_details", Plan)])).Status);
        Assert.Equal(Plan, Rfc9396DetailsTests.DetailsOf(flow.Host.Authorizations.All.MaxBy(each => each.CreatedAt)!));
        foreach (var wider in new[] { null, """[{"type":"symbolon_resource","actions":["read"],"resource":"docs/*/*"}]""", """[{"type":"symbolon_resource","actions":["read"],"resource":"docs/other/*"}]""" })
            Assert.Equal(200, (await flow.AuthorizeAsync([.. web, ("authorization_details", wider)])).Status);
        // One without a limit covers all, and what comes of it unasked is still no more than was asked for.
        await flow.CodeAsync(web);
        foreach (var details in new[] { TeamRead, """[{"type":"symbolon_resource","actions":["read"],"resource":"docs/other/*"}]""", null })
        {
            var remembered = await flow.AuthorizeAsync([.. web, ("authorization_details", details)]);
            Assert.Equal(303, remembered.Status);
            var tokens = await flow.RedeemAsync(CodeFlow.Member(remembered, "code")!, ("client_id", "web"), ("redirect_uri", CodeFlow.Web));
            Assert.Equal(details, Rfc9396DetailsTests.Details(tokens.Json));
        }
    }

    [Theory]
    [InlineData("""[{"type":"symbolon_resource","actions":["read"],"resource":"docs/../x"}]""")]
    [InlineData("[]")]
    [InlineData("""[{"type":"other"}]""")]
    [Trait("clause", "RFC 9396 §5")]
    [Trait("hostile", "authorization details")]
    public async Task Bad_details_are_told_to_the_client_at_authorize_and_when_they_are_pushed(string details)
    {
        await using var flow = await StartAsync();
        Assert.Equal("invalid_authorization_details", CodeFlow.Member(await flow.AuthorizeAsync(("authorization_details", details)), "error"));
        var pushed = await flow.Host.SendAsync("POST", "/oauth/par", CodeFlow.Query(("authorization_details", details)));
        Assert.Equal((400, "invalid_authorization_details"), (pushed.Status, CodeFlow.Error(pushed)));
    }

    [Fact]
    [Trait("clause", "RFC 9396 §4")]
    public async Task Pushed_details_are_those_that_are_asked_for()
    {
        await using var flow = await StartAsync();
        var pushed = await flow.Host.SendAsync("POST", "/oauth/par", CodeFlow.Query(("authorization_details", Team)));
        await flow.AuthorizeAsync($"client_id=cli&request_uri={Uri.EscapeDataString(pushed.Json.GetProperty("request_uri").GetString()!)}");
        Assert.Equal("docs/team/*", Assert.Single(flow.Host.Pages.Asked!.Limits!).Resource);
    }

    private static async Task<CodeFlow> StartAsync()
    {
        var flow = await CodeFlow.StartAsync();
        Rfc9396DetailsTests.Prepared(flow.Host);
        return flow;
    }

    private static (string, string?)[] Vault(CodeFlow flow) =>
        [("client_id", "vault"), ("redirect_uri", "https://vault.example.com/cb"), ("client_assertion_type", OAuthHost.AssertionType), ("client_assertion", flow.Host.Assertion("vault", flow.Host.Key))];
}
