namespace Symbolon.UnitTests.Admin;

[Trait("area", "admin")]
public sealed class AdminIssuerTests
{
    private const string Document = """
        {"apiVersion":"symbolon/v1","kind":"Issuer","metadata":{"name":"NAME"},"spec":{"issuer":"https://NAME.example.com","audience":"symbolon","subjects":["repo:acme/*"]} }
        """;

    [Fact]
    public async Task Issuers_are_listed_shown_with_their_version_and_retired_for_good()
    {
        await using var host = await AdminHost.StartAsync();
        var applied = await host.PostAsync("/api/v1/apply", $$"""{"documents":[{{Named("beta")}},{{Named("alpha")}}]}""");
        Assert.Equal("""[{"kind":"Issuer","name":"beta","action":"created","version":1},{"kind":"Issuer","name":"alpha","action":"created","version":1}]""", applied.Text);

        const string alpha = "\"name\":\"alpha\",\"state\":\"active\",\"issuer\":\"https://alpha.example.com\",\"audience\":\"symbolon\",\"subjects\":[\"repo:acme/*\"],\"maxTtl\":\"1h\"";
        Assert.Equal($"[{{{alpha}}}]", (await host.GetAsync("/api/v1/issuers?limit=1")).Text);
        var shown = await host.GetAsync("/api/v1/issuers/alpha");
        Assert.Equal(($"{{{alpha},\"version\":1}}", "\"1\""), (shown.Text, shown.Headers["ETag"]));

        Assert.Equal((412, "precondition_failed"), Told(await host.PostAsync("/api/v1/issuers/alpha/retire", null, ("If-Match", "\"7\""))));
        var retired = await host.PostAsync("/api/v1/issuers/alpha/retire", """{"reason":"gone"}""");
        Assert.Equal(("retired", "gone"), (retired.Json.GetProperty("state").GetString(), retired.Json.GetProperty("lastChange").GetProperty("reason").GetString()));
        Assert.Equal((409, "retired"), Told(await host.PostAsync("/api/v1/issuers/alpha/retire")));
        Assert.Single((await host.GetAsync("/api/v1/export")).Json.EnumerateArray());
    }

    [Theory]
    [InlineData("GET", "/api/v1/issuers/nobody")]
    [InlineData("GET", "/api/v1/issuers/A%20b")]
    [InlineData("POST", "/api/v1/issuers/nobody/retire")]
    [InlineData("POST", "/api/v1/issuers/A%20b/retire")]
    public async Task What_is_not_there_is_not_found(string method, string path)
    {
        await using var host = await AdminHost.StartAsync();
        Assert.Equal((404, "not_found"), Told(await host.SendAsync(method, path, null)));
    }

    private static string Named(string name) => Document.Replace("NAME", name, StringComparison.Ordinal);

    private static (int, string?) Told(Answer answer) => (answer.Status, answer.Code);
}
