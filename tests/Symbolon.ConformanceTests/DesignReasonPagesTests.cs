using System.Net;
using System.Text.Json.Nodes;
using Symbolon.Core.Policy;

namespace Symbolon.ConformanceTests;

/// <summary>DESIGN.md section 5, promise 8: a refusal says why, and where that is explained.</summary>
[Trait("area", "console")]
public sealed class DesignReasonPagesTests
{
    [Fact]
    public async Task Every_code_has_a_page_that_anybody_may_read_and_that_leads_only_to_pages_that_are_there()
    {
        await using var server = await RunningServer.StartAsync();
        foreach (var code in ReasonCodes.AllTexts)
        {
            using var answer = await server.SendAsync(HttpMethod.Get, $"/reasons/{code}");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.Contains($"<h1><code>{code}</code></h1>", page, StringComparison.Ordinal);
            Assert.Contains("Who can give it", page, StringComparison.Ordinal);
        }
        var all = await server.Client.GetStringAsync("/reasons", TestContext.Current.CancellationToken);
        Assert.All(ReasonCodes.AllTexts, code => Assert.Contains($"href=\"/reasons/{code}\"", all, StringComparison.Ordinal));
        using var unknown = await server.SendAsync(HttpMethod.Get, "/reasons/%3Cscript%3E");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.DoesNotContain("<script>", await unknown.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_names_the_page_under_the_public_origin_that_was_asked_and_never_under_another_host()
    {
        await using var server = await RunningServer.StartAsync(change: options => options with { PublicUrls = ["https://symbolon.example.com", "http://127.0.0.1"] });
        foreach (var (host, origin) in new[] { ("symbolon.example.com", "https://symbolon.example.com"), ("127.0.0.1", "http://127.0.0.1"), ("localhost", "http://localhost") })
        {
            using var answer = await server.SendAsync(HttpMethod.Post, "/t/mcp/shop", change: request =>
            {
                request.Headers.Host = host;
                request.Content = new StringContent("{}");
            });
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            var data = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["error"]!["data"]!;
            Assert.Equal($"{origin}/reasons/unauthenticated", (string?)data["about"]);
        }
        using var foreign = await server.SendAsync(HttpMethod.Post, "/t/mcp/shop", change: request => request.Headers.Host = "evil.example");
        Assert.DoesNotContain("evil.example", await foreign.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
