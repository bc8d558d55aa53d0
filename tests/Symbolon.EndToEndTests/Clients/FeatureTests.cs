using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Symbolon.EndToEndTests.Conformance;
using Xunit;

namespace Symbolon.EndToEndTests.Clients;

/// <summary>Unmodified clients, TypeScript 1.x and 2.x and C#, and a server on the SDK that asks its client; what npm's servers have besides tools stands in the folder Features.</summary>
[Trait("area", "clients")]
public sealed class FeatureTests(ConformanceStage stage) : IClassFixture<ConformanceStage>
{
    public static TheoryData<string> Clients { get; } = ["sdk1", "sdk2", "sdk2-auto"];

    [Theory, MemberData(nameof(Clients))]
    public Task A_server_asks_the_model_the_person_and_for_roots_and_gets_what_the_client_answers(string client) =>
        ClientWalk.AnswerQuestionsAsync(stage.Symbolon, stage.Setup, client, "conformance");

    /// <summary>It probes for the modern era by itself; the second asks as a client of today does.</summary>
    [Theory]
    [InlineData("2026-07-28")]
    [InlineData("2025-11-25")]
    public async Task The_csharp_client_gets_prompts_and_resources_and_answers_what_it_is_asked(string version)
    {
        var token = await stage.Setup.WholeTokenAsync("conformance");
        var transport = new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = new Uri(stage.Symbolon.Url, "/t/mcp/conformance"),
            TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = $"Bearer {token.Secret}" },
        });
        var options = new McpClientOptions
        {
            ProtocolVersion = version,
            Handlers = new()
            {
                SamplingHandler = (_, _, _) => ValueTask.FromResult(new CreateMessageResult { Content = [new TextContentBlock { Text = "from the model" }], Model = "test-model" }),
                ElicitationHandler = (_, _) => ValueTask.FromResult(new ElicitResult { Action = "decline" }),
            },
        };
        var stop = TestContext.Current.CancellationToken;
        await using var client = await McpClient.CreateAsync(transport, options, cancellationToken: stop);
        Assert.Equal(version, client.NegotiatedProtocolVersion);
        Assert.Contains("test_simple_prompt", (await client.ListPromptsAsync(cancellationToken: stop)).Select(prompt => prompt.Name));
        Assert.Single((await client.GetPromptAsync("test_simple_prompt", cancellationToken: stop)).Messages);
        Assert.Contains("test://template/{id}/data", (await client.ListResourceTemplatesAsync(cancellationToken: stop)).Select(template => template.UriTemplate));
        Assert.IsType<TextResourceContents>((await client.ReadResourceAsync("test://template/7/data", cancellationToken: stop)).Contents[0]);
        Assert.IsType<BlobResourceContents>((await client.ReadResourceAsync("test://static-binary", cancellationToken: stop)).Contents[0]);
        Assert.Equal(["paris", "park", "party"], (await client.CompleteAsync(new PromptReference { Name = "test_prompt_with_arguments" }, "arg1", "par", cancellationToken: stop)).Completion.Values);
        Assert.Equal("LLM response: from the model", await CallAsync("test_sampling", "prompt"));
        Assert.StartsWith("action=decline", await CallAsync("test_elicitation", "message"), StringComparison.Ordinal);

        async Task<string> CallAsync(string tool, string argument) =>
            Assert.IsType<TextContentBlock>((await client.CallToolAsync(tool, new Dictionary<string, object?> { [argument] = "hi" }, cancellationToken: stop)).Content[0]).Text;
    }
}
