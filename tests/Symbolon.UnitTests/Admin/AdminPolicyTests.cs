namespace Symbolon.UnitTests.Admin;

[Trait("area", "admin")]
public sealed class AdminPolicyTests
{
    private const string Document = """
        {"apiVersion":"symbolon/v1","kind":"Policy","metadata":{"name":"NAME"},"spec":{"default":"deny","rules":[{"name":"large","servers":["*"],"tools":["refund"],"when":"args.amount > 100","decision":"deny","message":"Ask finance.","mode":"observe"},
         {"name":"slow","servers":["*"],"limit":"60/minute","burst":5,"per":"token"},{"name":"ask","servers":["*"],"decide":{"url":"https://opa.example.com/","cache":"1m"}},{"name":"hide","servers":["*"],"obligations":{"redact":["ssn"],"headers":{"X-A":"b"}}}],
         "tests":[{"server":"payments","tool":"refund","args":{"amount":150.50},"subject":{"groups":["finance"]},"session":{"flags":["sensitive"]},"expect":"deny","rule":"large"}]} }
        """;

    private const string Server = """
        {"apiVersion":"symbolon/v1","kind":"Server","metadata":{"name":"payments","owner":"a@example.com"},"spec":{"upstream":{"transport":"http","url":"http://127.0.0.1:1/mcp"},
         "tools":[{"name":"refund","effect":"write","inputSchema":{"type":"object","properties":{"amount":{"type":"number"}}}}]}}
        """;

    [Fact]
    public async Task Policies_are_listed_shown_with_their_version_and_retired_for_good()
    {
        await using var host = await AdminHost.StartAsync();
        await host.PostAsync("/api/v1/apply", $$"""{"documents":[{{Server}}]}""");
        var applied = await host.PostAsync("/api/v1/apply", $$"""{"documents":[{{Named("beta")}},{{Named("alpha")}}]}""");
        Assert.Equal("""[{"kind":"Policy","name":"beta","action":"created","version":1},{"kind":"Policy","name":"alpha","action":"created","version":1}]""", applied.Text);

        Assert.Equal("""[{"name":"alpha","state":"active","default":"deny","rules":["large","slow","ask","hide"],"observed":["large"],"tests":1}]""", (await host.GetAsync("/api/v1/policies?limit=1")).Text);
        var shown = await host.GetAsync("/api/v1/policies/alpha");
        Assert.Equal(
            """
            {"name":"alpha","state":"active","default":"deny","rules":[{"name":"large","servers":["*"],"tools":["refund"],"when":"args.amount > 100","decision":"deny","message":"Ask finance.","mode":"observe"},{"name":"slow","servers":["*"],"mode":"enforce","limit":"60/minute","burst":5,"per":["token"]},{"name":"ask","servers":["*"],"mode":"enforce","decide":{"url":"https://opa.example.com/","timeout":"500ms","cache":"1m"}},{"name":"hide","servers":["*"],"mode":"enforce","obligations":{"redact":["ssn"],"headers":{"X-A":"b"}}}],"tests":[{"server":"payments","tool":"refund","args":{"amount":150.50},"subject":{"groups":["finance"]},"session":{"flags":["sensitive"]},"expect":"deny","rule":"large"}],"version":1}
            """.Replace(">", "\\u003E", StringComparison.Ordinal), shown.Text);
        Assert.Equal("\"1\"", shown.Headers["ETag"]);

        Assert.Equal((412, "precondition_failed"), Told(await host.PostAsync("/api/v1/policies/alpha/retire", null, ("If-Match", "\"7\""))));
        var retired = await host.PostAsync("/api/v1/policies/alpha/retire", """{"reason":"gone"}""");
        Assert.Equal(("retired", "gone"), (retired.Json.GetProperty("state").GetString(), retired.Json.GetProperty("lastChange").GetProperty("reason").GetString()));
        Assert.Equal((409, "retired"), Told(await host.PostAsync("/api/v1/policies/alpha/retire")));
        var exported = Assert.Single((await host.GetAsync("/api/v1/export")).Json.EnumerateArray(), each => each.GetProperty("kind").GetString() == "Policy");
        Assert.Equal(("Policy", "beta"), (exported.GetProperty("kind").GetString(), exported.GetProperty("metadata").GetProperty("name").GetString()));
        Assert.Equal(["active", "retired"], (await host.GetAsync("/api/v1/history/policy/alpha")).Json.EnumerateArray().Select(version => version.GetProperty("state").GetString()));
    }

    [Theory]
    [InlineData("GET", "/api/v1/policies/nobody")]
    [InlineData("GET", "/api/v1/policies/A%20b")]
    [InlineData("POST", "/api/v1/policies/nobody/retire")]
    [InlineData("POST", "/api/v1/policies/A%20b/retire")]
    public async Task What_is_not_there_is_not_found(string method, string path)
    {
        await using var host = await AdminHost.StartAsync();
        Assert.Equal((404, "not_found"), Told(await host.SendAsync(method, path, null)));
    }

    private static string Named(string name) => Document.Replace("NAME", name, StringComparison.Ordinal);

    private static (int, string?) Told(Answer answer) => (answer.Status, answer.Code);
}
