using System.Text.Json.Nodes;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Stdio;

/// <summary>Processes that ask clients and tell them of changes, with unmodified clients (TypeScript 1.x and 2.x): one process for each legacy session, or one of the modern era for all.</summary>
[Trait("area", "stdio")]
public sealed class AskingServerTests(AskingServers servers) : IClassFixture<AskingServers>
{
    public static TheoryData<string, string> Clients => new() { { "sdk1", "apart" }, { "sdk2", "apart" }, { "sdk2-auto", "modern" } };

    [Theory, MemberData(nameof(Clients))]
    public async Task A_process_asks_the_model_the_person_and_for_roots_and_gets_what_the_client_answers(string client, string server)
    {
        var lines = await WalkAsync(client, server, """
            [{"call":"test_sampling","args":{"prompt":"hi"}},{"call":"test_elicitation","args":{"message":"who?"}},{"call":"test_input_required_result_list_roots"}]
            """);
        Assert.Equal("LLM response: from the model", Text(lines, 0));
        Assert.Equal("""action=accept, content={"name":"Ada"}""", Text(lines, 1));
        Assert.Equal("file:///srv/work", Text(lines, 2));
        Assert.Equal(["sampling/createMessage", "elicitation/create", "roots/list"], lines.Select(line => (string?)line["asked"]).OfType<string>());
    }

    [Theory]
    [InlineData("sdk1")]
    [InlineData("sdk2")]
    public async Task A_legacy_session_is_told_of_the_resource_that_it_subscribed_to_and_of_changed_lists(string client)
    {
        var lines = await WalkAsync(client, "apart", """
            [{"do":"subscribeResource","params":{"uri":"test://watched-resource"}},{"call":"test_trigger_resource_change"},{"until":"notifications/resources/updated"},
             {"call":"test_trigger_prompt_change"},{"until":"notifications/prompts/list_changed"},{"do":"unsubscribeResource","params":{"uri":"test://watched-resource"}}]
            """);
        Assert.Equal("test://watched-resource", (string?)lines.First(line => (string?)line["heard"] == "notifications/resources/updated")["params"]!["uri"]);
        Step(lines, 5);
    }

    [Theory]
    [InlineData("sdk1")]
    [InlineData("sdk2")]
    public async Task The_npm_server_everything_tells_a_session_of_the_resource_that_it_subscribed_to(string client)
    {
        const string Resource = "demo://resource/dynamic/text/8";
        var lines = await WalkAsync(client, "everything", $$$"""
            [{"do":"subscribeResource","params":{"uri":"{{{Resource}}}"}},{"call":"toggle-subscriber-updates"},{"until":"notifications/resources/updated"},
             {"do":"unsubscribeResource","params":{"uri":"{{{Resource}}}"}}]
            """);
        Assert.DoesNotContain(lines, line => line["error"] is not null);
        Assert.Equal(Resource, (string?)lines.First(line => (string?)line["heard"] == "notifications/resources/updated")["params"]!["uri"]);
    }

