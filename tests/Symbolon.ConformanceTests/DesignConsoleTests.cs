using System.Net;
using System.Text.RegularExpressions;

namespace Symbolon.ConformanceTests;

/// <summary>DESIGN.md section 4, First start: the console, and who gets into it.</summary>
[Trait("area", "console")]
public sealed partial class DesignConsoleTests
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Fact]
    public async Task The_link_of_the_start_is_looked_at_often_signs_in_once_and_lies_in_a_file_for_its_owner_alone()
    {
        await using var server = await RunningServer.StartAsync();
        if (!OperatingSystem.IsWindows()) Assert.Equal(OwnerFile, File.GetUnixFileMode(server.Host.SignInLinkFile));
        using var browser = new Browser(server);
        Assert.Contains("one-time link is good", await browser.PageAsync(LinkOf(server)), StringComparison.Ordinal);
        var page = await browser.PageAsync(LinkOf(server));
        var secret = LinkOf(server).Split("link=")[1];

        using (var first = await browser.PostAsync("/sign-in/link", page, ("link", secret)))
        {
            Assert.Equal(HttpStatusCode.SeeOther, first.StatusCode);
            var cookie = first.Headers.GetValues("Set-Cookie").Single(each => each.StartsWith("symbolon-", StringComparison.Ordinal) && !each.StartsWith("symbolon-form", StringComparison.Ordinal));
            Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        }
        Assert.Contains("No server yet", await browser.PageAsync("/servers"), StringComparison.Ordinal);

        using var other = new Browser(server);
        var later = await other.PageAsync("/sign-in");
        using var second = await other.PostAsync("/sign-in/link", later, ("link", secret));
        Assert.Equal(HttpStatusCode.Unauthorized, second.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await other.GetAsync("/servers")).StatusCode);
    }

    [Fact]
    public async Task The_admin_token_signs_in_sign_out_ends_the_session_and_both_are_in_the_audit()
    {
        await using var server = await RunningServer.StartAsync();
        using var browser = new Browser(server);
        await browser.SignInAsync();
        var page = await browser.PageAsync("/servers");
        var cookie = browser.Cookies;

        using (var answer = await browser.PostAsync("/sign-out", page)) Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);

        using var again = await server.SendAsync(HttpMethod.Get, "/servers", change: request => request.Headers.Add("Cookie", cookie));
        Assert.Equal(HttpStatusCode.Unauthorized, again.StatusCode);
        using var audit = await server.SendAsync(HttpMethod.Get, "/api/v1/audit?kind=admin_change", server.AdminToken);
        var records = await audit.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("signed in by token", records, StringComparison.Ordinal);
        Assert.Contains("signed out", records, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restart_ends_the_sessions_that_the_old_token_opened_and_takes_the_forms_of_before_whose_key_lies_sealed()
    {
        var folder = Directory.CreateTempSubdirectory("symbolon-");
        try
        {
            string page;
            Func<RunningServer, string> session, anonymous;
            await using (var before = await RunningServer.StartAsync(folder.FullName))
            {
                using var browser = new Browser(before);
                await browser.SignInAsync();
                session = browser.CookiesOn;
                using var nobody = new Browser(before);
                page = await nobody.PageAsync("/sign-in");
                anonymous = nobody.CookiesOn;
            }
            foreach (var file in folder.GetFiles("symbolon.db*"))
                Assert.Equal(-1, (await File.ReadAllBytesAsync(file.FullName, TestContext.Current.CancellationToken)).AsSpan().IndexOf("masterKey"u8));

            await using var after = await RunningServer.StartAsync(folder.FullName);

            using (var ended = await after.SendAsync(HttpMethod.Get, "/servers", change: request => request.Headers.Add("Cookie", session(after))))
                Assert.Equal(HttpStatusCode.Unauthorized, ended.StatusCode);
            using var again = new Browser(after, anonymous(after));
            using var answer = await again.PostAsync("/sign-in/token", page, ("token", after.AdminToken));
            Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("sym_adm_wrong")]
    [InlineData("' or 1=1 --\uFEFF\u202E")]
    public async Task Another_token_is_refused_and_no_cookie_of_a_session_is_set(string token)
    {
        await using var server = await RunningServer.StartAsync();
        using var browser = new Browser(server);
        using var answer = await browser.PostAsync("/sign-in/token", await browser.PageAsync("/sign-in"), ("token", token));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.DoesNotContain(answer.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies : [], each => each.StartsWith("symbolon-", StringComparison.Ordinal) && !each.StartsWith("symbolon-form", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_field_that_no_form_can_hold_is_refused_and_breaks_nothing()
    {
        await using var server = await RunningServer.StartAsync();
        using var browser = new Browser(server);
        using var answer = await browser.PostAsync("/sign-in/token", await browser.PageAsync("/sign-in"), ("token", "\0"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A_form_without_its_token_or_from_a_foreign_page_is_refused_also_with_the_right_secret()
    {
        await using var server = await RunningServer.StartAsync();
        using var browser = new Browser(server);
        using (var bare = await browser.PostAsync("/sign-in/token", "", ("token", server.AdminToken))) Assert.Equal(HttpStatusCode.Forbidden, bare.StatusCode);
        var page = await browser.PageAsync("/sign-in");
        foreach (var origin in new[] { "https://evil.example", "null" })
        {
            using var foreign = await browser.PostAsync("/sign-in/token", page, origin, ("token", server.AdminToken));
            Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
        }
        await browser.SignInAsync();
        // A form of before the sign-in belongs to nobody who is signed in.
        using var stale = await browser.PostAsync("/sign-out", page);
        Assert.Equal(HttpStatusCode.Forbidden, stale.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/servers")).StatusCode);
    }

    [Fact]
    public async Task A_page_is_kept_nowhere_framed_nowhere_and_loads_only_files_of_ours_which_all_answer()
    {
        await using var server = await RunningServer.StartAsync();
        using var browser = new Browser(server);
        await browser.SignInAsync();
        foreach (var path in new[] { "/sign-in", "/servers" })
        {
            using var answer = await browser.GetAsync(path);
            Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
            var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
            Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            var html = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            var assets = Assets().Matches(html).Select(match => match.Groups[1].Value).ToList();
            Assert.Equal(["/assets/icon.svg", "/assets/app.css", "/assets/app.js"], assets.Select(asset => asset.Split('?')[0]));
            foreach (var asset in assets)
            {
                using var file = await browser.GetAsync(asset);
                Assert.Equal(Path.GetExtension(asset.Split('?')[0]) switch { ".css" => "text/css", ".js" => "text/javascript", _ => "image/svg+xml" }, file.Content.Headers.ContentType?.MediaType);
                Assert.True(file.Content.Headers.ContentLength > 200, asset);
                Assert.Equal(asset.Contains('?', StringComparison.Ordinal), file.Headers.CacheControl?.ToString().Contains("immutable", StringComparison.Ordinal));
                using var bare = await browser.GetAsync(asset.Split('?')[0]);
                Assert.Equal("no-store", bare.Headers.CacheControl?.ToString());
            }
        }
    }

    [Fact]
    public async Task The_console_is_on_the_listener_of_administrators_alone_where_there_is_one()
    {
        await using var server = await RunningServer.StartAsync(change: options => options with { AdminUrls = ["http://127.0.0.1:0"] });
        foreach (var path in new[] { "/", "/servers", "/people", "/audit" })
            Assert.Equal(HttpStatusCode.NotFound, (await server.SendAsync(HttpMethod.Get, path)).StatusCode);
        // Who is refused came here, and reads here why; and who lets a client act is asked here who they are.
        foreach (var path in new[] { "/reasons/not_granted", "/assets/app.css", "/sign-in" })
            Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Get, path)).StatusCode);
        using var client = server.ClientOf(server.Host.Addresses[1]);
        Assert.StartsWith(server.Host.Addresses[1], File.ReadAllText(server.Host.SignInLinkFile), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/sign-in", TestContext.Current.CancellationToken)).StatusCode);
    }

    private static string LinkOf(RunningServer server) => new Uri(File.ReadAllText(server.Host.SignInLinkFile).Trim()).PathAndQuery;

    [GeneratedRegex("(?:src|href)=\"(/[^\"]*\\.[a-z]+(?:\\?v=[0-9a-f]+)?)\"")]
    private static partial Regex Assets();
}
