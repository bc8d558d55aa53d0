using Symbolon.Core;
using Symbolon.Core.Audit;

namespace Symbolon.UnitTests.Admin;

/// <summary>The list of tokens: filters, order, and what of a token is not used.</summary>
[Trait("area", "admin")]
public sealed class AdminTokenListTests : IAsyncDisposable
{
    private AdminHost host = null!;

    [Fact]
    public async Task Filters_combine_and_a_text_is_found_in_holders_and_servers_without_case()
    {
        await StartAsync();
        var alice = await IssueAsync("""{"user":"alice@example.com","servers":[{"name":"shop","tools":["look"]}],"ttl":"1h","createGrant":{"name":"a"} }""");
        var bot = await IssueAsync("""{"user":"alice@example.com","agent":"bot","servers":[{"name":"post","tools":["look"]}],"ttl":"8h","createGrant":{"name":"b"},"createAgent":{"owner":"o@example.com"} }""");
        var nightly = await IssueAsync("""{"workflow":"nightly","servers":[{"name":"shop","tools":["look"]}],"ttl":"4h","createGrant":{"name":"c"},"createWorkflow":{"owner":"o@example.com"} }""");

        Assert.Equal([alice], await IdsAsync("kind=user"));
        Assert.Equal([bot], await IdsAsync("kind=agent"));
        Assert.Equal([nightly], await IdsAsync("kind=workflow&state=live"));
        Assert.Equal([alice, bot], await IdsAsync("q=ALICE&order=expires"));
        Assert.Equal([bot], await IdsAsync("q=os&server=post"));
        Assert.Equal([alice, nightly], await IdsAsync("q=hop&order=expires"));
        Assert.Equal([nightly], await IdsAsync($"q={nightly}"));
        Assert.Equal([alice, nightly, bot], await IdsAsync("order=expires"));
        Assert.Equal([bot, nightly, alice], await IdsAsync("order=expires&reverse=true"));
        Assert.Equal([alice], await IdsAsync($"expiresBefore={Uri.EscapeDataString(host.Clock.GetUtcNow().AddHours(2).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"))}"));
        Assert.Equal([bot], await IdsAsync("user=Alice@example.com&agent=bot"));
    }

    [Fact]
    public async Task Pages_of_a_sorted_list_join_by_their_links()
    {
        await StartAsync();
        var issued = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            host.Clock.Advance(TimeSpan.FromSeconds(1));
            issued.Add(await IssueAsync($$"""{"user":"u{{i}}@example.com","servers":[{"name":"shop","tools":["look"]}],"createGrant":{"name":"g{{i}}"} }"""));
        }
        var seen = new List<string>();
        for (var path = "/api/v1/tokens?order=issued&reverse=true&limit=2"; path is not null;)
        {
            var page = await host.GetAsync(path);
            seen.AddRange(page.Json.EnumerateArray().Select(token => token.GetProperty("id").GetString()!));
            path = page.Headers.TryGetValue("Link", out var link) ? link.Split('<', '>')[1] : null;
        }
        Assert.Equal(Enumerable.Reverse(issued), seen);
    }

    [Theory]
    [InlineData("kind=robot", "kind must be one of user, agent, workflow.")]
    [InlineData("state=dead", "state must be one of live, expired, revoked.")]
    [InlineData("order=name", "order must be one of id, expires, issued, lastUsed.")]
    [InlineData("reverse=yes", "reverse must be true or false.")]
    [InlineData("expiresBefore=soon", "expiresBefore must be a time as 2027-03-31T12:00:00Z, a day as 2027-03-31 (its start, UTC), or microseconds since 1970.")]
    [InlineData("order=expires&after=tok_0000000000000000000000", "after must be taken from the Link of the page before, in the same order.")]
    public async Task A_query_that_means_nothing_is_refused_by_name(string query, string why)
    {
        await StartAsync();
        var answer = await host.GetAsync($"/api/v1/tokens?{query}");
        Assert.Equal((400, why), (answer.Status, answer.Json.GetProperty("detail").GetString()));
    }

    [Fact]
    public async Task A_token_says_what_it_may_call_and_what_of_that_was_never_or_not_lately_called()
    {
        await StartAsync();
        var id = await IssueAsync("""{"user":"alice@example.com","ttl":"90d","servers":[{"name":"shop","tools":["look","change","drop"]}],"createGrant":{"name":"a"} }""");
        var now = host.Clock.Microseconds();
        host.Usage.Tokens.Add(new TokenToolUse(id, "shop", "look", 3, now));
        host.Usage.Tokens.Add(new TokenToolUse(id, "shop", "change", 1, now - 30L * 24 * 3600 * 1_000_000));

        foreach (var found in new[] { (await host.GetAsync($"/api/v1/tokens/{id}")).Json, (await host.GetAsync("/api/v1/tokens")).Json[0] })
        {
            Assert.Equal(3, found.GetProperty("toolCount").GetInt32());
            Assert.Equal("""{"read":1,"write":1,"irreversible":1}""", found.GetProperty("toolsByEffect").GetRawText());
            Assert.Equal("""{"never":1,"notIn30Days":1}""", found.GetProperty("unusedTools").GetRawText());
        }
        Assert.Equal(["change not_in_30_days", "drop never", "look -"], await UnusedAsync(id));

        await host.PostAsync($"/api/v1/tokens/{id}/revoke");
        var ended = (await host.GetAsync($"/api/v1/tokens/{id}")).Json;
        Assert.Equal((0, """{"never":0,"notIn30Days":0}"""), (ended.GetProperty("toolCount").GetInt32(), ended.GetProperty("unusedTools").GetRawText()));
        Assert.Equal(["change -", "drop -", "look -"], await UnusedAsync(id));
    }

    public async ValueTask DisposeAsync() => await host.DisposeAsync();

    private async Task StartAsync()
    {
        host = await AdminHost.StartAsync();
        await host.HaveServerAsync();
        await host.HaveServerAsync("post");
    }

    private async Task<IEnumerable<string>> UnusedAsync(string id) => (await host.GetAsync($"/api/v1/tokens/{id}/tools")).Json.EnumerateArray()
        .Select(tool => $"{tool.GetProperty("tool").GetString()} {(tool.TryGetProperty("unused", out var unused) ? unused.GetString() : "-")}");

    private async Task<string> IssueAsync(string order)
    {
        var answer = await host.PostAsync("/api/v1/tokens", order);
        Assert.True(answer.Status == 201, answer.Text);
        return answer.Json.GetProperty("id").GetString()!;
    }

    private async Task<IEnumerable<string>> IdsAsync(string query) =>
        (await host.GetAsync($"/api/v1/tokens?{query}")).Json.EnumerateArray().Select(token => token.GetProperty("id").GetString()!);
}
