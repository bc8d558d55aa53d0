using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Symbolon.ConformanceTests;

/// <summary>DESIGN.md section 4, Tokens, as the console issues them; docs/adr/0011.</summary>
[Trait("area", "console")]
public sealed partial class DesignTokenIssueTests
{
    private const string Nightly = "/tokens/issue?kind=workflow&workflow=nightly&owner=ops%40example.com";

    [Fact]
    public async Task A_new_agent_gets_its_token_grant_and_all_in_one_step_by_reading_one_sentence()
    {
        await using var stage = await TokenStage.StartAsync();
        var page = await stage.PageAsync("/tokens/issue?kind=agent&agent=release-bot&user=alice%40example.com&owner=ops%40example.com&preset=read");
        Assert.Contains("<b>release-bot</b>, for alice@example.com, may call <b>1 tool</b> on <b>shop</b> until", page, StringComparison.Ordinal);
        // What the grant holds and when it ends is said before it is made: the tools of today by name, and 90 days.
        Assert.Contains("Creates the agent release-bot<small>ops@example.com answers for it", page, StringComparison.Ordinal);
        Assert.Contains("Creates the grant release-bot-access", page, StringComparison.Ordinal);
        Assert.Contains("this 1 tool by name and no later ones, for this holder alone", page, StringComparison.Ordinal);
        Assert.Contains("No token lives longer by it than 8h.", page, StringComparison.Ordinal);
        Assert.Matches("Its last day is [0-9]{1,2} [A-Z][a-z]{2} [0-9]{4}[.]", page);

        using var answer = await stage.PostFormAsync("/tokens/issue", page);
        var created = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, "no-store"), (answer.StatusCode, answer.Headers.CacheControl!.ToString()));
        var secret = Secret().Match(created).Value;
        Assert.StartsWith("sym_usr_", secret, StringComparison.Ordinal);
        Assert.Contains("Copy the secret now", created, StringComparison.Ordinal);
        Assert.Contains("Waiting for the first call", created, StringComparison.Ordinal);
        foreach (var part in new[] { "Bearer ${SYMBOLON_GATEWAY_TOKEN}", "Bearer ${env:SYMBOLON_GATEWAY_TOKEN}", "${input:symbolon}", "serverUrl", "bearer_token_env_var = &quot;SYMBOLON_GATEWAY_TOKEN&quot;", "Bearer $SYMBOLON_GATEWAY_TOKEN", $"{stage.Server.Client.BaseAddress}t/mcp/shop" })
            Assert.Contains(part, created, StringComparison.Ordinal);

        var token = Assert.Single((await stage.ApiAsync(HttpMethod.Get, "/tokens")).AsArray())!;
        Assert.Equal(("release-bot", "alice@example.com", "live"), ((string)token["agent"]!, (string)token["user"]!, (string)token["state"]!));
        Assert.Equal("[\"read\"]", token["servers"]![0]!["effects"]!.ToJsonString());
        Assert.Equal("ops@example.com", (string)(await stage.ApiAsync(HttpMethod.Get, "/agents/release-bot"))["owner"]!);
        var grant = await stage.ApiAsync(HttpMethod.Get, "/grants/release-bot-access");
        Assert.Contains("\"look\"", grant.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("\"read\"", grant.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("\"expires\":\"2", grant.ToJsonString(), StringComparison.Ordinal);
        await AssertNowhereElseAsync(stage, secret, (string)token["id"]!);
    }

    [Fact]
    public async Task Prompts_and_resources_that_are_granted_are_ticked_beside_tools_and_shown_with_the_token()
    {
        await using var stage = await TokenStage.StartAsync();
        await stage.ApiAsync(HttpMethod.Post, "/apply", JsonNode.Parse("""
            {"documents":[{"apiVersion":"symbolon/v1","kind":"Grant","metadata":{"name":"carol-reads"},"spec":{"to":{"users":["carol@example.com"]},"servers":[{"name":"shop","prompts":["review code"],"resources":["file:///docs/*"]}]}}]}
            """));
        var grant = await stage.ApiAsync(HttpMethod.Get, "/grants/carol-reads");
        Assert.Equal(("""["review code"]""", """["file:///docs/*"]"""), (grant["servers"]![0]!["prompts"]!.ToJsonString(), grant["servers"]![0]!["resources"]!.ToJsonString()));

        var page = await stage.PageAsync("/tokens/issue?kind=person&user=carol%40example.com&tool=shop%3A%40prompts&tool=shop%3A%40resources");
        using var looked = await stage.PostFormAsync("/tokens/issue", page);
        var content = await looked.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        if (!Secret().IsMatch(content))
        {
            Assert.Contains("have the prompts and resources that are granted", content, StringComparison.Ordinal);
            using var answer = await stage.PostFormAsync("/tokens/issue", content);
            content = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        }
        Assert.Contains("Copy the secret now", content, StringComparison.Ordinal);

        var token = Assert.Single((await stage.ApiAsync(HttpMethod.Get, "/tokens")).AsArray())!;
        Assert.Equal((true, true, false), ((bool)token["servers"]![0]!["allPrompts"]!, (bool)token["servers"]![0]!["allResources"]!, (bool)token["servers"]![0]!["all"]!));
        var shown = await stage.PageAsync($"/tokens/{token["id"]}");
        Assert.Contains("<dt>Prompts</dt><dd>all that are granted on shop</dd>", shown, StringComparison.Ordinal);
        Assert.Contains("<dt>Resources</dt><dd>all that are granted on shop</dd>", shown, StringComparison.Ordinal);
        var access = (await stage.ApiAsync(HttpMethod.Get, "/access?user=carol%40example.com")).AsArray();
        Assert.Equal(["grant", "token"], access.Select(entry => (string)entry!["by"]!));
        Assert.All(access, entry => Assert.Equal(("""["review code"]""", """["file:///docs/*"]"""), (entry!["servers"]![0]!["prompts"]!.ToJsonString(), entry["servers"]![0]!["resources"]!.ToJsonString())));
    }

    [Fact]
    public async Task One_like_a_token_is_asked_for_by_a_link_with_the_same_ticks()
    {
        await using var stage = await TokenStage.StartAsync();
        var first = await stage.IssueAsync();
        var link = (await stage.PageAsync($"/tokens/{first["id"]}")).Split("\">Issue one like it")[0].Split("href=\"")[^1];
        using var answer = await stage.PostFormAsync("/tokens/issue", await stage.PageAsync(WebUtility.HtmlDecode(link)));
        Assert.Contains("Copy the secret now", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        var tokens = (await stage.ApiAsync(HttpMethod.Get, "/tokens")).AsArray();
        Assert.Equal(2, tokens.Count);
        Assert.Single(tokens.Select(token => $"{token!["agent"]} {token["servers"]!.ToJsonString()}").Distinct());
    }

    [Fact]
    public async Task A_link_from_elsewhere_fills_in_an_order_and_brings_neither_a_grant_nor_a_sentence_that_the_next_click_carries_out()
    {
        await using var stage = await TokenStage.StartAsync();
        const string Link = "/tokens/issue?kind=person&user=mallory%40example.com&effect=shop:irreversible&effect=shop:read&ttl=90d&grant=unseen-grant&expires=never&note=Release";
        foreach (var site in new[] { "cross-site", "same-site", "none" })
        {
            using var answer = await stage.Browser.GetAsync(Link, ("Sec-Fetch-Site", site));
            var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.Contains("A link filled this in", page, StringComparison.Ordinal);
            Assert.Matches("value=\"shop:irreversible\"[^>]* checked", page);
            Assert.DoesNotContain("unseen-grant", page, StringComparison.Ordinal);
            Assert.DoesNotContain(">Issue token<", page, StringComparison.Ordinal);
            // Nobody named a grant, so that what is sent on is refused.
            using var sent = await stage.PostFormAsync("/tokens/issue", page);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, sent.StatusCode);
        }
        Assert.Empty((await stage.ApiAsync(HttpMethod.Get, "/tokens")).AsArray());
        Assert.Empty((await stage.ApiAsync(HttpMethod.Get, "/grants")).AsArray());
    }

    [Fact]
    public async Task The_link_to_one_like_a_token_stays_as_short_as_an_address_may_be()
    {
        await using var stage = await TokenStage.StartAsync();
        var first = await stage.IssueAsync(note: new string('\u6f22', 1000));
        var page = await stage.PageAsync($"/tokens/{first["id"]}");
        var link = page.Split("\">Issue another")[0].Split("href=\"")[^1];
        Assert.InRange(link.Length, 10, 6000);
        Assert.DoesNotContain("Issue one like it", page, StringComparison.Ordinal);
        Assert.Contains("What may it call?", await stage.PageAsync(WebUtility.HtmlDecode(link)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_form_sent_again_or_twice_at_once_issues_one_token_and_shows_the_secret_once()
    {
        await using var stage = await TokenStage.StartAsync();
        var page = await stage.PageAsync(Nightly);
        var both = await Task.WhenAll(stage.PostFormAsync("/tokens/issue", page), stage.PostFormAsync("/tokens/issue", page));
        using var again = await stage.PostFormAsync("/tokens/issue", page);

        var issued = Assert.Single((await stage.ApiAsync(HttpMethod.Get, "/tokens")).AsArray())!;
        Assert.Single(both, answer => answer.StatusCode == HttpStatusCode.OK);
        var other = Assert.Single(both, answer => answer.StatusCode == HttpStatusCode.SeeOther);
        Assert.Equal(($"/tokens/{issued["id"]}", $"/tokens/{issued["id"]}"), (other.Headers.Location!.ToString(), again.Headers.Location!.ToString()));
        var shown = await stage.PageAsync(again.Headers.Location.ToString());
        Assert.Contains("This form was sent before", shown, StringComparison.Ordinal);
        Assert.DoesNotMatch(Secret(), shown);
        foreach (var answer in both) answer.Dispose();
    }

    [Fact]
    public async Task Nothing_is_issued_that_was_not_shown_as_a_sentence_first()
    {
        await using var stage = await TokenStage.StartAsync();
        var page = await stage.PageAsync(Nightly + "&preset=custom");
        Assert.Contains("Show the summary", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Issue token</button>", page, StringComparison.Ordinal);
        using var first = await stage.PostFormAsync("/tokens/issue", page, ("tool", "shop:look"));
        var summary = await first.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("may call <b>1 tool</b> on <b>shop</b>", summary, StringComparison.Ordinal);

        // What was shown is not what is sent.
        using var changed = await stage.PostFormAsync("/tokens/issue", summary, ("tool", "shop:drop"));
        var second = await changed.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("Changed since you looked", second, StringComparison.Ordinal);
        Assert.Contains("may call <b>2 tools</b>", second, StringComparison.Ordinal);
        Assert.Empty((await stage.ApiAsync(HttpMethod.Get, "/tokens")).AsArray());

        using var issued = await stage.PostFormAsync("/tokens/issue", second);
        Assert.Matches(Secret(), await issued.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("[\"drop\",\"look\"]", (await stage.ApiAsync(HttpMethod.Get, "/tokens"))[0]!["servers"]![0]!["tools"]!.ToJsonString());
    }

    [Theory]
    [InlineData("other", "91d", null, "ttl 91d is more than 90d")]
    [InlineData("other", "1s", null, "ttl must be at least 60s")]
    [InlineData("other", "soon", null, "a whole number and one of s, m, h, d")]
    [InlineData("grant", "No Name", null, "createGrant.name must be")]
    [InlineData("expires", "2020-01-01", null, "2020-01-01 has passed")]
    [InlineData("tool", "shop:nothing", "servers", "has no tool nothing")]
    [InlineData("tool", "nowhere:look", "servers", "There is no server nowhere")]
    [InlineData("tool", "<script>alert(1)</script>", "servers", "must be")]
    [InlineData("grant", "", "servers", "No live grant allows")]
    public async Task What_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(string field, string value, string? at, string message)
    {
        await using var stage = await TokenStage.StartAsync();
        var page = await stage.PageAsync(Nightly);
        using var answer = await stage.PostFormAsync("/tokens/issue", page, without: field == "tool" ? null : field,
            more: [(field, value), ("note", "<b>for \"us\"</b>"), .. field == "other" ? new[] { ("ttl", "other") } : []]);
        var again = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var fault = FaultAt(again, at ?? "f-" + field);
        Assert.Contains(message, fault, StringComparison.Ordinal);
        if (at is null)
        {
            Assert.Matches($"<input[^>]* name=\"{field}\"[^>]* value=\"{Regex.Escape(value)}\"[^>]* aria-invalid=\"true\"[^>]* aria-describedby=\"[^\"]*f-{field}-e\"", again);
        }
        Assert.Contains("value=\"&lt;b&gt;for &quot;us&quot;&lt;/b&gt;\"", again, StringComparison.Ordinal);
        Assert.Contains("value=\"shop:read\" checked", again, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", again, StringComparison.Ordinal);
        Assert.Empty((await stage.ApiAsync(HttpMethod.Get, "/tokens")).AsArray());
    }

    [Theory]
    [InlineData("kind=agent", "f-agent", "Name the agent")]
    [InlineData("kind=person", "f-user", "e-mail")]
    [InlineData("kind=person&user=%22nobody", "f-user", "user must be")]
    [InlineData("kind=agent&agent=Bad%20Name", "f-agent", "agent must be")]
    [InlineData("kind=agent&agent=new-one", "f-owner", "There is no agent new-one")]
    [InlineData("kind=workflow&workflow=w&owner=x", "f-owner", "must be")]
    public async Task The_first_step_says_what_is_wrong_with_the_holder(string query, string at, string message)
    {
        await using var stage = await TokenStage.StartAsync();
        using var answer = await stage.Browser.GetAsync("/tokens/issue?" + query);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains(message, FaultAt(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), at), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_without_its_token_from_a_foreign_page_or_without_its_id_issues_nothing()
    {
        await using var stage = await TokenStage.StartAsync();
        var page = await stage.PageAsync(Nightly);
        var fields = TokenStage.FieldsOf(page);
        using (var bare = await stage.Browser.PostAsync("/tokens/issue", "", fields)) Assert.Equal(HttpStatusCode.Forbidden, bare.StatusCode);
        using (var foreign = await stage.Browser.PostAsync("/tokens/issue", page, "https://evil.example", fields)) Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
        using (var partial = await stage.Browser.PostAsync("/tokens/issue", page, [.. fields.Where(field => field.Name != "once")])) Assert.Equal(HttpStatusCode.BadRequest, partial.StatusCode);
        Assert.Empty((await stage.ApiAsync(HttpMethod.Get, "/tokens")).AsArray());
    }

    [Fact]
    public async Task What_was_shown_and_cannot_be_issued_any_more_is_refused_on_record()
    {
        await using var stage = await TokenStage.StartAsync();
        await stage.ApiAsync(HttpMethod.Post, "/apply", System.Text.Json.Nodes.JsonNode.Parse("""
            {"documents":[{"apiVersion":"symbolon/v1","kind":"Agent","metadata":{"name":"bot","owner":"ops@example.com"}}]}
            """));
        var page = await stage.PageAsync("/tokens/issue?kind=agent&agent=bot");
        // Between the sentence and the click the agent is suspended.
        await stage.ApiAsync(HttpMethod.Post, "/agents/bot/suspend");
        using var answer = await stage.PostFormAsync("/tokens/issue", page);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("Agent bot is suspended", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        var record = Assert.Single((await stage.ApiAsync(HttpMethod.Get, "/audit?kind=token_issued")).AsArray())!["event"]!;
        Assert.Equal(("issue refused: invalid", "bot", false), ((string)record["action"]!, (string)record["agent"]!, (bool)record["allowed"]!));
        Assert.Empty((await stage.ApiAsync(HttpMethod.Get, "/tokens")).AsArray());
    }

    /// <summary>Neither in a page, nor in the API, nor in the audit.</summary>
    private static async Task AssertNowhereElseAsync(TokenStage stage, string secret, string id)
    {
        foreach (var path in new[] { "/tokens", $"/tokens/{id}", "/tokens?state=all", "/servers", "/servers/shop" })
            Assert.DoesNotContain(secret[8..20], await stage.PageAsync(path), StringComparison.Ordinal);
        foreach (var path in new[] { "/tokens", $"/tokens/{id}", "/audit?limit=1000", "/export" })
            Assert.DoesNotContain(secret[8..20], (await stage.ApiAsync(HttpMethod.Get, path)).ToJsonString(), StringComparison.Ordinal);
    }

    private static string FaultAt(string page, string id) =>
        WebUtility.HtmlDecode(Regex.Match(page, $"<p class=\"error\" id=\"{id}-e\">.*?</svg>(.*?)</p>", RegexOptions.Singleline).Groups[1].Value);

    [GeneratedRegex("sym_(usr|agt|wfl)_[0-9A-Za-z]{49}")]
    private static partial Regex Secret();
}
