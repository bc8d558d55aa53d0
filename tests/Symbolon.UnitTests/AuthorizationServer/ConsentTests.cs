using Symbolon.Core.Audit;
using Symbolon.Core.Revocation;

namespace Symbolon.UnitTests.AuthorizationServer;

/// <summary>What a person is asked, and what an answer is good for.</summary>
[Trait("area", "oauth")]
public sealed class ConsentTests
{
    [Fact]
    [Trait("clause", "DESIGN.md §4 Scopes")]
    public async Task All_that_is_granted_becomes_a_list_to_tick_of_which_what_reads_is_ticked()
    {
        await using var flow = await CodeFlow.StartAsync();
        await flow.AuthorizeAsync(("scope", "mcp:shop:@granted"));
        var question = flow.Host.Pages.Asked!;
        Assert.Equal([("look", "read", true), ("find", "read", true), ("change", "write", false)], question.Tools.Select(tool => (tool.Name, tool.Effect, tool.IsTicked)));
        Assert.Equal((CodeFlow.Alice, "shop", "127.0.0.1:7000", true), (question.Person, question.Server, question.RedirectHost, question.IsLocal));
        Assert.Equal("http://127.0.0.1:7000", question.LeadsTo);
        await flow.AuthorizeAsync(("scope", "mcp:shop:@read"), ("client_id", "web"), ("redirect_uri", CodeFlow.Web));
        question = flow.Host.Pages.Asked!;
        Assert.Equal(["look", "find"], question.Tools.Select(tool => tool.Name));
        Assert.Equal(("app.example.com", false, "https://app.example.com"), (question.RedirectHost, question.IsLocal, question.LeadsTo));
    }

