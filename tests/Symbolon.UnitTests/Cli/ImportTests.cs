using System.Text.Json.Nodes;
using Symbolon.Core.Registry;
using Symbolon.Core.Tools;

namespace Symbolon.UnitTests.Cli;

[Trait("area", "imports")]
public sealed class ImportTests
{
    private const string Remote = """{"$schema":"https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json","name":"com.example/Weather_2","description":"d","version":"1.2.0","remotes":[{"type":"sse","url":"https://w.example.com/sse"},{"type":"streamable-http","url":"https://w.example.com/mcp","headers":[{"name":"X-Key","isSecret":true}]}],"_meta":{"io.modelcontextprotocol.registry/publisher-provided":{"dev.symbolon":{"tools":TOOLS}}}}""";

    [Fact]
    public async Task A_server_json_with_a_remote_says_where_it_is_and_what_its_publisher_knows_of_its_tools()
    {
        var imported = await Imported.FromAsync(
            Remote.Replace("TOOLS", """[{"name":"forecast","effect":"read","needs":[{"actions":["read"],"resource":"weather/*"}]},{"name":"delete_station","effect":"read","flags":["sensitive"]},{"name":"get_station"}]""", StringComparison.Ordinal),
            "--owner o@example.com");

        Assert.Equal(0, imported.Code);
        Assert.Equal("weather-2", imported.Json.GetProperty("metadata").GetProperty("name").GetString());
        Assert.Equal("https://w.example.com/mcp", imported.Manifest.Upstream.Endpoint!.OriginalString);
        Assert.Equal("read:weather/*", imported.NeedsOf("forecast"));
        // Whoever publishes it may call a tool worse than it looks, never better.
        Assert.Equal([Effect.Read, Effect.Irreversible, Effect.Read], imported.Manifest.Tools.Select(tool => tool.Effect));
        Assert.True(imported.Manifest.Tools[1].Flags.HasFlag(ToolFlags.Sensitive));
        Assert.Contains(imported.Comments, line => line.Contains("delete_station is said to be read and assessed as irreversible", StringComparison.Ordinal));
        Assert.Contains(imported.Comments, line => line.Contains("it wants the header X-Key: seal its value", StringComparison.Ordinal));
        Assert.All(imported.Manifest.Tools, tool => Assert.Null(tool.Digests.Legacy));
        Assert.Contains(imported.Comments, line => line.Contains("none is served until symbolon server register has read them", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""[{"name":"a","effect":"read","needs":[{"actions":["read"],"resource":"x/{q}"}]}]""", "names {q}, which is no property")]
    [InlineData("""[{"name":"a","effect":"harmless"}]""", "effect must be read, write or irreversible")]
    [InlineData("""[{"name":"a"},{"name":"a"}]""", "tool a is named twice; the first stays")]
    [InlineData("""[{"effect":"read"}]""", "it has no name")]
    [InlineData("""[{"name":"a","effect":"read","needs":[{"actions":["read"],"resource":"x"},{"actions":["write"],"resource":"x"}]}]""", "needs has x twice")]
    public async Task What_a_publisher_says_wrongly_is_left_out_and_said(string tools, string why)
    {
        var imported = await Imported.FromAsync(Remote.Replace("TOOLS", tools, StringComparison.Ordinal), "--owner o@example.com");
        Assert.Equal(2, imported.Code);
        Assert.Contains(why, imported.Errors, StringComparison.Ordinal);
        Assert.InRange(imported.Manifest.Tools.Length, 0, 1);
    }

    [Fact]
    public async Task A_real_server_json_of_a_package_becomes_the_command_as_far_as_it_says_it_and_no_secret()
    {
        var imported = await Imported.FromAsync(Imported.Data("github-server.json").Replace("${VERSION}", "1.0.0", StringComparison.Ordinal), "--name github");
        Assert.Equal(2, imported.Code);
        // Nobody knows here where docker is, nor who answers for the server.
        Assert.Contains(imported.Comments, line => line.EndsWith("It would be started as docker run -i --rm -e GITHUB_PERSONAL_ACCESS_TOKEN ghcr.io/github/github-mcp-server:1.0.0", StringComparison.Ordinal));
        Assert.Contains(imported.Comments, line => line.Contains("GITHUB_PERSONAL_ACCESS_TOKEN is a secret: seal it", StringComparison.Ordinal));
        Assert.Contains("metadata.owner is missing", imported.Errors, StringComparison.Ordinal);
        Assert.Contains("spec.upstream is missing", imported.Errors, StringComparison.Ordinal);
        Assert.False(imported.Json.GetProperty("spec").TryGetProperty("upstream", out _));

        var templated = await Imported.FromAsync(Imported.Data("github-server.json"));
        Assert.Contains("that is no name of a package with a version", templated.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_real_server_json_of_ToolHives_registry_has_its_tools()
    {
        var imported = await Imported.FromAsync(Imported.Data("filesystem-server.json"));
        Assert.Equal(0, imported.Code);
        Assert.Equal(14, imported.Manifest.Tools.Length);
        Assert.All(imported.Manifest.Tools, tool => Assert.Empty(tool.Needs));
    }

    [Fact]
    public async Task A_real_bundle_has_tools_without_needs_and_names_its_secrets()
    {
        var imported = await Imported.FromAsync(Imported.Data("hello-world-manifest.json"));
        Assert.Equal(0, imported.Code);
        var tool = Assert.Single(imported.Manifest.Tools);
        Assert.Equal(("get_current_time", Effect.Read, true), (tool.Name.Value, tool.Effect, tool.Needs.IsEmpty));
        Assert.Contains(imported.Comments, line => line.Contains("its setting api_key is a secret", StringComparison.Ordinal));
        Assert.Contains(imported.Comments, line => line.Contains("the bundle starts node ${__dirname}/server/index.js", StringComparison.Ordinal));

        var generated = await Imported.FromAsync("""{"manifest_version":"0.4","name":"x","tools":[],"tools_generated":true}""");
        Assert.Equal(2, generated.Code);
        Assert.Equal(1, (await Imported.FromAsync("""{"manifest_version":"9.0","name":"x"}""")).Code);
    }

    [Fact]
    public async Task A_real_ToolHive_entry_whose_hosts_no_pattern_can_hold_has_no_needs_and_says_so()
    {
        var imported = await Imported.FromAsync(Imported.Data("github-toolhive.yaml"));
        Assert.Equal(2, imported.Code);
        Assert.Equal(40, imported.Manifest.Tools.Length);
        Assert.All(imported.Manifest.Tools, tool => Assert.Empty(tool.Needs));
        Assert.Equal(Effect.Irreversible, imported.Manifest.Tools.Single(tool => tool.Name.Value == "delete_file").Effect);
        Assert.Contains(imported.Comments, line => line == "# - the host .github.com means every name that ends so, which a pattern cannot hold: name the hosts");
    }

    [Theory]
    [InlineData("""{"network":{"outbound":{"insecure_allow_all":true}}}""", "connect:net/**")]
    [InlineData("""{"network":{"outbound":{"allow_host":["API.example.com"],"allow_port":[443,80]}}}""", "connect:net/api.example.com/443 connect:net/api.example.com/80")]
    [InlineData("""{"network":{"outbound":{"allow_host":["a.example.com"]}}}""", "connect:net/a.example.com/*")]
    [InlineData("""{"network":{"outbound":{"allow_port":[443]}}}""", "connect:net/*/443")]
    [InlineData("""{"read":["/data/in/"],"write":["/data/out","/host:/container"]}""", "read:file/data/in read:file/data/in/** read:file/data/out write:file/data/out read:file/data/out/** write:file/data/out/** read:file/host write:file/host read:file/host/** write:file/host/**")]
    [InlineData("""{"read":["/"]}""", "read:file/**")]
    [InlineData("""{"read":["/a"],"write":["/a"]}""", "read:file/a write:file/a read:file/a/** write:file/a/**")]
    [InlineData("""{"network":{"outbound":{}},"privileged":false}""", "")]
    public async Task Permissions_of_ToolHive_are_the_needs_of_every_tool(string permissions, string needs)
    {
        var imported = await Imported.FromAsync(Entry(permissions));
        Assert.Equal((0, needs, needs), (imported.Code, imported.NeedsOf("look"), imported.NeedsOf("list_all")));
    }

    [Theory]
    [InlineData("""{"read":["/data/*"]}""", "the path /data/* has a mark")]
    [InlineData("""{"read":["/data/{x}"]}""", "the path /data/{x} has a mark")]
    [InlineData("""{"read":["/a","/data/../etc"]}""", "the path /data/../etc cannot be a pattern")]
    [InlineData("""{"read":["/two words"]}""", "the path /two words cannot be a pattern")]
    [InlineData("""{"read":["~/x"]}""", "is no absolute path")]
    [InlineData("""{"read":"/data"}""", "must be a list")]
    [InlineData("""{"network":{"outbound":{"allow_host":["*.example.com"]}}}""", "means every name that ends so")]
    [InlineData("""{"network":{"outbound":{"allow_host":["a b"]}}}""", "is no name of a host")]
    [InlineData("""{"network":{"outbound":{"allow_port":[0]}}}""", "allow_port must hold ports")]
    [InlineData("""{"network":{"mode":"host"}}""", "the network mode host is not taken")]
    [InlineData("""{"privileged":true}""", "privileged is not taken")]
    [InlineData("""{"gpu":true}""", "permissions.gpu is not taken")]
    public async Task What_a_pattern_cannot_hold_is_said_and_never_widened(string permissions, string why)
    {
        var imported = await Imported.FromAsync(Entry(permissions));
        Assert.Equal((2, ""), (imported.Code, imported.NeedsOf("look")));
        Assert.Contains(why, imported.Errors, StringComparison.Ordinal);
        Assert.Contains("no tool has needs here", imported.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_profile_alone_names_no_tools_and_is_shown_as_comments()
    {
        var imported = await Imported.FromAsync("""{"read":["/data"],"network":{"outbound":{"insecure_allow_all":false}}}""");
        Assert.Equal(2, imported.Code);
        Assert.Empty(imported.Manifest.Tools);
        Assert.Contains("# - the profile has read:file/data/**", imported.Comments);
    }

    [Theory]
    [InlineData("d\u0435lete_pod", "U+0435 is drawn like e; it reads like delete_pod.")]
    [InlineData("read\u200bfile", "U+200B is not seen; it reads like readfile.")]
    [InlineData("\uff52ead", "U+FF52 is drawn like r; it reads like read.")]
    [InlineData("lösche", "U+00F6 is")]
    [InlineData("a\nb", "U+000A is not seen")]
    public async Task A_name_that_is_not_what_it_looks_like_is_left_out_and_shown_as_such(string name, string why)
    {
        var quoted = JsonValue.Create(name).ToJsonString();
        var descriptions = new[]
        {
            $$"""{"tools":[{"name":{{quoted}},"inputSchema":{"type":"object"} },{"name":"delete_pod","inputSchema":{"type":"object"} }]}""",
            $$"""{"manifest_version":"0.3","name":"x","tools":[{"name":{{quoted}} },{"name":"delete_pod"}]}""",
            $$"""{"image":"a/b:1","tools":[{{quoted}},"delete_pod"],"permissions":{} }""",
            Remote.Replace("TOOLS", $$"""[{"name":{{quoted}} },{"name":"delete_pod"}]""", StringComparison.Ordinal),
        };
        foreach (var description in descriptions)
        {
            var imported = await Imported.FromAsync(description);
            Assert.Equal((2, "delete_pod"), (imported.Code, Assert.Single(imported.Manifest.Tools).Name.Value));
            Assert.Contains(why, imported.Errors, StringComparison.Ordinal);
            Assert.Contains(imported.Comments, line => line.Contains(why, StringComparison.Ordinal));
        }
        var applied = Assert.Single(Files.Documents.Read(Files.Documents.With("Server", "spec.tools.0.name", quoted)).Errors);
        Assert.Equal("bad_name", applied.Code);
        Assert.Contains(why, applied.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_comment_stays_a_comment_whatever_is_quoted_in_it()
    {
        var imported = await Imported.FromAsync("""{"manifest_version":"0.3","name":"x\nkind: Grant","version":"\u2028---","tools":[]}""", "--owner o@example.com --name safe --url http://127.0.0.1/mcp");
        Assert.Equal("Server", imported.Json.GetProperty("kind").GetString());
    }

    [Fact]
    public async Task Ten_thousand_tools_are_taken_and_one_more_is_not()
    {
        static string List(int count) => "{\"tools\":[" + string.Join(',', Enumerable.Range(0, count).Select(i => $"{{\"name\":\"get_{i}\",\"inputSchema\":{{\"type\":\"object\"}},\"_meta\":{{\"io.kubernetes-mcp-server/rbac\":{{\"version\":\"v1alpha1\",\"bounded\":{{\"requirements\":[{{\"verbs\":[\"get\"],\"target\":{{\"resource\":{{\"resource\":\"r{i}\"}}}}}}]}}}}}}}}")) + "]}";
        var imported = await Imported.FromAsync(List(10_000));
        Assert.Equal((0, 10_000), (imported.Code, ToolNeeds.Union(imported.Manifest.Tools).Needs.Length));
        var more = await Imported.FromAsync(List(10_001));
        Assert.Equal(1, more.Code);
        Assert.Contains("more than 10000 tools", more.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "invalid")]
    [InlineData("{", "no strict JSON")]
    [InlineData("""{"a":1,"a":2}""", "no strict JSON")]
    [InlineData("{}", "none that can be imported")]
    [InlineData("5", "none that can be imported")]
    [InlineData("""{"tools":5}""", "no list of tools")]
    [InlineData("""{"tools":["a"]}""", "Item 0 of the list is no tool")]
    [InlineData("a: 1\n---\nb: 2", "one document; it holds 2")]
    [InlineData("a: [1", "neither JSON nor YAML")]
    public async Task What_cannot_be_read_is_refused(string description, string why)
    {
        var imported = await Imported.FromAsync(description);
        Assert.Equal((1, ""), (imported.Code, imported.Yaml));
        Assert.Contains(why == "invalid" ? "one document" : why, imported.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_over_the_limit_is_refused_before_it_is_read()
    {
        var imported = await Imported.FromAsync("{\"tools\":[" + new string(' ', 16 * 1024 * 1024) + "]}");
        Assert.Equal(1, imported.Code);
        Assert.Contains("at most 16 MiB", imported.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--format yaml", "--format must be auto, server.json, tools-list, mcpb or toolhive")]
    [InlineData("--name A", "The name of a server is")]
    [InlineData("--owner me", "--owner must be an e-mail address")]
    [InlineData("--url ftp://x", "--url must be")]
    [InlineData("--url http://127.0.0.1/mcp -- /bin/true", "once")]
    public async Task What_was_typed_wrong_is_exit_code_3(string options, string why)
    {
        var imported = await Imported.FromAsync("""{"tools":[]}""", options);
        Assert.Equal((3, ""), (imported.Code, imported.Yaml));
        Assert.Contains(why, imported.Errors, StringComparison.Ordinal);
    }

    private static string Entry(string permissions) => $$"""{"name":"x","url":"https://x.example.com/mcp","transport":"streamable-http","tools":["look","list_all"],"permissions":{{permissions}} }""";
}
