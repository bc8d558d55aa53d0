using System.Diagnostics;
using System.Text.Json.Nodes;
using Symbolon.EndToEndTests.Fixtures;
using Symbolon.Testing.Mcp;
using Xunit;

namespace Symbolon.EndToEndTests.BadInput;

/// <summary>A server that stops answering in one protocol era. Attacker's review, finding 4.</summary>
[Trait("area", "hostile upstream")]
public sealed class HangingEraTests(RunningGateway gateway)
{
    private const string Legacy = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"fine","arguments":{}}}""";
    private volatile bool hangs;

    [Fact]
    public async Task Its_callers_fail_together_in_the_time_of_one_reading_and_callers_of_the_other_era_are_served()
    {
        await using var upstream = new RawServer(AnswerAsync);
        await gateway.Setup.ServerAsync("half-hanging", upstream.Url, Symbolon.Testing.Processes.Setup.Reads("fine"));
        var token = await gateway.Setup.TokenAsync("half-hanging", "hostile:fine");
        hangs = true;

        var started = Stopwatch.GetTimestamp();
        var waiting = Enumerable.Range(0, 200).Select(_ => gateway.Wire.CallAsync("half-hanging", token.Secret, "fine")).ToList();
        for (var i = 0; i < 3; i++)
            Assert.Equal("good", (await gateway.Wire.PostAsync("/t/mcp/half-hanging", token.Secret, Legacy)).ToolText);
        Assert.Equal("good", (await gateway.Wire.CallAsync("hostile", token.Secret, "fine")).ToolText);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(15));

        Assert.All(await Task.WhenAll(waiting), answer => Assert.Equal("upstream_timeout", answer.Reason));
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(28));
        // Who comes now is told at once, and not made to wait for another reading.
        var next = Stopwatch.GetTimestamp();
        Assert.Equal("upstream_timeout", (await gateway.Wire.CallAsync("half-hanging", token.Secret, "fine")).Reason);
        Assert.InRange(Stopwatch.GetElapsedTime(next), TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    private Task AnswerAsync(RawRequest request, Stream stream, CancellationToken stop)
    {
        if (request.Method != "POST") return RawServer.WriteAsync(stream, "405 Method Not Allowed", "text/plain", "", stop);
        var message = JsonNode.Parse(request.Text)!;
        var id = message["id"]?.ToJsonString();
        if (id is null) return RawServer.WriteAsync(stream, "202 Accepted", "text/plain", "", stop);
        return (string?)message["method"] switch
        {
            "server/discover" when hangs => Task.Delay(Timeout.Infinite, stop),
            "server/discover" => Write(McpText.DiscoverResult),
            "initialize" => Write("""{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"half","version":"1"}}"""),
            "tools/list" => Write(McpText.ToolsResult(["fine"])),
            _ => Write(McpText.TextResult("good")),
        };

        Task Write(string result) => RawServer.WriteAsync(stream, "200 OK", "application/json", McpText.Response(id, result), stop);
    }
}
