using Symbolon.UnitTests.Admin;

namespace Symbolon.UnitTests.AuthorizationServer;

/// <summary>The authorization endpoint (OAuth 2.1 §4.1, RFC 9207): where an answer may go, and what is answered.</summary>
[Trait("area", "oauth")]
public sealed class AuthorizationEndpointTests
{
    [Fact]
    [Trait("clause", "RFC 6749 §4.1.2")]
    public async Task A_person_who_consents_is_sent_back_with_a_code_the_state_as_it_came_and_the_issuer()
    {
        await using var flow = await CodeFlow.StartAsync();
        var asked = await flow.AuthorizeAsync();
        Assert.Equal(200, asked.Status);
        var answer = await flow.AnswerAsync(asked.Text, tools: "look");
        Assert.Equal(303, answer.Status);
        Assert.StartsWith(CodeFlow.Cli + "?code=", CodeFlow.Location(answer), StringComparison.Ordinal);
        Assert.Equal(("s t&ä=1", OAuthHost.Issuer), (CodeFlow.Member(answer, "state"), CodeFlow.Member(answer, "iss")));
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
    }

    [Fact]
    [Trait("clause", "RFC 6749 §4.1.4")]
    public async Task The_code_gives_a_token_of_the_person_for_what_was_ticked_and_a_refresh_token()
    {
        await using var flow = await CodeFlow.StartAsync();
        var asked = await flow.AuthorizeAsync();
        var code = CodeFlow.Member(await flow.AnswerAsync(asked.Text, tools: ["look", "change"]), "code")!;
        var answer = await flow.RedeemAsync(code);
        var (access, _) = CodeFlow.TokensOf(answer);
        Assert.Equal("mcp:shop:look mcp:shop:change", answer.Json.GetProperty("scope").GetString());
        var claims = OAuthHost.PayloadOf(access);
        Assert.Equal((CodeFlow.Alice, "cli", OAuthHost.Shop), (claims.GetProperty("sub").GetString(), claims.GetProperty("client_id").GetString(), claims.GetProperty("aud").GetString()));
        Assert.False(claims.TryGetProperty("act", out _));
        Assert.True(flow.IsAlive(access));
    }

    [Fact]
    [Trait("clause", "RFC 8693 §4.1")]
    public async Task An_agent_that_acts_for_a_person_is_in_act()
    {
        await using var flow = await CodeFlow.StartAsync();
        var code = await flow.CodeAsync(("client_id", "vault"), ("redirect_uri", "https://vault.example.com/cb"));
        var answer = await flow.RedeemAsync(code, ("client_id", null), ("redirect_uri", "https://vault.example.com/cb"),
            ("client_assertion_type", OAuthHost.AssertionType), ("client_assertion", flow.Host.Assertion("vault", flow.Host.Key)));
        var claims = OAuthHost.PayloadOf(CodeFlow.TokensOf(answer).Access);
        Assert.Equal((CodeFlow.Alice, "agent:bot"), (claims.GetProperty("sub").GetString(), claims.GetProperty("act").GetProperty("sub").GetString()));
    }

    [Theory]
    [InlineData("http://127.0.0.1:7000/callback")]
    [InlineData("http://127.0.0.1/callback")]
    [InlineData("http://127.0.0.1:51234/callback")]
    [InlineData("http://[::1]:8123/callback")]
    [InlineData("http://localhost:33418/callback")]
    [Trait("clause", "RFC 8252 §7.3")]
    public async Task A_loopback_redirect_may_have_any_port(string redirect)
    {
        await using var flow = await CodeFlow.StartAsync();
        Assert.Equal(200, (await flow.AuthorizeAsync(("redirect_uri", redirect))).Status);
    }

