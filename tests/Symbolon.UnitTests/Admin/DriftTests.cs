using System.Text.Json;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;

namespace Symbolon.UnitTests.Admin;

[Trait("area", "drift")]
public sealed class DriftTests
{
    [Fact]
    public async Task Tools_that_are_listed_otherwise_than_reviewed_are_told_with_both_definitions_in_pages()
    {
        await using var host = await AdminHost.StartAsync();
        foreach (var name in new[] { "shop", "files", "quiet" }) await ApproveAsync(host, name);
        host.Health.Readings["shop"] = Reading(("one", DefinitionState.Changed), ("two", DefinitionState.Reviewed), ("three", DefinitionState.Vanished));
        host.Health.Readings["files"] = Reading(("two", DefinitionState.Unreviewed));

        var all = (await host.GetAsync("/api/v1/drift")).Json.EnumerateArray().ToList();
        Assert.Equal([("files", "two", "unreviewed"), ("shop", "one", "changed"), ("shop", "three", "vanished")], all.Select(tool => (Text(tool, "server"), Text(tool, "tool"), Text(tool, "definition"))));
        Assert.Equal(("read", "sha256:new", "2027-01-15T12:00:00+00:00"), (Text(all[1], "effect"), Text(all[1].GetProperty("listed"), "modern"), Text(all[1], "readAt")));
        Assert.Equal(JsonValueKind.Object, all[1].GetProperty("digests").ValueKind);

        var first = await host.GetAsync("/api/v1/drift?limit=2");
        Assert.Equal(2, first.Json.GetArrayLength());
        Assert.Contains("after=shop%2Fone", first.Headers["Link"], StringComparison.Ordinal);
        Assert.Equal("three", Text(Assert.Single((await host.GetAsync("/api/v1/drift?after=shop%2Fone")).Json.EnumerateArray()), "tool"));
        Assert.Equal("files", Text(Assert.Single((await host.GetAsync("/api/v1/drift?server=files")).Json.EnumerateArray()), "server"));
        Assert.Equal(0, (await host.GetAsync("/api/v1/drift?server=quiet")).Json.GetArrayLength());
    }

    [Theory]
    [InlineData("/api/v1/drift?server=nosuch", 404)]
    [InlineData("/api/v1/drift?server=Not%20A%20Name", 404)]
    [InlineData("/api/v1/drift?colour=red", 400)]
    public async Task What_is_not_there_or_not_understood_is_refused(string path, int status)
    {
        await using var host = await AdminHost.StartAsync();
        Assert.Equal(status, (await host.GetAsync(path)).Status);
    }

    private static async Task ApproveAsync(AdminHost host, string name)
    {
        var tools = string.Join(',', new[] { "one", "two", "three" }.Select(tool => $$"""{"name":"{{tool}}","effect":"read"}"""));
        var document = $$$"""{"apiVersion":"symbolon/v1","kind":"Server","metadata":{"name":"{{{name}}}","owner":"ops@example.com"},"spec":{"upstream":{"transport":"http","url":"http://127.0.0.1:7001/mcp"},"tools":[{{{tools}}}]}}""";
        Assert.Equal(200, (await host.PostAsync("/api/v1/apply", $$"""{"documents":[{{document}}]}""")).Status);
        Assert.Equal(200, (await host.PostAsync($"/api/v1/servers/{name}/approve", """{"version":1}""")).Status);
    }

    private static UpstreamReading Reading(params (string Tool, DefinitionState State)[] tools) => new()
    {
        Health = UpstreamHealth.Ok,
        ReadAt = new DateTimeOffset(2027, 1, 15, 12, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds() * 1000,
        Tools = tools.ToDictionary(tool => new ToolName(tool.Tool), tool => new LiveDefinition(tool.State, new ToolDigests { Modern = "sha256:new" })),
    };

    private static string? Text(JsonElement item, string name) => item.GetProperty(name).GetString();
}
