using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Symbolon.EndToEndTests.Fixtures;
using Symbolon.Testing.Mcp;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Floods;

/// <summary>Clients that hold connections by being slow: each is ended in bounded time, and others are served meanwhile.</summary>
[Trait("area", "floods")]
[Collection(nameof(Alone))]
public sealed class SlowClientTests : IAsyncLifetime
{
    private const int Many = 50;

    private readonly HostileUpstream upstream = new();
    private SymbolonProcess symbolon = null!;
    private Setup setup = null!;
    private McpWire wire = null!;
    private IssuedToken token = null!;

    public async ValueTask InitializeAsync()
    {
        symbolon = await SymbolonProcess.StartAsync(null, ("SYMBOLON_LIMITS_CALL", "12s"));
        setup = new Setup(symbolon);
        wire = new McpWire(symbolon.Url);
        await setup.ServerAsync("hostile", upstream.Url);
        token = await setup.TokenAsync("hostile");
    }

    public async ValueTask DisposeAsync()
    {
        wire?.Dispose();
        setup?.Dispose();
        if (symbolon is not null) await symbolon.DisposeAsync();
        await upstream.DisposeAsync();
    }

    [Fact]
    public Task Headers_that_drip_are_cut_off_after_ten_seconds() =>
        DripAsync($"POST /t/mcp/hostile HTTP/1.1\r\nHost: {symbolon.Url.Authority}\r\nX-Slow: ");

    [Fact]
    public Task A_body_that_drips_is_cut_off_after_a_few_seconds() =>
        DripAsync(Head("tools/call", "fine", 100_000));

    [Fact]
    public async Task Clients_that_never_read_their_events_cost_bounded_time_and_memory()
    {
        var before = Resident();
        var body = McpText.Call("never_stops_talking").Replace("\"_meta\":{", "\"_meta\":{\"progressToken\":\"p1\",", StringComparison.Ordinal);
        var held = await OpenAsync(Many, Head("tools/call", "never_stops_talking", Encoding.UTF8.GetByteCount(body)) + body);
        try
        {
            await Deadline.ForAsync("the calls to run", () => upstream.Talking >= Many / 2);
            await OthersAreServedAsync();
            await Deadline.ForAsync("the calls to be ended by their limit", () => upstream.Talking == 0);
            Assert.InRange(Resident() - before, long.MinValue, 300);
            // What had arrived before can still be read; then the connection is at its end.
            await Task.WhenAll(held.Select(ReadToEndAsync));
        }
        finally
        {
            held.ForEach(client => client.Dispose());
        }
        await OthersAreServedAsync();
    }

    /// <summary>Connections that send the start of a request and then a byte a second: all are at their end in bounded time.</summary>
    private async Task DripAsync(string start)
    {
        var before = Resident();
        var held = await OpenAsync(Many, start);
        try
        {
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            var dripping = Task.WhenAll(held.Select(client => Task.Run(() => DripUntilClosedAsync(client, enough.Token), enough.Token)));
            var started = Stopwatch.GetTimestamp();
            await OthersAreServedAsync();
            Assert.False(dripping.IsCompleted);
            var read = Task.WhenAll(held.Select(ReadToEndAsync));
            await read.WaitAsync(Deadline.Usual, TestContext.Current.CancellationToken);
            Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, Deadline.Usual);
            await enough.CancelAsync();
            await dripping;
            Assert.InRange(Resident() - before, long.MinValue, 150);
        }
        finally
        {
            held.ForEach(client => client.Dispose());
        }
    }

    private static async Task DripUntilClosedAsync(TcpClient client, CancellationToken enough)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            while (await timer.WaitForNextTickAsync(enough)) await client.GetStream().WriteAsync("a"u8.ToArray(), enough);
        }
        catch (Exception end) when (end is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException) { }
    }

    private async Task OthersAreServedAsync()
    {
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < 3; i++) Assert.Equal("good", (await wire.CallAsync("hostile", token.Secret, "fine")).ToolText);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(9));
    }

    private string Head(string method, string name, int length) => string.Create(CultureInfo.InvariantCulture,
        $"POST /t/mcp/hostile HTTP/1.1\r\nHost: {symbolon.Url.Authority}\r\nAuthorization: Bearer {token.Secret}\r\nAccept: application/json, text/event-stream\r\nContent-Type: application/json\r\nMCP-Protocol-Version: {McpText.Modern}\r\nMcp-Method: {method}\r\nMcp-Name: {name}\r\nContent-Length: {length}\r\n\r\n");

    private async Task<List<TcpClient>> OpenAsync(int count, string text)
    {
        var clients = new List<TcpClient>();
        for (var i = 0; i < count; i++) clients.Add(await UnreadClient.OpenAsync(symbolon.Url, text));
        return clients;
    }

    /// <summary>Reads what is there until the other side has closed, politely or not.</summary>
    private static async Task ReadToEndAsync(TcpClient client)
    {
        var buffer = new byte[65536];
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Deadline.Usual);
        try
        {
            while (await client.GetStream().ReadAsync(buffer, patience.Token) > 0) { }
        }
        catch (IOException)
        {
            // A reset is an end, too.
        }
    }

    private long Resident() => long.Parse(
        File.ReadLines($"/proc/{symbolon.ProcessId}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
}
