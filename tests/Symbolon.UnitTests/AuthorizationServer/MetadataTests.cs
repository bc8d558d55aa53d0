using System.Text.Json;

namespace Symbolon.UnitTests.AuthorizationServer;

/// <summary>RFC 8414, OpenID Connect Discovery and RFC 9728: what a client finds its way by.</summary>
[Trait("area", "oauth")]
public sealed class MetadataTests
{
    [Theory]
    [InlineData("/.well-known/oauth-authorization-server", "symbolon.example.com", "https://symbolon.example.com")]
    [InlineData("/.well-known/openid-configuration", "symbolon.example.com", "https://symbolon.example.com")]
    [InlineData("/.well-known/oauth-authorization-server", "127.0.0.1:8750", "http://127.0.0.1:8750")]
    [InlineData("/.well-known/oauth-authorization-server", "localhost:8750", "http://localhost:8750")]
    [InlineData("/.well-known/oauth-authorization-server", "LOCALHOST:8750", "http://localhost:8750")]
    [Trait("clause", "RFC 8414 §3.3")]
    public async Task The_issuer_is_the_origin_that_was_asked_and_every_address_lies_under_it(string path, string asked, string issuer)
    {
        await using var host = await OAuthHost.StartAsync();
        var answer = await host.GetAsync(path, asked);
        Assert.Equal((200, "application/json"), (answer.Status, answer.Headers["Content-Type"]));
        Assert.Equal(issuer, answer.Json.GetProperty("issuer").GetString());
        foreach (var member in new[] { "token_endpoint", "jwks_uri", "revocation_endpoint", "introspection_endpoint" })
            Assert.StartsWith(issuer + "/oauth/", answer.Json.GetProperty(member).GetString(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("clause", "RFC 8414 §2")]
    public async Task Without_people_it_tells_of_machines_alone()
    {
        await using var host = await OAuthHost.StartAsync(withPeople: false);
        var metadata = (await host.GetAsync("/.well-known/oauth-authorization-server")).Json;
        Assert.Equal(["client_credentials", "urn:ietf:params:oauth:grant-type:token-exchange", "urn:ietf:params:oauth:grant-type:jwt-bearer"], Texts(metadata, "grant_types_supported"));
        Assert.Equal(["private_key_jwt"], Texts(metadata, "token_endpoint_auth_methods_supported"));
        Assert.Empty(Texts(metadata, "response_types_supported"));
        Assert.DoesNotContain("none", Texts(metadata, "token_endpoint_auth_signing_alg_values_supported"));
        Assert.DoesNotContain(Texts(metadata, "token_endpoint_auth_signing_alg_values_supported"), name => name.StartsWith("HS", StringComparison.Ordinal));
        foreach (var later in new[] { "authorization_endpoint", "registration_endpoint", "pushed_authorization_request_endpoint", "code_challenge_methods_supported" })
            Assert.False(metadata.TryGetProperty(later, out _), later);
    }

    [Fact]
    [Trait("clause", "RFC 9728 §3.2")]
    public async Task The_metadata_of_a_server_names_the_address_that_clients_use()
    {
        await using var host = await OAuthHost.StartAsync();
        var answer = await host.GetAsync("/.well-known/oauth-protected-resource/mcp/shop");
        Assert.Equal((200, "application/json"), (answer.Status, answer.Headers["Content-Type"]));
        Assert.Equal(OAuthHost.Shop, answer.Json.GetProperty("resource").GetString());
        Assert.Equal([OAuthHost.Issuer], Texts(answer.Json, "authorization_servers"));
        Assert.Equal(["mcp:shop:@granted"], Texts(answer.Json, "scopes_supported"));
        Assert.Equal(["header"], Texts(answer.Json, "bearer_methods_supported"));
        var local = await host.GetAsync("/.well-known/oauth-protected-resource/mcp/shop", "localhost:8750");
        Assert.Equal("http://localhost:8750/mcp/shop", local.Json.GetProperty("resource").GetString());
    }

    [Fact]
    [Trait("clause", "RFC 9728 §3.3")]
    public async Task The_metadata_under_one_server_s_path_never_names_another()
    {
        await using var host = await OAuthHost.StartAsync();
        foreach (var origin in new[] { "symbolon.example.com", "127.0.0.1:8750" })
            foreach (var server in new[] { "shop", "deploy" })
            {
                var metadata = (await host.GetAsync("/.well-known/oauth-protected-resource/mcp/" + server, origin)).Json;
                Assert.EndsWith($"://{origin}/mcp/{server}", metadata.GetProperty("resource").GetString(), StringComparison.Ordinal);
                Assert.Equal([$"mcp:{server}:@granted"], Texts(metadata, "scopes_supported"));
                Assert.DoesNotContain("offline_access", metadata.GetRawText(), StringComparison.Ordinal);
            }
    }

    [Theory]
    [InlineData("/.well-known/oauth-protected-resource/mcp/unknown")]
    [InlineData("/.well-known/oauth-protected-resource/mcp/closed")]
    [InlineData("/.well-known/oauth-protected-resource/mcp/Shop")]
    [InlineData("/.well-known/oauth-protected-resource/mcp/shop/x")]
    [InlineData("/.well-known/oauth-protected-resource/mcp")]
    [InlineData("/.well-known/oauth-protected-resource")]
    [InlineData("/.well-known/oauth-protected-resource/t/mcp/shop")]
    [InlineData("/.well-known/oauth-protected-resource/shop")]
    [InlineData("/.well-known/oauth-authorization-server/mcp/shop")]
    [InlineData("/.well-known/oauth-authorization-server/t/mcp/shop")]
    [InlineData("/.well-known/openid-configuration/mcp/shop")]
    [InlineData("/mcp/shop/.well-known/openid-configuration")]
    [InlineData("/t/mcp/shop/.well-known/oauth-protected-resource")]
    [Trait("clause", "RFC 9728 §3")]
    [Trait("hostile", "discovery")]
    public async Task What_is_not_served_has_no_metadata(string path)
    {
        await using var host = await OAuthHost.StartAsync();
        var answer = await host.GetAsync(path);
        Assert.Equal((404, ""), (answer.Status, answer.Text));
    }

    private static IEnumerable<string> Texts(JsonElement json, string name) => json.GetProperty(name).EnumerateArray().Select(each => each.GetString()!);
}
