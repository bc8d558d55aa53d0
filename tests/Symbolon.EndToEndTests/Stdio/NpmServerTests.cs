using System.Text.Json.Nodes;
using Symbolon.Testing.Mcp;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Stdio;

/// <summary>Unmodified npm servers over stdio, shared by unmodified clients.</summary>
[Trait("area", "stdio")]
public sealed class NpmServerTests
{
    [Fact]
    public async Task The_npm_server_everything_serves_the_npm_clients_and_fifty_callers_from_one_process()
    {
        await using var symbolon = await SymbolonProcess.StartAsync();
        using var setup = new Setup(symbolon);
        using var wire = new McpWire(symbolon.Url);
        var program = NodeProgram.File("node_modules", "@modelcontextprotocol", "server-everything", "dist", "index.js");
        await setup.CommandAsync("everything", [NodeProgram.File("node_modules", "node", "bin", "node"), program, "stdio"], Setup.Reads("echo", "get-sum", "trigger-long-running-operation"));
        var token = (await setup.TokenAsync("everything:echo,get-sum,trigger-long-running-operation")).Secret;
        var steps = JsonNode.Parse("""
            [{"list":true},{"call":"echo","args":{"message":"grüße 👋"}},{"call":"get-sum","args":{"a":2,"b":40}},
             {"call":"trigger-long-running-operation","args":{"duration":0.2,"steps":2},"progress":true}]
            """)!.AsArray();
        foreach (var kind in new[] { "sdk1", "sdk2", "sdk2-auto" })
        {
            await using var client = NodeProgram.StartClient(kind, new Uri(symbolon.Url, "/t/mcp/everything"), token, steps);
            var lines = await NodeProgram.LinesAsync(client);
            Assert.NotNull(lines[0]["connected"]);
            Assert.Equal("Echo: grüße 👋", (string?)Step(lines, 1)["content"]![0]!["text"]);
            Assert.Contains("42", (string?)Step(lines, 2)["content"]![0]!["text"], StringComparison.Ordinal);
            Assert.Equal(2, lines.Count(line => line["progress"] is not null));
        }

        await Parallel.ForAsync(0, 50, new ParallelOptions { MaxDegreeOfParallelism = 50, CancellationToken = TestContext.Current.CancellationToken }, async (number, _) =>
        {
            var answer = await wire.PostAsync("/t/mcp/everything", token, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"trigger-long-running-operation\",\"arguments\":{\"duration\":0.1,\"steps\":"
                + (number + 1) + "},\"_meta\":{\"progressToken\":\"p\"}}}");
            Assert.Equal(1, (int)answer.Message["id"]!);
            Assert.Contains($"Steps: {number + 1}.", answer.ToolText, StringComparison.Ordinal);
            Assert.All(answer.Events.SkipLast(1), progress => Assert.Equal(("p", number + 1), ((string?)progress["params"]!["progressToken"], (int)progress["params"]!["total"]!)));
        });
        Assert.Single(ProcessList.With(program + " stdio"), line => !line.Contains("supervisor", StringComparison.Ordinal));
    }

    private static JsonNode Step(IReadOnlyList<JsonNode> lines, int step) => lines.Single(line => (int?)line["step"] == step)["result"]!;
}
