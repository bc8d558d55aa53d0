using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Symbolon.Testing.Processes;

namespace Symbolon.ConformanceTests;

/// <summary>What a page counts and lists is what the admin API says, with traffic there.</summary>
[Trait("area", "console")]
public sealed partial class DesignSameNumbersTests
{
    private const string Alice = "alice@example.com";

    [Fact]
    public async Task The_overview_has_the_figures_the_reasons_the_tokens_and_the_servers_of_the_API()
    {
        await using var stage = await TokenStage.StartAsync("http://127.0.0.1:1/mcp", "shop", "post", "docs");
        var first = await stage.IssueAsync();
        for (var i = 0; i < 6; i++) await stage.IssueAsync(server: i % 2 == 0 ? "shop" : "post");
        await stage.ApiAsync(HttpMethod.Post, "/servers/docs/suspend");
        foreach (var tool in new[] { "look", "look", "drop", "drop", "drop" }) (await stage.CallAsync((string)first["token"]!, tool)).Dispose();
        (await stage.CallAsync((string)first["token"]!, "look", "post")).Dispose();

        var (overview, page) = await Deadline.ForAsync("the calls to be counted", async () =>
        {
            var before = await stage.ApiAsync(HttpMethod.Get, "/overview");
            var shown = await stage.PageAsync("/");
            var after = await stage.ApiAsync(HttpMethod.Get, "/overview");
            return (int)after["decisions"]!["refused"]! >= 4 && (int)after["decisions"]!["allowed"]! >= 2 && new[] { "decisions", "tokens", "servers" }.All(part => JsonNode.DeepEquals(before[part], after[part]))
                ? Tuple.Create(after, shown) : null;
        });

        var (decisions, tokens, servers) = (overview["decisions"]!, overview["tokens"]!, overview["servers"]!);
        Assert.Equal((7, 1), ((int)tokens["live"]!, (int)servers["suspended"]!));
        Assert.Equal(new[] { decisions["allowed"]!, decisions["refused"]!, servers["attention"]!, tokens["live"]! }.Select(Number), Tiles().Matches(page).Select(match => match.Groups[1].Value));
        Assert.Contains($">{Number(tokens["neverUsed"]!)} never used<", page, StringComparison.Ordinal);
        var reasons = decisions["reasons"]!.AsArray().Select(reason => $"{reason!["code"]} {Number(reason["count"]!)}").ToList();
        Assert.True(reasons.Count > 1);
        Assert.Equal(reasons, Reasons().Matches(page).Select(match => $"{match.Groups[1].Value} {match.Groups[2].Value}"));
        Assert.Equal(overview["nextToEnd"]!.AsArray().Select(token => (string)token!["id"]!), Links(Part(page, "expiring"), "/tokens/").Distinct());
        Assert.Contains($"{Number(tokens["expiring"]!)}, the first to end", page, StringComparison.Ordinal);
        Assert.Equal((await stage.ApiAsync(HttpMethod.Get, "/servers?state=attention")).AsArray().Select(server => (string)server!["name"]!), Links(Part(page, "needs"), "/servers/"));
        Assert.Contains($"{servers["active"]} active, {servers["suspended"]} suspended", page, StringComparison.Ordinal);
        Assert.Contains($"{overview["nodes"]!.AsArray().Count} of {overview["nodes"]!.AsArray().Count} current", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task My_access_has_the_tokens_grants_tools_and_ends_that_the_API_says_of_the_person()
    {
        await using var stage = await TokenStage.StartAsync("http://127.0.0.1:1/mcp", "shop", "post");
        await stage.Server.AddPersonAsync(Alice);
        await stage.IssueAsync(server: "shop", user: Alice);
        await stage.IssueAsync(server: "post", user: Alice);
        await stage.IssueAsync(server: "post", user: "bob@example.com");
        await stage.IssueAsync(server: "post");
        using var browser = new Browser(stage.Server);
        await browser.SignInPersonAsync(Alice);
        var page = WebUtility.HtmlDecode(await browser.PageAsync("/my-access"));
        var access = (await stage.ApiAsync(HttpMethod.Get, $"/access?user={Uri.EscapeDataString(Alice)}")).AsArray();
        foreach (var (by, part) in new[] { ("token", "tokens"), ("grant", "grants") })
        {
            var said = access.Where(entry => (string)entry!["by"]! == by).ToList();
            Assert.NotEmpty(said);
            var rows = Rows().Matches(Part(page, part)).Select(match => match.Value).ToList();
            Assert.Equal(said.Select(entry => (string)entry!["name"]!).Order(StringComparer.Ordinal), rows.Select(row => Name().Match(row).Groups[1].Value).Order(StringComparer.Ordinal));
            foreach (var entry in said)
            {
                var row = rows.Single(row => Name().Match(row).Groups[1].Value == (string)entry!["name"]!);
                var tools = entry!["servers"]!.AsArray().SelectMany(server => server!["tools"]!.AsArray().Select(tool => $"{tool!["name"]} {tool["scope"]}"));
                Assert.Equal(tools, Tools().Matches(row).Select(match => $"{match.Groups[1].Value} {match.Groups[2].Value}"));
                Assert.Contains($"datetime=\"{((DateTimeOffset)entry["expiresAt"]!).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)}\"", row, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task The_activity_of_a_server_is_its_calls_of_the_audit_newest_first_with_who_what_and_how_it_ended()
    {
        await using var stage = await TokenStage.StartAsync("http://127.0.0.1:1/mcp", "shop", "post");
        Assert.Contains("No calls yet", await stage.PageAsync("/servers/shop?view=activity"), StringComparison.Ordinal);
        var token = (string)(await stage.IssueAsync(user: Alice))["token"]!;
        var elsewhere = (string)(await stage.IssueAsync(server: "post"))["token"]!;
        foreach (var tool in new[] { "look", "drop" }) (await stage.CallAsync(token, tool)).Dispose();
        (await stage.CallAsync(elsewhere, "look", "post")).Dispose();
        // Two records of each call; what was refused has one.
        var ended = (await stage.ApiAsync(HttpMethod.Get, "/audit?server=shop&tool=look")).AsArray().Concat((await stage.ApiAsync(HttpMethod.Get, "/audit?server=shop&tool=drop")).AsArray())
            .GroupBy(record => (string?)record!["event"]!["call"]).Select(call => call.Max(record => (long)record!["seq"]!)).OrderDescending().ToList();
        var rows = Regex.Matches(Part(WebUtility.HtmlDecode(await stage.PageAsync("/servers/shop?view=activity")), "calls"), "<tr><td data-label=\"Time\">.*?</tr>", RegexOptions.Singleline).Select(match => match.Value).ToList();
        Assert.Equal(2, rows.Count);
        Assert.Equal(ended, rows.Select(row => long.Parse(Links(row, "/audit/").First(), CultureInfo.InvariantCulture)));
        Assert.All(rows, row => Assert.Contains(Alice, row, StringComparison.Ordinal));
        Assert.Contains("<code>drop</code>", rows[0], StringComparison.Ordinal);
        Assert.Contains("/reasons/not_granted", rows[0], StringComparison.Ordinal);
        Assert.Contains("<code>look</code>", rows[1], StringComparison.Ordinal);
        Assert.Contains("effect read", rows[1], StringComparison.Ordinal);
        Assert.Contains("/reasons/upstream_unreachable", rows[1], StringComparison.Ordinal);
    }

    private static string Number(JsonNode number) => ((long)number).ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>The section of a page that a heading names.</summary>
    private static string Part(string page, string heading) => page.Split($"aria-labelledby=\"{heading}\"")[1].Split("</section>")[0];

    private static IEnumerable<string> Links(string part, string below) =>
        Regex.Matches(part, $"href=\"{Regex.Escape(below)}([^\"?#]+)\"").Select(match => Uri.UnescapeDataString(match.Groups[1].Value));

    [GeneratedRegex("<span class=\"v\">([^<]+)</span>")]
    private static partial Regex Tiles();

    [GeneratedRegex("<a href=\"/reasons/[a-z_]+\"><code>([a-z_]+)</code></a></th>.*?<td class=\"num\">([^<]+)</td>", RegexOptions.Singleline)]
    private static partial Regex Reasons();

    [GeneratedRegex("<tr><th scope=\"row\">.*?</tr>", RegexOptions.Singleline)]
    private static partial Regex Rows();

    [GeneratedRegex("<code>([^<]+)</code>")]
    private static partial Regex Name();

    [GeneratedRegex("<li class=\"row tight\"><code>([^<]+)</code>.*?by <code>([^<]+)</code>", RegexOptions.Singleline)]
    private static partial Regex Tools();
}
