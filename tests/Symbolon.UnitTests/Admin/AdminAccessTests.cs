using System.Text.Json;

namespace Symbolon.UnitTests.Admin;

/// <summary>Who may call what and why, by the API.</summary>
[Trait("area", "admin")]
public sealed class AdminAccessTests
{
    [Fact]
    public async Task A_token_opens_what_it_names_and_grants_allow_with_the_scope_and_the_grant_of_each_tool()
    {
        await using var host = await StartAsync();
        await IssueAsync(host, """{"agent":"bot","user":"alice@example.com","servers":[{"name":"shop","effects":["read"],"tools":["change"]}]}""");

        var token = Assert.Single(await AccessAsync(host, "agent=bot&by=token"));
        Assert.Equal("token", token.GetProperty("by").GetString());
        Assert.Equal("alice@example.com", token.GetProperty("users")[0].GetString());
        var tools = token.GetProperty("servers")[0].GetProperty("tools").EnumerateArray().Select(tool => string.Join(' ', new[] { "name", "scope", "grant" }.Select(name => tool.GetProperty(name).GetString()))).ToList();
        Assert.Equal(["change mcp:shop:change both", "look mcp:shop:@read both"], tools);
        Assert.Equal((1, 1, 0), Effects(token.GetProperty("effects")));
    }

    [Fact]
    public async Task Grants_come_first_and_say_who_must_be_together()
    {
        await using var host = await StartAsync();
        await IssueAsync(host, """{"agent":"bot","user":"alice@example.com","servers":[{"name":"shop","effects":["read"]}]}""");

        var entries = await AccessAsync(host, "user=ALICE@example.com");
        Assert.Equal(["grant alone", "grant both", "token"], entries.Select(entry => entry.GetProperty("by").GetString() is "token" ? "token" : $"grant {entry.GetProperty("name").GetString()}"));
        Assert.Equal("bot", entries[1].GetProperty("agents")[0].GetString());
        Assert.Equal((1, 0, 1), Effects(entries[0].GetProperty("effects")));
        Assert.Equal(["look", "peek"], Tools(Assert.Single(await AccessAsync(host, "workflow=night"))));
    }

    [Fact]
    public async Task A_suspended_agent_a_suspended_server_and_an_ended_grant_are_told_as_the_reason_why_nothing_opens()
    {
        await using var host = await StartAsync();
        await IssueAsync(host, """{"agent":"bot","user":"alice@example.com","servers":[{"name":"shop","effects":["read"]}]}""");

        await host.PostAsync("/api/v1/agents/bot/suspend");
        var token = Assert.Single(await AccessAsync(host, "user=alice@example.com&by=token"));
        Assert.Equal("agent bot is suspended", token.GetProperty("blocked").GetString());
        Assert.Empty(Tools(token));
        await host.PostAsync("/api/v1/agents/bot/resume");

        await host.PostAsync("/api/v1/servers/shop/suspend");
        Assert.All(await AccessAsync(host, "server=shop"), entry => Assert.Equal("the server is suspended", entry.GetProperty("servers")[0].GetProperty("blocked").GetString()));
        await host.PostAsync("/api/v1/servers/shop/resume");

        foreach (var grant in new[] { "both", "alone" }) await host.PostAsync($"/api/v1/grants/{grant}/retire");
        token = Assert.Single(await AccessAsync(host, "agent=bot"));
        Assert.Equal("token", token.GetProperty("by").GetString());
        Assert.Equal("no live grant matches its holder", token.GetProperty("servers")[0].GetProperty("blocked").GetString());
    }

    [Fact]
    public async Task Revoked_tokens_are_left_out_and_the_pages_join_without_a_gap()
    {
        await using var host = await StartAsync();
        for (var i = 0; i < 7; i++) await IssueAsync(host, """{"agent":"bot","user":"alice@example.com","servers":[{"name":"shop","effects":["read"]}]}""");
        var all = await AccessAsync(host, "server=shop");
        Assert.Equal(10, all.Count);

        var seen = new List<string?>();
        var path = "/api/v1/access?server=shop&limit=2";
        while (path is not null)
        {
            var page = await host.GetAsync(path);
            seen.AddRange(page.Json.EnumerateArray().Select(entry => entry.GetProperty("name").GetString()));
            path = page.Headers.TryGetValue("Link", out var link) ? link[1..link.IndexOf('>', StringComparison.Ordinal)] : null;
        }
        Assert.Equal(all.Select(entry => entry.GetProperty("name").GetString()), seen);

        await host.PostAsync("/api/v1/revocations", """{"agent":"bot"}""");
        Assert.Empty(await AccessAsync(host, "agent=bot&by=token"));
    }

