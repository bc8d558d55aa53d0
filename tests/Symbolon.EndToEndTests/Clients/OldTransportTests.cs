using System.Text.Json.Nodes;
using Symbolon.EndToEndTests.Fixtures;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Clients;

/// <summary>npm's server-everything over HTTP+SSE of 2024-11-05, which clients of today reach as a Streamable HTTP server.</summary>
[Trait("area", "clients")]
public sealed class OldTransportTests(RunningGateway gateway) : IAsyncLifetime
{
    private readonly int port = FreePort.Take();
    private readonly string name = $"old-{Guid.NewGuid().ToString("N")[..8]}";
    private ChildProcess server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await NodeProgram.StartOldEverythingAsync(port);
        await gateway.Setup.ServerAsync(name, new Uri($"http://127.0.0.1:{port}/sse"), Setup.Reads("echo", "get-sum", "trigger-long-running-operation"));
    }

    public async ValueTask DisposeAsync() => await server.DisposeAsync();

    [Theory]
    [InlineData("sdk1")]
    [InlineData("sdk2")]
    [InlineData("sdk2-auto")]
    public async Task Clients_list_call_and_see_the_progress_of_a_server_of_the_old_transport(string kind)
    {
        Assert.Equal("sse", (string?)(await gateway.Setup.Api.GetAsync($"/servers/{name}"))["transport"]);
        var token = await gateway.Setup.TokenAsync($"{name}:echo,trigger-long-running-operation");
        await using var client = NodeProgram.StartClient(kind, gateway.UrlOf(name), token.Secret, JsonNode.Parse("""
            [{"list":true},{"call":"echo","args":{"message":"grüße 👋"}},{"call":"trigger-long-running-operation","args":{"duration":0.2,"steps":2},"progress":true},{"call":"get-env"}]
            """)!.AsArray());
        var lines = await NodeProgram.LinesAsync(client);
        Assert.Equal(["echo", "trigger-long-running-operation"], Step(lines, 0).AsArray().Select(tool => (string)tool!["name"]!));
        Assert.Equal("Echo: grüße 👋", (string?)Step(lines, 1)["content"]![0]!["text"]);
        Assert.Equal(2, lines.Count(line => line["progress"] is not null));
        Assert.Equal("not_granted", (string?)Step(lines, 3)["_meta"]!["symbolon/refusal"]!["code"]);
    }

    [Fact]
    public async Task Fifty_callers_at_once_with_the_same_request_id_each_get_their_own_answer()
    {
        var tokens = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => gateway.Setup.TokenAsync($"{name}:echo")));
        await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
        {
            var answer = await gateway.Wire.LegacyCallAsync(name, tokens[i % 5].Secret, "echo", $$"""{"message":"caller {{i}}"}""");
            Assert.Equal($"Echo: caller {i}", answer.ToolText);
        }));
    }

    [Fact]
    public async Task A_server_that_was_started_anew_is_reached_again()
    {
        var token = await gateway.Setup.TokenAsync($"{name}:echo");
        Assert.Equal("Echo: before", (await gateway.Wire.LegacyCallAsync(name, token.Secret, "echo", """{"message":"before"}""")).ToolText);
        await server.DisposeAsync();
        server = await NodeProgram.StartOldEverythingAsync(port);
        await Deadline.ForAsync("a call to get through again", async () =>
            (await gateway.Wire.LegacyCallAsync(name, token.Secret, "echo", """{"message":"after"}""")) is { ToolText: "Echo: after" } answer ? answer : null);
    }

    private static JsonNode Step(IReadOnlyList<JsonNode> lines, int step) =>
        lines.First(line => (int?)line["step"] == step)["result"] ?? throw new InvalidOperationException($"step {step} failed:\n{string.Join('\n', lines)}");
}
