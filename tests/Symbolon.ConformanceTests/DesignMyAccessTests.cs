using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Symbolon.Core;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Revocation;

namespace Symbolon.ConformanceTests;

/// <summary>What somebody sees and ends of their own, and that it is nobody else's.</summary>
[Trait("area", "accounts")]
public sealed class DesignMyAccessTests
{
    private const string Alice = "alice@example.com";

    [Fact]
    public async Task A_person_ends_what_a_client_may_call_for_them_and_nobody_elses()
    {
        await using var server = await RunningServer.StartAsync();
        await server.AddPersonAsync(Alice);
        var (own, other) = (await server.AuthorizeAsync(Alice, "Claude <Code>"), await server.AuthorizeAsync("bob@example.com", "Cursor"));
        var alike = await server.AuthorizeAsync(Alice, "Claude <Code>");
        using var browser = new Browser(server);
        await browser.SignInPersonAsync(Alice);
        var page = await browser.PageAsync("/my-access");
        Assert.Contains("Claude &lt;Code&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Cursor", page, StringComparison.Ordinal);

        using (var foreign = await browser.PostAsync($"/my-access/authorizations/{other.Value}/end", page)) Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
        using (var done = await browser.PostAsync($"/my-access/authorizations/{own.Value}/end", page)) Assert.Equal(HttpStatusCode.SeeOther, done.StatusCode);
        var epochs = server.Host.Services.GetRequiredService<EpochTable>();
        Assert.NotNull(epochs.Find(OrganisationId.Default, RevocationLevel.Authorization, own.Value));
        // A client that asked twice has two; the page says that it may call nothing any more.
        Assert.NotNull(epochs.Find(OrganisationId.Default, RevocationLevel.Authorization, alike.Value));
        Assert.Null(epochs.Find(OrganisationId.Default, RevocationLevel.Authorization, other.Value));
        Assert.DoesNotContain($"/my-access/authorizations/{own.Value}/end", await browser.PageAsync("/my-access"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_lives_is_shown_though_hundreds_that_are_younger_were_ended_and_the_rest_is_a_page_further()
    {
        await using var server = await RunningServer.StartAsync();
        await server.AddPersonAsync(Alice);
        List<AuthorizationId> living = [];
        for (var i = 0; i < 30; i++) living.Add(await server.AuthorizeAsync(Alice, "Cursor", $"cursor-{i}"));
        var epochs = server.Host.Services.GetRequiredService<EpochTable>();
        for (var i = 0; i < 250; i++) epochs.Raise(new Epoch(OrganisationId.Default, RevocationLevel.Authorization, (await server.AuthorizeAsync(Alice, "Ended", $"ended-{i}")).Value, TimeProvider.System.Microseconds()));
        using var browser = new Browser(server);
        await browser.SignInPersonAsync(Alice);
        var page = await browser.PageAsync("/my-access");
        Assert.DoesNotContain("Ended", page, StringComparison.Ordinal);
        Assert.Equal(Enumerable.Reverse(living).Take(25), Shown(page));
        var more = page.Split("href=\"/my-access?clients=")[1].Split('#')[0];
        Assert.Equal(Enumerable.Reverse(living).Skip(25), Shown(await browser.PageAsync($"/my-access?clients={more}")));

        static IEnumerable<AuthorizationId> Shown(string page) => page.Split("/my-access/authorizations/").Skip(1).Select(part => new AuthorizationId(part.Split('/')[0]));
    }

    [Fact]
    public async Task A_person_ends_their_own_token_and_nobody_elses()
    {
        await using var stage = await TokenStage.StartAsync("http://127.0.0.1:1/mcp", "shop");
        await stage.Server.AddPersonAsync(Alice);
        await stage.IssueAsync(server: "shop", user: Alice);
        await stage.IssueAsync(server: "shop", user: "bob@example.com");
        using var browser = new Browser(stage.Server);
        await browser.SignInPersonAsync(Alice);
        var tokens = (await stage.ApiAsync(HttpMethod.Get, "/tokens?state=live")).AsArray();
        var (own, other) = (IdOf(Alice), IdOf("bob@example.com"));
        var page = await browser.PageAsync("/my-access");
        Assert.Contains(own, page, StringComparison.Ordinal);
        Assert.DoesNotContain(other, page, StringComparison.Ordinal);
        Assert.DoesNotContain($"href=\"/tokens/{own}\"", page, StringComparison.Ordinal);
        using (var foreign = await browser.PostAsync($"/my-access/tokens/{other}/end", page)) Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
        using (var done = await browser.PostAsync($"/my-access/tokens/{own}/end", page)) Assert.Equal(HttpStatusCode.SeeOther, done.StatusCode);
        Assert.Equal([other], (await stage.ApiAsync(HttpMethod.Get, "/tokens?state=live")).AsArray().Select(token => (string)token!["id"]!));

        string IdOf(string user) => tokens.Where(token => (string?)token!["user"] == user).Select(token => (string)token!["id"]!).Single();
    }

    [Fact]
    public async Task The_console_adds_a_person_once_and_refuses_what_the_API_refuses()
    {
        await using var server = await RunningServer.StartAsync();
        using var browser = new Browser(server);
        await browser.SignInAsync();
        var page = await browser.PageAsync("/people/new");
        var once = page.Split("name=\"once\" value=\"")[1].Split('"')[0];
        using (var bad = await browser.PostAsync("/people/new", page, ("once", once), ("email", "no address"), ("role", "member")))
            Assert.Equal(HttpStatusCode.UnprocessableEntity, bad.StatusCode);
        using (var made = await browser.PostAsync("/people/new", page, ("once", once), ("email", Alice), ("role", "admin")))
        {
            Assert.Equal(HttpStatusCode.OK, made.StatusCode);
            Assert.Contains($"{server.Host.Addresses[0]}/sign-in/set-password?link=", await made.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
        using (var again = await browser.PostAsync("/people/new", page, ("once", once), ("email", Alice), ("role", "admin")))
            Assert.Equal((HttpStatusCode.SeeOther, "/people/users/alice%40example.com"), (again.StatusCode, again.Headers.Location?.OriginalString));
        using var found = await server.SendAsync(HttpMethod.Get, $"/api/v1/users/{Alice}", server.AdminToken);
        var account = (await found.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("account");
        Assert.Equal(("admin", "invited", 1), (account.GetProperty("role").GetString(), account.GetProperty("state").GetString(), account.GetProperty("version").GetInt32()));
    }

    [Fact]
    public async Task What_somebody_may_do_changes_only_by_typing_whom_it_is_about()
    {
        await using var server = await RunningServer.StartAsync();
        await server.AddPersonAsync(Alice);
        using var browser = new Browser(server);
        await browser.SignInAsync();
        const string path = "/people/users/alice%40example.com";
        var page = await browser.PageAsync(path);
        var version = page.Split("name=\"version\" value=\"")[1].Split('"')[0];
        using (var slip = await browser.PostAsync(path + "/role", page, ("version", version), ("role", "admin"))) Assert.Equal(HttpStatusCode.UnprocessableEntity, slip.StatusCode);
        using (var done = await browser.PostAsync(path + "/role", page, ("version", version), ("role", "admin"), ("confirm", Alice))) Assert.Equal(HttpStatusCode.SeeOther, done.StatusCode);
        Assert.Contains("Make a member", await browser.PageAsync(path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_are_rotated_and_revoked_by_typing_what_is_meant()
    {
        await using var server = await RunningServer.StartAsync();
        using var browser = new Browser(server);
        await browser.SignInAsync();
        var page = await browser.PageAsync("/settings");
        using (var slip = await browser.PostAsync("/settings/keys/rotate", page, ("confirm", "yes"))) Assert.Equal(HttpStatusCode.UnprocessableEntity, slip.StatusCode);
        var before = await KeysAsync(server);
        using (var done = await browser.PostAsync("/settings/keys/rotate", page, ("confirm", "rotate"))) Assert.Equal(HttpStatusCode.SeeOther, done.StatusCode);
        var after = await KeysAsync(server);
        Assert.Equal(before.Count + 1, after.Count);
        var id = after[^1].Id;
        using (var slip = await browser.PostAsync("/settings/keys/revoke", page, ("key", id), ("confirm", id[..7]))) Assert.Equal(HttpStatusCode.UnprocessableEntity, slip.StatusCode);
        using (var done = await browser.PostAsync("/settings/keys/revoke", page, ("key", id), ("confirm", id[..8]))) Assert.Equal(HttpStatusCode.SeeOther, done.StatusCode);
        Assert.Equal("revoked", (await KeysAsync(server)).Single(key => key.Id == id).State);
    }

    [Fact]
    public async Task A_refused_registration_comes_back_as_it_was_typed_with_what_is_wrong_in_sight_and_in_the_words_of_the_page()
    {
        await using var server = await RunningServer.StartAsync();
        using var browser = new Browser(server);
        await browser.SignInAsync();
        var page = await browser.PageAsync("/register-client");
        using var nobody = await browser.PostAsync("/register-client", page, ("name", "web"), ("owner", Alice));
        var shown = WebUtility.HtmlDecode(await nobody.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, nobody.StatusCode);
        Assert.True(shown.IndexOf("Nothing was registered yet", StringComparison.Ordinal) < shown.IndexOf("name=\"name\"", StringComparison.Ordinal), shown);
        Assert.Contains("value=\"web\"", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("legacySecret", shown, StringComparison.Ordinal);
        using var badLine = await browser.PostAsync("/register-client", page, ("name", "web"), ("owner", Alice), ("redirects", "https://web.example.com/callback\nftp://web.example.com"));
        shown = WebUtility.HtmlDecode(await badLine.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Contains("Line 2 must be", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("redirects[", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_without_what_its_page_puts_into_it_is_refused_by_a_page()
    {
        await using var server = await RunningServer.StartAsync();
        using var browser = new Browser(server);
        await browser.SignInAsync();
        var page = await browser.PageAsync("/people/new");
        foreach (var path in new[] { "/people/new", "/tokens/issue", "/people/users/alice%40example.com/reset" })
        {
            using var partial = await browser.PostAsync(path, page, ("once", "x"), ("email", Alice));
            Assert.Equal((HttpStatusCode.BadRequest, "text/html"), (partial.StatusCode, partial.Content.Headers.ContentType?.MediaType));
            Assert.Contains("This form is not whole.", await partial.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_client_is_registered_suspended_resumed_and_retired_in_the_console()
    {
        await using var server = await RunningServer.StartAsync();
        using var browser = new Browser(server);
        await browser.SignInAsync();
        var page = await browser.PageAsync("/register-client");
        using (var bad = await browser.PostAsync("/register-client", page, ("name", "web"), ("owner", Alice), ("keys", "{"))) Assert.Equal(HttpStatusCode.UnprocessableEntity, bad.StatusCode);
        using (var made = await browser.PostAsync("/register-client", page, ("name", "web"), ("owner", Alice), ("redirects", "https://web.example.com/callback\r\nhttp://127.0.0.1/callback")))
            Assert.Equal((HttpStatusCode.SeeOther, "/clients/web"), (made.StatusCode, made.Headers.Location?.OriginalString));
        var own = await browser.PageAsync("/clients/web");
        Assert.Contains("https://web.example.com/callback", own, StringComparison.Ordinal);
        foreach (var (action, confirm, version) in new[] { ("suspend", "web", "1"), ("resume", "", "2"), ("retire", "web", "3") })
        {
            using var stale = await browser.PostAsync($"/clients/web/{action}", own, ("confirm", confirm), ("version", "9"));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, stale.StatusCode);
            using var done = await browser.PostAsync($"/clients/web/{action}", own, ("confirm", confirm), ("version", version));
            Assert.Equal(HttpStatusCode.SeeOther, done.StatusCode);
        }
        Assert.Contains("Retired", await browser.PageAsync("/clients/web"), StringComparison.Ordinal);
        // A name like every other.
        using (var made = await browser.PostAsync("/register-client", page, ("name", "new"), ("owner", Alice), ("redirects", "https://new.example.com/callback"))) Assert.Equal("/clients/new", made.Headers.Location?.OriginalString);
        Assert.Contains("https://new.example.com/callback", await browser.PageAsync("/clients/new"), StringComparison.Ordinal);
    }

    private static async Task<List<(string Id, string State)>> KeysAsync(RunningServer server)
    {
        using var answer = await server.SendAsync(HttpMethod.Get, "/api/v1/keys", server.AdminToken);
        return [.. (await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).EnumerateArray().Select(key => (key.GetProperty("id").GetString()!, key.GetProperty("state").GetString()!))];
    }
}
