using System.Text.Json.Nodes;
using Symbolon.EndToEndTests.Fixtures;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Clients;

/// <summary>Unmodified TypeScript clients, 1.x and 2.x, through the gateway to servers of three makes.</summary>
[Trait("area", "clients")]
public sealed class NpmClientTests(RunningGateway gateway)
{
    public static TheoryData<string> Clients { get; } = ["sdk1", "sdk2", "sdk2-auto"];

    [Theory, MemberData(nameof(Clients))]
    public async Task The_npm_server_everything_lists_answers_and_tells_its_progress(string client)
    {
        var token = await gateway.Setup.TokenAsync("everything:echo,get-sum,trigger-long-running-operation");
        var lines = await WalkAsync(client, "everything", token, """
            [{"list":true},{"call":"echo","args":{"message":"grüße 👋"}},{"call":"get-sum","args":{"a":2,"b":40}},
             {"call":"trigger-long-running-operation","args":{"duration":0.2,"steps":2},"progress":true},{"call":"get-env"}]
            """);
        Assert.Equal(["echo", "get-sum", "trigger-long-running-operation"], Names(Step(lines, 0)));
        Assert.Equal("Echo: grüße 👋", Text(Step(lines, 1)));
        Assert.Contains("42", Text(Step(lines, 2)), StringComparison.Ordinal);
        Assert.Equal(2, lines.Count(line => line["progress"] is not null));
        Assert.Equal("not_granted", RefusalCode(lines, 4));
    }

    [Theory, MemberData(nameof(Clients))]
    public async Task A_server_on_the_typescript_sdk_answers_streams_logs_and_is_cancelled(string client)
    {
        var token = await gateway.Setup.TokenAsync("sdk2:add,slow,log");
        var lines = await WalkAsync(client, "sdk2", token, """
            [{"list":true},{"call":"add","args":{"a":1,"b":2}},{"call":"slow","args":{"steps":3,"milliseconds":20},"progress":true},
             {"call":"log","args":{"message":"noted"}},{"call":"slow","args":{"steps":500,"milliseconds":20},"cancelAfter":1},{"call":"add","args":{"a":3,"b":4}}]
            """);
        Assert.Equal(client == "sdk2-auto" ? "2026-07-28" : client == "sdk1" ? null : "2025-11-25", (string?)lines[0]["protocol"]);
        Assert.Equal(["add", "log", "slow"], Names(Step(lines, 0)).Order(StringComparer.Ordinal));
        Assert.Equal("3", Text(Step(lines, 1)));
        Assert.Equal("counted to 3", Text(Step(lines, 2)));
        Assert.Equal("logged", Text(Step(lines, 3)));
        Assert.NotNull(Line(lines, 4)["error"]);
        Assert.Equal("7", Text(Step(lines, 5)));
    }

    [Theory, MemberData(nameof(Clients))]
    public async Task A_server_on_the_csharp_sdk_answers_and_tells_its_progress(string client)
    {
        var token = await gateway.Setup.TokenAsync("recording:keep,count");
        var lines = await WalkAsync(client, "recording", token, """
            [{"list":true},{"call":"keep","args":{"item":"lamp","skill":3}},{"call":"count","args":{"steps":2,"milliseconds":20},"progress":true},{"call":"drop","args":{"item":"lamp"}}]
            """);
        Assert.Equal(["count", "keep"], Names(Step(lines, 0)).Order(StringComparer.Ordinal));
        Assert.Equal("""ran keep {"item":"lamp","skill":3}""", Text(Step(lines, 1)));
        Assert.Equal(2, lines.Count(line => line["progress"] is not null));
        Assert.Equal("not_granted", RefusalCode(lines, 3));
    }

    [Theory, MemberData(nameof(Clients))]
    public async Task Calls_of_one_client_run_at_the_same_time(string client)
    {
        var token = await gateway.Setup.TokenAsync("sdk2:add,slow");
        var lines = await WalkAsync(client, "sdk2", token, """
            [{"calls":[{"call":"slow","args":{"steps":1,"milliseconds":700},"progress":true},{"call":"slow","args":{"steps":1,"milliseconds":700}},{"call":"add","args":{"a":5,"b":6}}]}]
            """);
        var answers = Step(lines, 0).AsArray();
        Assert.Equal(["counted to 1", "counted to 1", "11"], answers.Select(answer => Text(answer!)));
        var calls = await gateway.Setup.Api.AuditAsync($"token={token.Id}&kind=call_outcome");
        // Each slow one takes 700 ms by itself: less than twice that from first to last means that none waited for another.
        var ends = calls.Select(call => Record(call, "time")).ToList();
        var starts = calls.Select(call => Record(call, "time") - Record(call, "duration")).ToList();
        Assert.InRange(ends.Max() - starts.Min(), 700_000, 1_390_000);
    }

    [Fact]
    public async Task A_client_with_no_token_learns_nothing()
    {
        var client = NodeProgram.StartClient("sdk1", gateway.UrlOf("sdk2"), "sym_usr_none", [new JsonObject { ["list"] = true }]);
        await using var _ = client;
        var lines = await NodeProgram.LinesAsync(client);
        Assert.Null(lines[0]["connected"]);
        Assert.NotNull(lines[0]["error"]);
    }

    private async Task<IReadOnlyList<JsonNode>> WalkAsync(string client, string server, IssuedToken token, string steps)
    {
        await using var process = NodeProgram.StartClient(client, gateway.UrlOf(server), token.Secret, JsonNode.Parse(steps)!.AsArray());
        return await NodeProgram.LinesAsync(process);
    }

    private static long Record(JsonNode record, string member) => (long)record[member]!;

    private static JsonNode Line(IReadOnlyList<JsonNode> lines, int step) =>
        lines.FirstOrDefault(line => (int?)line["step"] == step) ?? throw new InvalidOperationException($"no step {step} in:\n{string.Join('\n', lines)}");

    private static JsonNode Step(IReadOnlyList<JsonNode> lines, int step) =>
        Line(lines, step)["result"] ?? throw new InvalidOperationException($"step {step} failed:\n{string.Join('\n', lines)}");

    private static IEnumerable<string> Names(JsonNode tools) => tools.AsArray().Select(tool => (string)tool!["name"]!);

    private static string Text(JsonNode result) => (string?)result["content"]?[0]?["text"] ?? result.ToJsonString();

    private static string? RefusalCode(IReadOnlyList<JsonNode> lines, int step) => (string?)Step(lines, step)["_meta"]?["symbolon/refusal"]?["code"];
}
