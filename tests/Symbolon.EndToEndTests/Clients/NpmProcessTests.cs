using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Clients;

/// <summary>From <c>register -- node PATH</c> to calls of unmodified clients: TypeScript 1.x and 2.x, and C#.</summary>
[Trait("area", "clients")]
public sealed class NpmProcessTests(NpmProcesses npm) : IClassFixture<NpmProcesses>
{
    public static TheoryData<string> Clients { get; } = ["sdk1", "sdk2", "sdk2-auto"];

    [Theory, MemberData(nameof(Clients))]
    public async Task The_npm_server_filesystem_writes_and_reads_what_it_may(string client)
    {
        var token = await npm.Setup.TokenAsync("filesystem:write_file,read_text_file,list_directory");
        var file = Path.Combine(npm.Shared, $"{client}.txt");
        var lines = await WalkAsync(client, "filesystem", token,
            Call("write_file", new() { ["path"] = file, ["content"] = "grüße 👋 $(id); `id`" }), Call("read_text_file", new() { ["path"] = file }),
            Call("list_directory", new() { ["path"] = npm.Shared }), Call("read_text_file", new() { ["path"] = "/etc/passwd" }), Call("move_file", new() { ["source"] = file, ["destination"] = file + "2" }));
        Assert.Equal("grüße 👋 $(id); `id`", Text(lines, 1));
        Assert.Contains($"[FILE] {client}.txt", Text(lines, 2), StringComparison.Ordinal);
        Assert.True((bool)Step(lines, 3)["isError"]!);
        Assert.Equal("not_granted", (string?)Step(lines, 4)["_meta"]?["symbolon/refusal"]?["code"]);
        Assert.Equal("grüße 👋 $(id); `id`", File.ReadAllText(file));
    }

    [Theory, MemberData(nameof(Clients))]
    public async Task The_npm_server_filesystem_never_sees_a_call_that_its_file_does_not_allow(string client)
    {
        var name = $"held-{client}";
        await npm.Setup.CommandAsync(name, [NpmProcesses.Node, NpmProcesses.ProgramOf("filesystem"), npm.Shared], document =>
        {
            var tool = document["spec"]!["tools"]!.AsArray().Single(tool => (string?)tool!["name"] == "write_file")!;
            tool["arguments"] = new JsonObject
            {
                ["properties"] = new JsonObject
                {
                    ["path"] = new JsonObject { ["pattern"] = $"^{npm.Shared}/held-[a-z0-9-]+\\.txt$" },
                    ["content"] = new JsonObject { ["maxLength"] = 5 },
                },
                ["required"] = new JsonArray("path", "content"),
                ["additionalProperties"] = false,
            };
        });
        var token = await npm.Setup.TokenAsync($"{name}:write_file");
        var (allowed, other) = (Path.Combine(npm.Shared, $"held-{client}.txt"), Path.Combine(npm.Shared, $"other-{client}.txt"));
        var lines = await WalkAsync(client, name, token,
            Call("write_file", new() { ["path"] = allowed, ["content"] = "grü👋!" }), Call("write_file", new() { ["path"] = other, ["content"] = "x" }),
            Call("write_file", new() { ["path"] = allowed + "/../" + Path.GetFileName(other), ["content"] = "x" }), Call("write_file", new() { ["path"] = allowed, ["content"] = "longer" }),
            Call("write_file", new() { ["Path"] = other, ["content"] = "x" }), Call("write_file", []));
        Assert.Equal("grü👋!", File.ReadAllText(allowed));
        Assert.False(File.Exists(other));
        Assert.Equal(
            ["arguments.properties.path.pattern", "arguments.properties.path.pattern", "arguments.properties.content.maxLength", "arguments.required"],
            new[] { 1, 2, 3, 5 }.Select(step => (string?)Step(lines, step)["_meta"]?["symbolon/refusal"]?["rule"]));
        Assert.Contains("'path' must match ^", Text(lines, 1), StringComparison.Ordinal);
        Assert.Equal(
            [null, "argument_not_allowed", "argument_not_allowed", "argument_not_allowed", "argument_not_allowed", "argument_not_allowed"],
            (await npm.Setup.Api.AuditAsync($"token={token.Id}&kind=call_intent")).Select(record => (string?)record["code"]));
    }

