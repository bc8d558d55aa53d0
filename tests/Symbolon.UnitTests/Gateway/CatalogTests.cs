using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Revocation;
using Symbolon.Gateway.Catalog;

namespace Symbolon.UnitTests.Gateway;

/// <summary>The registry's read API: <c>docs/reference/api/openapi.yaml</c> of modelcontextprotocol/registry, and DESIGN.md section 4, Refusals.</summary>
[Trait("area", "gateway")]
public sealed class CatalogTests : IDisposable
{
    private readonly GatewayRig rig = new();
    private readonly string everywhere;

    public CatalogTests()
    {
        everywhere = Issue("tok_all", "deploy", "shop", "docs", "other");
        rig.Apply(Server("shop"), Server("docs"), Server("other"), GrantOn("shop"), GrantOn("docs"));
    }

    public void Dispose() => rig.Dispose();

    [Fact]
    public async Task A_list_has_the_servers_that_the_caller_may_call_and_no_other()
    {
        var answer = await ListAsync(everywhere);

        Assert.Equal(200, answer.Status);
        Assert.Equal(["com.example.symbolon/deploy", "com.example.symbolon/docs", "com.example.symbolon/shop"], Names(answer.Json));
        Assert.Equal(3, answer.Json.GetProperty("metadata").GetProperty("count").GetInt32());
        Assert.False(answer.Json.GetProperty("metadata").TryGetProperty("nextCursor", out _));
        Assert.Equal("no-store", answer.Headers.CacheControl);
        // A token for one server, whatever its holder's grants say of others.
        Assert.Equal(["com.example.symbolon/deploy"], Names((await ListAsync(rig.Token)).Json));
    }

