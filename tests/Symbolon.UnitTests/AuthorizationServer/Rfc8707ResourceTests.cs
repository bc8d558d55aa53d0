using Symbolon.Core.Registry;

namespace Symbolon.UnitTests.AuthorizationServer;

/// <summary>RFC 8707: one resource a token; and its scopes, the intersection of what is asked and what is granted (DESIGN.md, Scopes).</summary>
[Trait("area", "oauth")]
public sealed class Rfc8707ResourceTests
{
    [Theory]
    [InlineData("https://symbolon.example.com/mcp/shop", "https://symbolon.example.com/mcp/shop")]
    [InlineData("HTTPS://Symbolon.Example.COM/mcp/shop", "https://symbolon.example.com/mcp/shop")]
    [InlineData("https://symbolon.example.com:443/mcp/shop", "https://symbolon.example.com/mcp/shop")]
    [InlineData("http://127.0.0.1:8750/mcp/shop", "http://127.0.0.1:8750/mcp/shop")]
    [Trait("clause", "RFC 8707 §2")]
    public async Task A_resource_resolves_to_one_spelling(string resource, string audience)
    {
        await using var host = await OAuthHost.StartAsync();
        Assert.Equal(audience, OAuthHost.PayloadOf(await host.AccessTokenAsync(("resource", resource))).GetProperty("aud").GetString());
    }

    [Theory]
    [InlineData("https://symbolon.example.com/mcp/shop/")]
    [InlineData("https://symbolon.example.com/mcp/shop#x")]
    [InlineData("https://symbolon.example.com/mcp/shop?x=1")]
    [InlineData("https://symbolon.example.com/mcp/shop?")]
    [InlineData("https://symbolon.example.com/mcp/Shop")]
    [InlineData("https://symbolon.example.com/MCP/shop")]
    [InlineData("https://symbolon.example.com//mcp/shop")]
    [InlineData("https://symbolon.example.com/mcp//shop")]
    [InlineData("https://symbolon.example.com/mcp/./shop")]
    [InlineData("https://symbolon.example.com/x/../mcp/shop")]
    [InlineData("https://symbolon.example.com/mcp/%73hop")]
    [InlineData("https://symbolon.example.com/mcp/shop%2F")]
    [InlineData("https://symbolon.example.com/mcp")]
    [InlineData("https://symbolon.example.com/t/mcp/shop")]
    [InlineData("https://symbolon.example.com")]
    [InlineData("https://symbolon.example.com/")]
    [InlineData("https://user@symbolon.example.com/mcp/shop")]
    [InlineData("https://symbolon.example.com:444/mcp/shop")]
    [InlineData("https://symbolon.example.com./mcp/shop")]
    [InlineData("http://symbolon.example.com/mcp/shop")]
    [InlineData("https://evil.example.com/mcp/shop")]
    [InlineData("https://symbolon.example.com.evil.com/mcp/shop")]
    [InlineData("https://ſymbolon.example.com/mcp/shop")]
    [InlineData("//symbolon.example.com/mcp/shop")]
    [InlineData("/mcp/shop")]
    [InlineData("mcp/shop")]
    [InlineData("shop")]
    [InlineData("urn:shop")]
    [InlineData(" https://symbolon.example.com/mcp/shop")]
    [InlineData("https://symbolon.example.com/mcp/closed")]
    [InlineData("https://symbolon.example.com/mcp/unknown")]
    [InlineData("https://symbolon.example.com/o/acme/mcp/shop")]
    [Trait("clause", "RFC 8707 §2")]
    [Trait("hostile", "resource")]
    public async Task Another_resource_is_an_invalid_target(string resource)
    {
        await using var host = await OAuthHost.StartAsync();
        var answer = await host.TokenAsync(("resource", resource));
        Assert.Equal((400, "invalid_target"), (answer.Status, answer.Json.GetProperty("error").GetString()));
    }

    [Fact]
    [Trait("clause", "RFC 8707 §2")]
    [Trait("hostile", "resource")]
    public async Task Two_resources_are_an_invalid_target_also_when_they_are_one()
    {
        await using var host = await OAuthHost.StartAsync();
        foreach (var second in new[] { OAuthHost.Shop, OAuthHost.Issuer + "/mcp/deploy" })
            Assert.Equal("invalid_target", (await host.TokenAsync(("resource", OAuthHost.Shop), ("resource", second))).Json.GetProperty("error").GetString());
    }

    [Fact]
    [Trait("clause", "DESIGN.md §5 no. 8")]
    public async Task A_server_without_a_grant_is_refused_in_the_words_of_one_that_is_not_there()
    {
        await using var host = await OAuthHost.StartAsync();
        host.Apply(OAuthHost.ServerOf("hidden"));
        var hidden = await host.TokenAsync(("resource", OAuthHost.Issuer + "/mcp/hidden"));
        var unknown = await host.TokenAsync(("resource", OAuthHost.Issuer + "/mcp/unknown"));
        Assert.Equal((hidden.Status, hidden.Text), (unknown.Status, unknown.Text));
    }

