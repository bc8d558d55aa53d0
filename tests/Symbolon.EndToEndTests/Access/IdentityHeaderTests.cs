using System.Text.Json.Nodes;
using Symbolon.EndToEndTests.Fixtures;
using Symbolon.Testing.Mcp;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Access;

/// <summary>A server on the TypeScript SDK that verifies with jose who asks, behind the real program.</summary>
[Trait("area", "credentials")]
public sealed class IdentityHeaderTests(RunningGateway gateway) : IAsyncLifetime
{
    private readonly string name = $"who-{Guid.NewGuid().ToString("N")[..8]}";
    private ChildProcess server = null!;

    private string Issuer => gateway.Symbolon.Url.GetLeftPart(UriPartial.Authority);

    public async ValueTask InitializeAsync()
    {
        (server, var url) = await NodeProgram.StartIdentityServerAsync(Issuer);
        await gateway.Setup.ServerAsync(name, url, document =>
        {
            Setup.Reads("whoami")(document);
            document["spec"]!["upstream"]!["identity"] = new JsonObject { ["header"] = "Symbolon-Identity" };
        });
    }

    public async ValueTask DisposeAsync() => await server.DisposeAsync();

    [Fact]
    [Trait("hostile", "forged identity")]
    public async Task The_server_sees_person_agent_and_tool_whatever_the_caller_says_to_be()
    {
        var token = await gateway.Setup.TokenAsync($"{name}:whoami");
        var answer = await gateway.Wire.PostAsync($"/t/mcp/{name}", token.Secret, McpText.Call("whoami"),
            [.. McpWire.Modern("tools/call", "whoami"), ("Symbolon-Identity", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJib3NzQGV4YW1wbGUuY29tIn0.")]);
        var said = JsonNode.Parse(answer.ToolText!)!;
        Assert.Equal(("alice@example.com", $"agent:agent-of-{token.Grant}", $"mcp:{name}:whoami"), ((string?)said["sub"], (string?)said["act"]!["sub"], (string?)said["tool"]));
        Assert.InRange((long)said["exp"]! - (long)said["iat"]!, 1, 60);
        Assert.Null(said["scope"] ?? said["client_id"] ?? said["cnf"]);
        Assert.DoesNotContain(server.Output, line => line == "asked tools/call -");
        Assert.Contains(server.Output, line => line == "asked tools/list symbolon:gateway");
    }

    [Fact]
    public async Task What_the_server_is_told_opens_nothing_at_ours()
    {
        var seen = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var telling = new RawServer((request, stream, stop) => AnswerAsync(request, stream, seen, stop));
        var other = $"told-{Guid.NewGuid().ToString("N")[..8]}";
        await gateway.Setup.ServerAsync(other, telling.Url, document =>
        {
            Setup.Reads("tell")(document);
            document["spec"]!["upstream"]!["identity"] = new JsonObject { ["header"] = "X-Who" };
        });
        var own = await gateway.Setup.TokenAsync(other);
        Assert.Equal("told", (await gateway.Wire.CallAsync(other, own.Secret, "tell")).ToolText);
        var identity = await seen.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        foreach (var path in new[] { $"/mcp/{name}", $"/t/mcp/{name}", $"/mcp/{other}" })
            Assert.Equal(401, (int)(await gateway.Wire.PostAsync(path, identity, McpText.Call("whoami"), McpWire.Modern("tools/call", "whoami"))).Status);
    }

    private static Task AnswerAsync(RawRequest request, Stream stream, TaskCompletionSource<string> seen, CancellationToken stop)
    {
        var message = JsonNode.Parse(request.Text)!;
        var id = message["id"]?.ToJsonString() ?? "null";
        if ((string?)message["method"] == "tools/call" && request.Values("X-Who").SingleOrDefault() is { } who) seen.TrySetResult(who);
        return (string?)message["method"] switch
        {
            "server/discover" => RawServer.WriteAsync(stream, "200 OK", "application/json", McpText.Response(id, McpText.DiscoverResult), stop),
            "tools/list" => RawServer.WriteAsync(stream, "200 OK", "application/json", McpText.Response(id, McpText.ToolsResult(["tell"])), stop),
            "tools/call" => RawServer.WriteAsync(stream, "200 OK", "application/json", McpText.Response(id, McpText.TextResult("told")), stop),
            _ => RawServer.WriteAsync(stream, "400 Bad Request", "text/plain", "no", stop),
        };
    }
}
