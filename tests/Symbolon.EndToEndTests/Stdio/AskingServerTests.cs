using System.Text.Json.Nodes;
using Symbolon.EndToEndTests.Clients;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Stdio;

/// <summary>Processes that ask clients and tell them of changes, with unmodified clients (TypeScript 1.x and 2.x): one process for each legacy session, or one of the modern era for all.</summary>
[Trait("area", "stdio")]
public sealed class AskingServerTests(AskingServers servers) : IClassFixture<AskingServers>
{
    public static TheoryData<string, string> Clients => new() { { "sdk1", "apart" }, { "sdk2", "apart" }, { "sdk2-auto", "modern" } };

    [Theory, MemberData(nameof(Clients))]
    public Task A_process_asks_the_model_the_person_and_for_roots_and_gets_what_the_client_answers(string client, string server) =>
        ClientWalk.AnswerQuestionsAsync(servers.Symbolon, servers.Setup, client, server);

    [Theory]
    [InlineData("sdk1")]
    [InlineData("sdk2")]
    public async Task A_legacy_session_is_told_of_the_resource_that_it_subscribed_to_and_of_changed_lists(string client)
    {
        var walk = await WalkAsync(client, "apart", """
            [{"do":"subscribeResource","params":{"uri":"test://watched-resource"}},{"call":"test_trigger_resource_change"},{"until":"notifications/resources/updated"},
             {"call":"test_trigger_prompt_change"},{"until":"notifications/prompts/list_changed"},{"do":"unsubscribeResource","params":{"uri":"test://watched-resource"}}]
            """);
        Assert.Equal("test://watched-resource", (string?)walk.Lines.First(line => (string?)line["heard"] == "notifications/resources/updated")["params"]!["uri"]);
        walk.Step(5);
    }

    [Theory]
    [InlineData("sdk1")]
    [InlineData("sdk2")]
    public async Task The_npm_server_everything_tells_a_session_of_the_resource_that_it_subscribed_to(string client)
    {
        const string Resource = "demo://resource/dynamic/text/8";
        var walk = await WalkAsync(client, "everything", $$$"""
            [{"do":"subscribeResource","params":{"uri":"{{{Resource}}}"}},{"call":"toggle-subscriber-updates"},{"until":"notifications/resources/updated"},
             {"do":"unsubscribeResource","params":{"uri":"{{{Resource}}}"}}]
            """);
        Assert.DoesNotContain(walk.Lines, line => line["error"] is not null);
        Assert.Equal(Resource, (string?)walk.Lines.First(line => (string?)line["heard"] == "notifications/resources/updated")["params"]!["uri"]);
    }

    [Theory]
    [InlineData("sdk1")]
    [InlineData("sdk2")]
    public async Task The_npm_server_everything_lists_what_asks_clients_and_asks_them(string client)
    {
        var walk = await WalkAsync(client, "everything", """
            [{"list":true},{"call":"trigger-sampling-request","args":{"prompt":"hi","maxTokens":10}},{"call":"trigger-elicitation-request"},{"call":"get-roots-list"}]
            """);
        Assert.Superset(new HashSet<string?> { "echo", "trigger-sampling-request", "trigger-elicitation-request", "get-roots-list" }, walk.Step(0).AsArray().Select(tool => (string?)tool!["name"]).ToHashSet());
        Assert.Contains("from the model", walk.Text(1), StringComparison.Ordinal);
        Assert.Contains("Ada", walk.Step(2).ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("file:///srv/work", walk.Text(3), StringComparison.Ordinal);
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
        foreach (var walk in await Task.WhenAll(walks))
        {
            Assert.Equal("Hello, Ada!", walk.Text(0));
            Assert.Equal("from the model", walk.Text(1));
            Assert.Equal(2, walk.Lines.Count(line => line["asked"] is not null));
        }
    }

    [Fact]
    public async Task A_process_that_sessions_share_is_told_of_no_client_that_could_be_asked()
    {
        var walk = await WalkAsync("sdk2", "shared", """[{"call":"test_sampling","args":{"prompt":"hi"}},{"do":"subscribeResource","params":{"uri":"test://watched-resource"}}]""");
        Assert.DoesNotContain(walk.Lines, line => line["asked"] is not null);
        Assert.DoesNotContain("from the model", string.Join('\n', walk.Lines), StringComparison.Ordinal);
        Assert.NotNull(walk.Lines.Single(line => (int?)line["step"] == 1)["error"]);
    }

    private Task<ClientWalk> WalkAsync(string client, string server, string steps) => ClientWalk.RunAsync(servers.Symbolon, servers.Setup, client, server, steps);

    private Task<ChildProcess> StartAsync(string client, string server, string steps) => ClientWalk.StartAsync(servers.Symbolon, servers.Setup, client, server, steps);
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