    [Theory]
    [InlineData("sdk1")]
    [InlineData("sdk2")]
    public async Task The_npm_server_everything_lists_what_asks_clients_and_asks_them(string client)
    {
        var lines = await WalkAsync(client, "everything", """
            [{"list":true},{"call":"trigger-sampling-request","args":{"prompt":"hi","maxTokens":10}},{"call":"trigger-elicitation-request"},{"call":"get-roots-list"}]
            """);
        Assert.Superset(new HashSet<string?> { "echo", "trigger-sampling-request", "trigger-elicitation-request", "get-roots-list" }, Step(lines, 0).AsArray().Select(tool => (string?)tool!["name"]).ToHashSet());
        Assert.Contains("from the model", Text(lines, 1), StringComparison.Ordinal);
        Assert.Contains("Ada", Step(lines, 2).ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("file:///srv/work", Text(lines, 3), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clients_of_one_modern_process_are_told_what_each_has_asked_for()
    {
        const string Watching = """[{"listen":{"resourceSubscriptions":["test://watched-resource"]}},{"wait":"go"},{"call":"test_trigger_resource_change"},{"until":"notifications/resources/updated"}]""";
        const string Prompts = """[{"listen":{"promptsListChanged":true}},{"wait":"go"},{"call":"test_trigger_prompt_change"},{"until":"notifications/prompts/list_changed"}]""";
        await using var first = await StartAsync("sdk2-auto", "modern", Watching);
        await using var second = await StartAsync("sdk2-auto", "modern", Watching);
        await using var third = await StartAsync("sdk2-auto", "modern", Prompts);
        foreach (var client in new[] { first, second, third }) await client.LineAsync(line => line.Contains("listening", StringComparison.Ordinal));
        foreach (var client in new[] { first, second, third }) await client.WriteLineAsync("go");
        foreach (var (client, heard) in new[] { (first, "resources/updated"), (second, "resources/updated"), (third, "prompts/list_changed") })
            Assert.All((await NodeProgram.LinesAsync(client)).Select(line => (string?)line["heard"]).OfType<string>(), each => Assert.Equal("notifications/" + heard, each));
    }

    [Fact]
    public async Task Sessions_that_are_asked_at_once_answer_their_own_processes()
    {
        var walks = Enumerable.Range(0, 4).Select(number => WalkAsync("sdk2", "apart", """[{"call":"test_input_required_result_elicitation"},{"call":"test_input_required_result_sampling"}]""")).ToList();
        foreach (var lines in await Task.WhenAll(walks))
        {
            Assert.Equal("Hello, Ada!", Text(lines, 0));
            Assert.Equal("from the model", Text(lines, 1));
            Assert.Equal(2, lines.Count(line => line["asked"] is not null));
        }
    }

    [Fact]
    public async Task A_process_that_sessions_share_is_told_of_no_client_that_could_be_asked()
    {
        var lines = await WalkAsync("sdk2", "shared", """[{"call":"test_sampling","args":{"prompt":"hi"}},{"do":"subscribeResource","params":{"uri":"test://watched-resource"}}]""");
        Assert.DoesNotContain(lines, line => line["asked"] is not null);
        Assert.DoesNotContain("from the model", string.Join('\n', lines), StringComparison.Ordinal);
        Assert.NotNull(lines.Single(line => (int?)line["step"] == 1)["error"]);
    }

    private async Task<IReadOnlyList<JsonNode>> WalkAsync(string client, string server, string steps)
    {
        await using var process = await StartAsync(client, server, steps);
        return await NodeProgram.LinesAsync(process);
    }

    private async Task<ChildProcess> StartAsync(string client, string server, string steps)
    {
        var token = await servers.Setup.WholeTokenAsync(server);
        return NodeProgram.Start([NodeProgram.File("client.mjs"), client, new Uri(servers.Symbolon.Url, $"/t/mcp/{server}").ToString(), token.Secret, steps],
            new Dictionary<string, string?> { ["CLIENT_ANSWERS"] = "1" });
    }

    private static JsonNode Step(IReadOnlyList<JsonNode> lines, int step) =>
        lines.FirstOrDefault(line => (int?)line["step"] == step)?["result"] ?? throw new InvalidOperationException($"no result of step {step} in:\n{string.Join('\n', lines)}");

    private static string? Text(IReadOnlyList<JsonNode> lines, int step) => (string?)Step(lines, step)["content"]![0]!["text"];
}

/// <summary>The suite's server over stdio: <c>apart</c> has a process for each legacy session, <c>modern</c> one for all, <c>shared</c> one for all legacy sessions; and npm's <c>everything</c>, apart.</summary>
public sealed class AskingServers : IAsyncLifetime
{
    public SymbolonProcess Symbolon { get; private set; } = null!;

    public Setup Setup { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Symbolon = await SymbolonProcess.StartAsync();
        Setup = new Setup(Symbolon);
        string[] command = [NpmServers.Node, NodeProgram.File("conformance-stdio.mjs")];
        await Setup.CommandAsync("apart", command, Asks("isolation", "session"));
        await Setup.CommandAsync("modern", command, Asks("era", "modern"));
        await Setup.CommandAsync("shared", command);
        await Setup.CommandAsync("everything", [NpmServers.Node, NpmServers.EverythingProgram, "stdio"], null, "--isolation", "session", "--client-features", "sampling,elicitation,roots");
    }

    public async ValueTask DisposeAsync()
    {
        Setup?.Dispose();
        if (Symbolon is not null) await Symbolon.DisposeAsync();
    }

    private static Action<JsonObject> Asks(string member, string value) => document =>
    {
        document["spec"]!["upstream"]![member] = value;
        Setup.AsksClients(document);
    };
}
