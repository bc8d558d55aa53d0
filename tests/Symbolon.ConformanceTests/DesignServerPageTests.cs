using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Symbolon.ConformanceTests;

/// <summary>DESIGN.md section 4, Reviews: what the console shows of a server, and what can be decided about it there.</summary>
[Trait("area", "console")]
public sealed partial class DesignServerPageTests
{
    private const string Naughty = "<script>alert('x')</script>\"'><img src=x onerror=alert(1)>\u202E\u0000\uFEFF";

    [Fact]
    public async Task A_pending_version_is_shown_with_its_origin_and_tools_and_approved_by_a_form_that_names_what_was_seen()
    {
        await using var stage = await TokenStage.StartAsync();
        await ApplyAsync(stage, "docs", """{"transport":"http","url":"http://127.0.0.1:7001/mcp"}""", """{"name":"look","effect":"read"}""");
        var page = await stage.PageAsync("/servers/docs");
        Assert.Contains("Version 1 waits for approval", page, StringComparison.Ordinal);
        Assert.Contains("http://127.0.0.1:7001/mcp", page, StringComparison.Ordinal);
        Assert.Contains("btn primary\" type=\"submit\"", page, StringComparison.Ordinal);

        using var answer = await stage.Browser.PostAsync("/servers/docs/approve", page, ("version", Hidden(page, "version")), ("number", Hidden(page, "number")));
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        var after = await stage.PageAsync("/servers/docs");
        Assert.Contains("Version 1 of docs serves", after, StringComparison.Ordinal);
        Assert.DoesNotContain("waits for approval", after, StringComparison.Ordinal);
        Assert.Equal("active", (string?)(await stage.ApiAsync(HttpMethod.Get, "/servers/docs"))["state"]);
    }

