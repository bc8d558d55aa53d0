using System.Text.Json.Nodes;
using Symbolon.Testing.Processes;

namespace Symbolon.ConformanceTests;

/// <summary>The console's first page: four steps before there is traffic, then how the whole is.</summary>
[Trait("area", "console")]
public sealed class DesignOverviewPageTests
{
    [Fact]
    public async Task Before_the_first_call_four_steps_with_commands_say_which_one_is_next()
    {
        await using var stage = await TokenStage.StartAsync();
        var page = await stage.PageAsync("/");
        Assert.Equal(2, Count(page, "class=\"step done\""));
        Assert.Equal(1, Count(page, "class=\"step now\" aria-current=\"step\""));
        Assert.Equal(4, Count(page, "class=\"code dark-line\""));
        await stage.IssueAsync();
        Assert.Equal(3, Count(await stage.PageAsync("/?period=7d"), "class=\"step done\""));
    }

    [Fact]
    public async Task Once_something_was_decided_it_is_counted_by_reason_in_the_period_of_the_address()
    {
        await using var stage = await TokenStage.StartAsync();
        await stage.ApiAsync(HttpMethod.Post, "/apply", new JsonObject
        {
            ["documents"] = new JsonArray(JsonNode.Parse("""{"apiVersion":"symbolon/v1","kind":"Server","metadata":{"name":"docs","owner":"o'b&c@example.com"},"spec":{"upstream":{"transport":"http","url":"http://127.0.0.1:1/mcp"},"tools":[]}}""")),
        });
        var token = (string?)(await stage.IssueAsync())["token"];
        using (var refused = await stage.Server.SendAsync(HttpMethod.Post, "/t/mcp/nosuch", token)) Assert.Equal(System.Net.HttpStatusCode.NotFound, refused.StatusCode);
        var page = await Deadline.ForAsync("the refusal to be counted", async () =>
            await stage.PageAsync("/?period=30d") is var shown && shown.Contains("Refused, by reason", StringComparison.Ordinal) ? shown : null);

        Assert.Contains("<code>unknown_server</code>", page, StringComparison.Ordinal);
        Assert.Contains("docs waits for its first approval", page, StringComparison.Ordinal);
        Assert.Contains("aria-current=\"true\">30 days", page, StringComparison.Ordinal);
        Assert.Contains("class=\"spark\"", page, StringComparison.Ordinal);
        Assert.Contains("1 of 1 current", page, StringComparison.Ordinal);
        Assert.DoesNotContain("style=", page, StringComparison.Ordinal);
        Assert.Contains("aria-current=\"true\">24 hours", await stage.PageAsync("/?period=%22%3Cscript%3E"), StringComparison.Ordinal);
        // The figures are those of the API.
        Assert.True((long)(await stage.ApiAsync(HttpMethod.Get, "/overview?period=30d"))["decisions"]!["refused"]! > 0);
    }

    [Fact]
    public async Task The_last_verified_record_is_told_with_its_time_and_before_the_first_verification_that_there_was_none()
    {
        await using var stage = await TokenStage.StartAsync();
        Assert.Contains("not since this node started", await stage.PageAsync("/"), StringComparison.Ordinal);
        Assert.Equal("never", (string?)(await stage.ApiAsync(HttpMethod.Get, "/overview"))["audit"]!["verification"]!["state"]);

        await stage.ApiAsync(HttpMethod.Post, "/audit/verify");
        var verified = await Deadline.ForAsync("the chain to be verified", async () =>
            (await stage.ApiAsync(HttpMethod.Get, "/overview"))["audit"]!["verification"] is var state && (string?)state!["state"] == "verified" ? state : null);

        Assert.True((long)verified["verifiedTo"]! > 0);
        Assert.Matches($"to record {verified["verifiedTo"]}, <time datetime=\"{((DateTimeOffset)verified["finishedAt"]!).ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture)}\"", await stage.PageAsync("/"));
    }

    private static int Count(string page, string part) => page.Split(part).Length - 1;
}