    [Fact]
    public async Task A_server_is_shown_as_the_registry_writes_it_and_with_nothing_of_what_stands_behind()
    {
        var answer = await GetAsync("com.example.symbolon%2Fdeploy", "latest");

        var server = answer.Json.GetProperty("server");
        Assert.Equal(("com.example.symbolon/deploy", "1.0.0"), (server.GetProperty("name").GetString(), server.GetProperty("version").GetString()));
        Assert.InRange(server.GetProperty("description").GetString()!.Length, 1, 100);
        var remote = Assert.Single(server.GetProperty("remotes").EnumerateArray());
        Assert.Equal(("streamable-http", "https://symbolon.example.com/mcp/deploy"), (remote.GetProperty("type").GetString(), remote.GetProperty("url").GetString()));
        var official = answer.Json.GetProperty("_meta").GetProperty("io.modelcontextprotocol.registry/official");
        Assert.Equal(("active", true), (official.GetProperty("status").GetString(), official.GetProperty("isLatest").GetBoolean()));
        Assert.Equal(DateTimeOffset.UnixEpoch, official.GetProperty("updatedAt").GetDateTimeOffset());
        Assert.DoesNotContain("7001", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("o@example.com", answer.Body, StringComparison.Ordinal);

        Assert.Equal(answer.Body, (await GetAsync("com.example.symbolon/deploy", "1.0.0")).Body);
        Assert.Equal(answer.Body, (await VersionsAsync("com.example.symbolon%2Fdeploy")).Json.GetProperty("servers")[0].GetRawText());
    }

    [Theory]
    [InlineData("com.example.symbolon/other", "latest", "Server not found")]
    [InlineData("com.example.symbolon/nobody", "latest", "Server not found")]
    [InlineData("com.example.other/deploy", "latest", "Server not found")]
    [InlineData("deploy", "latest", "Server not found")]
    [InlineData("com.example.symbolon/deploy/x", "latest", "Server not found")]
    [InlineData("com.example.symbolon/", "latest", "Server not found")]
    [InlineData("com.example.symbolon/deploy", "2.0.0", "Server version not found")]
    public async Task One_that_is_not_the_callers_is_not_found_as_one_that_does_not_exist(string name, string version, string error)
    {
        var answer = await GetAsync(name, version);
        Assert.Equal((404, error), (answer.Status, answer.Json.GetProperty("error").GetString()));
    }

    [Theory]
    [InlineData(Lifecycle.Suspended)]
    [InlineData(Lifecycle.Retired)]
    [InlineData(Lifecycle.Pending)]
    public async Task A_server_that_cannot_be_called_is_not_there(Lifecycle state)
    {
        rig.Apply(GatewayRig.Server(state: state));
        Assert.DoesNotContain("com.example.symbolon/deploy", Names((await ListAsync(everywhere)).Json));
        Assert.Equal(404, (await GetAsync("com.example.symbolon/deploy", "latest")).Status);
        Assert.Equal(404, (await VersionsAsync("com.example.symbolon/deploy")).Status);
    }

    [Fact]
    public async Task A_grant_that_ends_takes_its_server_away_at_once_and_so_does_one_without_a_tool_to_call()
    {
        rig.Apply(GrantOn("shop") with { RetiredAt = rig.Now }, GrantOn("docs") with { Servers = [new ServerAccess { Server = new ServerName("docs"), Tools = [new ToolName("gone")] }] });
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        rig.Freshness.Confirm(rig.Clock.GetTimestamp());
        Assert.Equal(["com.example.symbolon/deploy"], Names((await ListAsync(everywhere)).Json));
    }

    [Fact]
    public async Task A_server_of_which_one_may_have_only_prompts_and_resources_is_there_too()
    {
        rig.Apply(GrantOn("shop") with { Servers = [new ServerAccess { Server = new ServerName("shop"), Prompts = ["*"] }] });
        Assert.Contains("com.example.symbolon/shop", Names((await ListAsync(everywhere)).Json));
        var shop = (await GetAsync("com.example.symbolon%2Fshop", "latest")).Json.GetProperty("server");
        Assert.Equal("An MCP server with prompts.", shop.GetProperty("description").GetString());
    }

    [Fact]
    public async Task Pages_follow_the_cursor_to_the_end()
    {
        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await ListAsync(everywhere, "limit=2" + (cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}"))).Json;
            seen.AddRange(Names(page));
            cursor = page.GetProperty("metadata").TryGetProperty("nextCursor", out var next) ? next.GetString() : null;
        }
        while (cursor is not null && seen.Count < 10);
        Assert.Equal(["com.example.symbolon/deploy", "com.example.symbolon/docs", "com.example.symbolon/shop"], seen);
    }

    [Theory]
    [InlineData("search=DO", "docs")]
    [InlineData("search=o", "deploy docs shop")]
    [InlineData("search=nobody", "")]
    [InlineData("version=latest", "deploy docs shop")]
    [InlineData("version=9.0.0", "")]
    [InlineData("updated_since=1970-01-01T00:00:00Z", "deploy docs shop")]
    [InlineData("updated_since=1970-01-01T00:00:00.001Z", "")]
    [InlineData("include_deleted=true&unknown=1", "deploy docs shop")]
    public async Task A_list_is_narrowed_as_the_registry_says(string query, string expected) =>
        Assert.Equal(expected, string.Join(' ', Names((await ListAsync(everywhere, query)).Json).Select(name => name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..])));

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=101")]
    [InlineData("limit=x")]
    [InlineData("limit=1&limit=2")]
    [InlineData("cursor=")]
    [InlineData("updated_since=yesterday")]
    [InlineData("include_deleted=maybe")]
    public async Task A_query_that_is_not_understood_is_refused(string query)
    {
        var answer = await ListAsync(everywhere, query);
        Assert.Equal(400, answer.Status);
        Assert.NotEmpty(answer.Json.GetProperty("error").GetString()!);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer sym_agt_wrong")]
    [InlineData("Bearer eyJhbGciOiJFUzI1NiJ9.e30.AA")]
    [InlineData("Basic eDp5")]
    public async Task Whoever_shows_no_token_of_ours_gets_401_whatever_is_asked(string? header)
    {
        foreach (var ask in new Func<Task<GatewayRig.Answered>>[] { () => ListAsync(null, header: header), () => GetAsync("com.example.symbolon/deploy", "latest", header ?? ""), () => VersionsAsync("nobody", header ?? "") })
        {
            var answer = await ask();
            Assert.Equal(401, answer.Status);
            Assert.StartsWith("Bearer", answer.Headers.WWWAuthenticate.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("resource_metadata", answer.Headers.WWWAuthenticate.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_administrators_token_a_revoked_one_and_one_whose_agent_is_suspended_get_401()
    {
        Assert.Equal(401, (await ListAsync(PastedToken.Create(TokenKind.Admin))).Status);
        rig.Apply(new AgentObject { Name = new AgentName("bot"), Owner = "o@example.com", State = Lifecycle.Suspended });
        Assert.Equal(401, (await ListAsync(everywhere)).Status);
        rig.Apply(new AgentObject { Name = new AgentName("bot"), Owner = "o@example.com" });
        Assert.Equal(200, (await ListAsync(everywhere)).Status);
        rig.Revoke(RevocationLevel.Agent, "bot");
        Assert.Equal(401, (await ListAsync(everywhere)).Status);
    }

    [Fact]
    public async Task A_node_that_may_be_behind_answers_503()
    {
        rig.Clock.Advance(TimeSpan.FromSeconds(6));
        var answer = await ListAsync(everywhere);
        Assert.Equal((503, "1"), (answer.Status, answer.Headers.RetryAfter.ToString()));
    }

    [Fact]
    public async Task Addresses_are_never_made_of_the_Host_header()
    {
        var answer = await ListAsync(everywhere, host: "evil.example.net");
        Assert.Equal(403, answer.Status);
        Assert.DoesNotContain("evil", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://gw.acme.test", "test.acme.gw/deploy")]
    [InlineData("http://localhost:8750", "localhost/deploy")]
    [InlineData("http://127.0.0.1:8750", "127.0.0.1/deploy")]
    [InlineData("http://[::1]:8750", "--1/deploy")]
    public void The_namespace_is_the_public_host_from_its_end(string origin, string name)
    {
        Assert.Equal(name, CatalogName.Of(origin, "deploy"));
        Assert.Equal("deploy", CatalogName.ServerOf(origin, name));
        Assert.Matches("^[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+$", name);
    }

    private static IEnumerable<string> Names(JsonElement list) => list.GetProperty("servers").EnumerateArray().Select(entry => entry.GetProperty("server").GetProperty("name").GetString()!);

    private Task<GatewayRig.Answered> ListAsync(string? token, string query = "", string? header = null, string host = "symbolon.example.com") =>
        AskAsync(catalog => catalog.ListAsync, token is null ? header : "Bearer " + token, context => (context.Request.QueryString, context.Request.Host) = (new QueryString(query.Length == 0 ? "" : "?" + query), new HostString(host)));

    private Task<GatewayRig.Answered> GetAsync(string name, string version, string? header = null) => AskAsync(catalog => catalog.VersionAsync, header ?? "Bearer " + everywhere, context =>
    {
        context.Request.RouteValues["name"] = name;
        context.Request.RouteValues["version"] = version;
    });

    private Task<GatewayRig.Answered> VersionsAsync(string name, string? header = null) =>
        AskAsync(catalog => catalog.VersionsAsync, header ?? "Bearer " + everywhere, context => context.Request.RouteValues["name"] = name);

    private async Task<GatewayRig.Answered> AskAsync(Func<CatalogRequests, RequestDelegate> handler, string? header, Action<HttpContext> change)
    {
        var context = rig.ContextOf("GET", []);
        context.Request.Host = new HostString("symbolon.example.com");
        context.Request.Headers.Authorization = header is { Length: > 0 } ? header : default;
        change(context);
        await handler(rig.Get<CatalogRequests>())(context);
        return GatewayRig.Answered.Of(context);
    }

    private string Issue(string id, params string[] servers)
    {
        var secret = PastedToken.Create(TokenKind.Agent);
        rig.Tokens.Put(secret, rig.TokenOf(id) with { Servers = [.. servers.Select(server => new ServerAccess { Server = new ServerName(server), Granted = true })] });
        return secret;
    }

    private static ServerObject Server(string name) => GatewayRig.Server() with { Name = new ServerName(name) };

    private static GrantObject GrantOn(string server) => new()
    {
        Name = new GrantName("on-" + server), To = new GrantSubjects { Agents = [new AgentName("bot")] },
        Servers = [new ServerAccess { Server = new ServerName(server), Tools = [new ToolName("rollout_status")] }],
    };
}
