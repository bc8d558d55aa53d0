using System.Text.Json.Nodes;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Clients;

/// <summary>What an unmodified client of npm's (tests/node/client.mjs) got step by step, with answers to all that it is asked.</summary>
internal sealed class ClientWalk(IReadOnlyList<JsonNode> lines)
{
    /// <summary>A server on the suite's fixture asks for each of the three.</summary>
    private const string Questions = """
        [{"call":"test_sampling","args":{"prompt":"hi"}},{"call":"test_elicitation","args":{"message":"who?"}},{"call":"test_input_required_result_list_roots"}]
        """;

    public IReadOnlyList<JsonNode> Lines => lines;

    public IEnumerable<string> Asked => lines.Select(line => (string?)line["asked"]).OfType<string>();

    /// <param name="client">As client.mjs names it: <c>sdk1</c>, <c>sdk2</c> or <c>sdk2-auto</c>.</param>
    public static async Task<ChildProcess> StartAsync(SymbolonProcess symbolon, Setup setup, string client, string server, string steps)
    {
        var token = await setup.WholeTokenAsync(server);
        return NodeProgram.Start([NodeProgram.File("client.mjs"), client, new Uri(symbolon.Url, $"/t/mcp/{server}").ToString(), token.Secret, steps],
            new Dictionary<string, string?> { ["CLIENT_ANSWERS"] = "1" });
    }

    public static async Task<ClientWalk> RunAsync(SymbolonProcess symbolon, Setup setup, string client, string server, string steps)
    {
        await using var process = await StartAsync(symbolon, setup, client, server, steps);
        return new ClientWalk(await NodeProgram.LinesAsync(process));
    }

    /// <summary>The server asks the model, the person and for roots, and gets what the client answers.</summary>
    public static async Task AnswerQuestionsAsync(SymbolonProcess symbolon, Setup setup, string client, string server)
    {
        var walk = await RunAsync(symbolon, setup, client, server, Questions);
        Assert.Equal("LLM response: from the model", walk.Text(0));
        Assert.Equal("""action=accept, content={"name":"Ada"}""", walk.Text(1));
        Assert.Equal("file:///srv/work", walk.Text(2));
        Assert.Equal(["sampling/createMessage", "elicitation/create", "roots/list"], walk.Asked);
    }

    public JsonNode Step(int step) =>
        lines.FirstOrDefault(line => (int?)line["step"] == step)?["result"] ?? throw new InvalidOperationException($"no result of step {step} in:\n{string.Join('\n', lines)}");

    public string? Text(int step) => (string?)Step(step)["content"]![0]!["text"];
}