    [Fact]
    public async Task What_tools_need_is_shown_for_each_tool_and_as_a_union_and_a_change_of_it_waits_for_approval()
    {
        await using var stage = await TokenStage.StartAsync();
        const string schema = """{"properties":{"folder":{"type":"string"}},"required":["folder"]}""";
        static string Tools(string actions) => $$"""{"name":"look","effect":"read","inputSchema":{{schema}},"needs":[{"actions":{{actions}},"resource":"docs/{folder}/*"}]},{"name":"find","effect":"read","needs":[{"actions":["read"],"resource":"docs/index/*"}]}""";
        await ApplyAsync(stage, "docs", """{"transport":"http","url":"http://127.0.0.1:7001/mcp"}""", Tools("""["read"]"""));
        var page = await stage.PageAsync("/servers/docs");
        using (var answer = await stage.Browser.PostAsync("/servers/docs/approve", page, ("version", Hidden(page, "version")), ("number", Hidden(page, "number"))))
            Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        await ApplyAsync(stage, "docs", """{"transport":"http","url":"http://127.0.0.1:7001/mcp"}""", Tools("""["read","write"]"""));

        var server = await stage.ApiAsync(HttpMethod.Get, "/servers/docs");
        Assert.Equal("""[{"actions":["read"],"resource":"docs/*/*"}]""", server["approved"]!["needs"]!.ToJsonString());
        Assert.Equal("""[{"actions":["read"],"resource":"docs/{folder}/*"}]""", server["approved"]!["tools"]![0]!["needs"]!.ToJsonString());
        Assert.Equal("""[{"actions":["read","write"],"resource":"docs/*/*"}]""", server["pending"]!["needs"]!.ToJsonString());
        Assert.Equal("""[{"name":"look","fields":["needs"]}]""", server["pendingDiff"]!["toolsChanged"]!.ToJsonString());
        page = await stage.PageAsync("/servers/docs");
        Assert.Contains("Version 2 waits for approval", page, StringComparison.Ordinal);
        Assert.Contains("<code>docs/*/*</code>", page, StringComparison.Ordinal);
        Assert.Contains("<code>docs/{folder}/*</code>", page, StringComparison.Ordinal);
        Assert.Contains("<code>docs/index/*</code>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_leads_inside_is_approved_only_with_the_box_ticked_and_its_button_is_not_the_primary_one()
    {
        await using var stage = await TokenStage.StartAsync();
        // 127.0.0.1, written so that nobody reads it.
        await ApplyAsync(stage, "docs", """{"transport":"http","url":"http://2130706433:7001/mcp"}""", """{"name":"look","effect":"read"}""");
        var pending = (await stage.ApiAsync(HttpMethod.Get, "/servers/docs"))["pending"]!;
        Assert.True((bool)pending["needsInside"]!);
        Assert.NotEmpty(pending["warnings"]!.AsArray());
        var page = await stage.PageAsync("/servers/docs");
        Assert.Contains("name=\"inside\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("btn primary", page, StringComparison.Ordinal);

        using (var refused = await stage.Browser.PostAsync("/servers/docs/approve", page, ("version", Hidden(page, "version")), ("number", "1")))
        {
            Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
            Assert.Contains("leads inside this network", await TextAsync(refused), StringComparison.Ordinal);
        }
        using var answer = await stage.Browser.PostAsync("/servers/docs/approve", page, ("version", Hidden(page, "version")), ("number", "1"), ("inside", "true"));
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
    }

    [Fact]
    public async Task A_tool_that_is_decided_milder_than_it_is_assessed_warns_before_the_approval()
    {
        await using var stage = await TokenStage.StartAsync();
        await ApplyAsync(stage, "docs", """{"transport":"http","url":"http://127.0.0.1:7001/mcp"}""", """{"name":"delete_everything","description":"Deletes all records for good","effect":"read"}""");
        var warning = (string)(await stage.ApiAsync(HttpMethod.Get, "/servers/docs"))["pending"]!["warnings"]![0]!;
        Assert.StartsWith("delete_everything: decided read, assessed", warning, StringComparison.Ordinal);
        var page = await stage.PageAsync("/servers/docs");
        Assert.Contains(warning, page, StringComparison.Ordinal);
        Assert.DoesNotContain("btn primary", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_is_suspended_by_typing_its_name_resumed_and_retired_and_each_is_in_the_audit()
    {
        await using var stage = await TokenStage.StartAsync();
        await StepAsync(stage, "suspend", ("confirm", "shop"), ("reason", "as a test"));
        var suspended = await stage.PageAsync("/servers/shop");
        Assert.Matches("Suspended by admin-token \\(.{1,12}as a test", suspended);
        Assert.Equal("suspended", await StateAsync(stage));
        await StepAsync(stage, "resume");
        Assert.Equal("active", await StateAsync(stage));
        await StepAsync(stage, "retire", ("confirm", "shop"));
        Assert.Equal("retired", await StateAsync(stage));
        var retired = await stage.PageAsync("/servers/shop");
        Assert.DoesNotContain("method=\"post\" action=\"/servers/", retired, StringComparison.Ordinal);
        var audit = (await stage.ApiAsync(HttpMethod.Get, "/audit?kind=admin_change&server=shop")).ToJsonString();
        foreach (var action in new[] { "suspend", "resume", "retire" }) Assert.Contains($"\"action\":\"{action}\"", audit, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("SHOP")]
    [InlineData("shop2")]
    public async Task Another_word_than_the_name_suspends_nothing_and_is_said_at_its_field(string typed)
    {
        await using var stage = await TokenStage.StartAsync();
        var page = await stage.PageAsync("/servers/shop");
        using var answer = await stage.Browser.PostAsync("/servers/shop/suspend", page, ("version", Hidden(page, "version")), ("confirm", typed));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var again = await TextAsync(answer);
        Assert.Contains("aria-invalid=\"true\" aria-describedby=\"suspend-confirm-e\"", again, StringComparison.Ordinal);
        Assert.Contains("This is not shop.", again, StringComparison.Ordinal);
        Assert.Equal("active", await StateAsync(stage));
    }

    [Fact]
    public async Task A_change_in_between_stops_the_form_and_says_so()
    {
        await using var stage = await TokenStage.StartAsync();
        var page = await stage.PageAsync("/servers/shop");
        await stage.ApiAsync(HttpMethod.Post, "/servers/shop/suspend");
        await stage.ApiAsync(HttpMethod.Post, "/servers/shop/resume");
        using var answer = await stage.Browser.PostAsync("/servers/shop/suspend", page, ("version", Hidden(page, "version")), ("confirm", "shop"));
        Assert.Equal(HttpStatusCode.PreconditionFailed, answer.StatusCode);
        Assert.Contains("shop was changed by somebody after you opened this page", await TextAsync(answer), StringComparison.Ordinal);
        Assert.Equal("active", await StateAsync(stage));
    }

    [Fact]
    public async Task A_form_that_does_not_say_what_was_seen_does_nothing()
    {
        await using var stage = await TokenStage.StartAsync();
        var page = await stage.PageAsync("/servers/shop");
        using var answer = await stage.Browser.PostAsync("/servers/shop/suspend", page, ("confirm", "shop"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal("active", await StateAsync(stage));
    }

    [Theory]
    [InlineData("/servers/nothing")]
    [InlineData("/servers/..%2F..%2Fetc")]
    [InlineData("/servers/%3Cscript%3E")]
    public async Task A_server_that_is_not_there_is_a_page_that_says_so(string path)
    {
        await using var stage = await TokenStage.StartAsync();
        using var answer = await stage.Browser.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("There is no such server", await TextAsync(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Texts_of_a_server_are_shown_and_never_become_a_part_of_the_page()
    {
        await using var stage = await TokenStage.StartAsync();
        var text = JsonValue.Create(Naughty.Replace("\0", "", StringComparison.Ordinal))!.ToJsonString();
        await ApplyAsync(stage, "docs", """{"transport":"http","url":"http://127.0.0.1:7001/mcp?<b>'x'=\"y\""}""",
            $$"""{"name":"look","title":{{text}},"description":{{text}},"effect":"read"},{"name":"other","description":{{text}},"effect":"write"}""", owner: "o'<&@example.com".Replace("<", "", StringComparison.Ordinal), label: text);
        foreach (var path in new[] { "/servers/docs", "/servers", "/servers?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E%22", "/servers?owner=%22%3E%3Cscript%3E&state=%22", "/servers/docs?view=history", "/servers/docs?view=activity&show=%3Cb%3E" })
        {
            var page = await stage.PageAsync(path);
            Assert.DoesNotContain("<script>alert", page, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("<img", page, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("\"><script", page, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("<b>", page, StringComparison.OrdinalIgnoreCase);
            Assert.EndsWith("</html>", page.Trim(), StringComparison.Ordinal);
        }
        Assert.Contains("&lt;script&gt;alert(&#x27;x&#x27;)", await stage.PageAsync("/servers/docs"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_is_filtered_by_state_owner_and_text_and_goes_on_page_by_page()
    {
        await using var stage = await TokenStage.StartAsync();
        var documents = new JsonArray([.. Enumerable.Range(0, 120).Select(i => Document($"s{i.ToString("000", CultureInfo.InvariantCulture)}", """{"transport":"http","url":"http://127.0.0.1:7001/mcp"}""",
            """{"name":"look","effect":"read"}""", i % 2 == 0 ? "even@example.com" : "odd@example.com"))]);
        await stage.ApiAsync(HttpMethod.Post, "/apply", new JsonObject { ["documents"] = documents });

        var first = await stage.PageAsync("/servers");
        Assert.Contains("50 of 121 servers", first, StringComparison.Ordinal);
        Assert.Equal(50, Rows(first).Count);
        var seen = new List<string>();
        for (var next = "/servers"; next is not null; next = NextOf(first))
        {
            first = await stage.PageAsync(next);
            seen.AddRange(Rows(first));
        }
        Assert.Equal(121, seen.Count);
        Assert.Equal(seen.Order(StringComparer.Ordinal), seen);
        Assert.Distinct(seen);

        Assert.Equal(["shop"], Rows(await stage.PageAsync("/servers?state=active")));
        Assert.Contains("50 of 60 servers", await stage.PageAsync("/servers?owner=odd%40example.com&state=attention"), StringComparison.Ordinal);
        Assert.Equal(["s042"], Rows(await stage.PageAsync("/servers?q=042")));
        Assert.Equal(["shop"], Rows(await stage.PageAsync("/servers?q=peek")));
        Assert.Contains("No server fits", await stage.PageAsync("/servers?q=nowhere"), StringComparison.Ordinal);
        Assert.Equal(60, (await stage.ApiAsync(HttpMethod.Get, "/servers?owner=odd%40example.com&state=attention")).AsArray().Count);
        using var wrong = await stage.Server.SendAsync(HttpMethod.Get, "/api/v1/servers?state=none", stage.Server.AdminToken);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
    }

    [Fact]
    public async Task A_second_version_is_shown_with_what_it_changes()
    {
        await using var stage = await TokenStage.StartAsync();
        await ApplyAsync(stage, "shop", """{"transport":"http","url":"http://127.0.0.1:2/mcp"}""", """{"name":"look","effect":"write"},{"name":"added","effect":"read"}""");
        var page = await stage.PageAsync("/servers/shop");
        // What is taken out is out at once, as version 2; what would be more waits.
        Assert.Equal(2, (int)(await stage.ApiAsync(HttpMethod.Get, "/servers/shop"))["approvedVersion"]!);
        Assert.Contains("Version 3 waits for approval", page, StringComparison.Ordinal);
        Assert.Contains("spec.upstream", page, StringComparison.Ordinal);
        Assert.Matches("<code>added</code><span class=\"sub\">new tool</span>", page);
        Assert.DoesNotContain("taken out", page, StringComparison.Ordinal);
        Assert.Matches("<code>look</code><span class=\"sub\">effect</span>", page);
    }

    private static async Task StepAsync(TokenStage stage, string action, params (string Name, string Value)[] fields)
    {
        var page = await stage.PageAsync("/servers/shop");
        using var answer = await stage.Browser.PostAsync($"/servers/shop/{action}", page, [("version", Hidden(page, "version")), .. fields]);
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
    }

    private static async Task<string?> StateAsync(TokenStage stage) => (string?)(await stage.ApiAsync(HttpMethod.Get, "/servers/shop"))["state"];

    private static Task<JsonNode> ApplyAsync(TokenStage stage, string name, string upstream, string tools, string owner = "ops@example.com", string? label = null) =>
        stage.ApiAsync(HttpMethod.Post, "/apply", new JsonObject { ["documents"] = new JsonArray(Document(name, upstream, tools, owner, label)) });

    private static JsonNode Document(string name, string upstream, string tools, string owner, string? label = null) => JsonNode.Parse($$$"""
        {"apiVersion":"symbolon/v1","kind":"Server","metadata":{"name":"{{{name}}}","owner":"{{{owner}}}","labels":{"note":{{{label ?? "\"\""}}}}},"spec":{"upstream":{{{upstream}}},"tools":[{{{tools}}}]}}
        """)!;

    private static Task<string> TextAsync(HttpResponseMessage answer) => answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    private static string Hidden(string page, string name) => Regex.Match(page, $"name=\"{name}\" value=\"([^\"]*)\"") is { Success: true } found ? found.Groups[1].Value : throw new InvalidOperationException($"The page has no field {name}.");

    private static List<string> Rows(string page) => [.. Row().Matches(page).Select(match => match.Groups[1].Value)];

    private static string? NextOf(string page) => Next().Match(page) is { Success: true } found ? WebUtility.HtmlDecode(found.Groups[1].Value) : null;

    [GeneratedRegex("<th scope=\"row\"><a href=\"/servers/([^\"]+)\">")]
    private static partial Regex Row();

    [GeneratedRegex("<a href=\"([^\"]+)\" rel=\"next\">")]
    private static partial Regex Next();
}
