using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Extensions.DependencyInjection;
using Symbolon.Core.Policy;
using Symbolon.Server;
using Symbolon.Server.Hosting;

namespace Symbolon.EndToEndTests.Console;

/// <summary>One of the console's routes, as the program itself lists them.</summary>
internal sealed record ConsoleRoute(string Method, string Pattern)
{
    private readonly TemplateMatcher matcher = new(TemplateParser.Parse(Pattern), []);

    public int Parameters => Pattern.Count(character => character == '{');

    public bool Matches(string path) => matcher.TryMatch(path, []);
}

/// <summary>Every route of the program that is the console's, so that no page and no form is forgotten by a test.</summary>
internal static class ConsoleRoutes
{
    /// <summary>What programs ask, and no person sees.</summary>
    private static readonly string[] Others = ["/api/", "/mcp", "/t/", "/oauth/jwks", "/oauth/register", "/openapi/", "/.well-known/", "/healthz", "/readyz", "/metrics"];

    private static readonly Lazy<IReadOnlyList<ConsoleRoute>> Read = new(() => ReadAsync().GetAwaiter().GetResult());

    public static IReadOnlyList<ConsoleRoute> All => Read.Value;

    public static IEnumerable<ConsoleRoute> Forms => All.Where(route => route.Method == "POST");

    /// <summary>The route that answers a path: the one with fewest parameters of those that match.</summary>
    public static ConsoleRoute? Of(string method, string path) =>
        All.Where(route => route.Method == method && route.Matches(path)).MinBy(route => route.Parameters);

    private static async Task<IReadOnlyList<ConsoleRoute>> ReadAsync()
    {
        var folder = Directory.CreateTempSubdirectory("symbolon-routes-");
        try
        {
            await using var host = SymbolonHost.Build(new SymbolonOptions { DataDirectory = folder.FullName, Urls = ["http://127.0.0.1:0"], LogLevel = "warning" });
            // Only then does it know them.
            await host.StartAsync();
            IReadOnlyList<ConsoleRoute> found = [.. host.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
                .Where(route => route.Metadata.GetMetadata<RouteAccess>() is RouteAccess.Administrator or RouteAccess.Person or RouteAccess.Anyone)
                .SelectMany(route => route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Select(method => new ConsoleRoute(method, "/" + route.RoutePattern.RawText!.TrimStart('/'))) ?? [])
                .Where(route => !Others.Any(other => route.Pattern.StartsWith(other, StringComparison.Ordinal)))];
            await host.StopAsync();
            return found.Count > 0 ? found : throw new InvalidOperationException("The program lists no route of the console.");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