    [Theory]
    [InlineData("", 422)]
    [InlineData("user=a@example.com&agent=b", 422)]
    [InlineData("agent=b&by=both", 400)]
    [InlineData("agent=b&nothing=x", 400)]
    public async Task A_question_about_nobody_or_two_is_refused(string query, int status)
    {
        await using var host = await AdminHost.StartAsync();
        Assert.Equal(status, (await host.GetAsync($"/api/v1/access?{query}")).Status);
    }

    [Fact]
    public async Task Nobody_has_access_where_nothing_is_named()
    {
        await using var host = await StartAsync();
        foreach (var query in new[] { "agent=..%2F", "server=%00x".Replace("%00", "%E2%80%AE", StringComparison.Ordinal), "workflow=nobody" }) Assert.Empty(await AccessAsync(host, query));
    }

    [Fact]
    public async Task People_and_agents_have_their_live_tokens_and_what_grants_open_for_them()
    {
        await using var host = await StartAsync();
        await IssueAsync(host, """{"agent":"bot","user":"alice@example.com","servers":[{"name":"shop","effects":["read"]}]}""");

        var agent = (await host.GetAsync("/api/v1/agents/bot")).Json;
        Assert.Equal(1, agent.GetProperty("liveTokens").GetInt32());
        Assert.Equal((1, 1, 0), Effects(agent.GetProperty("reach")));
        var people = (await host.GetAsync("/api/v1/users")).Json;
        Assert.Equal(["alice@example.com"], people.EnumerateArray().Select(person => person.GetProperty("email").GetString()));
        Assert.Equal((1, 1, 1), Effects(people[0].GetProperty("reach")));
        Assert.Equal(200, (await host.GetAsync("/api/v1/users/Alice@example.com")).Status);
        Assert.Equal(404, (await host.GetAsync("/api/v1/users/nobody@example.com")).Status);
        Assert.Empty((await host.GetAsync("/api/v1/users?q=bob")).Json.EnumerateArray());
        Assert.Equal(1, (await host.GetAsync("/api/v1/agents?q=OPS")).Json.GetArrayLength());

        host.Store.IsBroken = true;
        agent = (await host.GetAsync("/api/v1/agents/bot")).Json;
        Assert.False(agent.TryGetProperty("liveTokens", out _));
    }

    private static async Task<AdminHost> StartAsync()
    {
        var host = await AdminHost.StartAsync();
        await host.HaveServerAsync();
        var applied = await host.PostAsync("/api/v1/apply", $$$"""
            {"documents":[{{{AdminHost.AgentDocument("bot")}}},
              {"apiVersion":"symbolon/v1","kind":"Workflow","metadata":{"name":"night","owner":"ops@example.com"}},
              {"apiVersion":"symbolon/v1","kind":"Grant","metadata":{"name":"both"},"spec":{"to":{"users":["alice@example.com"],"agents":["bot"]},"servers":[{"name":"shop","effects":["read"],"tools":["change"]}]}},
              {"apiVersion":"symbolon/v1","kind":"Grant","metadata":{"name":"alone"},"spec":{"to":{"users":["alice@example.com"]},"servers":[{"name":"shop","tools":["look","drop"]}]}},
              {"apiVersion":"symbolon/v1","kind":"Grant","metadata":{"name":"nightly"},"spec":{"to":{"workflows":["night"]},"servers":[{"name":"shop","tools":["peek","look"]}]}}]}
            """);
        Assert.Equal(200, applied.Status);
        return host;
    }

    private static async Task IssueAsync(AdminHost host, string order) => Assert.Equal(201, (await host.PostAsync("/api/v1/tokens", order)).Status);

    private static async Task<List<JsonElement>> AccessAsync(AdminHost host, string query)
    {
        var answer = await host.GetAsync($"/api/v1/access?{query}");
        Assert.Equal(200, answer.Status);
        return [.. answer.Json.EnumerateArray()];
    }

    private static List<string?> Tools(JsonElement entry) => [.. entry.GetProperty("servers").EnumerateArray().SelectMany(server => server.GetProperty("tools").EnumerateArray()).Select(tool => tool.GetProperty("name").GetString())];

    private static (int, int, int) Effects(JsonElement counts) => (counts.GetProperty("read").GetInt32(), counts.GetProperty("write").GetInt32(), counts.GetProperty("irreversible").GetInt32());
}
