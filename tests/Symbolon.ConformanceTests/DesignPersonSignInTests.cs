using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Symbolon.AuthorizationServer.Login;

namespace Symbolon.ConformanceTests;

/// <summary>How people sign in, and what ends what they opened.</summary>
[Trait("area", "accounts")]
public sealed partial class DesignPersonSignInTests
{
    private const string Alice = "alice@example.com";

    [Fact]
    public async Task A_member_sees_what_is_their_own_and_nothing_else()
    {
        await using var server = await RunningServer.StartAsync();
        await server.AddPersonAsync(Alice);
        using var browser = new Browser(server);
        await browser.SignInPersonAsync(Alice);

        using (var first = await browser.GetAsync("/")) Assert.Equal((HttpStatusCode.SeeOther, "/my-access"), (first.StatusCode, first.Headers.Location?.OriginalString));
        var own = await browser.PageAsync("/my-access");
        Assert.Contains(Alice, own, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"/servers\"", own, StringComparison.Ordinal);
        foreach (var page in (string[])["/servers", "/people", "/tokens", "/audit", "/sessions"]) Assert.Equal(HttpStatusCode.Forbidden, await browser.StatusAsync(page));
        using var form = await browser.PostAsync("/people/users/bob@example.com/revoke", own, ("confirm", "bob@example.com"));
        Assert.Equal(HttpStatusCode.Forbidden, form.StatusCode);
        Assert.Contains("\"code\":\"not_granted\"", await RecordsAsync(server), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_administrator_uses_the_whole_console_and_is_named_in_its_records()
    {
        await using var server = await RunningServer.StartAsync();
        await server.AddPersonAsync("root@example.com", admin: true);
        using var browser = new Browser(server);
        await browser.SignInPersonAsync("root@example.com");
        Assert.Contains("href=\"/my-access\"", await browser.PageAsync("/people"), StringComparison.Ordinal);
        using var done = await browser.PostAsync("/people/users/bob@example.com/revoke", await browser.PageAsync("/people"), ("confirm", "bob@example.com"));
        var records = await RecordsAsync(server);
        Assert.Contains("\"action\":\"signed in by password\",\"allowed\":true,\"by\":\"root@example.com\"", records, StringComparison.Ordinal);
        Assert.Contains("\"action\":\"revoke\",\"allowed\":true,\"by\":\"root@example.com\"", records, StringComparison.Ordinal);
    }

    /// <summary>A browser that gets 307 would send the password on.</summary>
    [Fact]
    [Trait("clause", "RFC 9700 §4.12")]
    public async Task Who_gave_a_password_is_sent_on_by_303()
    {
        await using var server = await RunningServer.StartAsync();
        await server.AddPersonAsync(Alice);
        using var browser = new Browser(server);
        using var answer = await browser.TryPersonAsync(Alice, to: "/oauth/authorize?client_id=cli");
        Assert.Equal((HttpStatusCode.SeeOther, "/oauth/authorize?client_id=cli"), (answer.StatusCode, answer.Headers.Location?.OriginalString));
        Assert.DoesNotContain(answer.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    [Trait("clause", "IDENTITY.md §5 no. 27")]
    public async Task A_wrong_password_and_an_address_without_an_account_are_answered_alike()
    {
        await using var server = await RunningServer.StartAsync();
        await server.AddPersonAsync(Alice);
        using var browser = new Browser(server);
        using var wrong = await browser.TryPersonAsync(Alice, "another password");
        using var nobody = await browser.TryPersonAsync("nobody@example.com", "another password");
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (wrong.StatusCode, nobody.StatusCode));
        Assert.Equal(FormToken().Replace(await TextAsync(wrong), ""), FormToken().Replace(await TextAsync(nobody), ""));
        Assert.DoesNotContain("Set-Cookie: symbolon-" + new Uri(server.Host.Addresses[0]).Port, wrong.Headers.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Alice)]
    [InlineData("nobody@example.com")]
    public async Task After_six_failures_the_right_password_must_wait_too(string address)
    {
        await using var server = await RunningServer.StartAsync();
        await server.AddPersonAsync(Alice);
        using var browser = new Browser(server);
        for (var i = 0; i < 12; i++)
        {
            using var wrong = await browser.TryPersonAsync(address, "another password");
            if (wrong.StatusCode == HttpStatusCode.TooManyRequests) break;
            Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        }
        using var locked = await browser.TryPersonAsync(address);
        Assert.Equal(HttpStatusCode.TooManyRequests, locked.StatusCode);
        Assert.True(locked.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        Assert.Contains("Too many attempts", await TextAsync(locked), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("clause", "IDENTITY.md §5 no. 15")]
    public async Task Who_signed_in_in_this_browser_before_does_not_wait_for_strangers()
    {
        await using var server = await RunningServer.StartAsync();
        await server.AddPersonAsync(Alice);
        using var own = new Browser(server);
        await own.SignInPersonAsync(Alice);
        using var stranger = new Browser(server);
        var last = HttpStatusCode.OK;
        for (var i = 0; i < 12 && last != HttpStatusCode.TooManyRequests; i++)
        {
            using var wrong = await stranger.TryPersonAsync(Alice, "another password");
            last = wrong.StatusCode;
        }
        Assert.Equal(HttpStatusCode.TooManyRequests, last);
        using (var ended = await own.PostAsync("/sign-out", await own.PageAsync("/my-access"))) Assert.Equal(HttpStatusCode.SeeOther, ended.StatusCode);
        await own.SignInPersonAsync(Alice);
    }

    [Theory]
    [InlineData("suspend")]
    [InlineData("reset")]
    [Trait("clause", "IDENTITY.md §1.4")]
    public async Task A_suspension_and_a_reset_end_all_that_was_issued_in_one_commit_and_an_invitation_ends_nothing(string change)
    {
        await using var stage = await TokenStage.StartAsync("http://127.0.0.1:1/mcp", "shop");
        await stage.IssueAsync(server: "shop", user: Alice);
        var link = (await stage.Server.AddPersonAsync(Alice, password: null)).GetProperty("setPasswordPath").GetString()!;
        using (var browser = new Browser(stage.Server))
        {
            var page = await browser.PageAsync(link);
            using var done = await browser.PostAsync("/sign-in/set-password", page, ("link", link.Split("link=")[1]), ("password", PeopleStage.Password), ("again", PeopleStage.Password));
            Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        }
        Assert.Single((await stage.ApiAsync(HttpMethod.Get, "/tokens?state=live")).AsArray());

        var changed = await stage.Server.ChangeAsync($"/api/v1/users/{Alice}/{change}");
        Assert.Equal(("user", 1), (changed.GetProperty("revocation").GetProperty("level").GetString(), changed.GetProperty("revocation").GetProperty("liveTokens").GetInt32()));
        Assert.Empty((await stage.ApiAsync(HttpMethod.Get, "/tokens?state=live")).AsArray());
        Assert.Contains($"\"target\":\"User/{Alice}\"", await RecordsAsync(stage.Server), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/v1/users/alice@example.com/suspend")]
    [InlineData("/api/v1/users/alice@example.com/reset")]
    [InlineData("/api/v1/revocations")]
    public async Task What_ends_a_person_ends_an_open_session_at_once_and_for_good(string path)
    {
        await using var server = await RunningServer.StartAsync();
        await server.AddPersonAsync(Alice);
        using var browser = new Browser(server);
        await browser.SignInPersonAsync(Alice);
        Assert.Equal(HttpStatusCode.OK, await browser.StatusAsync("/my-access"));

        await server.ChangeAsync(path, path.EndsWith("revocations", StringComparison.Ordinal) ? new { user = Alice } : null);
        Assert.Equal(HttpStatusCode.Unauthorized, await browser.StatusAsync("/my-access"));
        Assert.DoesNotContain(Alice, await ListedAsync(server), StringComparison.Ordinal);
        if (path.EndsWith("suspend", StringComparison.Ordinal))
        {
            using var refused = await browser.TryPersonAsync(Alice);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
            await server.ChangeAsync("/api/v1/users/alice@example.com/resume");
            Assert.Equal(HttpStatusCode.Unauthorized, await browser.StatusAsync("/my-access"));
            await browser.SignInPersonAsync(Alice);
            Assert.Equal(HttpStatusCode.OK, await browser.StatusAsync("/my-access"));
        }
    }

    [Fact]
    [Trait("clause", "IDENTITY.md §5 no. 27")]
    public async Task A_form_whose_session_ended_while_it_came_changes_nothing()
    {
        await using var server = await RunningServer.StartAsync();
        await server.AddPersonAsync("root@example.com", admin: true);
        using var browser = new Browser(server);
        await browser.SignInPersonAsync("root@example.com");
        var page = await browser.PageAsync("/people");
        using var late = await browser.PostLateAsync("/people/users/bob@example.com/revoke", page, () => server.ChangeAsync("/api/v1/users/root@example.com/reset"), ("confirm", "bob@example.com"));
        Assert.Equal(HttpStatusCode.Unauthorized, late.StatusCode);
        Assert.DoesNotContain("User/bob@example.com", await RecordsAsync(server), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_role_acts_within_the_open_session()
    {
        await using var server = await RunningServer.StartAsync();
        await server.AddPersonAsync(Alice, admin: true);
        using var browser = new Browser(server);
        await browser.SignInPersonAsync(Alice);
        Assert.Equal(HttpStatusCode.OK, await browser.StatusAsync("/servers"));
        await server.ChangeAsync("/api/v1/users/alice@example.com/role", new { role = "member" });
        Assert.Equal(HttpStatusCode.Forbidden, await browser.StatusAsync("/servers"));
    }

    [Fact]
    [Trait("clause", "IDENTITY.md §5 no. 16")]
    public async Task A_cookie_that_somebody_planted_is_no_session_and_a_sign_in_ends_the_one_before()
    {
        await using var server = await RunningServer.StartAsync();
        await server.AddPersonAsync(Alice);
        using var first = new Browser(server);
        await first.SignInAsync();
        var before = first.Cookies;
        await first.SignInPersonAsync(Alice);
        Assert.NotEqual(before, first.Cookies);
        using var thief = new Browser(server, before);
        Assert.Equal(HttpStatusCode.Unauthorized, await thief.StatusAsync("/servers"));

        var name = before.Split("; ").Single(cookie => !cookie.StartsWith("symbolon-form", StringComparison.Ordinal)).Split('=')[0];
        using var victim = new Browser(server, $"{name}=planted");
        await victim.SignInPersonAsync(Alice);
        Assert.DoesNotContain("planted", victim.Cookies, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/my-access?tokens=x", "/my-access?tokens=x")]
    [InlineData("/oauth/authorize?client_id=a&state=b", "/oauth/authorize?client_id=a&state=b")]
    [InlineData("//evil.example/", "/")]
    [InlineData("https://evil.example/", "/")]
    [InlineData("/\\evil.example", "/")]
    public async Task A_sign_in_leads_to_a_path_of_this_server_alone(string to, string leads)
    {
        await using var server = await RunningServer.StartAsync();
        await server.AddPersonAsync(Alice, admin: true);
        using var browser = new Browser(server);
        using var answer = await browser.TryPersonAsync(Alice, to: to);
        Assert.Equal((HttpStatusCode.SeeOther, leads), (answer.StatusCode, answer.Headers.Location?.OriginalString));
        var page = await browser.PageAsync("/sign-in?to=" + Uri.EscapeDataString(to));
        Assert.Equal(leads == to, page.Contains($"name=\"to\" value=\"{WebUtility.HtmlEncode(to)}\"", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("clause", "IDENTITY.md §5 no. 18")]
    public async Task A_form_of_another_origin_signs_nobody_in()
    {
        await using var server = await RunningServer.StartAsync();
        await server.AddPersonAsync(Alice);
        using var browser = new Browser(server);
        var page = await browser.PageAsync("/sign-in");
        using var foreign = await browser.PostAsync("/sign-in/password", page, "https://evil.example", ("email", Alice), ("password", PeopleStage.Password));
        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
        using var bare = await browser.PostAsync("/sign-in/password", "", ("email", Alice), ("password", PeopleStage.Password));
        Assert.Equal(HttpStatusCode.Forbidden, bare.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await browser.StatusAsync("/my-access"));
    }

    [Fact]
    public async Task A_link_sets_a_password_once_and_looking_at_it_uses_nothing_up()
    {
        await using var server = await RunningServer.StartAsync();
        var path = (await server.AddPersonAsync(Alice, password: null)).GetProperty("setPasswordPath").GetString()!;
        using var browser = new Browser(server);
        await browser.PageAsync(path);
        var page = await browser.PageAsync(path);
        var link = path.Split("link=")[1];
        using (var weak = await browser.PostAsync("/sign-in/set-password", page, ("link", link), ("password", "password1234"), ("again", "password1234")))
            Assert.Equal(HttpStatusCode.UnprocessableEntity, weak.StatusCode);
        using (var other = await browser.PostAsync("/sign-in/set-password", page, ("link", link), ("password", PeopleStage.Password), ("again", "another thing")))
            Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);
        using (var done = await browser.PostAsync("/sign-in/set-password", page, ("link", link), ("password", PeopleStage.Password), ("again", PeopleStage.Password)))
            Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        using (var again = await browser.PostAsync("/sign-in/set-password", page, ("link", link), ("password", "quite another one"), ("again", "quite another one")))
            Assert.Equal(HttpStatusCode.Unauthorized, again.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await browser.StatusAsync(path));
        await browser.SignInPersonAsync(Alice);
        Assert.Contains("\"action\":\"set password by link\"", await RecordsAsync(server), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("reset")]
    [InlineData("suspend")]
    public async Task A_link_dies_with_the_next_change(string change)
    {
        await using var server = await RunningServer.StartAsync();
        var path = (await server.AddPersonAsync(Alice, password: null)).GetProperty("setPasswordPath").GetString()!;
        await server.ChangeAsync($"/api/v1/users/{Alice}/{change}");
        using var browser = new Browser(server);
        Assert.Equal(HttpStatusCode.Unauthorized, await browser.StatusAsync(path));
    }

    [Fact]
    public async Task The_authorization_server_is_told_people_and_no_admin_token()
    {
        await using var server = await RunningServer.StartAsync();
        await server.AddPersonAsync(Alice);
        var sessions = server.Host.Services.GetRequiredService<IPersonSessions>();
        using var browser = new Browser(server);
        Assert.Null(await FindAsync());
        await browser.SignInAsync();
        Assert.Null(await FindAsync());
        await browser.SignInPersonAsync(Alice);
        var found = await FindAsync();
        Assert.Equal(Alice, found?.Person.Value);
        Assert.InRange(found!.SignedInAt, Now() - 60_000_000, Now());
        Assert.Equal("/sign-in?to=%2Foauth%2Fauthorize%3Fa%3Db", sessions.SignInAddress("/oauth/authorize?a=b"));
        await server.ChangeAsync($"/api/v1/users/{Alice}/suspend");
        Assert.Null(await FindAsync());

        ValueTask<PersonSession?> FindAsync()
        {
            var http = new DefaultHttpContext { RequestServices = server.Host.Services };
            http.Request.Host = new HostString(server.Client.BaseAddress!.Authority);
            http.Request.Headers.Cookie = browser.Cookies;
            return sessions.FindAsync(http, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task The_session_of_a_person_outlives_a_start_and_that_of_the_admin_token_does_not()
    {
        var folder = Directory.CreateTempSubdirectory("symbolon-");
        try
        {
            string person, admin;
            await using (var server = await RunningServer.StartAsync(folder.FullName))
            {
                await server.AddPersonAsync(Alice);
                using var browser = new Browser(server);
                await browser.SignInPersonAsync(Alice);
                using var other = new Browser(server);
                await other.SignInAsync();
                (person, admin) = (browser.Cookies, other.Cookies);
            }
            await using var again = await RunningServer.StartAsync(folder.FullName);
            using var before = new Browser(again);
            using var alice = new Browser(again, Renamed(person, again));
            using var token = new Browser(again, Renamed(admin, again));
            Assert.Equal(HttpStatusCode.OK, await alice.StatusAsync("/my-access"));
            Assert.Equal(HttpStatusCode.Unauthorized, await token.StatusAsync("/servers"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Where_administrators_have_their_own_listener_people_sign_in_at_both_and_the_admin_token_at_one()
    {
        await using var server = await RunningServer.StartAsync(change: options => options with { AdminUrls = ["http://127.0.0.1:0"] });
        using var admin = server.ClientOf(server.Host.Addresses[1]);
        using var added = await admin.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/api/v1/users")
        {
            Headers = { { "Authorization", $"Bearer {server.AdminToken}" } },
            Content = JsonContent.Create(new { email = Alice, admin = true, password = PeopleStage.Password }),
        }, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Created, added.StatusCode);

        using var browser = new Browser(server);
        Assert.DoesNotContain("Admin token", await browser.PageAsync("/sign-in"), StringComparison.Ordinal);
        using var token = await browser.PostAsync("/sign-in/token", await browser.PageAsync("/sign-in"), ("token", server.AdminToken));
        Assert.Equal(HttpStatusCode.NotFound, token.StatusCode);
        using var signedIn = await browser.TryPersonAsync(Alice);
        Assert.Equal((HttpStatusCode.SeeOther, "/my-access"), (signedIn.StatusCode, signedIn.Headers.Location?.OriginalString));
        Assert.DoesNotContain("href=\"/servers\"", await browser.PageAsync("/my-access"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, await browser.StatusAsync("/servers"));
    }

    private static string Renamed(string cookies, RunningServer server) => Regex.Replace(cookies, "-[0-9]+=", $"-{server.Client.BaseAddress!.Port}=");

    private static long Now() => (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private static async Task<string> RecordsAsync(RunningServer server)
    {
        using var answer = await server.SendAsync(HttpMethod.Get, "/api/v1/audit?limit=200", server.AdminToken);
        return await TextAsync(answer);
    }

    private static async Task<string> ListedAsync(RunningServer server)
    {
        using var answer = await server.SendAsync(HttpMethod.Get, "/api/v1/sessions", server.AdminToken);
        return await TextAsync(answer);
    }

    private static Task<string> TextAsync(HttpResponseMessage answer) => answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    [GeneratedRegex("name=\"form\" value=\"[^\"]+\"")]
    private static partial Regex FormToken();
}