    [Theory]
    [InlineData("http://127.0.0.1:7000/callback/")]
    [InlineData("http://127.0.0.1:7000/callback/x")]
    [InlineData("http://127.0.0.1:7000/callback?x=1")]
    [InlineData("http://127.0.0.1:7000/callback#x")]
    [InlineData("http://127.0.0.1:7000/Callback")]
    [InlineData("http://127.0.0.1:7000/x/../callback")]
    [InlineData("http://127.0.0.1:7000/%2e%2e/callback")]
    [InlineData("http://127.0.0.1:7000//callback")]
    [InlineData("http://127.0.0.1:7000/%63allback")]
    [InlineData("http://127.0.0.1:7000\\callback")]
    [InlineData("http://user@127.0.0.1:7000/callback")]
    [InlineData("http://user:7000@127.0.0.1/callback")]
    [InlineData("http://127.0.0.1:0/callback")]
    [InlineData("http://127.0.0.1:65536/callback")]
    [InlineData("http://127.0.0.1:07000/callback")]
    [InlineData("http://127.0.0.1:/callback")]
    [InlineData("http://127.0.0.1:70x/callback")]
    [InlineData("http://127.0.0.1.evil.example/callback")]
    [InlineData("http://127.0.0.2/callback")]
    [InlineData("http://127.1/callback")]
    [InlineData("http://localhost.evil/callback")]
    [InlineData("http://localhost:7000@evil.example/callback")]
    [InlineData("http://LOCALHOST:7000/callback")]
    [InlineData("https://127.0.0.1:7000/callback")]
    [InlineData("HTTP://127.0.0.1:7000/callback")]
    [InlineData("http://127.0.0.1:7000/callback%00")]
    [InlineData("http://127.0.0.1:7000/callback ")]
    [InlineData("//127.0.0.1:7000/callback")]
    [InlineData("javascript:alert(1)")]
    [InlineData("https://evil.example/callback")]
    [InlineData(null)]
    [Trait("clause", "OAuth 2.1 §4.1.1")]
    [Trait("hostile", "redirect")]
    public async Task Another_redirect_uri_is_told_to_the_person_and_leads_nowhere(string? redirect)
    {
        await using var flow = await CodeFlow.StartAsync();
        var answer = await flow.AuthorizeAsync(("redirect_uri", redirect));
        Assert.Equal((400, ""), (answer.Status, CodeFlow.Location(answer)));
    }

    [Theory]
    [InlineData("https://app.example.com/cb?x=1")]
    [InlineData("https://app.example.com:443/cb")]
    [InlineData("https://app.example.com:8443/cb")]
    [InlineData("https://APP.example.com/cb")]
    [InlineData("https://app.example.com./cb")]
    [InlineData("https://app.example.com/cb/")]
    [InlineData("http://app.example.com/cb")]
    [Trait("clause", "OAuth 2.1 §2.3.1")]
    [Trait("hostile", "redirect")]
    public async Task A_redirect_to_a_site_is_compared_byte_for_byte(string redirect)
    {
        await using var flow = await CodeFlow.StartAsync();
        var answer = await flow.AuthorizeAsync(("client_id", "web"), ("redirect_uri", redirect));
        Assert.Equal((400, ""), (answer.Status, CodeFlow.Location(answer)));
    }

    [Theory]
    [InlineData("client_id", null)]
    [InlineData("client_id", "nobody")]
    [InlineData("client_id", "agent:bot")]
    [InlineData("client_id", "https://unknown.example/client")]
    [Trait("clause", "RFC 6749 §4.1.2.1")]
    [Trait("hostile", "authorize")]
    public async Task A_client_that_is_not_known_or_has_no_redirect_leads_nowhere(string name, string? value)
    {
        await using var flow = await CodeFlow.StartAsync();
        var answer = await flow.AuthorizeAsync((name, value));
        Assert.Equal((400, ""), (answer.Status, CodeFlow.Location(answer)));
    }

