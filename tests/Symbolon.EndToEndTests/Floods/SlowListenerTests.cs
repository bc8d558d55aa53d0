using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Symbolon.EndToEndTests.Crowds;
using Symbolon.EndToEndTests.Fixtures;
using Symbolon.Testing.Mcp;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Floods;

/// <summary>
/// Clients that open a stream which lasts and never read it, while the server behind it says 64 MiB on each: the server has to wait, others are served, and revocation ends them.
/// </summary>
[Trait("area", "floods")]
[Collection(nameof(Alone))]
public sealed class SlowListenerTests : IAsyncLifetime
{
    private const int Many = 4;

    /// <summary>MiB, for all of them: a fraction of what their servers would say.</summary>
    private const long MostGrowth = 32;

    private readonly TalkativeUpstream upstream = new();
    private SymbolonProcess symbolon = null!;
    private Setup setup = null!;
    private McpWire wire = null!;
    private IssuedToken token = null!;
    private IssuedToken other = null!;

    public async ValueTask InitializeAsync()
    {
        symbolon = await SymbolonProcess.StartAsync();
        setup = new Setup(symbolon);
        wire = new McpWire(symbolon.Url);
        await setup.ServerAsync("talkative", upstream.Url, Setup.Reads("fine", "later"));
        token = await setup.WholeTokenAsync("talkative");
        other = await setup.WholeTokenAsync("talkative");
    }

    public async ValueTask DisposeAsync()
    {
        wire?.Dispose();
        setup?.Dispose();
        if (symbolon is not null) await symbolon.DisposeAsync();
        await upstream.DisposeAsync();
    }

    [Theory]
    [InlineData("the stream of a session")]
    [InlineData("the rest of a call")]
    [InlineData("a subscription")]
    public async Task A_stream_that_nobody_reads_costs_no_memory_and_ends_with_its_token(string stream)
    {
        await OthersAreServedAsync();
        await GatewayProcess.CollectAsync(symbolon.ProcessId, TestContext.Current.CancellationToken);
        var before = GatewayProcess.Resident(symbolon.ProcessId);
        var held = new List<TcpClient>();
        try
        {
            for (var reader = 0; reader < Many; reader++) held.Add(await UnreadClient.OpenAsync(symbolon.Url, await RequestAsync(stream)));
            await Deadline.ForAsync("the server to talk to all of them", () => upstream.Talking == Many);
            // Long enough for what nobody holds back: 64 MiB over loopback are there within a second.
            await Task.Delay(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
            await OthersAreServedAsync();
            Assert.Equal((Many, 0), (upstream.Talking, upstream.Finished));
            await GatewayProcess.CollectAsync(symbolon.ProcessId, TestContext.Current.CancellationToken);
            Assert.InRange(GatewayProcess.Resident(symbolon.ProcessId) - before, long.MinValue, MostGrowth);

            await setup.Api.PostAsync("/revocations", new JsonObject { ["token"] = token.Id, ["reason"] = "a test" });
            var acknowledged = Stopwatch.GetTimestamp();
            await Deadline.ForAsync("the server's streams to be ended", () => upstream.Talking == 0);
            await Deadline.ForAsync("the readers to be cut off", () => held.TrueForAll(IsCut));
            Assert.InRange(Stopwatch.GetElapsedTime(acknowledged), TimeSpan.Zero, TimeSpan.FromSeconds(1));
        }
        finally
        {
            held.ForEach(client => client.Dispose());
        }
        await OthersAreServedAsync();
    }

    /// <summary>The whole request, as bytes that nobody waits for.</summary>
    private async Task<string> RequestAsync(string stream)
    {
        if (stream == "a subscription")
        {
            var body = $$$"""{"jsonrpc":"2.0","id":1,"method":"subscriptions/listen","params":{"notifications":{"resourceSubscriptions":["{{{TalkativeUpstream.Resource}}}"]},"_meta":{{{McpText.Meta}}}}}""";
            return Head("POST", $"MCP-Protocol-Version: {McpText.Modern}\r\nMcp-Method: subscriptions/listen\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n") + body;
        }
        var opened = await wire.PostAsync("/t/mcp/talkative", token.Secret,
            """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"reader","version":"1"}}}""");
        var session = $"MCP-Protocol-Version: 2025-11-25\r\nMcp-Session-Id: {opened.Headers.GetValues("Mcp-Session-Id").Single()}\r\n";
        if (stream == "the stream of a session") return Head("GET", session);
        var call = await wire.PostAsync("/t/mcp/talkative", token.Secret,
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"later","arguments":{},"_meta":{"progressToken":"p1"}}}""",
            ("MCP-Protocol-Version", "2025-11-25"), ("Mcp-Session-Id", opened.Headers.GetValues("Mcp-Session-Id").Single()));
        var last = call.Text.Split('\n').Single(line => line.StartsWith("id: ", StringComparison.Ordinal))["id: ".Length..];
        return Head("GET", $"{session}Last-Event-ID: {last}\r\n");
    }

    private string Head(string method, string headers) => string.Create(CultureInfo.InvariantCulture,
        $"{method} /t/mcp/talkative HTTP/1.1\r\nHost: {symbolon.Url.Authority}\r\nAuthorization: Bearer {token.Secret}\r\nAccept: application/json, text/event-stream\r\n{headers}\r\n");

    private async Task OthersAreServedAsync()
    {
        for (var i = 0; i < 3; i++) Assert.Equal("good", (await wire.CallAsync("talkative", other.Secret, "fine")).ToolText);
    }

    /// <summary>The gateway has let go of the connection, though what had come before may still lie unread.</summary>
    private bool IsCut(TcpClient client) => GatewayProcess.IsLetGo(symbolon.Url.Port, ((System.Net.IPEndPoint)client.Client.LocalEndPoint!).Port);
}
