using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Stdio;

/// <summary>
/// Unmodified npm servers over stdio, each one process for all: each of the three with unmodified clients of three makes (TypeScript 1.x and 2.x,
/// C#), and fifty callers at once.
/// </summary>
[Trait("area", "stdio")]
public sealed class NpmServerTests(NpmServers servers) : IClassFixture<NpmServers>
{
    private const int Callers = 50;

    [Theory]
    [InlineData("sdk1")]
    [InlineData("sdk2")]
    [InlineData("sdk2-auto")]
    public async Task The_typescript_clients_use_three_npm_servers(string client)
    {
        var note = Path.Combine(servers.Folder.FullName, $"{client}.txt");
        await File.WriteAllTextAsync(note, $"note of {client}", TestContext.Current.CancellationToken);
        var token = await servers.Setup.TokenAsync("everything:echo,trigger-long-running-operation", "files:read_text_file", "memory:create_entities,open_nodes");
        var everything = await WalkAsync(client, "everything", token, """
            [{"list":true},{"call":"echo","args":{"message":"grüße 👋"}},{"call":"trigger-long-running-operation","args":{"duration":0.2,"steps":2},"progress":true},{"call":"get-env"}]
            """);
        Assert.Equal("Echo: grüße 👋", Text(everything, 1));
        Assert.Equal(2, everything.Count(line => line["progress"] is not null));
        Assert.Contains("not_granted", everything.Single(line => (int?)line["step"] == 3).ToJsonString(), StringComparison.Ordinal);
        var files = await WalkAsync(client, "files", token, $$$$"""[{"list":true},{"call":"read_text_file","args":{"path":"{{{{note}}}}"}},{"call":"read_text_file","args":{"path":"/etc/passwd"}}]""");
        Assert.Equal($"note of {client}", Text(files, 1));
        Assert.Contains("denied", Text(files, 2), StringComparison.OrdinalIgnoreCase);
        var memory = await WalkAsync(client, "memory", token, $$$$"""
            [{"call":"create_entities","args":{"entities":[{"name":"{{{{client}}}}","entityType":"client","observations":["seen"]}]}},{"call":"open_nodes","args":{"names":["{{{{client}}}}"]}}]
            """);
        Assert.Contains($"\"name\": \"{client}\"", Text(memory, 1), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_csharp_client_uses_the_three_npm_servers_and_the_one_of_both_eras()
    {
        var note = Path.Combine(servers.Folder.FullName, "csharp.txt");
        await File.WriteAllTextAsync(note, "note of csharp", TestContext.Current.CancellationToken);
        var token = await servers.Setup.TokenAsync("everything:echo,trigger-long-running-operation", "files:read_text_file", "memory:create_entities,open_nodes", "dual:add");
        await using (var everything = await ConnectAsync("everything", token))
        {
            Assert.Equal(["echo", "trigger-long-running-operation"], await NamesAsync(everything));
            Assert.Equal("Echo: grüße 👋", await TextAsync(everything, "echo", new() { ["message"] = "grüße 👋" }));
            var seen = new Seen();
            await TextAsync(everything, "trigger-long-running-operation", new() { ["duration"] = 0.2, ["steps"] = 2 }, seen);
            await Deadline.ForAsync("two reports of progress", () => seen.Count == 2);
            var refused = await everything.CallToolAsync("get-env", cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal("not_granted", (string?)refused.Meta?["symbolon/refusal"]?["code"]);
        }
        await using (var files = await ConnectAsync("files", token))
        {
            Assert.Equal(["read_text_file"], await NamesAsync(files));
            Assert.Equal("note of csharp", await TextAsync(files, "read_text_file", new() { ["path"] = note }));
            Assert.Contains("denied", await TextAsync(files, "read_text_file", new() { ["path"] = "/etc/passwd" }), StringComparison.OrdinalIgnoreCase);
        }
        await using (var memory = await ConnectAsync("memory", token))
        {
            Assert.Equal(["create_entities", "open_nodes"], await NamesAsync(memory));
            await TextAsync(memory, "create_entities", new() { ["entities"] = new[] { new { name = "csharp", entityType = "client", observations = new[] { "seen" } } } });
            Assert.Contains("\"name\": \"csharp\"", await TextAsync(memory, "open_nodes", new() { ["names"] = new[] { "csharp" } }), StringComparison.Ordinal);
        }
        await using var dual = await ConnectAsync("dual", token);
        Assert.Equal("42", await TextAsync(dual, "add", new() { ["a"] = 40, ["b"] = 2 }));
    }

    [Theory]
    [InlineData("sdk1", null)]
    [InlineData("sdk2", "2025-11-25")]
    [InlineData("sdk2-auto", "2026-07-28")]
    public async Task A_server_of_both_eras_is_spoken_to_in_the_era_of_each_client(string client, string? protocol)
    {
        var token = await servers.Setup.TokenAsync("dual:add,slow");
        var lines = await WalkAsync(client, "dual", token, """
            [{"list":true},{"call":"slow","args":{"steps":3,"milliseconds":20},"progress":true},{"call":"slow","args":{"steps":500,"milliseconds":20},"cancelAfter":1},{"call":"add","args":{"a":3,"b":4}}]
            """);
        Assert.Equal(protocol, (string?)lines[0]["protocol"]);
        Assert.Equal("counted to 3", Text(lines, 1));
        Assert.NotNull(lines.Single(line => (int?)line["step"] == 2)["error"]);
        Assert.Equal("7", Text(lines, 3));
        await Deadline.ForAsync("the server to say that it was cancelled", () => servers.Symbolon.Process.Output.Concat(servers.Symbolon.Process.Errors).Any(line => line.Contains("cancelled at", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Fifty_callers_at_once_get_their_own_progress_and_sums_from_one_process()
    {
        var tokens = await TokensAsync("everything:trigger-long-running-operation,get-sum");
        await AllAtOnceAsync(async number =>
        {
            var answer = await servers.CallAsync("everything", tokens[number % tokens.Count], "trigger-long-running-operation", $$"""{"duration":0.1,"steps":{{number + 1}}}""");
            Assert.Equal(1, (int)answer.Message["id"]!);
            Assert.Contains($"Steps: {number + 1}.", answer.ToolText, StringComparison.Ordinal);
            Assert.All(answer.Events.SkipLast(1), progress => Assert.Equal(("p", number + 1), ((string?)progress["params"]!["progressToken"], (int)progress["params"]!["total"]!)));
            Assert.Contains($"{number} and 1000 is {number + 1000}", (await servers.CallAsync("everything", tokens[number % tokens.Count], "get-sum", $$"""{"a":{{number}},"b":1000}""")).ToolText, StringComparison.Ordinal);
        });
        Assert.Single(ProcessList.Under(servers.Symbolon.ProcessId, NpmServers.EverythingProgram + " stdio"), line => !line.Contains("supervisor", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Fifty_callers_at_once_read_their_own_files_from_one_process()
    {
        var tokens = await TokensAsync("files:read_text_file");
        for (var number = 0; number < Callers; number++) await File.WriteAllTextAsync(FileOf(number), $"secret of {number}", TestContext.Current.CancellationToken);
        await AllAtOnceAsync(async number =>
        {
            var answer = await servers.CallAsync("files", tokens[number % tokens.Count], "read_text_file", $$"""{"path":"{{FileOf(number)}}"}""");
            Assert.Equal(($"secret of {number}", 1), (answer.ToolText, (int)answer.Message["id"]!));
        });
    }

    [Fact]
    public async Task Fifty_callers_at_once_create_their_own_entities_in_one_process()
    {
        var tokens = await TokensAsync("memory:create_entities");
        await AllAtOnceAsync(async number =>
        {
            var answer = await servers.CallAsync("memory", tokens[number % tokens.Count], "create_entities",
                "{\"entities\":[{\"name\":\"of caller " + number + "\",\"entityType\":\"t\",\"observations\":[]}]}");
            Assert.Equal(1, (int)answer.Message["id"]!);
            Assert.Contains($"\"of caller {number}\"", answer.ToolText, StringComparison.Ordinal);
        });
    }

    private Task<McpClient> ConnectAsync(string server, IssuedToken token) =>
        McpClient.CreateAsync(new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = servers.UrlOf(server),
            TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = $"Bearer {token.Secret}" },
        }), cancellationToken: TestContext.Current.CancellationToken);

    private static async Task<IEnumerable<string>> NamesAsync(McpClient client) =>
        (await client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken)).Select(each => each.Name).Order(StringComparer.Ordinal);

    private static async Task<string> TextAsync(McpClient client, string tool, Dictionary<string, object?> arguments, IProgress<ModelContextProtocol.ProgressNotificationValue>? progress = null) =>
        Assert.IsType<TextContentBlock>((await client.CallToolAsync(tool, arguments, progress, cancellationToken: TestContext.Current.CancellationToken)).Content[0]).Text;

    private string FileOf(int number) => Path.Combine(servers.Folder.FullName, $"{number}.txt");

    private async Task<List<string>> TokensAsync(string access)
    {
        var tokens = new List<string>();
        for (var i = 0; i < 5; i++) tokens.Add((await servers.Setup.TokenAsync(access)).Secret);
        return tokens;
    }

    private static Task AllAtOnceAsync(Func<int, Task> call) => Task.WhenAll(Enumerable.Range(0, Callers).Select(number => Task.Run(() => call(number))));

    private async Task<IReadOnlyList<JsonNode>> WalkAsync(string kind, string server, IssuedToken token, string steps)
    {
        await using var client = NodeProgram.StartClient(kind, servers.UrlOf(server), token.Secret, JsonNode.Parse(steps)!.AsArray());
        return await NodeProgram.LinesAsync(client);
    }

    private static string? Text(IReadOnlyList<JsonNode> lines, int step) => (string?)lines.Single(line => (int?)line["step"] == step)["result"]?["content"]?[0]?["text"];

    /// <summary>The SDK hands progress over on threads of its own.</summary>
    private sealed class Seen : IProgress<ModelContextProtocol.ProgressNotificationValue>
    {
        private int count;

        public int Count => Volatile.Read(ref count);

        public void Report(ModelContextProtocol.ProgressNotificationValue value) => Interlocked.Increment(ref count);
    }
}
