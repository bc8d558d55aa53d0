using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Symbolon.Testing.Mcp;
using Xunit;

namespace Symbolon.EndToEndTests.Console;

/// <summary>Pages of another origin that try to use the session of who looks at them.</summary>
[Collection(nameof(FilledConsole))]
[Trait("area", "console")]
public sealed partial class ForeignPageTests(FilledConsole console)
{
    [Fact]
    public async Task A_form_or_a_script_of_another_origin_is_refused_by_every_route_that_changes_something()
    {
        var forms = ConsoleRoutes.Forms.Select(route => Filled(route.Pattern)).Distinct().ToList();
        Assert.Contains("/sign-out", forms);
        await using var foreign = new RawServer((request, stream, cancellation) =>
            RawServer.WriteAsync(stream, "200 OK", "text/html; charset=utf-8", PageThatPosts(forms), cancellation));
        await using var tab = await console.OpenAsync();
        var before = await StateAsync();

        foreach (var path in forms)
        {
            // Another port of the same host: a browser sends SameSite cookies there, so only the gates are between.
            await tab.GoAsync(foreign.Url.ToString());
            var sent = await tab.Page.RunAndWaitForResponseAsync(() => tab.Page.Locator($"form[action$='{path}'] button").ClickAsync(), answer => answer.Request.Method == "POST");
            Assert.Contains("symbolon-", (await sent.Request.AllHeadersAsync())["cookie"], StringComparison.Ordinal);
            Assert.True(sent.Status == (int)HttpStatusCode.Forbidden, $"POST {path} from a foreign page answers {sent.Status}");
        }
        await tab.GoAsync(foreign.Url.ToString());
        foreach (var path in forms)
        {
            var fetched = await tab.Page.RunAndWaitForResponseAsync(
                () => tab.Page.EvaluateAsync("address => fetch(address, { method: 'POST', mode: 'no-cors', credentials: 'include', body: new URLSearchParams({ form: 'x' }) })", new Uri(console.Symbolon.Url, path).ToString()),
                answer => answer.Request.Method == "POST");
            Assert.True(fetched.Status == (int)HttpStatusCode.Forbidden, $"POST {path} by a foreign script answers {fetched.Status}");
        }

        Assert.Equal(before, await StateAsync());
        await tab.GoAsync("/servers");
        Assert.Equal(1, await tab.Page.Locator("form[action='/sign-out']").CountAsync());
    }

    [Fact]
    public async Task A_page_of_another_origin_cannot_frame_or_read_one_of_ours()
    {
        var page = new Uri(console.Symbolon.Url, "/servers");
        await using var foreign = new RawServer((request, stream, cancellation) =>
            RawServer.WriteAsync(stream, "200 OK", "text/html; charset=utf-8", $"<!doctype html><title>x</title><iframe src=\"{page}\"></iframe>", cancellation));
        await using var tab = await console.OpenAsync();
        await tab.GoAsync(foreign.Url.ToString());
        // The browser's own page about what it does not show.
        Assert.StartsWith("chrome-error://", tab.Page.Frames[1].Url, StringComparison.Ordinal);
        Assert.Equal("refused", await tab.Page.EvaluateAsync<string>("address => fetch(address, { credentials: 'include' }).then(() => 'read', () => 'refused')", page.ToString()));
    }

    private async Task<string> StateAsync()
    {
        var parts = new StringBuilder();
        foreach (var path in new[] { "/export", "/servers?limit=200", "/tokens?limit=200", "/agents?limit=200", "/workflows?limit=200" }) parts.AppendLine((await console.Setup.Api.GetAsync(path)).ToJsonString());
        // What changes by use, not by an administrator.
        return LastUsed().Replace(parts.ToString(), "");
    }

    private string Filled(string pattern) => Parameter().Replace(pattern, match => match.Groups[1].Value switch
    {
        "name" when pattern.Contains("agents", StringComparison.Ordinal) => "claude-code",
        "name" when pattern.Contains("workflows", StringComparison.Ordinal) => "nightly-report",
        "name" => "orders",
        "id" => console.Alice.Id,
        "email" => "alice@example.com",
        _ => "1",
    });

    private string PageThatPosts(IEnumerable<string> paths) => "<!doctype html><title>Win a prize</title>" + string.Concat(paths.Select(path =>
        $"<form method=\"post\" action=\"{new Uri(console.Symbolon.Url, path)}\"><input name=\"form\" value=\"x\"><input name=\"reason\" value=\"x\"><button>Win</button></form>"));

    [GeneratedRegex("\\{([a-z]+)[^}]*\\}")]
    private static partial Regex Parameter();

    [GeneratedRegex(",\"(?:lastUsed[A-Za-z]*|calls30Days|refused30Days|health)\":(?:\"[^\"]*\"|[0-9]+)")]
    private static partial Regex LastUsed();
}
