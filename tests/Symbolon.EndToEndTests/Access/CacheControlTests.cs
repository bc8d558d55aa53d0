using System.Net;
using System.Text;
using Symbolon.EndToEndTests.Fixtures;
using Symbolon.Testing.Mcp;
using Xunit;

namespace Symbolon.EndToEndTests.Access;

/// <summary>Answers of the MCP addresses are for one caller: nothing on the way may keep them. PROTOCOL.md section 6.</summary>
[Trait("area", "http")]
public sealed class CacheControlTests(RunningGateway gateway)
{
    private const string Initialize =
        """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"c","version":"1"}}}""";

    [Fact]
    public async Task Json_answers_and_refusals_are_never_stored()
    {
        var token = await gateway.Setup.TokenAsync("hostile:fine,hangs", "everything");
        WireAnswer[] answers =
        [
            await gateway.Wire.ListAsync("hostile", token.Secret),
            await gateway.Wire.CallAsync("hostile", token.Secret, "fine"),
            await gateway.Wire.CallAsync("hostile", token.Secret, "no_such_tool"),
            await gateway.Wire.CallAsync("hostile", token.Secret, "garbage"),
            await gateway.Wire.CallAsync("hostile", null, "fine"),
            await gateway.Wire.CallAsync("nowhere", token.Secret, "fine"),
            await gateway.Wire.PostAsync("/t/mcp/hostile", token.Secret, "{"),
        ];
        Assert.All(answers, answer =>
        {
            Assert.Equal("application/json", answer.Type);
            Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        });
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.Unauthorized, HttpStatusCode.NotFound],
            answers.Where((_, i) => i is 0 or 1 or 4 or 5).Select(answer => answer.Status));
    }

    [Fact]
    public async Task Event_streams_are_neither_stored_nor_buffered()
    {
        var token = await gateway.Setup.TokenAsync("hostile:fine_sse", "everything");
        using var call = await gateway.Wire.SendAsync("/t/mcp/hostile", token.Secret, Encoding.UTF8.GetBytes(McpText.Call("fine_sse")), McpWire.Modern("tools/call", "fine_sse"));
        using var opened = await gateway.Wire.SendAsync("/t/mcp/everything", token.Secret, Encoding.UTF8.GetBytes(Initialize));
        foreach (var answer in new[] { call, opened })
        {
            Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
            Assert.True(answer.Headers.CacheControl is { NoStore: true, NoCache: true }, answer.Headers.CacheControl?.ToString());
            Assert.Equal(["no"], answer.Headers.GetValues("X-Accel-Buffering"));
        }
    }
}
