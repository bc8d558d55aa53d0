using System.Net;
using Symbolon.Testing.Mcp;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Durability;

/// <summary>The program ends, in order or by force, in the middle of a session of 2025-11-25, and is started again on the same folder: whoever was in it goes on.</summary>
[Trait("area", "durability")]
public sealed class StreamRestartTests : IAsyncLifetime
{
    private SymbolonProcess symbolon = null!;
    private Setup setup = null!;
    private ChildProcess server = null!;
    private IssuedToken token = null!;

    public async ValueTask InitializeAsync()
    {
        symbolon = await SymbolonProcess.StartAsync();
        setup = new Setup(symbolon);
        (server, var url) = await NodeProgram.StartPollingServerAsync("sdk1");
        await setup.ServerAsync("polling", url);
        token = await setup.TokenAsync("polling:held,work");
    }

    public async ValueTask DisposeAsync()
    {
        setup?.Dispose();
        if (symbolon is not null) await symbolon.DisposeAsync();
        if (server is not null) await server.DisposeAsync();
    }

    /// <param name="client">An unmodified one, which comes back by itself.</param>
    /// <param name="isTold">The server has its answer before anybody is there to take it.</param>
    [Theory]
    [InlineData("sdk1", true, true)]
    [InlineData("sdk2", true, false)]
    [InlineData("sdk1", false, false)]
    [InlineData("sdk2", false, true)]
    public async Task A_call_that_was_under_way_is_answered_once_in_its_old_session(string client, bool inOrder, bool isTold)
    {
        await using var running = StartClient(client, """[{"call":"held","progress":true},{"call":"work","args":{"closes":0,"milliseconds":0}}]""");
        // With it the client has the id of an event.
        await running.LineAsync(line => line.StartsWith("{\"progress\"", StringComparison.Ordinal));
        await EndAsync(inOrder);
        if (isTold) await TellAsync();
        await symbolon.RestartAsync();
        await Deadline.ForAsync("the client to come for the rest", () => Said("resumed") > 0);
        if (!isTold) await TellAsync();

        var lines = await NodeProgram.LinesAsync(running);
        Assert.Equal(["was told", "closed 0 times"], lines.Where(line => line["step"] is not null).Select(line => (string?)line["result"]?["content"]?[0]?["text"] ?? line.ToJsonString()));
        Assert.Equal(2, Said("call"));
        (await symbolon.RunAsync("audit", "verify")).Expect();
        var intent = Assert.Single(await setup.Api.AuditAsync($"token={token.Id}&kind=call_intent"), record => (string?)record["tool"] == "held");
        // By force nobody could say how the request ended; what came of the call stands with its stream all the same.
        var outcome = Assert.Single(await setup.Api.AuditAsync($"token={token.Id}&kind=call_outcome"), record => (string?)record["call"] == (string?)intent["call"]);
        Assert.Equal(inOrder ? "deferred" : "unknown", (string?)outcome["outcome"]);
        var rest = Assert.Single(await setup.Api.AuditAsync($"token={token.Id}&kind=request"), record => (string?)record["call"] == (string?)intent["call"]);
        Assert.Equal(("completed", "held"), ((string?)rest["outcome"], (string?)rest["tool"]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_rest_of_a_stream_that_was_being_waited_for_can_be_asked_for_again(bool inOrder)
    {
        await using var running = StartClient("sdk1", """[{"call":"held","progress":true}]""");
        await running.LineAsync(line => line.StartsWith("{\"progress\"", StringComparison.Ordinal));
        for (var times = 1; times <= 2; times++)
        {
            await EndAsync(inOrder);
            await symbolon.RestartAsync();
            await Deadline.ForAsync("the client to come for the rest", () => Said("resumed") >= times);
        }
        await TellAsync();
        var lines = await NodeProgram.LinesAsync(running);
        Assert.Equal("was told", (string?)lines.Single(line => line["step"] is not null)["result"]?["content"]?[0]?["text"] ?? string.Join('\n', lines));
        Assert.Equal(1, Said("call"));
        (await symbolon.RunAsync("audit", "verify")).Expect();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_session_without_a_stream_goes_on(bool inOrder)
    {
        using var wire = new McpWire(symbolon.Url);
        var opened = await wire.PostAsync("/t/mcp/polling", token.Secret,
            """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"restart","version":"1"}}}""");
        var session = opened.Headers.GetValues("Mcp-Session-Id").Single();
        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""")).Status);
        Assert.Equal("closed 0 times", (await CallAsync(1)).ToolText);
        await EndAsync(inOrder);
        await symbolon.RestartAsync();
        Assert.Equal("closed 0 times", (await CallAsync(2)).ToolText);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync("""{"jsonrpc":"2.0","id":3,"method":"tools/list"}""")).Status);
        (await symbolon.RunAsync("audit", "verify")).Expect();

        Task<WireAnswer> CallAsync(int id) => PostAsync($$$$"""{"jsonrpc":"2.0","id":{{{{id}}}},"method":"tools/call","params":{"name":"work","arguments":{"closes":0,"milliseconds":0}}}""");

        Task<WireAnswer> PostAsync(string body) => wire.PostAsync("/t/mcp/polling", token.Secret, body, ("MCP-Protocol-Version", "2025-11-25"), ("Mcp-Session-Id", session));
    }

    private ChildProcess StartClient(string client, string steps) => NodeProgram.Start(
        [NodeProgram.File("client.mjs"), client, new Uri(symbolon.Url, "/t/mcp/polling").ToString(), token.Secret, steps], new Dictionary<string, string?> { ["CLIENT_PATIENCE"] = "1" });

    private async Task EndAsync(bool inOrder)
    {
        if (!inOrder)
        {
            await symbolon.KillAsync();
            return;
        }
        symbolon.Process.Terminate();
        Assert.Equal(0, await symbolon.Process.ExitAsync());
    }

    private async Task TellAsync()
    {
        await server.WriteLineAsync("go");
        await Deadline.ForAsync("the server to be told", () => Said("told go") == 1);
    }

    private int Said(string line) => server.Output.Count(said => said == line);
}