    [Fact]
    [Trait("clause", "issue: a missing resource")]
    public async Task A_missing_resource_is_the_server_that_all_scopes_name()
    {
        await using var host = await OAuthHost.StartAsync();
        var token = await host.AccessTokenAsync(("resource", null), ("scope", "mcp:shop:look mcp:shop:change"));
        Assert.Equal(OAuthHost.Shop, OAuthHost.PayloadOf(token).GetProperty("aud").GetString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("mcp:shop:look mcp:deploy:look")]
    [InlineData("offline_access")]
    [Trait("clause", "RFC 8707 §2")]
    [Trait("hostile", "resource")]
    public async Task Without_a_resource_and_without_one_server_in_the_scopes_it_says_what_to_send(string? scope)
    {
        await using var host = await OAuthHost.StartAsync();
        var answer = await host.TokenAsync(("resource", null), ("scope", scope));
        Assert.Equal((400, "invalid_target"), (answer.Status, answer.Json.GetProperty("error").GetString()));
        Assert.Contains("resource=", answer.Json.GetProperty("error_description").GetString(), StringComparison.Ordinal);
    }

    /// <summary>Asked, and what of it bot gets: by name look and change of shop, all of @read of deploy.</summary>
    [Theory]
    [InlineData("shop", null, "mcp:shop:@granted")]
    [InlineData("shop", "mcp:shop:@granted", "mcp:shop:@granted")]
    [InlineData("shop", "mcp:shop:look", "mcp:shop:look")]
    [InlineData("shop", "mcp:shop:look mcp:shop:drop", "mcp:shop:look")]
    [InlineData("shop", "mcp:shop:look mcp:shop:nothing", "mcp:shop:look")]
    [InlineData("shop", "mcp:shop:look mcp:shop:look", "mcp:shop:look")]
    [InlineData("shop", "mcp:shop:@read", "mcp:shop:look")]
    [InlineData("shop", "mcp:shop:@write", "mcp:shop:@write")]
    [InlineData("shop", "mcp:shop:look offline_access", "mcp:shop:look")]
    [InlineData("deploy", "mcp:deploy:@read", "mcp:deploy:@read")]
    [InlineData("deploy", "mcp:deploy:find", "mcp:deploy:find")]
    [InlineData("deploy", "mcp:deploy:find mcp:deploy:change mcp:deploy:@write", "mcp:deploy:find")]
    [Trait("clause", "RFC 6749 §3.3")]
    public async Task The_token_is_what_was_asked_and_is_granted(string server, string? asked, string granted)
    {
        await using var host = await OAuthHost.StartAsync();
        var answer = await host.TokenAsync(("resource", $"{OAuthHost.Issuer}/mcp/{server}"), ("scope", asked));
        Assert.True(answer.Status == 200, answer.Text);
        Assert.Equal(granted, answer.Json.GetProperty("scope").GetString());
        Assert.Equal(granted, OAuthHost.PayloadOf(answer.Json.GetProperty("access_token").GetString()!).GetProperty("scope").GetString());
    }

    [Theory]
    [InlineData("shop", "mcp:shop:drop")]
    [InlineData("shop", "mcp:shop:peek")]
    [InlineData("shop", "mcp:shop:@irreversible")]
    [InlineData("deploy", "mcp:deploy:peek")]
    [InlineData("deploy", "mcp:deploy:@write")]
    [InlineData("shop", "mcp:deploy:find")]
    [InlineData("shop", "mcp:shop:look mcp:deploy:find")]
    [InlineData("shop", "mcp:shop:@prompts")]
    [InlineData("shop", "mcp:shop:@resources")]
    [InlineData("shop", "mcp:shop:@Granted")]
    [InlineData("shop", "mcp:shop:@all")]
    [InlineData("shop", "mcp:shop:*")]
    [InlineData("shop", "mcp:*:look")]
    [InlineData("shop", "mcp:shop")]
    [InlineData("shop", "mcp:shop:")]
    [InlineData("shop", "mcp:shop:look:x")]
    [InlineData("shop", "MCP:shop:look")]
    [InlineData("shop", "mcp:Shop:look")]
    [InlineData("shop", "mcp:shop:lo\"ok")]
    [InlineData("shop", "openid")]
    [InlineData("shop", "read:docs/*")]
    [Trait("clause", "RFC 6749 §3.3")]
    [Trait("hostile", "scope")]
    public async Task A_scope_that_is_not_granted_or_is_none_is_an_invalid_scope(string server, string scope)
    {
        await using var host = await OAuthHost.StartAsync();
        var answer = await host.TokenAsync(("resource", $"{OAuthHost.Issuer}/mcp/{server}"), ("scope", scope));
        Assert.Equal((400, "invalid_scope"), (answer.Status, answer.Json.GetProperty("error").GetString()));
        Assert.DoesNotContain("\"", answer.Json.GetProperty("error_description").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Scopes")]
    public async Task A_grant_that_has_ended_and_one_of_somebody_else_give_nothing()
    {
        await using var host = await OAuthHost.StartAsync();
        Assert.Equal("invalid_target", (await host.TokenWithAsync(host.Assertion("agent:other"))).Json.GetProperty("error").GetString());
        host.Apply(OAuthHost.Grant("bot-shop", "bot", "shop", [new("look")], [], null) with { RetiredAt = 1 });
        Assert.Equal("invalid_target", (await host.TokenAsync()).Json.GetProperty("error").GetString());
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Scopes")]
    public async Task A_token_stays_under_8_KiB()
    {
        await using var host = await OAuthHost.StartAsync();
        var server = OAuthHost.ServerOf("shop");
        var tools = Enumerable.Range(0, 120).Select(i => new ManifestTool { Name = new($"tool_{i:D3}_{new string('x', 90)}"), Effect = Core.Tools.Effect.Read }).ToList();
        host.Apply(server with { Approved = server.Approved! with { Manifest = server.Approved.Manifest with { Tools = [.. tools] } } },
            OAuthHost.Grant("bot-shop", "bot", "shop", [.. tools.Select(tool => tool.Name)], [], null));
        var answer = await host.TokenAsync(("scope", string.Join(' ', tools.Select(tool => $"mcp:shop:{tool.Name}"))));
        Assert.Equal("invalid_scope", answer.Json.GetProperty("error").GetString());
        Assert.Equal(200, (await host.TokenAsync(("scope", "mcp:shop:@granted"))).Status);
    }
}