    [Fact]
    [Trait("clause", "RFC 6749 §3.1")]
    [Trait("hostile", "authorize")]
    public async Task A_parameter_that_comes_twice_leads_nowhere()
    {
        await using var flow = await CodeFlow.StartAsync();
        foreach (var again in new[] { "&client_id=cli", "&redirect_uri=" + Uri.EscapeDataString(CodeFlow.Cli), "&state=x", "&code_challenge=" + CodeFlow.Challenge })
        {
            var answer = await flow.AuthorizeAsync(CodeFlow.Query() + again);
            Assert.Equal((400, ""), (answer.Status, CodeFlow.Location(answer)));
        }
    }

    [Theory]
    [InlineData("response_type", null, "invalid_request")]
    [InlineData("response_type", "token", "unsupported_response_type")]
    [InlineData("response_type", "code token", "unsupported_response_type")]
    [InlineData("response_type", "code id_token", "unsupported_response_type")]
    [InlineData("response_type", "none", "unsupported_response_type")]
    [InlineData("response_mode", "fragment", "invalid_request")]
    [InlineData("response_mode", "form_post", "invalid_request")]
    [InlineData("request", "eyJhbGciOiJub25lIn0.e30.", "request_not_supported")]
    [InlineData("request_uri", "https://evil.example/request", "request_uri_not_supported")]
    [InlineData("prompt", "whatever", "invalid_request")]
    [InlineData("prompt", "none login", "invalid_request")]
    [InlineData("max_age", "-1", "invalid_request")]
    [InlineData("max_age", "1e3", "invalid_request")]
    [InlineData("dpop_jkt", "short", "invalid_request")]
    [InlineData("resource", "https://evil.example/mcp/shop", "invalid_target")]
    [InlineData("resource", "https://symbolon.example.com/mcp/shop/", "invalid_target")]
    [InlineData("resource", "https://symbolon.example.com/mcp/shop#x", "invalid_target")]
    [InlineData("resource", "https://symbolon.example.com/mcp/closed", "invalid_target")]
    [InlineData("resource", "https://symbolon.example.com/mcp/unknown", "invalid_target")]
    [InlineData("resource", null, "invalid_target")]
    [InlineData("scope", "mcp:deploy:look", "invalid_scope")]
    [InlineData("scope", "openid", "invalid_scope")]
    [InlineData("scope", "mcp:shop:drop", "invalid_scope")]
    [InlineData("scope", "mcp:shop:@irreversible", "invalid_scope")]
    [InlineData("authorization_details", "[]", "invalid_authorization_details")]
    [Trait("clause", "RFC 6749 §4.1.2.1")]
    [Trait("hostile", "authorize")]
    public async Task What_is_wrong_with_the_rest_is_told_to_the_client_with_state_and_issuer(string name, string? value, string error)
    {
        await using var flow = await CodeFlow.StartAsync();
        var answer = await flow.AuthorizeAsync((name, value));
        Assert.Equal(303, answer.Status);
        Assert.StartsWith(CodeFlow.Cli + "?", CodeFlow.Location(answer), StringComparison.Ordinal);
        Assert.Equal((error, "s t&ä=1", OAuthHost.Issuer), (CodeFlow.Member(answer, "error"), CodeFlow.Member(answer, "state"), CodeFlow.Member(answer, "iss")));
    }

