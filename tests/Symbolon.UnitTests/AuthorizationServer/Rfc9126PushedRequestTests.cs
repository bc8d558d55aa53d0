using Symbolon.UnitTests.Admin;

namespace Symbolon.UnitTests.AuthorizationServer;

/// <summary>RFC 9126: a request that the client leaves with us itself.</summary>
[Trait("area", "oauth")]
public sealed class Rfc9126PushedRequestTests
{
    [Fact]
    [Trait("clause", "RFC 9126 §2.2")]
    public async Task A_pushed_request_is_a_reference_good_for_a_minute_and_leads_to_a_code()
    {
        await using var flow = await CodeFlow.StartAsync();
        var pushed = await PushAsync(flow);
        Assert.Equal((201, 60L), (pushed.Status, pushed.Json.GetProperty("expires_in").GetInt64()));
        Assert.Equal("no-store", pushed.Headers["Cache-Control"]);
        var asked = await flow.AuthorizeAsync(Reference(pushed));
        var answer = await flow.AnswerAsync(asked.Text, tools: "look");
        Assert.Equal("s t&ä=1", CodeFlow.Member(answer, "state"));
        Assert.Equal(200, (await flow.RedeemAsync(CodeFlow.Member(answer, "code")!)).Status);
    }

    [Fact]
    [Trait("clause", "RFC 9126 §2.2")]
    public async Task It_is_over_after_a_minute()
    {
        await using var flow = await CodeFlow.StartAsync();
        var reference = Reference(await PushAsync(flow));
        flow.Host.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(400, (await flow.AuthorizeAsync(reference)).Status);
    }

    [Fact]
    [Trait("clause", "RFC 9126 §7.3")]
    [Trait("hostile", "par")]
    public async Task The_first_browser_has_it_and_no_other()
    {
        await using var flow = await CodeFlow.StartAsync();
        var reference = Reference(await PushAsync(flow));
        var first = await flow.AuthorizeAsync(reference);
        Assert.Equal(200, first.Status);
        Assert.Equal(400, (await flow.AuthorizeAsync(reference)).Status);
        var browser = first.Headers["Set-Cookie"].Split('=', 2)[1].Split(';')[0];
        Assert.StartsWith("__Host-symbolon-request=", first.Headers["Set-Cookie"], StringComparison.Ordinal);
        flow.Host.Clock.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal(200, (await flow.AuthorizeAsync(reference, browser: browser)).Status);
    }

