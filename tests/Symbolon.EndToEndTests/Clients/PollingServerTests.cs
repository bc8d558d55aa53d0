using System.Text.Json.Nodes;
using Symbolon.EndToEndTests.Fixtures;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Clients;

/// <summary>Servers on the TypeScript SDK that close the stream of a call and have its answer fetched behind the last event.</summary>
[Trait("area", "clients")]
public sealed class PollingServerTests(RunningGateway gateway) : IAsyncLifetime
{
    private readonly string name = $"polling-{Guid.NewGuid().ToString("N")[..8]}";
    private ChildProcess? server;

    public static TheoryData<string, string> Pairs { get; } = new() { { "sdk1", "sdk1" }, { "sdk1", "sdk2" }, { "sdk2", "sdk1" }, { "sdk2", "sdk2" } };

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (server is not null) await server.DisposeAsync();
    }

    [Theory, MemberData(nameof(Pairs))]
    public async Task An_answer_is_fetched_where_the_server_closed_its_stream_and_the_call_is_sent_once(string kind, string client)
    {
        var token = await StartAsync(kind);
        var lines = await WalkAsync(client, token, """[{"call":"work","args":{"closes":3,"milliseconds":700},"progress":true}]""");
        Assert.Equal("closed 3 times", (string?)Step(lines)["result"]?["content"]?[0]?["text"]);
        Assert.Equal([1, 2, 3], lines.Select(line => (int?)line["progress"]?["progress"]).OfType<int>());
        Assert.Equal(1, Said("call"));
        Assert.InRange(Said("resumed"), 2, 6);
        var calls = await gateway.Setup.Api.AuditAsync($"token={token.Id}&kind=call_outcome");
        // The stream that the server ended, and the one that brought the answer.
        var deferred = Assert.Single(calls);
        Assert.Equal("deferred", (string?)deferred["outcome"]);
        var requests = await gateway.Setup.Api.AuditAsync($"token={token.Id}&kind=request");
        Assert.Equal("completed", (string?)Assert.Single(requests, request => (string?)request["call"] == (string?)deferred["call"])["outcome"]);
        (await gateway.Symbolon.RunAsync("audit", "verify")).Expect();
    }

    [Fact]
    public async Task A_server_that_lost_the_rest_of_a_stream_is_the_one_to_blame()
    {
        var token = await StartAsync("sdk1");
        var lines = await WalkAsync("sdk1", token, """[{"call":"lost"}]""");
        Assert.Equal("upstream_invalid", (string?)Step(lines)["error"]?["data"]?["code"]);
        Assert.Equal((1, 1), (Said("call"), Said("resumed")));
    }

    private async Task<IssuedToken> StartAsync(string kind)
    {
        (server, var url) = await NodeProgram.StartPollingServerAsync(kind);
        await gateway.Setup.ServerAsync(name, url);
        return await gateway.Setup.TokenAsync($"{name}:work,lost");
    }

    private async Task<IReadOnlyList<JsonNode>> WalkAsync(string client, IssuedToken token, string steps)
    {
        await using var running = NodeProgram.StartClient(client, gateway.UrlOf(name), token.Secret, JsonNode.Parse(steps)!.AsArray());
        return await NodeProgram.LinesAsync(running);
    }

    private static JsonNode Step(IReadOnlyList<JsonNode> lines) => lines.Single(line => line["step"] is not null);

    private int Said(string line) => server!.Output.Count(said => said == line);
}
