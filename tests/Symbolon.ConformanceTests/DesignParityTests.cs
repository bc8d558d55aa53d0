using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Symbolon.Cli;
using Symbolon.Cli.Invocation;
using Symbolon.Core.Policy;

namespace Symbolon.ConformanceTests;

/// <summary>Pages, API and commands are three ways to the same: what one of them can, all can, and they say the same numbers.</summary>
[Trait("area", "console")]
public sealed partial class DesignParityTests
{
    private const string ApiPrefix = "/api/v1";

    [Fact]
    [Trait("clause", "DESIGN.md §4 Command line")]
    public async Task Every_page_and_form_of_the_console_has_its_API_and_its_command()
    {
        await using var server = await RunningServer.StartAsync();
        var routes = RoutesOf(server);
        var console = routes.Where(route => !IsOther(route.Split(' ')[1])).Order(StringComparer.Ordinal).ToList();
        var known = ConsoleParity.Rows.Select(row => row.Route).Concat(ConsoleParity.Own.Keys).ToList();
        Assert.Equal(known.Distinct(), known);
        // A page that is missing in the table, and one of the table that is gone.
        Assert.Empty(console.Except(known));
        Assert.Empty(known.Except(console));

        var commands = CommandsOf(CommandLine.Build(NoOutside)).ToHashSet(StringComparer.Ordinal);
        foreach (var row in ConsoleParity.Rows)
        {
            Assert.NotEmpty(row.Api);
            Assert.NotEmpty(row.Commands);
            Assert.Empty(row.Api.Select(api => api.Replace(" ", " " + ApiPrefix, StringComparison.Ordinal)).Except(routes.Select(Nameless), StringComparer.Ordinal).Except(routes, StringComparer.Ordinal));
            Assert.Empty(row.Commands.Except(commands));
        }
    }

    [Fact]
    public async Task Every_change_that_the_API_can_make_is_a_command_or_a_file()
    {
        await using var server = await RunningServer.StartAsync();
        // By the name of the route's operation: nothing that changes anything is the API's alone.
        var changes = RoutesOf(server).Where(route => route.Contains(ApiPrefix, StringComparison.Ordinal) && !route.StartsWith("GET ", StringComparison.Ordinal)).Select(route => route.Split(' ')[1][ApiPrefix.Length..]).ToList();
        var commands = CommandsOf(CommandLine.Build(NoOutside)).ToHashSet(StringComparer.Ordinal);
        Assert.NotEmpty(changes);
        Assert.All(changes, path => Assert.Contains(CommandOf(path), commands));
    }

    [Fact]
    public async Task Lists_of_the_console_have_the_rows_and_numbers_of_the_API()
    {
        await using var stage = await TokenStage.StartAsync("http://127.0.0.1:1/mcp", "shop", "post", "docs");
        for (var i = 0; i < 7; i++) await stage.IssueAsync(server: i % 2 == 0 ? "shop" : "post", user: i < 3 ? $"user{i}@example.com" : null);
        await stage.ApiAsync(HttpMethod.Post, "/servers/docs/suspend");
        await stage.ApiAsync(HttpMethod.Post, "/agents/bot-1/suspend");

        await SameAsync("/servers", "/servers", "name", "/servers/");
        await SameAsync("/tokens", "/tokens?state=live", "id", "/tokens/");
        await SameAsync("/tokens?q=shop", "/tokens?state=live&q=shop", "id", "/tokens/");
        await SameAsync("/people?kind=agent", "/agents", "name", "/people/agents/");
        await SameAsync("/people?kind=user", "/users", "email", "/people/users/");
        await SameAsync("/sessions", "/sessions", "id", null);

        var server = await stage.ApiAsync(HttpMethod.Get, "/servers/shop");
        Assert.Contains($"Tools {server["toolCount"]}", Plain(await stage.PageAsync("/servers/shop")), StringComparison.Ordinal);

        async Task SameAsync(string path, string api, string field, string? link)
        {
            var expected = (await stage.ApiAsync(HttpMethod.Get, api)).AsArray().Select(item => (string)item![field]!).Order(StringComparer.Ordinal).ToList();
            Assert.NotEmpty(expected);
            var html = await stage.PageAsync(path);
            var shown = link is null
                ? Regex.Matches(html, "<code>(ses_[0-9a-f]+)</code>").Select(match => match.Groups[1].Value)
                : Regex.Matches(Body(html), $"<th scope=\"row\".*?<a href=\"{Regex.Escape(link)}([^\"?/]+)\"", RegexOptions.Singleline).Select(match => Uri.UnescapeDataString(match.Groups[1].Value));
            Assert.Equal(expected, shown.Distinct().Order(StringComparer.Ordinal));
        }
    }

    private static string Body(string page) => page[page.IndexOf("<main", StringComparison.Ordinal)..];

    private static string Plain(string page) => Spaces().Replace(Tags().Replace(Body(page), " "), " ");

    private static bool IsOther(string pattern) =>
        new[] { "/api/", "/mcp", "/t/", "/oauth/", "/openapi/", "/.well-known/", "/healthz", "/readyz", "/metrics", "/assets/" }.Any(other => pattern.StartsWith(other, StringComparison.Ordinal));

    private static List<string> RoutesOf(RunningServer server) => [.. server.Host.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
        .Where(route => route.Metadata.GetMetadata<RouteAccess>() is not (null or RouteAccess.Caller or RouteAccess.Client))
        .SelectMany(route => route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Select(method => $"{method} /{route.RoutePattern.RawText!.TrimStart('/').TrimEnd('/')}") ?? []).Distinct()];

    /// <summary>The API's parameters have other names here and there: <c>{email}</c> is a name too.</summary>
    private static string Nameless(string route) => route.Replace("{email}", "{name}", StringComparison.Ordinal);

    private static IEnumerable<string> CommandsOf(Command command, string prefix = "") => command.Subcommands.SelectMany(each => CommandsOf(each, $"{prefix}{each.Name} ").Prepend(prefix + each.Name));

    /// <summary>The command of a route that changes something.</summary>
    private static string CommandOf(string path) => path.Trim('/').Split('/') switch
    {
        ["apply"] => "apply",
        ["tokens"] => "token issue",
        ["revocations"] => "revoke",
        ["secrets", _] => "secret set",
        ["secrets", _, "rotation", ..] => "secret rotate",
        ["audit", "verify"] => "audit verify",
        ["keys", "rotate"] => "keys rotate",
        ["webhook", "test"] => "webhook test",
        ["servers", _, "enrolments"] => "server enroll",
        ["servers", _, "keys", _] => "server keys",
        ["quarantines"] => "server quarantine",
        ["history", .., "rollback"] => "rollback",
        ["keys", _, "revoke"] => "keys revoke",
        ["clients"] => "client create",
        ["clients", _, "events", ..] => "client events",
        ["authorizations", "end"] => "authorization end",
        ["users"] => "user add",
        ["policies", .., var step] => $"policy {step}",
        ["logins", "redeem"] => "login",
        [var things, _, var step] => string.Create(CultureInfo.InvariantCulture, $"{things[..^1]} {step}"),
        _ => path,
    };

    private static Outside NoOutside => new()
    {
        Output = TextWriter.Null, OutputStream = () => Stream.Null, Error = TextWriter.Null, Input = () => Stream.Null, InputIsTerminal = false, OutputIsTerminal = false,
        Variable = _ => null, Handler = () => throw new InvalidOperationException("Nothing is run."), Clock = TimeProvider.System,
    };

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
