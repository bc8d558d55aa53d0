using System.Net;
using System.Text.Json.Nodes;

namespace Symbolon.ConformanceTests;

/// <summary>Who is signed in to the console can be seen and ended, by page and by API alike.</summary>
[Trait("area", "console")]
public sealed class DesignSessionTests
{
    [Fact]
    public async Task The_page_and_the_API_name_who_is_signed_in_since_when_until_when_and_by_which_node()
    {
        await using var stage = await TokenStage.StartAsync();
        var session = Assert.Single((await stage.ApiAsync(HttpMethod.Get, "/sessions")).AsArray())!;
        var (opened, expires) = ((DateTimeOffset)session["openedAt"]!, (DateTimeOffset)session["expiresAt"]!);
        Assert.Equal(("admin-token", File.ReadAllText(Path.Combine(stage.Server.Options.DataDirectory, "node")).Trim(), TimeSpan.FromHours(8)),
            ((string)session["by"]!, (string)session["node"]!, expires - opened));

        var page = await stage.PageAsync("/sessions");
        Assert.Contains($"<code>{session["id"]}</code>", page, StringComparison.Ordinal);
        Assert.Contains("this one", page, StringComparison.Ordinal);
        Assert.DoesNotContain($"/sessions/{session["id"]}/end", page, StringComparison.Ordinal);
        // What names a session opens none: it is no part of the cookie.
        Assert.DoesNotContain(((string)session["id"]!)[4..], stage.Browser.Cookies, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_that_the_API_ends_is_refused_with_its_next_page_and_the_audit_says_who_ended_it()
    {
        await using var stage = await TokenStage.StartAsync();
        using var other = new Browser(stage.Server);
        await other.SignInAsync();
        var id = (string)(await stage.ApiAsync(HttpMethod.Get, "/sessions"))[0]!["id"]!;

        await stage.ApiAsync(HttpMethod.Post, $"/sessions/{id}/end", new JsonObject { ["reason"] = "Left a laptop open" });

        using (var refused = await other.GetAsync("/servers")) Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        await stage.PageAsync("/servers");
        Assert.Single((await stage.ApiAsync(HttpMethod.Get, "/sessions")).AsArray());
        var record = (await stage.ApiAsync(HttpMethod.Get, "/audit?kind=admin_change"))[0]!["event"]!;
        Assert.Equal(($"Session/{id}", "end", "Left a laptop open"), ((string)record["target"]!, (string)record["action"]!, (string)record["reason"]!));
    }

    [Fact]
    public async Task A_session_that_the_page_ends_stops_its_live_pages_too()
    {
        await using var stage = await TokenStage.StartAsync();
        using var other = new Browser(stage.Server);
        await other.SignInAsync();
        var id = (string)(await stage.ApiAsync(HttpMethod.Get, "/sessions"))[0]!["id"]!;
        using var live = await other.OpenAsync("/audit/live");
        using var reader = new StreamReader(await live.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));

        using (var answer = await stage.Browser.PostAsync($"/sessions/{id}/end", await stage.PageAsync("/sessions")))
            Assert.Equal((HttpStatusCode.SeeOther, "/sessions"), (answer.StatusCode, answer.Headers.Location!.ToString()));

        Assert.Contains("admin-token is signed out", await stage.PageAsync("/sessions"), StringComparison.Ordinal);
        Assert.Contains("event: ended", await reader.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        using (var again = await stage.Browser.PostAsync($"/sessions/{id}/end", await stage.PageAsync("/sessions"))) Assert.Equal(HttpStatusCode.SeeOther, again.StatusCode);
        Assert.Contains("That session had ended already", await stage.PageAsync("/sessions"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ses_000000000000000000000000")]
    [InlineData("nothing")]
    public async Task A_session_that_there_is_not_is_a_404_on_record(string id)
    {
        await using var stage = await TokenStage.StartAsync();
        using var answer = await stage.Server.SendAsync(HttpMethod.Post, $"/api/v1/sessions/{id}/end", stage.Server.AdminToken);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        var record = (await stage.ApiAsync(HttpMethod.Get, "/audit?kind=admin_change"))[0]!["event"]!;
        Assert.False((bool)record["allowed"]!);
        Assert.EndsWith($"/sessions/{id}/end", (string)record["target"]!, StringComparison.Ordinal);
    }
}
