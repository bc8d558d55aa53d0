using System.Net;
using System.Text.RegularExpressions;

namespace Symbolon.ConformanceTests;

/// <summary>DESIGN.md section 4, Tokens, as the console's list shows them.</summary>
[Trait("area", "console")]
public sealed partial class DesignTokenListTests
{
    [Fact]
    public async Task A_list_without_a_token_says_what_will_be_there()
    {
        await using var stage = await TokenStage.StartAsync();
        Assert.Contains("No live token", await stage.PageAsync("/tokens"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_says_who_holds_what_until_when_and_shows_no_more_of_the_token_than_its_id()
    {
        await using var stage = await TokenStage.StartAsync();
        var issued = await stage.IssueAsync(user: "alice@example.com");
        var page = await stage.PageAsync("/tokens");
        Assert.Contains($"<a href=\"/tokens/{issued["id"]}\">bot-1</a>", page, StringComparison.Ordinal);
        Assert.Contains("1 write</span>", page, StringComparison.Ordinal);
        Assert.Contains("2 of 2</span>", page, StringComparison.Ordinal);
        Assert.Contains("never called", page, StringComparison.Ordinal);
        Assert.Contains("for alice@example.com", page, StringComparison.Ordinal);
        Assert.Contains($"<code>{issued["id"]}</code>", page, StringComparison.Ordinal);
        Assert.Contains("href=\"/tokens\" aria-current=\"page\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain((string)issued["token"]!, page, StringComparison.Ordinal);
        Assert.DoesNotContain(((string)issued["token"]!)[8..16], page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_is_given_in_pages_of_twenty_five_that_together_show_each_token_once()
    {
        await using var stage = await TokenStage.StartAsync();
        for (var i = 0; i < 30; i++) await stage.IssueAsync();
        var first = await stage.PageAsync("/tokens");
        var next = WebUtility.HtmlDecode(More().Match(first).Groups[1].Value);
        var second = await stage.PageAsync(next);
        Assert.Equal(25, Rows(first).Count);
        Assert.Equal(5, Rows(second).Count);
        Assert.Equal(30, Rows(first).Concat(Rows(second)).Distinct().Count());
        Assert.DoesNotMatch(More(), second);
    }

    [Fact]
    public async Task The_address_holds_the_filter_and_a_revoked_token_is_shown_only_when_asked_for()
    {
        await using var stage = await TokenStage.StartAsync("http://127.0.0.1:1/mcp", "shop", "post");
        var alices = (string)(await stage.IssueAsync(user: "alice@example.com"))["id"]!;
        var posts = (string)(await stage.IssueAsync(server: "post"))["id"]!;
        Assert.Equal([alices], Rows(await stage.PageAsync("/tokens?q=Alice%40example.com")));
        Assert.Equal([posts], Rows(await stage.PageAsync("/tokens?q=post")));
        Assert.Equal([posts], Rows(await stage.PageAsync("/tokens?q=bot-2")));
        Assert.Equal([posts], Rows(await stage.PageAsync($"/tokens?q={posts}")));
        await stage.ApiAsync(HttpMethod.Post, $"/tokens/{posts}/revoke");
        Assert.Equal([alices], Rows(await stage.PageAsync("/tokens")));
        Assert.Equal([posts], Rows(await stage.PageAsync("/tokens?state=revoked")));
        Assert.Equal([posts], Rows(await stage.PageAsync($"/tokens?q={posts}")));
        var all = await stage.PageAsync("/tokens?state=all");
        Assert.Equal(2, Rows(all).Count);
        Assert.Contains("Revoked", all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_ended_with_its_holder_or_server_leaves_no_hole_in_the_pages_of_what_lives()
    {
        await using var stage = await TokenStage.StartAsync("http://127.0.0.1:1/mcp", "shop", "post");
        for (var i = 0; i < 120; i++)
            await stage.ApiAsync(HttpMethod.Post, "/tokens", new System.Text.Json.Nodes.JsonObject
            {
                ["user"] = i < 60 ? "doomed@example.com" : "fine@example.com",
                ["servers"] = new System.Text.Json.Nodes.JsonArray(new System.Text.Json.Nodes.JsonObject { ["name"] = i < 60 ? "shop" : i < 115 ? "post" : "shop", ["tools"] = new System.Text.Json.Nodes.JsonArray("look") }),
                ["createGrant"] = new System.Text.Json.Nodes.JsonObject { ["name"] = $"g{i}" },
                ["ttl"] = "1h",
            });
        await stage.ApiAsync(HttpMethod.Post, "/revocations", new System.Text.Json.Nodes.JsonObject { ["user"] = "doomed@example.com" });
        await stage.ApiAsync(HttpMethod.Post, "/revocations", new System.Text.Json.Nodes.JsonObject { ["server"] = "post" });

        var page = await stage.PageAsync("/tokens");
        Assert.Equal(5, Rows(page).Count);
        Assert.DoesNotMatch(More(), page);
        Assert.Equal(5, (await stage.ApiAsync(HttpMethod.Get, "/tokens?state=live&limit=5")).AsArray().Count);
        Assert.Empty((await stage.ApiAsync(HttpMethod.Get, "/tokens?state=live&user=doomed@example.com")).AsArray());
        Assert.Equal(60, (await stage.ApiAsync(HttpMethod.Get, "/tokens?state=revoked&user=doomed@example.com&limit=100")).AsArray().Count);
        Assert.All((await stage.ApiAsync(HttpMethod.Get, "/overview"))["nextToEnd"]!.AsArray(), token => Assert.Equal("fine@example.com", (string)token!["user"]!));
    }

    [Fact]
    public async Task A_column_sorts_the_list_and_turns_it_round_and_the_filters_stay_in_the_address()
    {
        await using var stage = await TokenStage.StartAsync();
        string[] issued = [(string)(await stage.IssueAsync())["id"]!, (string)(await stage.IssueAsync())["id"]!, (string)(await stage.IssueAsync(user: "alice@example.com"))["id"]!];
        var page = await stage.PageAsync("/tokens?kind=agent&within=24h&q=bot");
        Assert.Equal(issued, Rows(page));
        Assert.Contains("<th scope=\"col\" aria-sort=\"ascending\"><a class=\"sort\" href=\"/tokens?q=bot&amp;kind=agent&amp;within=24h&amp;reverse=true\">Expires", page, StringComparison.Ordinal);
        Assert.Contains("href=\"/tokens?q=bot&amp;kind=agent&amp;within=24h&amp;order=issued\"", page, StringComparison.Ordinal);
        Assert.Contains("<option value=\"24h\" selected", page, StringComparison.Ordinal);
        Assert.Equal(issued.Reverse(), Rows(await stage.PageAsync("/tokens?order=issued&reverse=true")));
        Assert.Empty(Rows(await stage.PageAsync("/tokens?kind=user")));
        Assert.Equal([issued[2]], Rows(await stage.PageAsync("/tokens?q=LICE%40")));
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\"><img src=x onerror=alert(1)>")]
    [InlineData("' OR 1=1 -- \uFEFF\u202E")]
    public async Task What_is_searched_for_is_shown_as_text(string text)
    {
        await using var stage = await TokenStage.StartAsync();
        await stage.IssueAsync();
        var page = await stage.PageAsync("/tokens?q=" + Uri.EscapeDataString(text));
        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.Empty(Rows(page));
    }

    [Theory]
    [InlineData("/tokens?after=nothing&state=unheard-of&kind=x&order=name&within=1y&reverse=maybe")]
    [InlineData("/tokens?q=%00")]
    [InlineData("/tokens?q=a&q=b&after=%F0%9F%92%A9")]
    public async Task An_address_that_means_nothing_shows_a_list(string path)
    {
        await using var stage = await TokenStage.StartAsync();
        Assert.Contains("<h1>Tokens</h1>", await stage.PageAsync(path), StringComparison.Ordinal);
    }

    private static List<string> Rows(string page) => [.. Row().Matches(page).Select(match => match.Groups[1].Value)];

    [GeneratedRegex("<a href=\"/tokens/(tok_[A-Za-z0-9]{22})\">")]
    private static partial Regex Row();

    [GeneratedRegex("href=\"([^\"]*after=[^\"]*)\"")]
    private static partial Regex More();
}
