using System.Buffers.Text;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Symbolon.ConformanceTests;

/// <summary>An administrator lets a command line act, at the browser.</summary>
[Trait("area", "accounts")]
public sealed class DesignLoginTests
{
    private const string Root = "root@example.com";
    private const string State = "abcdefghijklmnopqrstuvwx";
    private static object? BodyOf(string? what) => what switch { "member" => new { role = "member" }, "revoke" => new { user = Root }, _ => null };

    private static readonly string Verifier = new('v', 43);
    private static readonly string Challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));
    private static readonly string Page = $"/command-line?port=40000&state={State}&challenge={Challenge}&label=laptop";

    [Fact]
    public async Task Who_lets_it_sends_a_code_to_this_machine_that_is_good_once_and_with_its_verifier()
    {
        await using var server = await StartAsync();
        using var browser = new Browser(server);
        await browser.SignInPersonAsync(Root);
        var back = await LetAsync(browser);
        Assert.StartsWith("http://127.0.0.1:40000/?code=", back.AbsoluteUri, StringComparison.Ordinal);
        Assert.EndsWith($"&state={State}", back.AbsoluteUri, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.Unauthorized, (await RedeemAsync(server, CodeOf(back), new string('w', 43))).Status);
        var (status, token) = await RedeemAsync(server, CodeOf(back), Verifier);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.StartsWith("sym_adm_", token, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(server, token!));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(server, token![..^1] + (token[^1] == 'a' ? 'b' : 'a')));

        // The code a second time: nobody gets a token, and the first one's is dead.
        Assert.Equal(HttpStatusCode.Unauthorized, (await RedeemAsync(server, CodeOf(back), Verifier)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(server, token));
        using var records = await server.SendAsync(HttpMethod.Get, "/api/v1/audit?limit=100", server.AdminToken);
        Assert.Contains("\"action\":\"a code came twice: its command line is ended\",\"allowed\":false,\"by\":\"root@example.com\"", await TextAsync(records), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_command_line_does_is_recorded_under_its_persons_name_and_ends_where_it_is_ended()
    {
        await using var server = await StartAsync();
        using var browser = new Browser(server);
        await browser.SignInPersonAsync(Root);
        var token = await TokenAsync(server, browser);
        using var made = await server.SendAsync(HttpMethod.Post, "/api/v1/users", token, request => request.Content = JsonContent.Create(new { email = "new@example.com" }));
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        using var records = await server.SendAsync(HttpMethod.Get, "/api/v1/audit?limit=100", server.AdminToken);
        Assert.Contains("\"action\":\"create\",\"allowed\":true,\"by\":\"root@example.com\"", await TextAsync(records), StringComparison.Ordinal);

        var own = await browser.PageAsync("/my-access");
        Assert.Contains("laptop", own, StringComparison.Ordinal);
        using var listed = await server.SendAsync(HttpMethod.Get, "/api/v1/logins", server.AdminToken);
        var id = (await listed.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken))[0].GetProperty("id").GetString();
        using var ended = await browser.PostAsync($"/my-access/command-lines/{id}/end", own);
        Assert.Equal(HttpStatusCode.SeeOther, ended.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(server, token));
    }

    [Theory]
    [InlineData("/api/v1/users/root@example.com/reset", null)]
    [InlineData("/api/v1/users/root@example.com/role", "member")]
    [InlineData("/api/v1/revocations", "revoke")]
    [Trait("clause", "IDENTITY.md §5 no. 27")]
    public async Task A_body_whose_token_was_ended_while_it_came_changes_nothing(string path, string? what)
    {
        await using var server = await StartAsync();
        using var browser = new Browser(server);
        await browser.SignInPersonAsync(Root);
        var token = await TokenAsync(server, browser);
        var body = new StringContent("{\"email\":\"late@example.com\"}", Encoding.UTF8, "application/json");
        using var late = await server.SendAsync(HttpMethod.Post, "/api/v1/users", token, request =>
        {
            request.Content = new LateContent(body, () => server.ChangeAsync(path, BodyOf(what)));
            request.Headers.ExpectContinue = true;
        });
        Assert.Equal(HttpStatusCode.Unauthorized, late.StatusCode);
        using var people = await server.SendAsync(HttpMethod.Get, "/api/v1/users", server.AdminToken);
        Assert.DoesNotContain("late@example.com", await TextAsync(people), StringComparison.Ordinal);
        using var records = await server.SendAsync(HttpMethod.Get, "/api/v1/audit?limit=100", server.AdminToken);
        Assert.Contains("\"action\":\"POST refused: unauthenticated\"", await TextAsync(records), StringComparison.Ordinal);
    }

    /// <summary>The token of the start is its operator's, who has the folder anyway; the sessions it opened are no person's either.</summary>
    [Fact]
    [Trait("clause", "DESIGN.md §1 Revocation")]
    public async Task The_revocation_of_the_organisation_ends_sessions_and_command_lines_of_people_and_not_the_token_of_the_start()
    {
        await using var server = await StartAsync();
        using var browser = new Browser(server);
        await browser.SignInPersonAsync(Root);
        var token = await TokenAsync(server, browser);
        Assert.Equal(HttpStatusCode.OK, await browser.StatusAsync("/my-access"));
        await server.ChangeAsync("/api/v1/revocations", new { organisation = "default" });
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(server, token));
        Assert.Equal(HttpStatusCode.Unauthorized, await browser.StatusAsync("/my-access"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(server, server.AdminToken));
        await browser.SignInPersonAsync(Root);
        Assert.Equal(HttpStatusCode.OK, await browser.StatusAsync("/my-access"));
    }

    [Fact]
    public async Task Who_is_made_an_administrator_again_has_none_of_the_old_command_lines()
    {
        await using var server = await StartAsync();
        using var browser = new Browser(server);
        await browser.SignInPersonAsync(Root);
        var token = await TokenAsync(server, browser);
        await server.ChangeAsync("/api/v1/users/root@example.com/role", new { role = "member" });
        await server.ChangeAsync("/api/v1/users/root@example.com/role", new { role = "admin" });
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(server, token));
        Assert.Equal(HttpStatusCode.OK, await browser.StatusAsync("/servers"));
    }

    [Theory]
    [InlineData("/api/v1/users/root@example.com/suspend", null)]
    [InlineData("/api/v1/users/root@example.com/reset", null)]
    [InlineData("/api/v1/users/root@example.com/role", "member")]
    [InlineData("/api/v1/revocations", "revoke")]
    public async Task What_ends_its_person_ends_a_command_line_at_once(string path, string? what)
    {
        await using var server = await StartAsync();
        using var browser = new Browser(server);
        await browser.SignInPersonAsync(Root);
        var token = await TokenAsync(server, browser);
        await server.ChangeAsync(path, BodyOf(what));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(server, token));
        using var listed = await server.SendAsync(HttpMethod.Get, "/api/v1/logins", server.AdminToken);
        Assert.Equal("[]", await TextAsync(listed));
    }

    [Fact]
    public async Task A_member_and_the_admin_token_let_no_command_line_act()
    {
        await using var server = await StartAsync();
        await server.AddPersonAsync("member@example.com");
        using var member = new Browser(server);
        await member.SignInPersonAsync("member@example.com");
        Assert.Equal(HttpStatusCode.Forbidden, await member.StatusAsync(Page));
        using var bootstrap = new Browser(server);
        await bootstrap.SignInAsync();
        Assert.Equal(HttpStatusCode.Forbidden, await bootstrap.StatusAsync(Page));
        using var nobody = new Browser(server);
        using var asked = await nobody.GetAsync(Page);
        Assert.Equal(HttpStatusCode.Unauthorized, asked.StatusCode);
        Assert.Contains($"name=\"to\" value=\"{WebUtility.HtmlEncode(Page)}\"", await TextAsync(asked), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("port=40000", "port=80")]
    [InlineData("port=40000", "port=40000@evil.example")]
    [InlineData("port=40000", "port=70000")]
    [InlineData("port=40000", "port=-1")]
    [InlineData("state=abcdef", "state=a%26code%3Dx")]
    [InlineData("state=abcdefghijklmnopqrstuvwx", "state=short")]
    [InlineData("&label=laptop", "")]
    [InlineData("label=laptop", "label=a%20b")]
    [InlineData("label=laptop", "label=a&label=b")]
    [InlineData("challenge=", "challenge=x")]
    [Trait("clause", "IDENTITY.md §5 no. 8")]
    public async Task An_address_that_is_not_whole_leads_nowhere(string part, string other)
    {
        await using var server = await StartAsync();
        using var browser = new Browser(server);
        await browser.SignInPersonAsync(Root);
        Assert.Equal(HttpStatusCode.BadRequest, await browser.StatusAsync(Page.Replace(part, other, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Its_page_lets_the_browser_go_to_its_listener_and_nowhere_else()
    {
        await using var server = await StartAsync();
        using var browser = new Browser(server);
        await browser.SignInPersonAsync(Root);
        using var page = await browser.GetAsync(Page);
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("form-action 'self' http://127.0.0.1:40000;", policy, StringComparison.Ordinal);
        using var refused = await browser.PostAsync("/command-line", await TextAsync(page), [.. Fields(), ("answer", "refuse")]);
        Assert.Equal($"http://127.0.0.1:40000/?error=access_denied&state={State}", refused.Headers.Location?.OriginalString);
    }

    private static async Task<RunningServer> StartAsync()
    {
        var server = await RunningServer.StartAsync();
        await server.AddPersonAsync(Root, admin: true);
        return server;
    }

    private static async Task<Uri> LetAsync(Browser browser)
    {
        using var answer = await browser.PostAsync("/command-line", await browser.PageAsync(Page), [.. Fields(), ("answer", "let")]);
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        return answer.Headers.Location!;
    }

    private static async Task<string> TokenAsync(RunningServer server, Browser browser) => (await RedeemAsync(server, CodeOf(await LetAsync(browser)), Verifier)).Token!;

    private static (string, string)[] Fields() => [("port", "40000"), ("state", State), ("challenge", Challenge), ("label", "laptop")];

    private static string CodeOf(Uri back) => back.Query[6..].Split('&')[0];

    private static async Task<(HttpStatusCode Status, string? Token)> RedeemAsync(RunningServer server, string code, string verifier)
    {
        using var answer = await server.SendAsync(HttpMethod.Post, "/api/v1/logins/redeem", change: request =>
        {
            request.Content = new StringContent(JsonSerializer.Serialize(new { code, verifier }), Encoding.UTF8, "application/json");
        });
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        return (answer.StatusCode, body.TryGetProperty("token", out var token) ? token.GetString() : null);
    }

    private static async Task<HttpStatusCode> AskAsync(RunningServer server, string token)
    {
        using var answer = await server.SendAsync(HttpMethod.Get, "/api/v1/users", token);
        return answer.StatusCode;
    }

    private static Task<string> TextAsync(HttpResponseMessage answer) => answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
}
