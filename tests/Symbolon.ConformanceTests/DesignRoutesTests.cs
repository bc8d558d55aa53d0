using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Symbolon.Core.Policy;

namespace Symbolon.ConformanceTests;

/// <summary>DESIGN.md section 5, promise 1: no route without a word about who may reach it.</summary>
[Trait("area", "architecture")]
public sealed class DesignRoutesTests
{
    [Fact]
    [Trait("clause", "DESIGN.md §5 no. 1")]
    public async Task Every_route_says_who_may_reach_it()
    {
        await using var server = await RunningServer.StartAsync();
        var routes = server.Host.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().ToList();
        Assert.Contains(routes, route => Access(route) is RouteAccess.Caller);
        Assert.Contains(routes, route => Access(route) is RouteAccess.Administrator);
        Assert.Equal(["/my-access", "/my-access/authorizations/{id}/end", "/my-access/command-lines/{id}/end", "/my-access/tokens/{id}/end", "/sign-out"], routes.Where(route => Access(route) is RouteAccess.Person).Select(route => route.RoutePattern.RawText).Order(StringComparer.Ordinal));
        Assert.Equal(["/oauth/events", "/oauth/introspect", "/oauth/par", "/oauth/revocations", "/oauth/revoke", "/oauth/rotate", "/oauth/token"], routes.Where(route => Access(route) is RouteAccess.Client).Select(route => route.RoutePattern.RawText).Order());
        Assert.Empty(routes.Where(route => route.Metadata.OfType<RouteAccess>().Count() != 1).Select(route => route.DisplayName));
    }

    [Fact]
    public async Task Only_these_routes_are_for_anybody()
    {
        await using var server = await RunningServer.StartAsync();
        var open = server.Host.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(route => Access(route) is RouteAccess.Anyone).Select(route => "/" + route.RoutePattern.RawText!.TrimStart('/')).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(["/.well-known/oauth-authorization-server", "/.well-known/oauth-protected-resource/mcp/{server}", "/.well-known/openid-configuration", "/.well-known/ssf-configuration", "/api/v1/logins/redeem", "/assets/app.css", "/assets/app.js", "/assets/icon.svg", "/healthz", "/oauth/authorize", "/oauth/consent", "/oauth/enroll", "/oauth/jwks", "/openapi/{documentName}.json", "/readyz", "/reasons", "/reasons/{code}", "/sign-in", "/sign-in/link", "/sign-in/password", "/sign-in/set-password", "/sign-in/token"], open);
    }

    [Fact]
    public async Task A_route_for_who_is_signed_in_answers_nobody_else()
    {
        await using var server = await RunningServer.StartAsync();
        var routes = server.Host.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(route => Access(route) is RouteAccess.Administrator or RouteAccess.Person).ToList();
        foreach (var route in routes)
        {
            var method = route.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods[0];
            var path = "/" + System.Text.RegularExpressions.Regex.Replace(route.RoutePattern.RawText!.TrimStart('/'), @"\{[^}]*\}", "x");
            using var answer = await server.SendAsync(new HttpMethod(method), path);
            Assert.True(answer.StatusCode == System.Net.HttpStatusCode.Unauthorized, $"{method} {path} answered {(int)answer.StatusCode} to nobody.");
        }
    }

    private static RouteAccess? Access(RouteEndpoint route) => route.Metadata.GetMetadata<RouteAccess>();
}
