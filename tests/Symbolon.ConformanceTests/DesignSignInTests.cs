using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Symbolon.Testing.Processes;

namespace Symbolon.ConformanceTests;

/// <summary>Where a sign-in leads, what its cookies say, and what a refused form is answered.</summary>
[Trait("area", "console")]
public sealed class DesignSignInTests
{
    [Theory]
    [InlineData("/servers?state=pending")]
    [InlineData("/audit/5")]
    public async Task Who_asked_for_a_page_is_led_to_it_after_signing_in(string path)
    {
        await using var server = await RunningServer.StartAsync();
        using var browser = new Browser(server);
        using var refused = await browser.GetAsync(path);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        var page = await TextAsync(refused);
        Assert.Contains($"name=\"to\" value=\"{WebUtility.HtmlEncode(path)}\"", page, StringComparison.Ordinal);

        using var wrong = await browser.PostAsync("/sign-in/token", page, ("token", "wrong"), ("to", path));
        Assert.Contains($"name=\"to\" value=\"{WebUtility.HtmlEncode(path)}\"", await TextAsync(wrong), StringComparison.Ordinal);
        using var answer = await browser.PostAsync("/sign-in/token", page, ("token", server.AdminToken), ("to", path));
        Assert.Equal(path, answer.Headers.Location?.OriginalString);
    }

    [Theory]
    [InlineData("")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("/\t/evil.example/")]
    [InlineData("https://evil.example/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/sign-in?link=x")]
    [InlineData("/a\r\nSet-Cookie: a=b")]
    public async Task No_sign_in_leads_away_from_this_server(string sent)
    {
        await using var server = await RunningServer.StartAsync();
        using var browser = new Browser(server);
        using var answer = await browser.PostAsync("/sign-in/token", await browser.PageAsync("/sign-in"), ("token", server.AdminToken), ("to", sent));
        Assert.Equal("/", answer.Headers.Location?.OriginalString);
    }

