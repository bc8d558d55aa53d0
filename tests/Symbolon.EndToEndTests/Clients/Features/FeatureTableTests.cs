using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Clients.Features;

/// <summary>
/// The table of unmodified clients and servers: TypeScript 1.x and 2.x (as of today and in the era that it finds), C#, and the MCP Inspector's command line, each with all that npm's
/// servers everything, filesystem and memory offer. Only everything has prompts, templates and values for arguments; filesystem has tools alone.
/// </summary>
[Trait("area", "clients")]
public sealed class FeatureTableTests(FeatureStage stage) : IClassFixture<FeatureStage>
{
    private const string Text = "demo://resource/dynamic/text/";

    private static readonly string[] All = ["sdk1", "sdk2", "sdk2-auto", "csharp", "inspector", "inspector-auto"];

    public static TheoryData<string> Clients { get; } = [.. All];

    /// <summary>The second is a process: its channel is shared by all callers.</summary>
    public static MatrixTheoryData<string, string> WithEverything { get; } = new(All, ["everything", "process"]);

    public static MatrixTheoryData<string, string> Completing { get; } = new(All.Where(client => FeatureClient.Named(client).CanComplete), ["everything", "process"]);

    [Theory, MemberData(nameof(WithEverything))]
    public async Task Everything_gives_its_tools_prompts_resources_and_templates(string client, string server)
    {
        var results = await AskAsync(client, server, Ask.For("tools/list"), Ask.Call("echo", new() { ["message"] = "grüße 👋" }), Ask.For("prompts/list"),
            Ask.Prompt("args-prompt", new() { ["city"] = "Graz", ["state"] = "Styria" }), Ask.Prompt("resource-prompt", new() { ["resourceType"] = "Blob", ["resourceId"] = "3" }),
            Ask.For("resources/list"), Ask.For("resources/templates/list"), Ask.Read(Text + "7"));
        Assert.Superset(new HashSet<string?> { "echo", "get-sum", "get-tiny-image", "toggle-subscriber-updates" }, Members(results[0], "tools", "name").ToHashSet());
        Assert.Equal("Echo: grüße 👋", (string?)results[1]["content"]![0]!["text"]);
        Assert.Equal(["args-prompt", "completable-prompt", "resource-prompt", "simple-prompt"], Members(results[2], "prompts", "name").Order(StringComparer.Ordinal));
        Assert.Equal("What's weather in Graz, Styria?", (string?)results[3]["messages"]![0]!["content"]!["text"]);
        Assert.Equal("demo://resource/dynamic/blob/3", (string?)results[4]["messages"]![1]!["content"]!["resource"]!["uri"]);
        Assert.Contains("demo://resource/static/document/features.md", Members(results[5], "resources", "uri"));
        Assert.Equal(["demo://resource/dynamic/blob/{resourceId}", Text + "{resourceId}"], Members(results[6], "resourceTemplates", "uriTemplate").Order(StringComparer.Ordinal));
        Assert.Equal(Text + "7", (string?)results[7]["contents"]![0]!["uri"]);
        Assert.StartsWith("Resource 7: ", (string?)results[7]["contents"]![0]!["text"], StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Completing))]
    public async Task Everything_completes_arguments_of_prompts_and_templates(string client, string server)
    {
        var results = await AskAsync(client, server, Ask.Complete("ref/prompt", "completable-prompt", "department", "S"), Ask.Complete("ref/resource", Text + "{resourceId}", "resourceId", "42"));
        Assert.Equal(["Sales", "Support"], Values(results[0]));
        Assert.Equal(["42"], Values(results[1]));
    }

    [Theory, MemberData(nameof(Clients))]
    public async Task Filesystem_gives_its_tools(string client)
    {
        var file = Path.Combine(stage.Shared, $"{client}.txt");
        var results = await AskAsync(client, "filesystem", Ask.For("tools/list"), Ask.Call("write_file", new() { ["path"] = file, ["content"] = $"by {client}" }), Ask.Call("read_text_file", new() { ["path"] = file }));
        Assert.Superset(new HashSet<string?> { "read_text_file", "write_file", "list_directory", "move_file" }, Members(results[0], "tools", "name").ToHashSet());
        Assert.NotEqual(true, (bool?)results[1]["isError"]);
        Assert.Equal($"by {client}", (string?)results[2]["content"]![0]!["text"]);
        Assert.Equal($"by {client}", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    [Theory, MemberData(nameof(Clients))]
    public async Task Memory_gives_its_tools_and_its_resource(string client)
    {
        var results = await AskAsync(client, "memory", Ask.For("tools/list"), Ask.Call("create_entities", new()
        {
            ["entities"] = new JsonArray(new JsonObject { ["name"] = $"of {client}", ["entityType"] = "client", ["observations"] = new JsonArray("seen") }),
        }), Ask.For("resources/list"), Ask.Read("memory://knowledge-graph"));
        Assert.Superset(new HashSet<string?> { "create_entities", "open_nodes", "read_graph" }, Members(results[0], "tools", "name").ToHashSet());
        Assert.NotEqual(true, (bool?)results[1]["isError"]);
        Assert.Equal(["memory://knowledge-graph"], Members(results[2], "resources", "uri"));
        Assert.Contains($"\"of {client}\"", (string?)results[3]["contents"]![0]!["text"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sdk1")]
    [InlineData("sdk2")]
    [InlineData("sdk2-auto")]
    public async Task Everything_tells_a_typescript_client_of_a_resource_that_it_subscribed_to(string client)
    {
        var steps = JsonNode.Parse($$$"""
            [{"do":"subscribeResource","params":{"uri":"{{{Text}}}8"}},{"call":"toggle-subscriber-updates"},{"until":"notifications/resources/updated"},
             {"do":"unsubscribeResource","params":{"uri":"{{{Text}}}8"}}]
            """)!.AsArray();
        await using var process = NodeProgram.StartClient(client, stage.UrlOf("everything"), stage.TokenOf("everything").Secret, steps);
        var lines = await NodeProgram.LinesAsync(process);
        Assert.DoesNotContain(lines, line => line["error"] is not null);
        Assert.Equal(Text + "8", (string?)lines.First(line => line["heard"] is not null)["params"]!["uri"]);
    }

    [Fact]
    public async Task Everything_tells_the_csharp_client_of_a_resource_that_it_subscribed_to()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var client = await CsharpFeatures.ConnectAsync(stage.UrlOf("everything"), stage.TokenOf("everything"));
        var told = new TaskCompletionSource<string>();
        await using var subscription = await client.SubscribeToResourceAsync(Text + "9", (ResourceUpdatedNotificationParams update, CancellationToken _) =>
        {
            told.TrySetResult(update.Uri);
            return ValueTask.CompletedTask;
        }, cancellationToken: stop);
        await client.CallToolAsync("toggle-subscriber-updates", cancellationToken: stop);
        Assert.Equal(Text + "9", await told.Task.WaitAsync(Deadline.Usual, stop));
    }

    private Task<IReadOnlyList<JsonNode>> AskAsync(string client, string server, params Ask[] asks) =>
        FeatureClient.Named(client).AskAsync(stage.UrlOf(server), stage.TokenOf(server), asks);

    private static IEnumerable<string?> Members(JsonNode result, string list, string member) => result[list]!.AsArray().Select(item => (string?)item![member]);

    private static IEnumerable<string?> Values(JsonNode result) => result["completion"]!["values"]!.AsArray().Select(value => (string?)value);
}
