using Symbolon.Core.Policy;

namespace Symbolon.UnitTests.Admin;

[Trait("area", "admin")]
public sealed class AdminListTests(SharedAdminHost shared) : IClassFixture<SharedAdminHost>
{
    [Fact]
    public async Task A_list_comes_in_pages_that_link_to_the_next()
    {
        await using var host = await AdminHost.StartAsync();
        var documents = string.Join(",", Enumerable.Range(0, 5).Select(i => AdminHost.AgentDocument($"bot-{i}")));
        await host.PostAsync("/api/v1/apply", $$"""{"documents":[{{documents}}]}""");

        var seen = new List<string>();
        var next = "/api/v1/agents?limit=2";
        for (var pages = 1; ; pages++)
        {
            var page = await host.GetAsync(next);
            seen.AddRange(page.Json.EnumerateArray().Select(agent => agent.GetProperty("name").GetString()!));
            if (!page.Headers.TryGetValue("Link", out var link))
            {
                Assert.Equal(3, pages);
                break;
            }
            Assert.EndsWith(">; rel=\"next\"", link, StringComparison.Ordinal);
            next = link[1..link.IndexOf('>', StringComparison.Ordinal)];
            Assert.StartsWith("/api/v1/agents?", next, StringComparison.Ordinal);
        }
        Assert.Equal(["bot-0", "bot-1", "bot-2", "bot-3", "bot-4"], seen);
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=1001")]
    [InlineData("limit=x")]
    [InlineData("limit=1&limit=2")]
    [InlineData("after=")]
    [InlineData("colour=red")]
    [InlineData("after=%00")]
    public async Task A_query_that_is_not_understood_is_refused(string query)
    {
        var host = shared.Host;
        foreach (var list in new[] { "servers", "agents", "workflows", "grants", "resources", "secrets", "tokens", "audit" })
            Assert.Equal((400, "malformed_request"), (await host.GetAsync($"/api/v1/{list}?{query}")) switch { var answer => (answer.Status, answer.Code) });
    }

    [Fact]
    public async Task Secrets_are_listed_with_who_uses_them_and_until_when_and_without_their_values()
    {
        await using var host = await AdminHost.StartAsync();
        foreach (var name in new[] { "spare", "shop-key" })
            Assert.Equal(200, (await host.SendAsync("PUT", $"/api/v1/secrets/{name}", $$"""{"value":"the value of {{name}}"}""")).Status);
        var document = AdminHost.ServerDocument("shop").Replace("\"tools\"", "\"credential\":{\"mode\":\"static\",\"header\":\"X-Key\",\"secret\":\"shop-key\",\"expires\":\"2027-12-31\"},\"tools\"", StringComparison.Ordinal);
        Assert.Equal(200, (await host.PostAsync("/api/v1/apply", $$"""{"documents":[{{document}}]}""")).Status);

        var listed = await host.GetAsync("/api/v1/secrets");

        Assert.Equal("""[{"name":"shop-key","version":1,"usedBy":["shop"],"phase":"steady","ageDays":0,"expires":"2027-12-31"},{"name":"spare","version":1,"usedBy":[],"phase":"steady","ageDays":0}]""", Timeless(listed.Text));
        await host.PostAsync("/api/v1/servers/shop/approve", """{"version":1}""");
        await host.PostAsync("/api/v1/servers/shop/retire");
        // What was its own is destroyed with it.
        Assert.Equal("""[{"name":"spare","version":1,"usedBy":[],"phase":"steady","ageDays":0}]""", Timeless((await host.GetAsync("/api/v1/secrets")).Text));
    }

    [Fact]
    public async Task A_secret_is_rotated_in_two_steps_that_tell_what_became_of_it()
    {
        await using var host = await AdminHost.StartAsync();
        await host.SendAsync("PUT", "/api/v1/secrets/key", """{"value":"the first value"}""");
        Assert.Equal("""{"name":"key","version":1,"phase":"rotating","changed":true,"trials":[]}""", (await host.SendAsync("PUT", "/api/v1/secrets/key/rotation", """{"value":"the next value"}""")).Text);
        Assert.Equal("rotating", (await host.GetAsync("/api/v1/secrets/key")).Json.GetProperty("phase").GetString());
        Assert.Equal(409, (await host.SendAsync("PUT", "/api/v1/secrets/key", """{"value":"a third value"}""")).Status);
        Assert.Equal("""{"name":"key","version":2,"phase":"steady","changed":true,"trials":[]}""", (await host.PostAsync("/api/v1/secrets/key/rotation/finish")).Text);
        Assert.Equal("""{"name":"key","version":2,"phase":"steady","changed":false,"trials":[]}""", (await host.PostAsync("/api/v1/secrets/key/rotation/cancel")).Text);
        Assert.Equal(404, (await host.GetAsync("/api/v1/secrets/none")).Status);
    }

    [Theory]
    [InlineData("static", "static_credential")]
    [InlineData("shared", "shared_credential")]
    public async Task A_secret_that_lasts_is_a_finding(string mode, string code)
    {
        await using var host = await AdminHost.StartAsync();
        var document = AdminHost.ServerDocument("shop").Replace("\"tools\"", $"\"credential\":{{\"mode\":\"{mode}\",\"header\":\"X-Key\",\"secret\":\"key\",\"expires\":\"2027-12-31\"}},\"tools\"", StringComparison.Ordinal);
        Assert.Equal(200, (await host.PostAsync("/api/v1/apply", $$"""{"documents":[{{document}}]}""")).Status);
        var finding = (await host.GetAsync("/api/v1/servers/shop")).Json.GetProperty("findings")[0];
        Assert.Equal((code, $"credential: {mode}, ends 2027-12-31"), (finding.GetProperty("code").GetString(), finding.GetProperty("text").GetString()));
        Assert.Equal(1, (await host.GetAsync("/api/v1/servers")).Json[0].GetProperty("findings").GetArrayLength());
    }

    [Fact]
    public async Task A_token_that_is_bound_to_no_key_is_a_finding()
    {
        await using var host = await AdminHost.StartAsync();
        var document = System.Text.Json.Nodes.JsonNode.Parse(AdminHost.ServerDocument("shop"))!;
        document["spec"]!["upstream"] = new System.Text.Json.Nodes.JsonObject { ["transport"] = "stdio", ["command"] = "/usr/bin/shop" };
        document["spec"]!["credential"] = new System.Text.Json.Nodes.JsonObject { ["mode"] = "exchange", ["audience"] = "https://a.example.com", ["file"] = "TOKEN_FILE" };
        Assert.Equal(200, (await host.PostAsync("/api/v1/apply", $$"""{"documents":[{{document.ToJsonString()}}]}""")).Status);
        var finding = (await host.GetAsync("/api/v1/servers/shop")).Json.GetProperty("findings")[0];
        Assert.Equal(("unbound_credential", "credential: bound to no key, for https://a.example.com"), (finding.GetProperty("code").GetString(), finding.GetProperty("text").GetString()));
    }

    private static string Timeless(string json) => System.Text.RegularExpressions.Regex.Replace(json, "\"storedAt\":\"[^\"]*\",", "");

    [Theory]
    [InlineData("\"1\"", 200)]
    [InlineData("*", 200)]
    [InlineData("\"2\"", 412)]
    [InlineData("W/\"1\"", 400)]
    [InlineData("1", 400)]
    [InlineData("\"1\", \"2\"", 400)]
    [InlineData("\"x\"", 400)]
    public async Task If_Match_holds_a_change_to_the_version_that_was_seen(string tag, int status)
    {
        await using var host = await AdminHost.StartAsync();
        await host.PostAsync("/api/v1/apply", $$"""{"documents":[{{AdminHost.AgentDocument("bot")}}]}""");
        var answer = await host.PostAsync("/api/v1/agents/bot/suspend", null, ("If-Match", tag));
        Assert.Equal(status, answer.Status);
        if (status == 200) Assert.Equal("\"2\"", answer.Headers["ETag"]);
    }

    [Fact]
    public async Task Tokens_are_listed_by_holder_server_and_life()
    {
        await using var host = await AdminHost.StartAsync();
        await host.HaveServerAsync();
        var first = await IssueAsync(host, "alice@example.com", "a");
        var second = await IssueAsync(host, "bob@example.com", "b");
        await host.PostAsync("/api/v1/revocations", """{"user":"Bob@example.com"}""");

        Assert.Equal([first], await IdsAsync(host, "user=Alice@example.com"));
        Assert.Equal(new[] { first, second }.Order(StringComparer.Ordinal), await IdsAsync(host, "server=shop"));
        Assert.Empty(await IdsAsync(host, "server=other"));
        Assert.Equal([first], await IdsAsync(host, "state=live"));
        host.Clock.Advance(TimeSpan.FromDays(31));
        Assert.Empty(await IdsAsync(host, "state=live"));
        Assert.Equal("expired", (await host.GetAsync($"/api/v1/tokens/{first}")).Json.GetProperty("state").GetString());
        Assert.Equal([first], await IdsAsync(host, "state=expired"));
        Assert.Equal([second], await IdsAsync(host, "state=revoked"));
    }

    [Theory]
    [InlineData("/api/v1/servers/nosuch")]
    [InlineData("/api/v1/servers/Not%20A%20Name")]
    [InlineData("/api/v1/agents/nosuch")]
    [InlineData("/api/v1/workflows/nosuch")]
    [InlineData("/api/v1/grants/nosuch")]
    [InlineData("/api/v1/tokens/tok_0000000000000000000000")]
    [InlineData("/api/v1/tokens/x")]
    public async Task What_is_not_there_is_a_404_problem(string path)
    {
        var host = shared.Host;
        var answer = await host.GetAsync(path);
        Assert.Equal((404, "not_found"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task While_the_store_is_away_reads_go_on_from_memory_and_changes_answer_503()
    {
        await using var host = await AdminHost.StartAsync();
        await host.HaveServerAsync();
        host.Store.IsBroken = true;

        var server = await host.GetAsync("/api/v1/servers/shop");
        Assert.Equal((200, "shop"), (server.Status, server.Json.GetProperty("name").GetString()));
        Assert.False(server.Headers.ContainsKey("ETag"));
        Assert.Equal(200, (await host.GetAsync("/api/v1/servers")).Status);
        var tokens = await host.GetAsync("/api/v1/tokens");
        Assert.Equal((503, "state_stale", "1"), (tokens.Status, tokens.Code, tokens.Headers["Retry-After"]));
        var suspend = await host.PostAsync("/api/v1/servers/shop/suspend");
        Assert.Equal((503, "not_durable"), (suspend.Status, suspend.Code));
    }

    [Fact]
    public async Task Reason_codes_are_explained_to_programs_in_the_words_of_their_pages()
    {
        await using var host = await AdminHost.StartAsync();
        var all = (await host.GetAsync("/api/v1/reasons")).Json.EnumerateArray().ToList();
        Assert.Equal(ReasonCodes.AllTexts, all.Select(reason => reason.GetProperty("code").GetString()));
        var one = await host.GetAsync("/api/v1/reasons/not_granted");
        Assert.Equal((int)ReasonCode.NotGranted, one.Json.GetProperty("number").GetInt32());
        Assert.Contains("no grant of the person and the agent", one.Json.GetProperty("what").GetString(), StringComparison.Ordinal);
        Assert.Equal(404, (await host.GetAsync("/api/v1/reasons/NOT_GRANTED")).Status);
    }

    [Fact]
    public async Task Nodes_are_listed_with_what_they_have_confirmed()
    {
        await using var host = await AdminHost.StartAsync();
        host.Nodes.Live.Add(new Core.Snapshot.NodeStatus("n1", 3, 7, 1_800_000_000_000_000));
        Assert.Equal("""[{"node":"n1","lease":3,"confirmedRevision":7,"seenAt":"2027-01-15T08:00:00+00:00"}]""", (await host.GetAsync("/api/v1/nodes")).Text);
    }

    private static async Task<string> IssueAsync(AdminHost host, string user, string grant)
    {
        var answer = await host.PostAsync("/api/v1/tokens", $$"""{"user":"{{user}}","servers":[{"name":"shop","tools":["look"]}],"createGrant":{"name":"{{grant}}"} }""");
        Assert.Equal(201, answer.Status);
        return answer.Json.GetProperty("id").GetString()!;
    }

    private static async Task<IEnumerable<string>> IdsAsync(AdminHost host, string query) =>
        (await host.GetAsync($"/api/v1/tokens?{query}")).Json.EnumerateArray().Select(token => token.GetProperty("id").GetString()!);
}
