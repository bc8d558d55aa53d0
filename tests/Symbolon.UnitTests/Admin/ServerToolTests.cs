using System.Text.Json;

namespace Symbolon.UnitTests.Admin;

[Trait("area", "admin")]
public sealed class ServerToolTests
{
    private const string Tools = """
        {"name":"delete_release","effect":"read","description":"Deletes a release.","annotations":{"readOnlyHint":true}},
        {"name":"get_status","effect":"read","description":"Shows the status.","annotations":{"readOnlyHint":true,"openWorldHint":true}},
        {"name":"run_shell","effect":"irreversible","description":"Runs a shell command.","inputSchema":{"type":"object","properties":{"command":{"type":"string"}}}}
        """;

    [Fact]
    public async Task What_was_decided_assessed_and_declared_stand_side_by_side_with_where_they_differ()
    {
        await using var host = await AdminHost.StartAsync();
        await ApplyAsync(host, Tools);
        var tools = (await host.GetAsync("/api/v1/servers/shop/tools")).Json.EnumerateArray().ToDictionary(tool => tool.GetProperty("name").GetString()!);

        var delete = tools["delete_release"];
        Assert.Equal(("read", "irreversible", "read"), (Text(delete, "effect"), Text(delete.GetProperty("assessed"), "effect"), Text(delete.GetProperty("declared"), "effect")));
        Assert.NotEmpty(delete.GetProperty("assessed").GetProperty("why").EnumerateArray());
        Assert.Equal(["declared read, assessed irreversible", "decided read, assessed irreversible"], Texts(delete, "disagreements"));

        var status = tools["get_status"];
        Assert.Empty(Texts(status, "disagreements"));
        Assert.True(status.GetProperty("declared").GetProperty("openWorldHint").GetBoolean());

        var shell = tools["run_shell"];
        Assert.False(shell.TryGetProperty("declared", out _));
        Assert.Contains(Texts(shell, "disagreements"), text => text!.Contains("executes", StringComparison.Ordinal));
        Assert.Contains("executes", Texts(shell.GetProperty("assessed"), "flags"));
    }

    [Fact]
    public async Task The_version_that_serves_is_shown_unless_the_pending_one_is_asked_for()
    {
        await using var host = await AdminHost.StartAsync();
        await ApplyAsync(host, """{"name":"one","effect":"read"}""");
        Assert.Equal(["one"], await NamesAsync(host, ""));
        Assert.Equal(404, (await host.GetAsync("/api/v1/servers/shop/tools?version=approved")).Status);
        await host.PostAsync("/api/v1/servers/shop/approve", """{"version":1}""");
        await ApplyAsync(host, """{"name":"one","effect":"read"},{"name":"two","effect":"read"}""");
        Assert.Equal(["one"], await NamesAsync(host, ""));
        Assert.Equal(["one"], await NamesAsync(host, "?version=approved"));
        Assert.Equal(["one", "two"], await NamesAsync(host, "?version=pending"));
    }

    [Fact]
    public async Task Tools_come_in_pages()
    {
        await using var host = await AdminHost.StartAsync();
        await ApplyAsync(host, string.Join(',', Enumerable.Range(0, 5).Select(i => $$"""{"name":"t{{i}}","effect":"read"}""")));
        var first = await host.GetAsync("/api/v1/servers/shop/tools?limit=2&version=pending");
        Assert.Equal(2, first.Json.GetArrayLength());
        Assert.Contains("version=pending", first.Headers["Link"], StringComparison.Ordinal);
        Assert.Contains("after=t1", first.Headers["Link"], StringComparison.Ordinal);
        Assert.Equal(["t4"], await NamesAsync(host, "?after=t3"));
    }

    [Theory]
    [InlineData("/api/v1/servers/nosuch/tools", 404)]
    [InlineData("/api/v1/servers/Not%20A%20Name/tools", 404)]
    [InlineData("/api/v1/servers/shop/tools?version=2", 400)]
    [InlineData("/api/v1/servers/shop/tools?colour=red", 400)]
    public async Task What_is_not_there_or_not_understood_is_refused(string path, int status)
    {
        await using var host = await AdminHost.StartAsync();
        await ApplyAsync(host, """{"name":"one","effect":"read"}""");
        Assert.Equal(status, (await host.GetAsync(path)).Status);
    }