    [Theory, MemberData(nameof(Clients))]
    public async Task The_npm_server_memory_keeps_what_it_is_told_and_the_plain_variable_reaches_it(string client)
    {
        var token = await npm.Setup.TokenAsync("memory:create_entities,search_nodes");
        var lines = await WalkAsync(client, "memory", token,
            Call("create_entities", JsonNode.Parse($$$"""{"entities":[{"name":"lamp of {{{client}}}","entityType":"thing","observations":["it shines"]}]}""")!.AsObject()),
            Call("search_nodes", new() { ["query"] = $"lamp of {client}" }));
        Assert.Contains("it shines", Text(lines, 1), StringComparison.Ordinal);
        Assert.Contains($"lamp of {client}", File.ReadAllText(npm.Memory), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Clients))]
    public async Task A_server_with_nothing_but_the_old_transport_is_registered_as_that_and_called(string client)
    {
        Assert.Equal("sse", (string?)(await npm.Setup.Api.GetAsync("/servers/old"))["transport"]);
        var token = await npm.Setup.TokenAsync("old:echo,get-sum,trigger-long-running-operation");
        var lines = await WalkAsync(client, "old", token,
            Call("echo", new() { ["message"] = "grüße 👋" }), Call("get-sum", new() { ["a"] = 2, ["b"] = 40 }),
            new JsonObject { ["call"] = "trigger-long-running-operation", ["args"] = new JsonObject { ["duration"] = 0.2, ["steps"] = 2 }, ["progress"] = true });
        Assert.Equal("Echo: grüße 👋", Text(lines, 0));
        Assert.Contains("42", Text(lines, 1), StringComparison.Ordinal);
        Assert.Equal(2, lines.Count(line => line["progress"] is not null));
    }

    [Fact]
    public async Task The_csharp_client_calls_all_three()
    {
        var token = await npm.Setup.TokenAsync("filesystem:write_file,read_text_file", "memory:create_entities,read_graph", "old:echo");
        var file = Path.Combine(npm.Shared, "csharp.txt");
        await using (var client = await ConnectAsync("filesystem", token))
        {
            Assert.Equal(["read_text_file", "write_file"], (await client.ListToolsAsync(cancellationToken: Cancellation)).Select(tool => tool.Name).Order(StringComparer.Ordinal));
            await CallAsync(client, "write_file", new() { ["path"] = file, ["content"] = "from C#" });
            Assert.Equal("from C#", await CallAsync(client, "read_text_file", new() { ["path"] = file }));
        }
        await using (var client = await ConnectAsync("memory", token))
        {
            await CallAsync(client, "create_entities", new() { ["entities"] = new[] { new { name = "csharp lamp", entityType = "thing", observations = new[] { "it glows" } } } });
            Assert.Contains("it glows", await CallAsync(client, "read_graph", []), StringComparison.Ordinal);
        }
        await using (var client = await ConnectAsync("old", token))
            Assert.Equal("Echo: hello", await CallAsync(client, "echo", new() { ["message"] = "hello" }));
    }

    [Fact]
    public async Task Every_call_is_on_record_with_its_server_and_tool()
    {
        var token = await npm.Setup.TokenAsync("filesystem:list_directory");
        await WalkAsync("sdk1", "filesystem", token, Call("list_directory", new() { ["path"] = npm.Shared }));
        var outcome = Assert.Single(await npm.Setup.Api.AuditAsync($"token={token.Id}&kind=call_outcome"));
        Assert.Equal(("filesystem", "list_directory", "completed"), ((string?)outcome["server"], (string?)outcome["tool"], (string?)outcome["outcome"]));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static JsonObject Call(string tool, JsonObject arguments) => new() { ["call"] = tool, ["args"] = arguments };

    private async Task<IReadOnlyList<JsonNode>> WalkAsync(string client, string server, IssuedToken token, params JsonObject[] steps)
    {
        await using var process = NodeProgram.StartClient(client, npm.UrlOf(server), token.Secret, [.. steps]);
        return await NodeProgram.LinesAsync(process);
    }

    private static JsonNode Step(IReadOnlyList<JsonNode> lines, int step) =>
        lines.FirstOrDefault(line => (int?)line["step"] == step)?["result"] ?? throw new InvalidOperationException($"step {step} failed:\n{string.Join('\n', lines)}");

    private static string Text(IReadOnlyList<JsonNode> lines, int step) => (string?)Step(lines, step)["content"]?[0]?["text"] ?? Step(lines, step).ToJsonString();

    private Task<McpClient> ConnectAsync(string server, IssuedToken token) =>
        McpClient.CreateAsync(new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = npm.UrlOf(server),
            TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = $"Bearer {token.Secret}" },
        }), cancellationToken: Cancellation);

    private static async Task<string> CallAsync(McpClient client, string tool, Dictionary<string, object?> arguments)
    {
        var answer = await client.CallToolAsync(tool, arguments, cancellationToken: Cancellation);
        Assert.NotEqual(true, answer.IsError);
        return Assert.IsType<TextContentBlock>(answer.Content[0]).Text;
    }
}