    [Fact]
    [Trait("clause", "RFC 6749 §4.1.2.1")]
    public async Task A_no_is_access_denied_and_on_record()
    {
        await using var flow = await CodeFlow.StartAsync();
        var asked = await flow.AuthorizeAsync();
        var answer = await flow.AnswerAsync(asked.Text, answer: "deny", tools: "look");
        Assert.Equal(("access_denied", "s t&ä=1", OAuthHost.Issuer), (CodeFlow.Member(answer, "error"), CodeFlow.Member(answer, "state"), CodeFlow.Member(answer, "iss")));
        Assert.Empty(flow.Host.Authorizations.All);
        var record = flow.Host.Proofs.Records.Last(each => each.Kind == AuditKind.Consent);
        Assert.Equal((false, CodeFlow.Alice, "shop"), (record.Allowed, record.By, record.Server));
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Audit durability")]
    public async Task A_yes_is_on_record_with_what_was_given()
    {
        await using var flow = await CodeFlow.StartAsync();
        var asked = await flow.AuthorizeAsync();
        await flow.AnswerAsync(asked.Text, tools: ["look", "drop", "nothing"]);
        var record = flow.Host.Proofs.Records.Last(each => each.Kind == AuditKind.Consent);
        Assert.Equal((true, "mcp:shop:look", $"Authorization/{Assert.Single(flow.Host.Authorizations.All).Id}"), (record.Allowed, record.Scope, record.Target));
    }

    [Fact]
    [Trait("clause", "IDENTITY.md §5 no. 18")]
    [Trait("hostile", "consent")]
    public async Task An_answer_is_good_for_the_session_that_was_asked_once()
    {
        await using var flow = await CodeFlow.StartAsync();
        var asked = await flow.AuthorizeAsync();
        foreach (var (who, session) in new[] { ("mallory@example.com", ""), (CodeFlow.Alice, "another") })
        {
            var stolen = await flow.AnswerAsync(asked.Text, who: who, session: session, tools: "look");
            Assert.Equal((400, ""), (stolen.Status, CodeFlow.Location(stolen)));
        }
        Assert.Equal(303, (await flow.AnswerAsync(asked.Text, tools: "look")).Status);
        var again = await flow.AnswerAsync(asked.Text, tools: "look");
        Assert.Equal((400, ""), (again.Status, CodeFlow.Location(again)));
        Assert.Single(flow.Host.Authorizations.All);
    }

    [Fact]
    [Trait("clause", "IDENTITY.md §5 no. 18")]
    public async Task Of_a_hundred_answers_at_once_one_is_taken()
    {
        await using var flow = await CodeFlow.StartAsync();
        for (var round = 0; round < 20; round++)
        {
            var asked = await flow.AuthorizeAsync();
            var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => flow.AnswerAsync(asked.Text, tools: "look"))));
            Assert.Single(answers, answer => answer.Status == 303);
        }
    }

    [Fact]
    [Trait("clause", "IDENTITY.md §5 no. 18")]
    [Trait("hostile", "consent")]
    public async Task A_form_that_was_changed_or_is_old_or_comes_from_nobody_is_worth_nothing()
    {
        await using var flow = await CodeFlow.StartAsync();
        var asked = (await flow.AuthorizeAsync()).Text;
        var changed = (asked[0] == 'A' ? "B" : "A") + asked[1..];
        foreach (var ticket in new[] { changed, asked[..^4], "", "x", asked + "AAAA" })
            Assert.Equal(400, (await flow.AnswerAsync(ticket, tools: "look")).Status);
        Assert.Equal(400, (await flow.Host.SendAsync("POST", "/oauth/consent", $"ticket={asked}&answer=allow&tool=look")).Status);
        Assert.Equal(400, (await flow.Host.SendAsync("POST", "/oauth/consent", "{}", "application/json")).Status);
        flow.Host.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(400, (await flow.AnswerAsync(asked, tools: "look")).Status);
        Assert.Empty(flow.Host.Authorizations.All);
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Scopes")]
    [Trait("hostile", "consent")]
    public async Task Nothing_can_be_ticked_that_was_not_asked_for_or_is_not_granted()
    {
        await using var flow = await CodeFlow.StartAsync();
        var asked = await flow.AuthorizeAsync(("scope", "mcp:shop:look"));
        Assert.Equal(400, (await flow.AnswerAsync(asked.Text, tools: ["find", "change", "drop"])).Status);
        Assert.Equal("Tick what the program may call, or refuse.", flow.Host.Pages.Asked!.Fault);
        var answer = await flow.AnswerAsync(asked.Text, tools: ["look", "change"]);
        Assert.Equal("look", Assert.Single(Assert.Single(flow.Host.Authorizations.All).Access.Tools).Value);
        Assert.NotNull(CodeFlow.Member(answer, "code"));
    }

    [Fact]
    [Trait("clause", "IDENTITY.md §1.1 CIMD")]
    [Trait("hostile", "consent")]
    public async Task A_client_that_lost_its_redirect_while_the_person_thought_gets_nothing()
    {
        await using var flow = await CodeFlow.StartAsync();
        var asked = await flow.AuthorizeAsync(("client_id", "web"), ("redirect_uri", CodeFlow.Web));
        flow.Host.Apply(CodeFlow.Client("web", "https://app.example.com/new"));
        var answer = await flow.AnswerAsync(asked.Text, tools: "look");
        Assert.Equal((400, ""), (answer.Status, CodeFlow.Location(answer)));
    }

    [Fact]
    [Trait("clause", "RFC 8252 §8.6")]
    public async Task A_consent_is_remembered_for_a_site_and_never_for_a_program_on_the_persons_machine()
    {
        await using var flow = await CodeFlow.StartAsync();
        (string, string?)[] web = [("client_id", "web"), ("redirect_uri", CodeFlow.Web), ("scope", "mcp:shop:look")];
        await flow.CodeAsync(web);
        Assert.NotNull(CodeFlow.Member(await flow.AuthorizeAsync([.. web, ("prompt", "none")]), "code"));
        Assert.Equal(200, (await flow.AuthorizeAsync([.. web, ("prompt", "consent")])).Status);
        await flow.CodeAsync(("scope", "mcp:shop:look"));
        Assert.Equal(200, (await flow.AuthorizeAsync(("scope", "mcp:shop:look"))).Status);
    }

    [Theory]
    [InlineData("scope", "mcp:shop:look mcp:shop:find")]
    [InlineData("scope", "mcp:shop:@granted")]
    [InlineData("client_id", "other")]
    [InlineData("resource", "https://symbolon.example.com/mcp/deploy")]
    [Trait("clause", "IDENTITY.md §5 no. 25")]
    [Trait("hostile", "consent")]
    public async Task A_remembered_consent_is_good_for_nothing_wider_and_nobody_else(string name, string value)
    {
        await using var flow = await CodeFlow.StartAsync();
        (string Name, string? Value)[] web = [("client_id", "web"), ("redirect_uri", CodeFlow.Web), ("scope", "mcp:shop:look")];
        await flow.CodeAsync(web);
        (string, string?)[] other = [.. web.Where(each => each.Name != name && !(name == "resource" && each.Name == "scope")), (name, value)];
        Assert.Equal(200, (await flow.AuthorizeAsync(other)).Status);
    }

    [Fact]
    [Trait("clause", "DESIGN.md §1 Revocation")]
    public async Task A_consent_that_was_taken_back_is_not_remembered()
    {
        await using var flow = await CodeFlow.StartAsync();
        (string, string?)[] web = [("client_id", "web"), ("redirect_uri", CodeFlow.Web), ("scope", "mcp:shop:look")];
        await flow.CodeAsync(web);
        // Stamps of one moment are told apart by running ahead of the clock, which stands still here.
        flow.Host.Clock.Advance(TimeSpan.FromSeconds(1));
        flow.Host.Raise(RevocationLevel.Authorization, Assert.Single(flow.Host.Authorizations.All).Id.Value);
        Assert.Equal(200, (await flow.AuthorizeAsync(web)).Status);
    }

    [Fact]
    [Trait("clause", "IDENTITY.md §5 no. 25")]
    [Trait("hostile", "consent")]
    public async Task A_consent_from_before_a_password_was_reset_is_neither_remembered_nor_said_to_live()
    {
        await using var flow = await CodeFlow.StartAsync();
        (string, string?)[] web = [("client_id", "web"), ("redirect_uri", CodeFlow.Web), ("scope", "mcp:shop:look")];
        var (_, refresh) = CodeFlow.TokensOf(await flow.RedeemAsync(await flow.CodeAsync(web), ("client_id", "web"), ("redirect_uri", CodeFlow.Web)));
        flow.Host.Clock.Advance(TimeSpan.FromSeconds(1));
        var reset = Core.UnixTime.Microseconds(flow.Host.Clock);
        await flow.Host.SetAccountAsync(CodeFlow.Alice, notBefore: reset);
        flow.Host.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(200, (await flow.AuthorizeAsync(web)).Status);
        Assert.Equal("invalid_grant", CodeFlow.Error(await flow.RefreshAsync(refresh, ("client_id", "web"))));
        await flow.CodeAsync(web);
        Assert.Equal(303, (await flow.AuthorizeAsync(web)).Status);
    }

    [Fact]
    [Trait("clause", "IDENTITY.md §1.1 consent")]
    [Trait("hostile", "consent")]
    public async Task A_consent_is_remembered_for_the_host_alone_that_the_person_was_shown()
    {
        await using var flow = await CodeFlow.StartAsync();
        flow.Host.Apply(CodeFlow.Client("two", CodeFlow.Web, "https://else.example.com/cb"));
        await flow.CodeAsync(("client_id", "two"), ("redirect_uri", CodeFlow.Web), ("scope", "mcp:shop:look"));
        Assert.Equal(303, (await flow.AuthorizeAsync(("client_id", "two"), ("redirect_uri", CodeFlow.Web), ("scope", "mcp:shop:look"))).Status);
        Assert.Equal(200, (await flow.AuthorizeAsync(("client_id", "two"), ("redirect_uri", "https://else.example.com/cb"), ("scope", "mcp:shop:look"))).Status);
    }

    [Theory]
    [InlineData(10_000, 303)]
    [InlineData(10_200, 400)]
    [Trait("clause", "DESIGN.md §5 no. 9")]
    public async Task An_answer_may_tick_as_many_tools_as_a_server_can_have_and_no_more(int fields, int status)
    {
        await using var flow = await CodeFlow.StartAsync();
        var asked = await flow.AuthorizeAsync();
        Assert.Equal(status, (await flow.AnswerAsync(asked.Text, tools: [.. Enumerable.Repeat("look", fields)])).Status);
    }

    [Fact]
    [Trait("clause", "DESIGN.md §3 Time and state")]
    public async Task A_node_that_cannot_confirm_that_it_is_current_takes_no_answer()
    {
        await using var flow = await CodeFlow.StartAsync();
        var asked = await flow.AuthorizeAsync();
        flow.Host.People.SignedInAt = Core.UnixTime.Microseconds(flow.Host.Clock);
        flow.Host.Clock.Advance(TimeSpan.FromHours(24 * 365 + 1));
        Assert.Equal(503, (await flow.AnswerAsync(asked.Text, tools: "look")).Status);
        Assert.Empty(flow.Host.Authorizations.All);
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Tokens")]
    public async Task What_is_remembered_ends_when_it_would_have_ended()
    {
        await using var flow = await CodeFlow.StartAsync();
        (string, string?)[] web = [("client_id", "web"), ("redirect_uri", CodeFlow.Web), ("scope", "mcp:shop:look")];
        await flow.CodeAsync(web);
        flow.Host.Clock.Advance(TimeSpan.FromDays(20));
        await flow.AuthorizeAsync(web);
        // The same tools are the same authorization; fewer are one of their own, with the same end.
        Assert.Single(flow.Host.Authorizations.All);
        (string Name, string? Value)[] both = [.. web.Where(each => each.Item1 != "scope"), ("scope", "mcp:shop:look mcp:shop:find"), ("prompt", "consent")];
        await flow.CodeAsync(both);
        flow.Host.Clock.Advance(TimeSpan.FromDays(1));
        foreach (var scope in new[] { "mcp:shop:find", "mcp:shop:find", "mcp:shop:look", "mcp:shop:look mcp:shop:find" })
            Assert.NotNull(CodeFlow.Member(await flow.AuthorizeAsync([.. both.Where(each => each.Name is not ("scope" or "prompt")), ("scope", scope)]), "code"));
        Assert.Equal(["look", "look find", "find"], flow.Host.Authorizations.All.OrderBy(each => each.CreatedAt).Select(each => string.Join(' ', each.Access.Tools.Select(tool => tool.Value))));
        Assert.Equal(2, flow.Host.Authorizations.All.Select(each => each.ExpiresAt).Distinct().Count());
    }

    [Fact]
    [Trait("clause", "DESIGN.md §1 Revocation")]
    [Trait("hostile", "consent")]
    public async Task A_further_code_hangs_on_the_consent_as_it_was_given_and_ends_with_it()
    {
        await using var flow = await CodeFlow.StartAsync();
        (string, string?)[] web = [("client_id", "web"), ("redirect_uri", CodeFlow.Web), ("scope", "mcp:shop:look")];
        (string, string?)[] redeem = [("client_id", "web"), ("redirect_uri", CodeFlow.Web)];
        var (first, _) = CodeFlow.TokensOf(await flow.RedeemAsync(await flow.CodeAsync(web), redeem));
        var known = Assert.Single(flow.Host.Authorizations.All);
        flow.Host.Clock.Advance(TimeSpan.FromSeconds(1));
        var (second, refresh) = CodeFlow.TokensOf(await flow.RedeemAsync(await flow.CodeAsync(web), redeem));
        var waiting = await flow.CodeAsync(web);
        Assert.Equal(known.CreatedAt, Assert.Single(flow.Host.Authorizations.All).CreatedAt);
        Assert.True(flow.IsAlive(first) && flow.IsAlive(second));

        flow.Host.Raise(RevocationLevel.Authorization, known.Id.Value);
        Assert.False(flow.IsAlive(first) || flow.IsAlive(second));
        Assert.Equal("invalid_grant", CodeFlow.Error(await flow.RefreshAsync(refresh, ("client_id", "web"))));
        Assert.Equal("invalid_grant", CodeFlow.Error(await flow.RedeemAsync(waiting, redeem)));
        Assert.Equal(200, (await flow.AuthorizeAsync(web)).Status);
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Refusals")]
    public async Task A_person_without_a_grant_gives_nothing()
    {
        await using var flow = await CodeFlow.StartAsync();
        Assert.Equal("invalid_target", CodeFlow.Member(await flow.AuthorizeAsync(CodeFlow.Query(), who: "mallory@example.com"), "error"));
    }

    [Fact]
    [Trait("clause", "DESIGN.md §1 Revocation")]
    public async Task A_signing_key_that_was_revoked_ends_its_access_tokens()
    {
        await using var flow = await CodeFlow.StartAsync();
        var (access, _) = await flow.TokensAsync();
        var key = System.Text.Json.JsonDocument.Parse(Symbolon.Jose.Base64Url.Decode(System.Text.Encoding.ASCII.GetBytes(access.Split('.')[0]))!).RootElement.GetProperty("kid").GetString()!;
        flow.Host.Clock.Advance(TimeSpan.FromSeconds(1));
        flow.Host.Raise(RevocationLevel.Key, key);
        Assert.False(flow.IsAlive(access));
    }

    [Fact]
    [Trait("clause", "DESIGN.md §1 Revocation")]
    public async Task A_token_issued_after_a_revocation_of_what_it_hangs_on_is_dead_all_the_same()
    {
        await using var flow = await CodeFlow.StartAsync();
        var (_, refresh) = await flow.TokensAsync();
        flow.Host.Clock.Advance(TimeSpan.FromSeconds(10));
        var late = CodeFlow.TokensOf(await flow.RefreshAsync(refresh)).Access;
        // As another node would learn it: of a moment between the consent and this token.
        flow.Host.Configuration.Epochs.Raise(new Epoch(Core.Identity.OrganisationId.Default, RevocationLevel.User, CodeFlow.Alice,
            Symbolon.Core.UnixTime.Microseconds(flow.Host.Clock) - 5_000_000));
        Assert.False(flow.IsAlive(late));
    }
}