    [Fact]
    [Trait("clause", "RFC 9126 §7.3")]
    public async Task Of_a_hundred_openings_at_once_one_wins()
    {
        await using var flow = await CodeFlow.StartAsync();
        for (var round = 0; round < 20; round++)
        {
            var reference = Reference(await PushAsync(flow));
            var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => flow.AuthorizeAsync(reference))));
            Assert.Single(answers, answer => answer.Status == 200);
        }
    }

    [Theory]
    [InlineData("allow")]
    [InlineData("deny")]
    [Trait("clause", "RFC 9126 §7.3")]
    [Trait("hostile", "par")]
    public async Task Its_one_answer_uses_it_up_for_its_own_browser_too(string answer)
    {
        await using var flow = await CodeFlow.StartAsync();
        var reference = Reference(await PushAsync(flow));
        var first = await flow.AuthorizeAsync(reference);
        var browser = first.Headers["Set-Cookie"].Split('=', 2)[1].Split(';')[0];
        var second = await flow.AuthorizeAsync(reference, browser: browser);
        Assert.NotEmpty(CodeFlow.Location(await flow.AnswerAsync(first.Text, answer, tools: "look")));
        var again = await flow.AnswerAsync(second.Text, tools: "look");
        Assert.Equal((400, ""), (again.Status, CodeFlow.Location(again)));
        Assert.Equal(400, (await flow.AuthorizeAsync(reference, browser: browser)).Status);
    }

    [Fact]
    [Trait("clause", "RFC 9126 §7.3")]
    [Trait("hostile", "par")]
    public async Task A_silent_answer_uses_it_up_whether_it_is_a_code_or_an_error()
    {
        await using var flow = await CodeFlow.StartAsync();
        (string, string?)[] web = [("client_id", "web"), ("redirect_uri", CodeFlow.Web), ("scope", "mcp:shop:look")];
        foreach (var member in new[] { "error", "code" })
        {
            if (member == "code") await flow.CodeAsync(web);
            var reference = Reference(await PushAsync(flow, [.. web, ("prompt", "none")])).Replace("client_id=cli", "client_id=web", StringComparison.Ordinal);
            var first = await flow.AuthorizeAsync(reference);
            Assert.NotNull(CodeFlow.Member(first, member));
            Assert.Equal(400, (await flow.AuthorizeAsync(reference, browser: first.Headers["Set-Cookie"].Split('=', 2)[1].Split(';')[0])).Status);
        }
    }

    [Fact]
    [Trait("clause", "RFC 9126 §2.2")]
    [Trait("hostile", "par")]
    public async Task Another_client_that_shows_it_does_not_take_it_away()
    {
        await using var flow = await CodeFlow.StartAsync();
        var reference = Reference(await PushAsync(flow));
        Assert.Equal(400, (await flow.AuthorizeAsync(reference.Replace("client_id=cli", "client_id=other", StringComparison.Ordinal))).Status);
        Assert.Equal(200, (await flow.AuthorizeAsync(reference)).Status);
    }

    [Fact]
    [Trait("clause", "RFC 9126 §4")]
    public async Task What_is_beside_the_reference_counts_for_nothing()
    {
        await using var flow = await CodeFlow.StartAsync();
        var reference = Reference(await PushAsync(flow));
        var asked = await flow.AuthorizeAsync(reference + "&state=other&redirect_uri=https%3A%2F%2Fevil.example&scope=mcp%3Ashop%3Achange");
        var answer = await flow.AnswerAsync(asked.Text, tools: "look");
        Assert.StartsWith(CodeFlow.Cli + "?", CodeFlow.Location(answer), StringComparison.Ordinal);
        Assert.Equal("s t&ä=1", CodeFlow.Member(answer, "state"));
    }

    [Fact]
    [Trait("clause", "RFC 9126 §2.2")]
    [Trait("hostile", "par")]
    public async Task It_is_good_for_its_client_alone()
    {
        await using var flow = await CodeFlow.StartAsync();
        var reference = Reference(await PushAsync(flow)).Replace("client_id=cli", "client_id=other", StringComparison.Ordinal);
        Assert.Equal(400, (await flow.AuthorizeAsync(reference)).Status);
    }

    [Theory]
    [InlineData("request_uri", "urn:ietf:params:oauth:request_uri:x", "invalid_request")]
    [InlineData("request", "e30", "request_not_supported")]
    [InlineData("redirect_uri", "https://evil.example/", "invalid_request")]
    [InlineData("redirect_uri", null, "invalid_request")]
    [InlineData("response_type", "token", "unsupported_response_type")]
    [InlineData("code_challenge_method", "plain", "invalid_request")]
    [InlineData("code_challenge", null, "invalid_request")]
    [InlineData("resource", "https://evil.example/mcp/shop", "invalid_target")]
    [InlineData("scope", "openid", "invalid_scope")]
    [Trait("clause", "RFC 9126 §2.1")]
    [Trait("hostile", "par")]
    public async Task It_is_checked_as_at_the_authorization_endpoint(string name, string? value, string error)
    {
        await using var flow = await CodeFlow.StartAsync();
        var refused = await PushAsync(flow, (name, value));
        Assert.Equal((400, error), (refused.Status, CodeFlow.Error(refused)));
    }

    [Fact]
    [Trait("clause", "RFC 9126 §2.1")]
    public async Task A_client_with_a_key_has_to_prove_it_and_one_without_redirects_has_no_place_here()
    {
        await using var flow = await CodeFlow.StartAsync();
        Assert.Equal(401, (await PushAsync(flow, ("client_id", "vault"), ("redirect_uri", "https://vault.example.com/cb"))).Status);
        var proved = await PushAsync(flow, ("client_id", null), ("redirect_uri", "https://vault.example.com/cb"), ("client_assertion_type", OAuthHost.AssertionType),
            ("client_assertion", flow.Host.Assertion("vault", flow.Host.Key)));
        Assert.Equal(201, proved.Status);
        var agent = await PushAsync(flow, ("client_id", null), ("client_assertion_type", OAuthHost.AssertionType), ("client_assertion", flow.Host.Assertion()));
        Assert.Equal("unauthorized_client", CodeFlow.Error(agent));
        Assert.Equal(401, (await PushAsync(flow, ("client_id", "nobody"))).Status);
    }

    [Theory]
    [InlineData("registered")]
    [InlineData("document")]
    [InlineData("dynamic")]
    [Trait("clause", "RFC 9126 §6")]
    [Trait("hostile", "par")]
    public async Task A_client_that_says_that_it_pushes_is_answered_on_nothing_else(string kind)
    {
        await using var flow = await CodeFlow.StartAsync(new Symbolon.AuthorizationServer.AuthorizationServerOptions { DynamicRegistration = true });
        var id = kind switch { "registered" => "cli", "document" => "https://app.example/client.json", _ => "" };
        if (kind == "registered") flow.Host.Apply(CodeFlow.Client(id, CodeFlow.Cli) with { MustPush = true });
        else if (kind == "document")
            flow.Host.Web.Put(id, $$$"""{"client_id":"{{{id}}}","client_name":"App","redirect_uris":["{{{CodeFlow.Cli}}}"],"require_pushed_authorization_requests":true}""");
        else
        {
            var made = await flow.Host.SendAsync("POST", "/oauth/register", $$$"""{"redirect_uris":["{{{CodeFlow.Cli}}}"],"require_pushed_authorization_requests":true}""", "application/json");
            Assert.True(made.Json.GetProperty("require_pushed_authorization_requests").GetBoolean());
            id = made.Json.GetProperty("client_id").GetString()!;
        }
        var refused = await flow.AuthorizeAsync(("client_id", id));
        Assert.Equal(("invalid_request", "s t&ä=1"), (CodeFlow.Member(refused, "error"), CodeFlow.Member(refused, "state")));
        var longer = await flow.AuthorizeAsync(CodeFlow.Query(("client_id", id), ("state", new string('x', 2000))), who: null);
        Assert.NotNull(CodeFlow.Member(longer, "error"));
        var pushed = Reference(await PushAsync(flow, ("client_id", id))).Replace("client_id=cli", $"client_id={Uri.EscapeDataString(id)}", StringComparison.Ordinal);
        Assert.Equal(200, (await flow.AuthorizeAsync(pushed)).Status);
        Assert.False((await flow.Host.GetAsync("/.well-known/oauth-authorization-server")).Json.GetProperty("require_pushed_authorization_requests").GetBoolean());
    }

    [Theory]
    [InlineData("urn:ietf:params:oauth:request_uri:unknown")]
    [InlineData("urn:ietf:params:oauth:request_uri:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("urn:ietf:params:oauth:request_uri:")]
    [Trait("clause", "RFC 9126 §4")]
    [Trait("hostile", "par")]
    public async Task An_unknown_reference_leads_nowhere(string reference)
    {
        await using var flow = await CodeFlow.StartAsync();
        var answer = await flow.AuthorizeAsync($"client_id=cli&request_uri={Uri.EscapeDataString(reference)}");
        Assert.Equal((400, ""), (answer.Status, CodeFlow.Location(answer)));
    }

    private static Task<Answer> PushAsync(CodeFlow flow, params (string Name, string? Value)[] more) => flow.Host.SendAsync("POST", "/oauth/par", CodeFlow.Query(more));

    private static string Reference(Answer pushed) => $"client_id=cli&request_uri={Uri.EscapeDataString(pushed.Json.GetProperty("request_uri").GetString()!)}";
}
