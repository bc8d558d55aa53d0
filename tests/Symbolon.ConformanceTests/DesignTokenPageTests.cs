using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Symbolon.Testing.Processes;

namespace Symbolon.ConformanceTests;

/// <summary>DESIGN.md section 4, Tokens and Revocation, on the page of one token.</summary>
[Trait("area", "console")]
public sealed partial class DesignTokenPageTests
{
    [Fact]
    public async Task A_page_shows_what_the_token_may_call_and_that_a_first_call_is_waited_for()
    {
        await using var stage = await TokenStage.StartAsync();
        var id = (string)(await stage.IssueAsync("Release of <checkout>", user: "alice@example.com"))["id"]!;
        var page = await stage.PageAsync($"/tokens/{id}");
        Assert.Contains("bot-1, for alice@example.com, may call 2 of 2 tools on shop until", page, StringComparison.Ordinal);
        Assert.Contains("<code>change</code>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<code>drop</code>", page, StringComparison.Ordinal);
        Assert.Contains("Release of &lt;checkout&gt;", page, StringComparison.Ordinal);
        Assert.Contains("Waiting for the first call", page, StringComparison.Ordinal);
        Assert.Contains($"href=\"/audit?token={id}\"", page, StringComparison.Ordinal);
        Assert.Contains("<link rel=\"stylesheet\"", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tok_0000000000000000000000")]
    [InlineData("nothing")]
    [InlineData("%3Cscript%3E")]
    public async Task A_token_that_there_is_not_is_a_page_that_says_so(string id)
    {
        await using var stage = await TokenStage.StartAsync();
        using var answer = await stage.Browser.GetAsync($"/tokens/{id}");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("There is no such token", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revoking_says_how_long_it_took_until_the_nodes_refused_and_the_token_is_refused()
    {
        await using var stage = await TokenStage.StartAsync();
        var issued = await stage.IssueAsync();
        var path = $"/tokens/{issued["id"]}";
        using (var answer = await stage.Browser.PostAsync(path + "/revoke", await stage.PageAsync(path), ("reason", "Left in a <chat>")))
            Assert.Equal((HttpStatusCode.SeeOther, path), (answer.StatusCode, answer.Headers.Location!.ToString()));

        var page = await stage.PageAsync(path);
        Assert.Contains("Token revoked", page, StringComparison.Ordinal);
        Assert.Matches(@"1 of 1 node refused it after (less than )?0\.\d\d s\.", page);
        Assert.Contains("can call nothing with it any more", page, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"revoke\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Token revoked", await stage.PageAsync(path), StringComparison.Ordinal);
        using var refused = await stage.CallAsync((string)issued["token"]!, "look");
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        var record = (await stage.ApiAsync(HttpMethod.Get, "/audit?kind=revocation"))[0]!["event"]!;
        Assert.Equal(("Left in a <chat>", $"Token/{issued["id"]}"), ((string)record["reason"]!, (string)record["target"]!));
    }

    [Fact]
    public async Task Rotating_shows_another_secret_once_and_the_old_one_is_dead()
    {
        await using var stage = await TokenStage.StartAsync();
        var issued = await stage.IssueAsync();
        var path = $"/tokens/{issued["id"]}";
        var form = await stage.PageAsync(path);
        using var answer = await stage.PostFormAsync(path + "/rotate", form);
        var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("Token rotated", page, StringComparison.Ordinal);
        var secret = Secret().Match(page).Value;
        Assert.NotEqual((string)issued["token"]!, secret);
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());

        using var again = await stage.PostFormAsync(path + "/rotate", form);
        Assert.Equal((HttpStatusCode.SeeOther, path), (again.StatusCode, again.Headers.Location!.ToString()));
        Assert.DoesNotMatch(Secret(), await stage.PageAsync(path));
        using var old = await stage.CallAsync((string)issued["token"]!, "look");
        using var fresh = await stage.CallAsync(secret, "look");
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (old.StatusCode, fresh.StatusCode));
        Assert.Single((await stage.ApiAsync(HttpMethod.Get, "/audit?kind=token_rotated")).AsArray());
    }

    [Theory]
    [InlineData("revoke")]
    [InlineData("rotate")]
    public async Task A_form_that_is_not_whole_too_long_or_from_elsewhere_changes_nothing(string step)
    {
        await using var stage = await TokenStage.StartAsync();
        var path = $"/tokens/{(await stage.IssueAsync())["id"]}";
        var page = await stage.PageAsync(path);
        var fields = TokenStage.FieldsOf(page).Where(field => field.Name == "once").ToArray();
        using (var bare = await stage.Browser.PostAsync($"{path}/{step}", "", fields)) Assert.Equal(HttpStatusCode.Forbidden, bare.StatusCode);
        using (var foreign = await stage.Browser.PostAsync($"{path}/{step}", page, "https://evil.example", fields)) Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
        using (var wordy = await stage.Browser.PostAsync($"{path}/{step}", page, [.. fields, ("reason", new string('x', 1025))]))
        {
            Assert.Equal(HttpStatusCode.UnprocessableEntity, wordy.StatusCode);
            Assert.Matches($"id=\"{step}-reason\"[^>]*aria-invalid=\"true\"", await wordy.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
        Assert.Equal("live", (string)(await stage.ApiAsync(HttpMethod.Get, "/tokens"))[0]!["state"]!);
        Assert.Null((await stage.ApiAsync(HttpMethod.Get, "/tokens"))[0]!["rotatedAt"]);
    }

    [Theory]
    [InlineData("look", "allowed", "look on shop, allowed, then upstream_unreachable")]
    [InlineData("drop", "refused", "drop on shop, refused, not_granted")]
    public async Task The_page_is_told_when_the_first_call_comes_and_how_it_ended(string tool, string colour, string line)
    {
        await using var stage = await TokenStage.StartAsync();
        var issued = await stage.IssueAsync();
        var wait = Wait().Match(await stage.PageAsync($"/tokens/{issued["id"]}"));
        using var stream = await stage.Browser.OpenAsync(WebUtility.HtmlDecode(wait.Groups[1].Value));
        Assert.Equal("text/event-stream", stream.Content.Headers.ContentType!.MediaType);
        using var reader = new StreamReader(await stream.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        using (await stage.CallAsync((string)issued["token"]!, tool)) { }

        var told = new List<JsonNode>();
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } text)
            if (text.StartsWith("data: ", StringComparison.Ordinal)) told.Add(JsonNode.Parse(text[6..])!);
        var last = told[^1];
        Assert.Equal(colour, (string)last["colour"]!);
        Assert.StartsWith(line, (string)last["text"]!, StringComparison.Ordinal);
        Assert.Contains("drop" == tool ? "not_granted" : "upstream_unreachable", await stage.PageAsync((string)last["href"]!), StringComparison.Ordinal);

        var page = await Deadline.ForAsync("the page to show it", async () =>
            await stage.PageAsync($"/tokens/{issued["id"]}") is var shown && shown.Contains($"<code>{tool}</code></td><td data-label=\"Server\">shop", StringComparison.Ordinal) ? shown : null);
        Assert.DoesNotContain("Waiting for the first call", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_who_is_signed_in_is_told_from_a_page_of_ours_and_no_longer_than_that()
    {
        await using var stage = await TokenStage.StartAsync();
        var path = $"/tokens/{(await stage.IssueAsync())["id"]}/first-call?after=0";
        using (var nobody = await stage.Server.SendAsync(HttpMethod.Get, path)) Assert.Equal(HttpStatusCode.Unauthorized, nobody.StatusCode);
        using (var foreign = await stage.Server.SendAsync(HttpMethod.Get, path, change: request => { request.Headers.Add("Cookie", stage.Browser.Cookies); request.Headers.Add("Sec-Fetch-Site", "cross-site"); }))
            Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
        using (var wrong = await stage.Browser.GetAsync(path.Replace("=0", "=x", StringComparison.Ordinal))) Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);

        using var stream = await stage.Browser.OpenAsync(path);
        using var reader = new StreamReader(await stream.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        var end = reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        using (await stage.Browser.PostAsync("/sign-out", await stage.PageAsync("/tokens"))) { }
        Assert.Equal("", await end.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_API_says_which_tools_a_token_names_and_which_of_them_it_may_call()
    {
        await using var stage = await TokenStage.StartAsync();
        var id = (string)(await stage.IssueAsync())["id"]!;
        var tools = (await stage.ApiAsync(HttpMethod.Get, $"/tokens/{id}/tools")).AsArray();
        Assert.Equal(["change True write", "look True read"], tools.Select(tool => $"{tool!["tool"]} {(bool)tool["allowed"]!} {tool["effect"]}"));
        await stage.ApiAsync(HttpMethod.Post, "/grants/grant-1/retire");
        Assert.All((await stage.ApiAsync(HttpMethod.Get, $"/tokens/{id}/tools")).AsArray(), tool => Assert.False((bool)tool!["allowed"]!));
        Assert.Contains("no live grant allows it", await stage.PageAsync($"/tokens/{id}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/agents/bot-1/suspend", "agent bot-1 is suspended")]
    [InlineData("/servers/shop/suspend", "the server is suspended")]
    public async Task What_is_refused_for_its_holder_or_server_is_not_shown_as_allowed(string step, string why)
    {
        await using var stage = await TokenStage.StartAsync();
        var id = (string)(await stage.IssueAsync())["id"]!;

        await stage.ApiAsync(HttpMethod.Post, step);

        Assert.All((await stage.ApiAsync(HttpMethod.Get, $"/tokens/{id}/tools")).AsArray(), tool => Assert.Equal((false, why), ((bool)tool!["allowed"]!, (string?)tool["blocked"])));
        var page = await stage.PageAsync($"/tokens/{id}");
        Assert.Contains(why, page, StringComparison.Ordinal);
        Assert.DoesNotContain("no live grant", page, StringComparison.Ordinal);
    }

    [GeneratedRegex("sym_(usr|agt|wfl)_[0-9A-Za-z]{49}")]
    private static partial Regex Secret();

    [GeneratedRegex("data-wait=\"([^\"]+)\"")]
    private static partial Regex Wait();
}
