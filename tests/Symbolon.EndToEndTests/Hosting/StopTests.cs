using System.Diagnostics;
using System.Text;
using Symbolon.Testing.Mcp;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Hosting;

/// <summary>A stop in good order: no new connections, streams ended, calls finished or ended, the audit whole, and all that within 10 s.</summary>
[Trait("area", "hosting")]
public sealed class StopTests
{
    private const string Endless = """{"steps":2000,"milliseconds":20}""";
    private const string Short = """{"steps":60,"milliseconds":20}""";

    [Fact]
    public async Task A_call_that_can_finish_finishes_a_long_one_is_ended_and_the_audit_has_both()
    {
        await using var symbolon = await SymbolonProcess.StartAsync();
        var upstream = await NodeProgram.StartSdk2ServerAsync("both");
        await using var upstreamProcess = upstream.Process;
        using var setup = new Setup(symbolon);
        using var wire = new McpWire(symbolon.Url);
        await setup.ServerAsync("slow", upstream.Url, Setup.Reads("slow"));
        var token = await setup.TokenAsync("slow");

        using var endless = await OpenAsync(wire, token.Secret, Endless);
        using var brief = await OpenAsync(wire, token.Secret, Short);
        var begun = Stopwatch.GetTimestamp();
        symbolon.Process.Terminate();

        Assert.Contains("counted to 60", await ReadAsync(brief), StringComparison.Ordinal);
        Assert.Contains("overloaded", await ReadAsync(endless), StringComparison.Ordinal);
        Assert.Equal(0, await symbolon.Process.ExitAsync(TimeSpan.FromSeconds(15)));
        Assert.InRange(Stopwatch.GetElapsedTime(begun), TimeSpan.Zero, TimeSpan.FromSeconds(10));

        // What was said on the terminal and in the log, from start to stop.
        Assert.DoesNotContain(symbolon.Process.Output.Concat(symbolon.Process.Errors), line => line.Contains("sym_", StringComparison.Ordinal));

        await symbolon.RestartAsync();
        (await symbolon.RunAsync("audit", "verify")).Expect();
        var outcomes = (await symbolon.RunAsync("audit", "query", "--kind", "call_outcome", "-o", "json")).Expect().Json.AsArray();
        Assert.Equal(2, outcomes.Count);
        Assert.DoesNotContain("\"unknown\"", outcomes.ToJsonString(), StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> OpenAsync(McpWire wire, string secret, string arguments)
    {
        var body = McpText.Call("slow", arguments).Replace("\"_meta\":{", "\"_meta\":{\"progressToken\":\"p1\",", StringComparison.Ordinal);
        var answer = await wire.SendAsync("/t/mcp/slow", secret, Encoding.UTF8.GetBytes(body), McpWire.Modern("tools/call", "slow"));
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        return answer;
    }

    private static async Task<string> ReadAsync(HttpResponseMessage answer) => await answer.Content.ReadAsStringAsync().WaitAsync(Deadline.Usual);
}
