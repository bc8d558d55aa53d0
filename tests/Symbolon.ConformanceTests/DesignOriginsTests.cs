using System.Net;
using System.Text.Json;
using Symbolon.Testing.Processes;

namespace Symbolon.ConformanceTests;

/// <summary>DESIGN.md section 4, Addresses and Origins; IDENTITY.md section 5, no. 15, 19 and 24.</summary>
[Trait("area", "edge")]
public sealed class DesignOriginsTests
{
    private static readonly string[] Paths = ["/", "/healthz", "/readyz", "/t/mcp/deploy", "/t/mcp", "/api/v1/servers", "/openapi/v1.json", "/.well-known/oauth-protected-resource", "/nowhere"];

    [Fact]
    [Trait("clause", "DESIGN.md §4 Origins")]
    public async Task A_foreign_Host_is_refused_on_every_path_whoever_asks()
    {
        await using var server = await RunningServer.StartAsync();
        foreach (var path in Paths)
            foreach (var host in new[] { "evil.example", "evil.example:80", "127.0.0.1", "127.0.0.1.evil.example", "metadata", "169.254.169.254" })
            {
                using var answer = await server.SendAsync(HttpMethod.Get, path, server.AdminToken, request => request.Headers.Host = host);
                await AssertRefusedAsync(answer);
            }
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Origins")]
    public async Task A_foreign_Origin_is_refused_on_every_path_whoever_asks()
    {
        await using var server = await RunningServer.StartAsync();
        foreach (var path in Paths)
            foreach (var origin in new[] { "http://evil.example", "null", "https://127.0.0.1", "http://127.0.0.1", "file://" })
            {
                using var answer = await server.SendAsync(HttpMethod.Post, path, server.AdminToken, request => request.Headers.TryAddWithoutValidation("Origin", origin));
                await AssertRefusedAsync(answer);
            }
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Audit durability")]
    public async Task Refused_origins_are_counted_in_the_audit_and_do_not_fill_it()
    {
        const int Many = 50;
        await using var server = await RunningServer.StartAsync();
        for (var i = 0; i < Many; i++)
            (await server.SendAsync(HttpMethod.Get, "/healthz", change: request => request.Headers.Host = $"evil-{i}.example")).Dispose();

        var counted = await Deadline.ForAsync("the refusals to be recorded", async () =>
        {
            using var answer = await server.SendAsync(HttpMethod.Get, "/api/v1/audit?kind=refusals&limit=100", server.AdminToken);
            using var body = await BodyAsync(answer);
            var records = body.RootElement.EnumerateArray().Select(record => record.GetProperty("event").Clone()).ToList();
            Assert.All(records, record => Assert.Equal(("bad_origin", "127.0.0.1"), (record.GetProperty("code").GetString(), record.GetProperty("peer").GetString())));
            return records.Sum(record => record.GetProperty("count").GetInt32()) == Many ? records : null;
        });
        Assert.InRange(counted.Count, 1, Many / 2);
    }

    [Theory]
    [Trait("clause", "IDENTITY.md §5 no. 24")]
    [InlineData("127.0.0.1", "203.0.113.9", "203.0.113.9")]
    [InlineData("127.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9")]
    [InlineData("10.0.0.2", "203.0.113.9", "127.0.0.1")]
    [InlineData(null, "203.0.113.9", "127.0.0.1")]
    public async Task The_address_that_a_proxy_forwards_is_believed_of_a_declared_proxy_only(string? proxy, string forwarded, string recorded)
    {
        await using var server = await RunningServer.StartAsync(change: options => options with { TrustedProxies = proxy is null ? [] : [proxy] });
        using (var refused = await server.SendAsync(HttpMethod.Get, "/api/v1/servers", change: request => request.Headers.Add("X-Forwarded-For", forwarded)))
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);

        var peer = await Deadline.ForAsync("the refusal to be recorded", async () =>
        {
            using var answer = await server.SendAsync(HttpMethod.Get, "/api/v1/audit?kind=refusals&limit=100", server.AdminToken);
            using var body = await BodyAsync(answer);
            return body.RootElement.EnumerateArray().Select(record => record.GetProperty("event").GetProperty("peer").GetString()).SingleOrDefault();
        });
        Assert.Equal(recorded, peer);
    }

    [Fact]
    public async Task The_bound_address_and_its_localhost_twin_are_let_in()
    {
        await using var server = await RunningServer.StartAsync();
        var port = server.Client.BaseAddress!.Port;
        foreach (var host in new[] { $"127.0.0.1:{port}", $"localhost:{port}" })
        {
            using var answer = await server.SendAsync(HttpMethod.Get, "/healthz", change: request =>
            {
                request.Headers.Host = host;
                request.Headers.TryAddWithoutValidation("Origin", $"http://{host}");
            });
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Fact]
    public async Task With_public_urls_only_those_are_let_in_and_forwarding_headers_change_nothing()
    {
        await using var server = await RunningServer.StartAsync(change: options => options with { PublicUrls = ["https://symbolon.example.com"] });
        using var good = await server.SendAsync(HttpMethod.Get, "/healthz", change: request => request.Headers.Host = "symbolon.example.com");
        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
        using var bound = await server.SendAsync(HttpMethod.Get, "/healthz");
        await AssertRefusedAsync(bound);
        using var forwarded = await server.SendAsync(HttpMethod.Get, "/healthz", change: request => request.Headers.Add("X-Forwarded-Host", "symbolon.example.com"));
        await AssertRefusedAsync(forwarded);
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Origins")]
    public async Task With_a_listener_of_its_own_the_admin_API_is_nowhere_else_and_nothing_else_is_there()
    {
        await using var server = await RunningServer.StartAsync(change: options => options with { AdminUrls = ["http://127.0.0.1:0"] });
        using var admin = server.ClientOf(server.Host.Addresses[1]);
        admin.DefaultRequestHeaders.Authorization = new("Bearer", server.AdminToken);

        Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync("/api/v1/servers", TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync("/healthz", TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await admin.PostAsync("/t/mcp/deploy", null, TestContext.Current.CancellationToken)).StatusCode);
        foreach (var path in new[] { "/api/v1/servers", "/openapi/v1.json" })
            Assert.Equal(HttpStatusCode.NotFound, (await server.SendAsync(HttpMethod.Get, path, server.AdminToken)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.SendAsync(HttpMethod.Post, "/t/mcp/deploy")).StatusCode);
    }

    [Theory]
    [Trait("clause", "ECOSYSTEM.md §0.2")]
    [InlineData("/.well-known/oauth-protected-resource")]
    [InlineData("/.well-known/oauth-protected-resource/t/mcp/deploy")]
    [InlineData("/.well-known/oauth-authorization-server/t/mcp/deploy")]
    [InlineData("/.well-known/openid-configuration/t/mcp/deploy")]
    [InlineData("/t/mcp/deploy/.well-known/oauth-protected-resource")]
    [InlineData("/t/mcp/deploy/.well-known/openid-configuration")]
    [InlineData("/nowhere")]
    public async Task What_is_not_served_is_a_clean_404_in_JSON(string path)
    {
        await using var server = await RunningServer.StartAsync();
        using var answer = await server.SendAsync(HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        using var body = await BodyAsync(answer);
        Assert.Equal(404, body.RootElement.GetProperty("status").GetInt32());
        AssertGuarded(answer);
    }

    [Fact]
    [Trait("clause", "RFC 9728 §5.1")]
    public async Task Whoever_is_not_known_is_refused_at_the_addresses_of_OAuth_alike_whether_or_not_the_server_exists()
    {
        await using var server = await RunningServer.StartAsync();
        var origin = server.Client.BaseAddress!.GetLeftPart(UriPartial.Authority);
        foreach (var token in new[] { null, Core.Identity.PastedToken.Create(Core.Identity.TokenKind.User) })
        {
            using var answer = await server.SendAsync(HttpMethod.Post, "/mcp/there-is-none", token);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.Contains($"resource_metadata=\"{origin}/.well-known/oauth-protected-resource/mcp/there-is-none\"", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
            AssertGuarded(answer);
        }
    }

    [Theory]
    [InlineData("POST", "/mcp/deploy/more")]
    [InlineData("GET", "/mcp")]
    public async Task A_pasted_token_where_nothing_is_served_is_told_the_right_address_whether_or_not_the_server_exists(string method, string path)
    {
        await using var server = await RunningServer.StartAsync();
        using var applied = await server.SendAsync(HttpMethod.Post, "/api/v1/apply", server.AdminToken, request => request.Content = new StringContent(
            """{"documents":[{"apiVersion":"symbolon/v1","kind":"Server","metadata":{"name":"deploy","owner":"o@example.com"},"spec":{"upstream":{"transport":"http","url":"http://127.0.0.1:1/mcp"},"tools":[{"name":"look","effect":"read"}]}}]}""",
            System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.OK, applied.StatusCode);

        using var answer = await server.SendAsync(new HttpMethod(method), path, Core.Identity.PastedToken.Create(Core.Identity.TokenKind.User));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(
            """{"type":"about:blank","title":"Not Found","status":404,"code":"unknown_method","detail":"Nothing is served at this address. Pasted tokens go to /t/mcp/SERVER."}""",
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        AssertGuarded(answer);
    }

    [Fact]
    public async Task A_wrong_method_is_a_405_that_names_the_right_ones()
    {
        await using var server = await RunningServer.StartAsync();
        using var answer = await server.SendAsync(HttpMethod.Delete, "/healthz");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal(["GET"], answer.Content.Headers.Allow);
        AssertGuarded(answer);
    }

    [Fact]
    public async Task Health_says_nothing_of_the_inside()
    {
        await using var server = await RunningServer.StartAsync();
        Assert.Equal("""{"status":"ok"}""", await server.Client.GetStringAsync("/healthz", TestContext.Current.CancellationToken));
        Assert.Equal("""{"status":"ready"}""", await server.Client.GetStringAsync("/readyz", TestContext.Current.CancellationToken));
    }

    [Fact]
    [Trait("clause", "IDENTITY.md §5 no. 14")]
    public async Task Headers_past_the_limit_are_refused_and_the_next_request_is_served()
    {
        await using var server = await RunningServer.StartAsync();
        using var answer = await server.SendAsync(HttpMethod.Get, "/healthz", change: request => request.Headers.Add("X-Long", new string('a', 40_000)));
        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, answer.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Get, "/healthz")).StatusCode);
    }

    private static async Task AssertRefusedAsync(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        using var body = await BodyAsync(answer);
        Assert.Equal("bad_origin", body.RootElement.GetProperty("code").GetString());
        AssertGuarded(answer);
    }

    private static void AssertGuarded(HttpResponseMessage answer)
    {
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
        Assert.Contains("frame-ancestors 'none'", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        Assert.Empty(answer.Headers.Server);
    }

    private static async Task<JsonDocument> BodyAsync(HttpResponseMessage answer) =>
        JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
}