    [Theory]
    [InlineData("/tokens/issue?user=mallory%40example.com", "/tokens/issue")]
    [InlineData("/Tokens/%69ssue/?user=mallory%40example.com", "/tokens/issue")]
    [InlineData("/x/%2e./tokens/issue?user=mallory%40example.com", "/tokens/issue")]
    [InlineData("/tokens?q=issue", "/tokens?q=issue")]
    public async Task An_order_that_a_link_filled_in_is_not_carried_over_a_sign_in(string sent, string led)
    {
        await using var server = await RunningServer.StartAsync();
        using var browser = new Browser(server);
        using var answer = await browser.PostAsync("/sign-in/token", await browser.PageAsync("/sign-in"), ("token", server.AdminToken), ("to", sent));
        Assert.Equal(led, answer.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task Behind_a_proxy_that_ends_TLS_every_cookie_is_for_https_alone_and_the_plain_name_opens_nothing()
    {
        await using var server = await RunningServer.StartAsync(change: options => options with { PublicUrls = ["https://symbolon.example"], TrustedProxies = ["127.0.0.1"] });
        using var page = await server.SendAsync(HttpMethod.Get, "/sign-in", change: AtPublicHost);
        var key = Assert.Single(page.Headers.GetValues("Set-Cookie"));
        Assert.Equal("max-age=31536000", Assert.Single(page.Headers.GetValues("Strict-Transport-Security")));
        Assert.Contains("secure", key, StringComparison.OrdinalIgnoreCase);

        using var answer = await server.SendAsync(HttpMethod.Post, "/sign-in/token", change: request =>
        {
            AtPublicHost(request);
            request.Headers.Add("Cookie", key.Split(';')[0]);
            request.Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["form"] = FormTokenOf(TextAsync(page).Result), ["token"] = server.AdminToken });
        });
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        var session = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith("__Host-symbolon=", session, StringComparison.Ordinal);
        Assert.Contains("secure", session, StringComparison.OrdinalIgnoreCase);

        var secret = session.Split(';')[0].Split('=', 2)[1];
        Assert.Equal(HttpStatusCode.OK, await AskAsync($"__Host-symbolon={secret}"));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync($"symbolon-443={secret}"));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync($"symbolon={secret}"));

        async Task<HttpStatusCode> AskAsync(string cookie)
        {
            using var found = await server.SendAsync(HttpMethod.Get, "/servers", change: request =>
            {
                AtPublicHost(request);
                request.Headers.Add("Cookie", cookie);
            });
            return found.StatusCode;
        }
    }

    [Fact]
    public async Task A_refused_form_is_answered_with_a_page_that_says_why()
    {
        await using var server = await RunningServer.StartAsync();
        using var browser = new Browser(server);
        await browser.SignInAsync();
        var page = await browser.PageAsync("/servers");

        using var foreign = await browser.PostAsync("/sign-out", "");
        Assert.Equal((HttpStatusCode.Forbidden, "text/html"), (foreign.StatusCode, foreign.Content.Headers.ContentType?.MediaType));
        Assert.Contains("bad_origin", await TextAsync(foreign), StringComparison.Ordinal);
        using var many = await browser.PostAsync("/sign-out", page, [.. Enumerable.Range(0, 10_001).Select(i => ("a", i.ToString(CultureInfo.InvariantCulture)))]);
        Assert.Equal((HttpStatusCode.BadRequest, "text/html"), (many.StatusCode, many.Content.Headers.ContentType?.MediaType));
        Assert.Contains("10,000 fields", await TextAsync(many), StringComparison.Ordinal);
        using (var before = new Browser(server))
        using (var stranger = await before.PostAsync("/sign-in/token", await before.PageAsync("/sign-in"), ("token", new string('x', 600_000))))
            Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "text/html"), (stranger.StatusCode, stranger.Content.Headers.ContentType?.MediaType));
        using var large = await browser.PostAsync("/sign-out", page, ("a", new string('x', 600_000)));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        using var whole = await browser.PostAsync("/sign-out", page, [.. Enumerable.Range(0, 5_000).Select(i => ("tool", i.ToString(CultureInfo.InvariantCulture)))]);
        Assert.Equal(HttpStatusCode.SeeOther, whole.StatusCode);
    }

    [Fact]
    public async Task A_form_that_comes_after_its_session_ended_is_told_so()
    {
        await using var server = await RunningServer.StartAsync();
        using var browser = new Browser(server);
        using var answer = await browser.PostAsync("/tokens/tok_x/revoke", await browser.PageAsync("/sign-in"));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("nothing was changed", await TextAsync(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cookie_that_is_none_of_ours_writes_nothing_into_the_log()
    {
        await using var server = await RunningServer.StartAsync();
        using (var clean = await server.SendAsync(HttpMethod.Get, "/reasons"))
        {
            var name = clean.Headers.GetValues("Set-Cookie").Single().Split('=')[0];
            using var answer = await server.SendAsync(HttpMethod.Get, "/reasons", change: request => request.Headers.Add("Cookie", $"{name}=xx"));
            // Not by https, and not for a name that other programs of this machine have too.
            Assert.False(clean.Headers.Contains("Strict-Transport-Security"));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
        Assert.False(server.Host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Microsoft.AspNetCore.Antiforgery.DefaultAntiforgery").IsEnabled(LogLevel.Critical));
    }

    [Fact]
    public async Task The_first_steps_stay_until_a_known_caller_asked_for_something()
    {
        await using var server = await RunningServer.StartAsync();
        using var stranger = new Browser(server);
        using (var refused = await stranger.GetAsync("/")) Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        await Deadline.ForAsync("the refusal to be counted", async () =>
        {
            using var counts = await server.SendAsync(HttpMethod.Get, "/api/v1/overview", server.AdminToken);
            return (await TextAsync(counts)).Contains("\"unauthenticated\"", StringComparison.Ordinal) ? "" : null;
        });
        using var browser = new Browser(server);
        await browser.SignInAsync();
        Assert.Contains("Four steps lead to the first call", await browser.PageAsync("/"), StringComparison.Ordinal);
    }

    private static void AtPublicHost(HttpRequestMessage request) => request.Headers.Host = "symbolon.example";

    private static string FormTokenOf(string page) => page.Split("name=\"form\" value=\"")[1].Split('"')[0];

    private static Task<string> TextAsync(HttpResponseMessage answer) => answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
}