    [Fact]
    [Trait("clause", "RFC 8707 §2")]
    public async Task Two_resources_are_refused_also_when_they_are_one()
    {
        await using var flow = await CodeFlow.StartAsync();
        var answer = await flow.AuthorizeAsync(CodeFlow.Query() + "&resource=" + Uri.EscapeDataString(OAuthHost.Shop));
        Assert.Equal("invalid_target", CodeFlow.Member(answer, "error"));
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Scopes")]
    public async Task Without_a_resource_the_one_server_of_all_scopes_is_meant()
    {
        await using var flow = await CodeFlow.StartAsync();
        var answer = await flow.RedeemAsync(await flow.CodeAsync(("resource", null), ("scope", "mcp:shop:look mcp:shop:change offline_access")));
        Assert.Equal("mcp:shop:look mcp:shop:change", answer.Json.GetProperty("scope").GetString());
        Assert.Equal("invalid_target", CodeFlow.Member(await flow.AuthorizeAsync(("resource", null), ("scope", "mcp:shop:look mcp:deploy:look")), "error"));
    }

    [Fact]
    [Trait("clause", "OpenID Connect Core §3.1.2.1")]
    public async Task Whoever_is_not_signed_in_goes_there_and_comes_back_with_the_same_request()
    {
        await using var flow = await CodeFlow.StartAsync();
        var answer = await flow.AuthorizeAsync(CodeFlow.Query(), who: null);
        Assert.Equal((303, true), (answer.Status, CodeFlow.Location(answer).StartsWith("/sign-in?to=%2Foauth%2Fauthorize%3F", StringComparison.Ordinal)));
        var back = CodeFlow.Member(answer, "to")!;
        var asked = await flow.AuthorizeAsync(back[(back.IndexOf('?', StringComparison.Ordinal) + 1)..]);
        var code = await flow.AnswerAsync(asked.Text, tools: "look");
        Assert.Equal("s t&ä=1", CodeFlow.Member(code, "state"));
    }

    [Fact]
    [Trait("clause", "IDENTITY.md §5 no. 18")]
    public async Task Whoever_comes_from_the_sign_in_is_led_on_by_a_page_since_no_browser_follows_a_form_so_far()
    {
        await using var flow = await CodeFlow.StartAsync();
        (string, string?)[] web = [("client_id", "web"), ("redirect_uri", CodeFlow.Web), ("scope", "mcp:shop:look")];
        await flow.CodeAsync(web);
        var back = CodeFlow.Member(await flow.AuthorizeAsync(CodeFlow.Query(web), who: null), "to")!;
        var answer = await flow.AuthorizeAsync(back[(back.IndexOf('?', StringComparison.Ordinal) + 1)..]);
        Assert.Equal((200, ""), (answer.Status, CodeFlow.Location(answer)));
        Assert.StartsWith($"on to {CodeFlow.Web}?code=", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("clause", "RFC 9126 §4")]
    public async Task A_request_too_long_for_the_way_over_the_sign_in_is_kept_meanwhile()
    {
        await using var flow = await CodeFlow.StartAsync();
        var state = new string('s', 3000);
        var answer = await flow.AuthorizeAsync(CodeFlow.Query(("state", state)), who: null);
        var back = CodeFlow.Member(answer, "to")!;
        Assert.InRange(back.Length, 10, 1500);
        var asked = await flow.AuthorizeAsync(back[(back.IndexOf('?', StringComparison.Ordinal) + 1)..]);
        Assert.Equal(state, CodeFlow.Member(await flow.AnswerAsync(asked.Text, tools: "look"), "state"));
    }

    [Fact]
    [Trait("clause", "OpenID Connect Core §3.1.2.1")]
    public async Task A_silent_request_shows_no_page()
    {
        await using var flow = await CodeFlow.StartAsync();
        Assert.Equal("login_required", CodeFlow.Member(await flow.AuthorizeAsync(CodeFlow.Query(("prompt", "none")), who: null), "error"));
        Assert.Equal("consent_required", CodeFlow.Member(await flow.AuthorizeAsync(("prompt", "none")), "error"));
    }

    [Theory]
    [InlineData("prompt", "login")]
    [InlineData("max_age", "0")]
    [InlineData("max_age", "60")]
    [Trait("clause", "OpenID Connect Core §3.1.2.1")]
    public async Task A_sign_in_that_is_too_old_is_made_again_once(string name, string value)
    {
        await using var flow = await CodeFlow.StartAsync();
        flow.Host.Clock.Advance(TimeSpan.FromMinutes(2));
        var away = await flow.AuthorizeAsync((name, value));
        Assert.StartsWith("/sign-in?to=", CodeFlow.Location(away), StringComparison.Ordinal);
        flow.Host.Clock.Advance(TimeSpan.FromSeconds(5));
        flow.Host.People.SignedInAt = Symbolon.Core.UnixTime.Microseconds(flow.Host.Clock);
        flow.Host.Clock.Advance(TimeSpan.FromSeconds(1));
        var back = CodeFlow.Member(away, "to")!;
        Assert.Equal(200, (await flow.AuthorizeAsync(back[(back.IndexOf('?', StringComparison.Ordinal) + 1)..])).Status);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("0.AAAA")]
    [InlineData("another")]
    [InlineData("old")]
    [Trait("clause", "OpenID Connect Core §3.1.2.1")]
    [Trait("hostile", "authorize")]
    public async Task Who_sits_at_an_open_browser_cannot_say_since_when_a_sign_in_counts(string stamp)
    {
        await using var flow = await CodeFlow.StartAsync();
        (string, string?)[] request = [("prompt", "login")];
        flow.Host.Clock.Advance(TimeSpan.FromSeconds(1));
        var sent = stamp is "another" or "old"
            ? StampOf(await flow.AuthorizeAsync(stamp == "old" ? request : [.. request, ("code_challenge", CodeFlow.ChallengeOf(new string('x', 43)))])) : stamp;
        flow.Host.Clock.Advance(TimeSpan.FromMinutes(stamp == "old" ? 11 : 1));
        flow.Host.People.SignedInAt = Symbolon.Core.UnixTime.Microseconds(flow.Host.Clock) - 1;
        var answer = await flow.AuthorizeAsync(CodeFlow.Query([.. request, ("signed_in_since", sent)]));
        Assert.StartsWith("/sign-in?to=", CodeFlow.Location(answer), StringComparison.Ordinal);
        Assert.NotEqual(sent, StampOf(answer));

        static string StampOf(Answer away) => Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(CodeFlow.Member(away, "to")!.Split('?')[1])["signed_in_since"]!;
    }

    [Fact]
    [Trait("clause", "RFC 6749 §4.1.2.1")]
    public async Task A_server_that_cannot_look_says_so_and_gives_nothing()
    {
        await using var flow = await CodeFlow.StartAsync();
        flow.Host.People.IsBroken = true;
        Assert.Equal((503, ""), ((await flow.AuthorizeAsync()).Status, CodeFlow.Location(await flow.AuthorizeAsync())));
    }

    [Fact]
    [Trait("clause", "RFC 8414 §2")]
    public async Task The_metadata_tells_what_people_need()
    {
        await using var flow = await CodeFlow.StartAsync();
        var json = (await flow.Host.GetAsync("/.well-known/oauth-authorization-server")).Json;
        Assert.Equal(OAuthHost.Issuer + "/oauth/authorize", json.GetProperty("authorization_endpoint").GetString());
        Assert.Equal(OAuthHost.Issuer + "/oauth/par", json.GetProperty("pushed_authorization_request_endpoint").GetString());
        Assert.Equal("S256", Assert.Single(json.GetProperty("code_challenge_methods_supported").EnumerateArray()).GetString());
        Assert.Equal("code", Assert.Single(json.GetProperty("response_types_supported").EnumerateArray()).GetString());
        Assert.True(json.GetProperty("authorization_response_iss_parameter_supported").GetBoolean());
        Assert.Contains("none", json.GetProperty("token_endpoint_auth_methods_supported").EnumerateArray().Select(each => each.GetString()));
        Assert.DoesNotContain("none", json.GetProperty("introspection_endpoint_auth_methods_supported").EnumerateArray().Select(each => each.GetString()));
        Assert.Equal(["client_credentials", "urn:ietf:params:oauth:grant-type:token-exchange", "urn:ietf:params:oauth:grant-type:jwt-bearer", "authorization_code", "refresh_token"], json.GetProperty("grant_types_supported").EnumerateArray().Select(each => each.GetString()));
    }
}
