using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Symbolon.ConformanceTests;

/// <summary>What the console shows of people, agents and workflows, and what ends there.</summary>
[Trait("area", "console")]
public sealed class DesignPeoplePageTests
{
    [Fact]
    public async Task The_page_of_an_agent_says_what_it_can_call_and_by_which_grant()
    {
        await using var stage = await TokenStage.StartAsync();
        await stage.IssueAsync(user: "alice@example.com");
        var list = await stage.PageAsync("/people");
        Assert.Contains("href=\"/people/agents/bot-1\"", list, StringComparison.Ordinal);
        Assert.Contains("href=\"/people/users/alice%40example.com\"", list, StringComparison.Ordinal);
        Assert.DoesNotContain("bot-1", await stage.PageAsync("/people?kind=user"), StringComparison.Ordinal);
        Assert.DoesNotContain("alice", await stage.PageAsync("/people?q=bot"), StringComparison.Ordinal);

        foreach (var path in new[] { "/people/agents/bot-1", "/people/users/alice%40example.com", "/servers/shop?view=access" })
        {
            var page = await stage.PageAsync(path);
            Assert.Contains("mcp:shop:@read", page, StringComparison.Ordinal);
            Assert.Contains("of grant grant-1", page, StringComparison.Ordinal);
            Assert.Contains("alice@example.com with bot-1", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Revoking_everything_needs_the_name_typed_and_says_how_long_it_took_until_every_node_refused()
    {
        await using var stage = await TokenStage.StartAsync();
        await stage.IssueAsync(user: "alice@example.com");
        var page = await stage.PageAsync("/people/users/alice%40example.com");
        using (var wrong = await stage.Browser.PostAsync("/people/users/alice%40example.com/revoke", page, ("confirm", "alice")))
        {
            Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
            Assert.Contains("aria-invalid=\"true\" aria-describedby=\"revoke-confirm-e\"", await wrong.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
        Assert.Single((await stage.ApiAsync(HttpMethod.Get, "/tokens?state=live")).AsArray());

        using (var answer = await stage.Browser.PostAsync("/people/users/alice%40example.com/revoke", page, ("confirm", "alice@example.com"), ("reason", "left")))
            Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        var after = await stage.PageAsync("/people/users/alice%40example.com");
        Assert.Contains("Everything issued to alice@example.com is revoked: 1 live token", after, StringComparison.Ordinal);
        Assert.Matches("1 of 1 node refused it after (less than )?[0-9.]+ s", after);
        Assert.Contains("No live token", after, StringComparison.Ordinal);
        Assert.Empty((await stage.ApiAsync(HttpMethod.Get, "/tokens?state=live")).AsArray());
    }

    [Fact]
    public async Task An_agent_is_suspended_by_typing_its_name_resumed_and_retired()
    {
        await using var stage = await TokenStage.StartAsync();
        await stage.IssueAsync();
        await StepAsync(stage, "suspend", HttpStatusCode.UnprocessableEntity, ("confirm", "bot"));
        await StepAsync(stage, "suspend", HttpStatusCode.SeeOther, ("confirm", "bot-1"));
        Assert.Contains("agent bot-1 is suspended", await stage.PageAsync("/people/agents/bot-1"), StringComparison.Ordinal);
        await StepAsync(stage, "resume", HttpStatusCode.SeeOther);
        Assert.Equal("active", await StateAsync(stage));
        await StepAsync(stage, "retire", HttpStatusCode.SeeOther, ("confirm", "bot-1"));
        Assert.Equal("retired", await StateAsync(stage));
    }

    [Fact]
    public async Task A_change_of_an_agent_in_between_stops_the_form_and_says_so()
    {
        await using var stage = await TokenStage.StartAsync();
        await stage.IssueAsync();
        var page = await stage.PageAsync("/people/agents/bot-1");
        await stage.ApiAsync(HttpMethod.Post, "/agents/bot-1/suspend");
        await stage.ApiAsync(HttpMethod.Post, "/agents/bot-1/resume");
        using var answer = await stage.Browser.PostAsync("/people/agents/bot-1/suspend", page, ("version", Version(page)), ("confirm", "bot-1"));
        Assert.Equal(HttpStatusCode.PreconditionFailed, answer.StatusCode);
        Assert.Equal("active", await StateAsync(stage));
    }

    [Theory]
    [InlineData("/people/agents/nobody")]
    [InlineData("/people/agents/%3Cscript%3E")]
    [InlineData("/people/workflows/..%2F..")]
    [InlineData("/people/users/nobody%40example.com")]
    [InlineData("/people/users/x")]
    public async Task Who_is_not_there_has_a_page_that_says_so(string path)
    {
        await using var stage = await TokenStage.StartAsync();
        using var answer = await stage.Browser.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("There is no such", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Odd_addresses_labels_and_searches_are_shown_and_break_nothing()
    {
        await using var stage = await TokenStage.StartAsync();
        const string odd = "o'brien&co+`=x@example.com";
        await stage.ApiAsync(HttpMethod.Post, "/apply", new JsonObject
        {
            ["documents"] = new JsonArray(
                new JsonObject { ["apiVersion"] = "symbolon/v1", ["kind"] = "Agent", ["metadata"] = new JsonObject { ["name"] = "odd", ["owner"] = odd, ["labels"] = new JsonObject { ["note"] = "<script>alert(1)</script>\u202E" } } }),
        });
        await stage.IssueAsync(user: odd);
        var path = $"/people/users/{Uri.EscapeDataString(odd)}";
        Assert.Contains($"href=\"{path}\"", WebUtility.HtmlDecode(await stage.PageAsync("/people")), StringComparison.Ordinal);
        foreach (var each in new[] { path, "/people", "/people/agents/odd", "/people?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E", "/people?kind=%22%3E&after=%22%3E%3Cscript%3E", "/people?after=agent%2F%3Cscript%3E" })
        {
            var page = await stage.PageAsync(each);
            Assert.DoesNotContain("<script>", page, StringComparison.OrdinalIgnoreCase);
            Assert.EndsWith("</html>", page.Trim(), StringComparison.Ordinal);
        }
        var owned = await stage.PageAsync(path);
        using var answer = await stage.Browser.PostAsync($"{path}/revoke", owned, ("confirm", odd));
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
    }

    private static async Task StepAsync(TokenStage stage, string action, HttpStatusCode expected, params (string Name, string Value)[] fields)
    {
        var page = await stage.PageAsync("/people/agents/bot-1");
        using var answer = await stage.Browser.PostAsync($"/people/agents/bot-1/{action}", page, [("version", Version(page)), .. fields]);
        Assert.Equal(expected, answer.StatusCode);
    }

    private static string Version(string page) => Regex.Match(page, "name=\"version\" value=\"([0-9]+)\"").Groups[1].Value;

    private static async Task<string?> StateAsync(TokenStage stage) => (string?)(await stage.ApiAsync(HttpMethod.Get, "/agents/bot-1"))["state"];
}
