using System.Net;
using System.Text.Json.Nodes;

namespace Symbolon.ConformanceTests;

/// <summary>The read part of the official registry's API, version v0.1, over HTTP: docs/reference/api/openapi.yaml of modelcontextprotocol/registry.</summary>
[Trait("area", "gateway")]
public sealed class RegistryApiTests
{
    [Fact]
    [Trait("clause", "registry v0.1 GET /servers")]
    public async Task Each_caller_sees_the_servers_of_its_own_token_and_follows_their_names_with_the_slash_escaped()
    {
        await using var stage = await TokenStage.StartAsync("http://127.0.0.1:1/mcp", "shop", "docs");
        var (shop, docs) = ((string)(await stage.IssueAsync(server: "shop"))["token"]!, (string)(await stage.IssueAsync(server: "docs"))["token"]!);

        var mine = await JsonAsync(stage, "/v0.1/servers", shop);
        var name = (string)Assert.Single(mine["servers"]!.AsArray())!["server"]!["name"]!;
        Assert.EndsWith("/shop", name, StringComparison.Ordinal);
        Assert.DoesNotContain("docs", mine.ToJsonString(), StringComparison.Ordinal);
        Assert.EndsWith("/docs", (string)Assert.Single((await JsonAsync(stage, "/v0.1/servers", docs))["servers"]!.AsArray())!["server"]!["name"]!, StringComparison.Ordinal);

        var path = $"/v0.1/servers/{Uri.EscapeDataString(name)}/versions";
        Assert.Equal(1, (int)(await JsonAsync(stage, path, shop))["metadata"]!["count"]!);
        var latest = await JsonAsync(stage, path + "/latest", shop);
        Assert.Equal(latest.ToJsonString(), (await JsonAsync(stage, $"{path}/{latest["server"]!["version"]}", shop)).ToJsonString());
        // The address is one that works: an MCP endpoint of this server.
        var url = new Uri((string)latest["server"]!["remotes"]![0]!["url"]!);
        Assert.Equal(HttpStatusCode.Unauthorized, (await stage.Server.SendAsync(HttpMethod.Post, url.AbsolutePath)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await stage.Server.SendAsync(HttpMethod.Get, path, docs)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await stage.Server.SendAsync(HttpMethod.Get, path + "/latest", docs)).StatusCode);
    }

    [Fact]
    public async Task Suspended_and_retired_servers_are_gone_at_once_and_come_back_when_resumed()
    {
        await using var stage = await TokenStage.StartAsync("http://127.0.0.1:1/mcp", "shop");
        var token = (string)(await stage.IssueAsync(server: "shop"))["token"]!;

        await stage.ApiAsync(HttpMethod.Post, "/servers/shop/suspend");
        Assert.Empty((await JsonAsync(stage, "/v0.1/servers", token))["servers"]!.AsArray());
        await stage.ApiAsync(HttpMethod.Post, "/servers/shop/resume");
        Assert.Single((await JsonAsync(stage, "/v0.1/servers", token))["servers"]!.AsArray());
        await stage.ApiAsync(HttpMethod.Post, "/servers/shop/retire");
        var after = await stage.Server.SendAsync(HttpMethod.Get, "/v0.1/servers", token);
        Assert.DoesNotContain("shop", await after.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_an_administrator_and_a_strange_host_are_told_nothing()
    {
        await using var stage = await TokenStage.StartAsync();
        var token = (string)(await stage.IssueAsync())["token"]!;
        foreach (var path in new[] { "/v0.1/servers", "/v0.1/servers/x%2Fshop/versions", "/v0.1/servers/x%2Fshop/versions/latest" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await stage.Server.SendAsync(HttpMethod.Get, path)).StatusCode);
            Assert.Equal(HttpStatusCode.Unauthorized, (await stage.Server.SendAsync(HttpMethod.Get, path, stage.Server.AdminToken)).StatusCode);
            var strange = await stage.Server.SendAsync(HttpMethod.Get, path, token, request => request.Headers.Host = "evil.example.net");
            Assert.Equal(HttpStatusCode.Forbidden, strange.StatusCode);
            Assert.DoesNotContain("evil", await strange.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
    }

    private static async Task<JsonNode> JsonAsync(TokenStage stage, string path, string token)
    {
        using var answer = await stage.Server.SendAsync(HttpMethod.Get, path, token);
        Assert.Equal((HttpStatusCode.OK, "application/json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
    }
}