    [Fact]
    public async Task A_process_is_shown_with_its_command_and_what_is_pinned_in_the_API_and_its_description()
    {
        await using var host = await AdminHost.StartAsync();
        var digest = Testing.Fakes.FakePinnedFiles.DigestOf("x");
        var document = AdminHost.ServerDocument("files").Replace("""{"transport":"http","url":"http://127.0.0.1:7001/mcp"}""",
            $$"""{"transport":"stdio","command":"/srv/files","args":["a b"],"env":{"LOG":"1"},"isolation":"session","digests":[{"path":"/srv/files","target":"/opt/files","digest":"{{digest}}"}]}""", StringComparison.Ordinal);
        Assert.Equal(200, (await host.PostAsync("/api/v1/apply", $$"""{"documents":[{{document}}]}""")).Status);

        var shown = (await host.GetAsync("/api/v1/servers/files")).Json;
        Assert.Equal(("stdio", "/srv/files 'a b'", false), (Text(shown, "transport"), Text(shown, "command"), shown.TryGetProperty("url", out _)));
        Assert.Equal(
            $$$"""{"command":"/srv/files","args":["a b"],"env":{"LOG":"1"},"isolation":"session","digests":[{"path":"/srv/files","target":"/opt/files","digest":"{{{digest}}}"}]}""",
            shown.GetProperty("pending").GetProperty("process").GetRawText());

        var refused = await host.PostAsync("/api/v1/servers/files/approve", """{"version":1}""");
        Assert.Equal((409, "file_missing"), (refused.Status, refused.Code));
        host.Files.Put("/opt/files", "x").Link("/srv/files", "/opt/files");
        Assert.Equal(200, (await host.PostAsync("/api/v1/servers/files/approve", """{"version":1}""")).Status);

        var description = (await host.SendRawAsync("GET", "/openapi/v1.json", null, [])).Json;
        Assert.True(description.GetProperty("paths").TryGetProperty("/api/v1/servers/{name}/tools", out _));
        Assert.True(description.GetProperty("components").GetProperty("schemas").TryGetProperty("ProcessResponse", out _));
    }

    [Theory]
    [InlineData("HOME", true)]
    [InlineData("XDG_CONFIG_HOME", true)]
    [InlineData("LOG", false)]
    public async Task A_folder_from_which_programs_load_code_is_pointed_out_before_it_is_approved(string variable, bool isTold)
    {
        await using var host = await AdminHost.StartAsync();
        var document = AdminHost.ServerDocument("files").Replace("""{"transport":"http","url":"http://127.0.0.1:7001/mcp"}""",
            $$"""{"transport":"stdio","command":"/srv/files","env":{"{{variable}}":"/srv/home"},"digests":[{"path":"/srv/files","target":"/srv/files","digest":"{{Testing.Fakes.FakePinnedFiles.DigestOf("x")}}"}]}""", StringComparison.Ordinal);
        Assert.Equal(200, (await host.PostAsync("/api/v1/apply", $$"""{"documents":[{{document}}]}""")).Status);
        var warnings = Texts((await host.GetAsync("/api/v1/servers/files")).Json.GetProperty("pending"), "warnings");
        Assert.Equal(isTold, warnings.Any(text => text!.StartsWith($"{variable} is /srv/home", StringComparison.Ordinal)));
    }

    private static async Task ApplyAsync(AdminHost host, string tools)
    {
        var document = $$$"""{"apiVersion":"symbolon/v1","kind":"Server","metadata":{"name":"shop","owner":"ops@example.com"},"spec":{"upstream":{"transport":"http","url":"http://127.0.0.1:7001/mcp"},"tools":[{{{tools}}}]}}""";
        Assert.Equal(200, (await host.PostAsync("/api/v1/apply", $$"""{"documents":[{{document}}]}""")).Status);
    }

    private static async Task<IEnumerable<string?>> NamesAsync(AdminHost host, string query) =>
        (await host.GetAsync($"/api/v1/servers/shop/tools{query}")).Json.EnumerateArray().Select(tool => Text(tool, "name"));

    private static string? Text(JsonElement item, string name) => item.GetProperty(name).GetString();

    private static IEnumerable<string?> Texts(JsonElement item, string name) => item.GetProperty(name).EnumerateArray().Select(text => text.GetString());
}
