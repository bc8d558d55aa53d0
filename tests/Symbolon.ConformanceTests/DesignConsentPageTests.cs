using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Symbolon.ConformanceTests;

/// <summary>From a client's request over sign-in and consent page to a token that the gateway takes, on a server as it is shipped.</summary>
[Trait("area", "oauth")]
public sealed partial class DesignConsentPageTests
{
    private const string Alice = "alice@example.com";
    private const string Redirect = "http://127.0.0.1:7123/callback";
    private const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    [Fact]
    [Trait("clause", "OAuth 2.1 §4.1")]
    public async Task A_person_signs_in_consents_and_the_client_calls_tools_as_that_person()
    {
        await using var stage = await StartAsync();
        using var browser = new Browser(stage.Server);
        var origin = Origin(stage);
        using var away = await browser.GetAsync(Request(origin));
        Assert.Equal(HttpStatusCode.SeeOther, away.StatusCode);
        var signIn = away.Headers.Location!.OriginalString;
        Assert.StartsWith("/sign-in?to=", signIn, StringComparison.Ordinal);
        using var back = await browser.TryPersonAsync(Alice, to: Uri.UnescapeDataString(signIn["/sign-in?to=".Length..]));
        using var asked = await browser.GetAsync(back.Headers.Location!.OriginalString);
        var page = await asked.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(asked.StatusCode == HttpStatusCode.OK, page);
        Assert.Contains("Let cli call tools of shop for you?", page, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1:7123", page, StringComparison.Ordinal);
        Assert.Equal(["look"], Ticked(page));

        using var answer = await AnswerAsync(browser, page, "allow", "look", "change");
        var query = QueryOf(answer);
        Assert.Equal(("x y", origin), (query["state"], query["iss"]));
        var tokens = await PostAsync(stage, "/oauth/token", new() { ["grant_type"] = "authorization_code", ["code"] = query["code"], ["client_id"] = "cli", ["redirect_uri"] = Redirect, ["code_verifier"] = Verifier });
        Assert.Equal("mcp:shop:look mcp:shop:change", tokens.GetProperty("scope").GetString());
        Assert.Equal(["look", "change"], (await CanCallAsync(stage, tokens.GetProperty("access_token").GetString()!)).Order().Reverse());
        var next = await PostAsync(stage, "/oauth/token", new() { ["grant_type"] = "refresh_token", ["refresh_token"] = tokens.GetProperty("refresh_token").GetString()!, ["client_id"] = "cli" });
        Assert.NotEqual(tokens.GetProperty("refresh_token").GetString(), next.GetProperty("refresh_token").GetString());

        var records = await stage.ApiAsync(HttpMethod.Get, "/audit?kind=consent");
        Assert.Equal((Alice, true), ((string)records[0]!["event"]!["by"]!, (bool)records[0]!["event"]!["allowed"]!));
        await stage.ApiAsync(HttpMethod.Post, "/revocations", new JsonObject { ["user"] = Alice });
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(stage, next.GetProperty("access_token").GetString()!));
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Scopes")]
    public async Task Prompts_and_resources_are_things_to_tick()
    {
        await using var stage = await StartAsync();
        await stage.ApiAsync(HttpMethod.Post, "/apply", JsonNode.Parse("""
            {"documents":[{"apiVersion":"symbolon/v1","kind":"Grant","metadata":{"name":"alice-reads"},"spec":{"to":{"users":["alice@example.com"]},"servers":[{"name":"shop","prompts":["*"],"resources":["file:///docs/*"]}]}}]}
            """));
        using var browser = new Browser(stage.Server);
        await browser.SignInPersonAsync(Alice);
        var page = await browser.PageAsync(Request(Origin(stage)));
        Assert.Contains("Its prompts<small>get every prompt that you may</small>", page, StringComparison.Ordinal);
        Assert.Contains("Its resources<small>read every resource that you may</small>", page, StringComparison.Ordinal);
        using var answer = await AnswerAsync(browser, page, "allow", "@prompts");
        var tokens = await PostAsync(stage, "/oauth/token", new() { ["grant_type"] = "authorization_code", ["code"] = QueryOf(answer)["code"], ["client_id"] = "cli", ["redirect_uri"] = Redirect, ["code_verifier"] = Verifier });
        Assert.Equal("mcp:shop:@prompts", tokens.GetProperty("scope").GetString());
        var consents = await browser.PageAsync("/my-access");
        Assert.Contains("its prompts", consents, StringComparison.Ordinal);
        Assert.DoesNotContain("its resources", consents, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("clause", "RFC 9396 §7")]
    public async Task A_request_that_is_limited_to_resources_says_so_and_each_call_is_held_to_it()
    {
        await using var stage = await StartAsync();
        var applied = await stage.ApiAsync(HttpMethod.Post, "/apply", JsonNode.Parse("""
            {"documents":[{"apiVersion":"symbolon/v1","kind":"Server","metadata":{"name":"shop","owner":"ops@example.com"},"spec":{"upstream":{"transport":"http","url":"http://127.0.0.1:1/mcp"},
              "tools":[{"name":"look","effect":"read","inputSchema":{"properties":{"folder":{"type":"string"}},"required":["folder"]},"needs":[{"actions":["read"],"resource":"docs/{folder}/*"}]},{"name":"change","effect":"write"}]}}]}
            """));
        await stage.ApiAsync(HttpMethod.Post, "/servers/shop/approve", new JsonObject { ["version"] = (int)applied[0]!["version"]! });
        using var browser = new Browser(stage.Server);
        await browser.SignInPersonAsync(Alice);
        var details = Uri.EscapeDataString("""[{"type":"symbolon_resource","actions":["read","write"],"resource":"docs/team/**"}]""");
        var page = await browser.PageAsync(Request(Origin(stage)) + "&authorization_details=" + details);
        Assert.Contains("<li>read on <code>docs/team/*</code></li>", page, StringComparison.Ordinal);
        Assert.Equal(["look"], Tool().Matches(page).Select(match => match.Groups[1].Value));

        using var answer = await AnswerAsync(browser, page, "allow", "look");
        var tokens = await PostAsync(stage, "/oauth/token", new() { ["grant_type"] = "authorization_code", ["code"] = QueryOf(answer)["code"], ["client_id"] = "cli", ["redirect_uri"] = Redirect, ["code_verifier"] = Verifier });
        Assert.Equal("""[{"type":"symbolon_resource","actions":["read"],"resource":"docs/team/*"}]""", tokens.GetProperty("authorization_details").GetRawText());
        foreach (var (folder, code) in new[] { ("team", "upstream_unreachable"), ("board", "argument_not_allowed") })
        {
            using var called = await CallAsync(stage, tokens.GetProperty("access_token").GetString()!, "look", $$"""{"folder":"{{folder}}"}""");
            Assert.Contains(code, await called.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
        Assert.Contains("only for <code>read:docs/team/*</code>", await browser.PageAsync("/my-access"), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("clause", "IDENTITY.md §5 no. 18")]
    public async Task The_page_cannot_be_framed_leads_to_the_client_alone_and_says_whose_name_nobody_has_checked()
    {
        await using var stage = await StartAsync();
        using var browser = new Browser(stage.Server);
        await browser.SignInPersonAsync(Alice);
        using var asked = await browser.GetAsync(Request(Origin(stage)));
        Assert.Equal("DENY", Assert.Single(asked.Headers.GetValues("X-Frame-Options")));
        var policy = Assert.Single(asked.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("form-action 'self' http://127.0.0.1:7123;", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        var page = await asked.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain("Nobody here has checked this name", page, StringComparison.Ordinal);

        using var none = await AnswerAsync(browser, page, "allow");
        Assert.Equal(HttpStatusCode.BadRequest, none.StatusCode);
        Assert.Empty(Ticked(await none.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
        using var no = await AnswerAsync(browser, page, "deny", "look");
        Assert.Equal("access_denied", QueryOf(no)["error"]);
        using var again = await AnswerAsync(browser, page, "allow", "look");
        Assert.Equal((HttpStatusCode.BadRequest, null), (again.StatusCode, again.Headers.Location));
    }

    [Fact]
    [Trait("clause", "RFC 6749 §4.1.2.1")]
    public async Task What_cannot_be_answered_is_a_page_that_shows_nothing_of_what_was_sent()
    {
        await using var stage = await StartAsync();
        using var browser = new Browser(stage.Server);
        using var answer = await browser.GetAsync(Request(Origin(stage)).Replace("client_id=cli", "client_id=%3Cscript%3Ealert(1)%3C%2Fscript%3E", StringComparison.Ordinal));
        var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.BadRequest, null), (answer.StatusCode, answer.Headers.Location));
        Assert.DoesNotContain("alert(1)", page, StringComparison.Ordinal);
        Assert.Contains("This request cannot be answered", page, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("clause", "IDENTITY.md §5 no. 18")]
    [Trait("hostile", "consent")]
    public async Task A_form_of_another_site_is_refused_before_anything_else()
    {
        await using var stage = await StartAsync();
        using var browser = new Browser(stage.Server);
        await browser.SignInPersonAsync(Alice);
        var page = await browser.PageAsync(Request(Origin(stage)));
        using var forged = await browser.PostAsync("/oauth/consent", "", "https://evil.example", ("ticket", Ticket().Match(page).Groups[1].Value), ("answer", "allow"), ("tool", "look"));
        Assert.Equal(HttpStatusCode.Forbidden, forged.StatusCode);
    }

    private static async Task<TokenStage> StartAsync()
    {
        var stage = await TokenStage.StartAsync();
        await stage.Server.AddPersonAsync(Alice);
        await stage.ApiAsync(HttpMethod.Post, "/apply", JsonNode.Parse($$$"""
            {"documents":[{"apiVersion":"symbolon/v1","kind":"Grant","metadata":{"name":"alice-shop"},"spec":{"to":{"users":["{{{Alice}}}"]},"servers":[{"name":"shop","tools":["look","change"]}]}}]}
            """));
        await stage.ApiAsync(HttpMethod.Post, "/clients", new JsonObject { ["name"] = "cli", ["owner"] = "ops@example.com", ["redirects"] = new JsonArray("http://127.0.0.1/callback") });
        return stage;
    }

    private static string Origin(TokenStage stage) => stage.Server.Client.BaseAddress!.GetLeftPart(UriPartial.Authority);

    private static string Request(string origin) =>
        $"/oauth/authorize?response_type=code&client_id=cli&redirect_uri={Uri.EscapeDataString(Redirect)}&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256&state=x+y&resource={Uri.EscapeDataString(origin + "/mcp/shop")}";

    private static Task<HttpResponseMessage> AnswerAsync(Browser browser, string page, string answer, params string[] tools) =>
        browser.PostAsync("/oauth/consent", page, [("ticket", Ticket().Match(page).Groups[1].Value), ("answer", answer), ("life", "2592000"), .. tools.Select(tool => ("tool", tool))]);

    private static string[] Ticked(string page) => [.. Tool().Matches(page).Where(match => match.Value.Contains(" checked", StringComparison.Ordinal)).Select(match => match.Groups[1].Value)];

    private static Dictionary<string, string> QueryOf(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        var address = answer.Headers.Location!.OriginalString;
        Assert.StartsWith(Redirect + "?", address, StringComparison.Ordinal);
        return address[(Redirect.Length + 1)..].Split('&').Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1]));
    }

    private static async Task<JsonElement> PostAsync(TokenStage stage, string path, Dictionary<string, string> form)
    {
        using var answer = await stage.Server.Client.PostAsync(path, new FormUrlEncodedContent(form), TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>What the gateway lets the token do, told by what it refuses: nothing listens behind it.</summary>
    private static async Task<List<string>> CanCallAsync(TokenStage stage, string token)
    {
        var allowed = new List<string>();
        foreach (var tool in new[] { "look", "change", "drop", "peek" })
        {
            using var answer = await CallAsync(stage, token, tool);
            var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            if (text.Contains("upstream_unreachable", StringComparison.Ordinal)) allowed.Add(tool);
        }
        return allowed;
    }

    private static async Task<HttpStatusCode> StatusAsync(TokenStage stage, string token)
    {
        using var answer = await CallAsync(stage, token, "look");
        return answer.StatusCode;
    }

    private static Task<HttpResponseMessage> CallAsync(TokenStage stage, string token, string tool, string arguments = "{}")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/mcp/shop")
        {
            Content = new StringContent($$$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{{tool}}}}","arguments":{{{{arguments}}}}}}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.Accept.ParseAdd("text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", "2025-06-18");
        return stage.Server.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    [GeneratedRegex("name=\"ticket\" value=\"([^\"]+)\"")]
    private static partial Regex Ticket();

    [GeneratedRegex("<input type=\"checkbox\" name=\"tool\" value=\"([^\"]+)\"[^>]*>")]
    private static partial Regex Tool();
}
