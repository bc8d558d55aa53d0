using Symbolon.Core.Identity;
using Symbolon.Core.Policy;

namespace Symbolon.UnitTests.Admin;

[Trait("area", "admin")]
public sealed class AdminGateTests(SharedAdminHost shared) : IClassFixture<SharedAdminHost>
{
    private readonly AdminHost host = shared.Host;

    public static TheoryData<string> OtherHeaders =>
    [
        "", "Bearer", "Bearer ", "Basic YTpi", "Bearer nonsense", $"Bearer {PastedToken.Create(TokenKind.Admin)}", $"Bearer {PastedToken.Create(TokenKind.User)}",
        "Bearer sym_adm_SymbolonSymbolonSymbolonSymbolonSymbolonxyz2GS5Oc", "Bearer sym_adm_ſymbolonſymbolonſymbolonſymbolonſymbolonxyz2GS5Oc",
    ];

    [Theory]
    [MemberData(nameof(OtherHeaders))]
    public async Task Every_route_answers_401_to_who_is_no_administrator_and_reads_no_body(string header)
    {
        var (refusals, commits) = (host.Refusals.Recorded.Count, host.Store.Committed.Count);
        foreach (var (method, path) in Operations(host))
        {
            var answer = await host.SendRawAsync(method, path, "{ this is no JSON"u8.ToArray(), [("Authorization", header)]);
            Assert.Equal((401, "unauthenticated"), (answer.Status, answer.Code));
            Assert.StartsWith("Bearer", answer.Headers["WWW-Authenticate"], StringComparison.Ordinal);
            Assert.Equal("no-store", answer.Headers["Cache-Control"]);
        }
        Assert.Equal(Operations(host).Count, host.Refusals.Recorded.Skip(refusals).Count(code => code == ReasonCode.Unauthenticated));
        Assert.Equal(commits, host.Store.Committed.Count);
    }

    [Fact]
    public async Task A_cookie_is_no_credential()
    {
        var answer = await host.SendRawAsync("GET", "/api/v1/servers", null, [("Cookie", $"token={host.Token}; Authorization=Bearer {host.Token}")]);
        Assert.Equal(401, answer.Status);
    }

    [Fact]
    public async Task Two_authorization_headers_are_malformed_even_when_one_is_right()
    {
        var answer = await host.GetAsync("/api/v1/servers", ("Authorization", "Bearer x"));
        Assert.Equal((400, "malformed_request"), (answer.Status, answer.Code));
        Assert.Equal(ReasonCode.MalformedRequest, host.Refusals.Recorded[^1]);
    }

    [Fact]
    public async Task A_token_in_the_query_is_malformed()
    {
        Assert.Equal(400, (await host.GetAsync($"/api/v1/servers?access_token={host.Token}")).Status);
        Assert.Equal(400, (await host.SendRawAsync("GET", $"/api/v1/servers?access_token={host.Token}", null, [])).Status);
    }

    [Fact]
    public async Task Every_route_says_who_may_reach_it()
    {
        foreach (var route in host.Routes)
        {
            var access = Assert.Single(route.Metadata.OfType<RouteAccess>());
            // One turns the code of a sign-in into the token that all others need.
            if (route.RoutePattern.RawText is "/openapi/{documentName}.json" or "/api/v1/logins/redeem") Assert.IsType<RouteAccess.Anyone>(access);
            else Assert.IsType<RouteAccess.Administrator>(access);
        }
    }

    [Fact]
    public async Task The_OpenAPI_document_holds_every_route_and_no_other()
    {
        var answer = await host.SendRawAsync("GET", "/openapi/v1.json", null, []);
        Assert.Equal(200, answer.Status);
        var described = answer.Json.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name}")).Order();
        Assert.Equal(Templates(host).Select(route => $"{route.Method} {route.Path}").Append("POST /api/v1/logins/redeem").Order(), described);
        Assert.Contains("IssueTokenRequest", answer.Json.GetProperty("components").GetProperty("schemas").EnumerateObject().Select(schema => schema.Name));
        var list = answer.Json.GetProperty("paths").GetProperty("/api/v1/tokens").GetProperty("get");
        Assert.Equal(["user", "agent", "workflow", "server", "kind", "q", "state", "expiresBefore", "order", "reverse", "after", "limit"], list.GetProperty("parameters").EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString()));
        Assert.Equal("bearer", answer.Json.GetProperty("components").GetProperty("securitySchemes").GetProperty("administrator").GetProperty("scheme").GetString());
        Assert.False(answer.Json.TryGetProperty("servers", out var servers) && servers.GetArrayLength() > 0);
    }

    [Fact]
    public async Task The_OpenAPI_document_names_If_Match_where_it_is_read_and_nowhere_else()
    {
        var paths = (await host.SendRawAsync("GET", "/openapi/v1.json", null, [])).Json.GetProperty("paths");
        foreach (var operation in paths.EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(found => (path.Name, found.Value))))
        {
            var isNamed = operation.Value.TryGetProperty("parameters", out var parameters)
                && parameters.EnumerateArray().Any(each => (each.GetProperty("in").GetString(), each.GetProperty("name").GetString()) == ("header", "If-Match"));
            Assert.Equal(isNamed, operation.Value.GetProperty("responses").TryGetProperty("412", out _));
        }
        foreach (var (method, template) in Templates(host).Where(each => each.Method != "GET"))
        {
            var isDescribed = paths.GetProperty(template).GetProperty(method.ToLowerInvariant()).GetProperty("responses").TryGetProperty("412", out _);
            var body = template.StartsWith("/api/v1/reviews/", StringComparison.Ordinal) ? """{"revision":1}"""
                : template.EndsWith("/approve", StringComparison.Ordinal) || template.EndsWith("/rollback", StringComparison.Ordinal) ? """{"version":1}"""
                : template.EndsWith("/owner", StringComparison.Ordinal) ? """{"owner":"a@example.com"}""" : template.EndsWith("/quarantines", StringComparison.Ordinal) ? """{"label":"a","value":"b"}""" : method == "PUT" ? """{"value":"v"}""" : template.EndsWith("/role", StringComparison.Ordinal) ? """{"role":"member"}""" : "{}";
            var answer = await host.SendAsync(method, template.Replace("{name}", "x", StringComparison.Ordinal).Replace("{id}", "x", StringComparison.Ordinal).Replace("{email}", "x@example.com", StringComparison.Ordinal), body, ("If-Match", "no tag"));
            Assert.Equal(isDescribed, answer.Text.Contains("If-Match must be", StringComparison.Ordinal));
        }
    }

    private static IEnumerable<(string Method, string Path)> Templates(AdminHost host) =>
        host.Routes.Where(route => route.RoutePattern.RawText!.StartsWith("/api/v1/", StringComparison.Ordinal) && route.Metadata.GetMetadata<RouteAccess>() is RouteAccess.Administrator)
            .SelectMany(route => route.Metadata.GetMetadata<Microsoft.AspNetCore.Routing.HttpMethodMetadata>()!.HttpMethods.Select(method => (method, route.RoutePattern.RawText!)));

    private static List<(string Method, string Path)> Operations(AdminHost host)
    {
        var all = Templates(host).Select(route => (route.Method, route.Path.Replace("{name}", "x", StringComparison.Ordinal).Replace("{id}", "x", StringComparison.Ordinal))).ToList();
        Assert.True(all.Count >= 25);
        return all;
    }
}
