using System.Text;
using System.Text.Json;
using Symbolon.Core.Audit;
using Symbolon.Core.Revocation;
using Symbolon.Gateway.Mcp;
using Symbolon.Testing.Gateway;

namespace Symbolon.UnitTests.Gateway;

/// <summary>JSON-RPC batches, which 2025-03-26 alone has: split, each message decided, sent and recorded by itself, and answered on one stream.</summary>
[Trait("area", "gateway")]
public sealed class BatchTests : IDisposable
{
    private const string Initialized = """{"jsonrpc":"2.0","method":"notifications/initialized"}""";

    private readonly GatewayRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public async Task Every_message_of_a_batch_is_decided_sent_and_recorded_by_itself()
    {
        rig.Apply(GatewayRig.Grant("rollout_status"));
        var answers = Answers(await BatchAsync(Call(1, "rollout_status"), Call(2, "delete_release"), """{"jsonrpc":"2.0","id":"p","method":"ping"}""", Initialized));
        Assert.Equal(["1", "2", "p"], answers.Keys.Order(StringComparer.Ordinal));
        Assert.False(answers["1"].GetProperty("result").TryGetProperty("isError", out _));
        Assert.Equal("not_granted", answers["2"].GetProperty("result").GetProperty("_meta").GetProperty("symbolon/refusal").GetProperty("code").GetString());
        Assert.Equal("{}", answers["p"].GetProperty("result").GetRawText());
        Assert.Equal("rollout_status", Assert.Single(rig.Upstream.Calls).Json.GetProperty("params").GetProperty("name").GetString());
        Assert.Equal([("delete_release", false), ("rollout_status", true)],
            rig.Audit.Records.Where(record => record.Kind == AuditKind.CallIntent).Select(record => (record.Tool!, record.Allowed)).Order());
        Assert.DoesNotContain(rig.Audit.Records, record => record.Method?.StartsWith("HTTP", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task Notifications_on_the_way_come_on_the_same_stream_whole()
    {
        var note = """{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"t","progress":1}}""";
        rig.Upstream.Answer = request => request.Method == "tools/call"
            ? ScriptedUpstream.Events("id: 9\ndata: " + note + "\n\ndata: {\"jsonrpc\":\"2.0\",\"id\":" + request.Json.GetProperty("id").GetRawText() + ",\"result\":{\"content\":[]}}\n\n")
            : new HttpResponseMessage(System.Net.HttpStatusCode.Accepted);
        var call = """{"jsonrpc":"2.0","id":ID,"method":"tools/call","params":{"name":"rollout_status","_meta":{"progressToken":"t"}}}""";
        var answered = await BatchAsync([.. Enumerable.Range(0, 20).Select(id => call.Replace("ID", id.ToString(), StringComparison.Ordinal))]);
        var events = Events(answered);
        Assert.Equal(40, events.Count);
        Assert.Equal(20, events.Count(each => each.TryGetProperty("method", out _)));
        Assert.Equal(Enumerable.Range(0, 20), events.Where(each => each.TryGetProperty("id", out _)).Select(each => each.GetProperty("id").GetInt32()).Order());
        // One stream of many requests cannot be taken up again by an event's id.
        Assert.DoesNotContain("id: ", answered.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_that_asks_for_nothing_is_accepted()
    {
        var answered = await BatchAsync(Initialized, Initialized);
        Assert.Equal((202, ""), (answered.Status, answered.Body));
    }

    [Theory]
    [InlineData("[]", "The batch is empty.")]
    [InlineData("[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"},]", null)]
    [InlineData("[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"Name\":\"delete_release\",\"name\":\"rollout_status\"}}]", null)]
    public async Task What_is_no_batch_is_refused_whole(string body, string? why)
    {
        var answered = await rig.PostAsync(body);
        Assert.Equal(400, answered.Status);
        if (why is not null) Assert.Equal(why, answered.Error.GetProperty("message").GetString());
        Assert.Empty(rig.Upstream.Requests);
    }

    [Fact]
    public async Task More_messages_than_a_batch_may_have_are_refused_whole()
    {
        var answered = await BatchAsync([.. Enumerable.Range(0, McpMessage.MostMembers + 1).Select(id => Call(id, "rollout_status"))]);
        Assert.Equal((400, "A batch has at most 32 messages."), (answered.Status, answered.Error.GetProperty("message").GetString()));
        Assert.Empty(rig.Upstream.Calls);
        Assert.Equal(McpMessage.MostMembers, Answers(await BatchAsync([.. Enumerable.Range(0, McpMessage.MostMembers).Select(id => Call(id, "rollout_status"))])).Count);
    }

    [Theory]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    public async Task Later_versions_have_none(string version)
    {
        var answered = await rig.PostAsync($"[{Call(1, "rollout_status")}]", http => http.Request.Headers["MCP-Protocol-Version"] = version);
        Assert.Equal((400, -32600), (answered.Status, answered.Error.GetProperty("code").GetInt32()));
        Assert.Equal(400, (await rig.PostAsync($"[{Call(1, "rollout_status")}]", FeatureRig.In(await rig.OpenAsync("{}")))).Status);
        Assert.Empty(rig.Upstream.Calls);
    }

    [Theory]
    [InlineData("[]", "no other batch")]
    [InlineData("[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]", "no other batch")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-03-26\",\"capabilities\":{},\"clientInfo\":{}}}", "initialize")]
    [InlineData("7", "an object")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}", "'id'")]
    [InlineData("{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}", "'jsonrpc'")]
    public async Task A_bad_message_is_refused_and_the_others_are_answered(string bad, string why)
    {
        var events = Events(await BatchAsync(bad, Call(2, "rollout_status")));
        Assert.Equal(2, events.Count);
        Assert.Contains(events, each => each.TryGetProperty("error", out var error) && error.GetProperty("message").GetString()!.Contains(why, StringComparison.Ordinal));
        Assert.Contains(events, each => each.TryGetProperty("result", out _));
    }

    [Fact]
    public async Task A_modern_message_in_a_batch_is_refused()
    {
        var modern = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"rollout_status\"," + GatewayRig.ModernMeta + "}}";
        Assert.Equal(-32020, Answers(await BatchAsync(modern))["1"].GetProperty("error").GetProperty("code").GetInt32());
        Assert.Empty(rig.Upstream.Calls);
    }

    [Fact]
    public async Task A_member_that_is_ended_while_the_client_reads_nothing_takes_no_answer_of_the_others_with_it()
    {
        rig.Apply(GatewayRig.Grant());
        rig.Upstream.Answer = request => request.Body.Contains("rollout_status", StringComparison.Ordinal)
            ? ScriptedUpstream.Events("data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{\"level\":\"info\",\"data\":\"x\"}}\n\ndata: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"content\":[]}}\n\n")
            : ScriptedUpstream.Json("{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"content\":[]}}");
        var context = rig.ContextOf("POST", Encoding.UTF8.GetBytes($"[{Call(1, "rollout_status")},{Call(2, "delete_release")}]"));
        var body = new HeldBody();
        context.Response.Body = body;
        var answering = Task.Run(() => rig.HandleAsync(context), TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(() => body.IsHeld && rig.Upstream.Calls.Count() == 2, "both calls went out and one event is not taken");
        rig.Apply(GatewayRig.Grant("delete_release"));
        body.Release.SetResult();
        await answering.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        var events = Events(GatewayRig.Answered.Of(context));
        Assert.Single(events, each => each.TryGetProperty("id", out var id) && id.GetInt32() == 2 && each.TryGetProperty("result", out _));
        Assert.InRange(events.Count(each => each.TryGetProperty("method", out _)), 0, 1);
    }

    [Fact]
    public async Task A_client_that_reads_nothing_of_a_batch_is_cut_off_with_its_token()
    {
        var context = rig.ContextOf("POST", Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Range(0, 8).Select(id => Call(id, "rollout_status")))}]"));
        var body = new HeldBody();
        context.Response.Body = body;
        var answering = Task.Run(() => rig.Get<Symbolon.Gateway.ToolCalls.ToolCallPipeline>().HandleAsync(context), TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(() => body.IsHeld, "the client takes nothing");
        // No more are under way than may wait with an answer.
        Assert.InRange(rig.Upstream.Calls.Count(), 1, 4);
        rig.Revoke(RevocationLevel.Token, "tok_1");
        await answering.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.True(body.IsCut);
        Assert.InRange(rig.Upstream.Calls.Count(), 1, 4);
    }

    [Fact]
    public async Task A_session_that_the_server_has_forgotten_is_told_by_the_status()
    {
        rig.Upstream.Answer = _ => new HttpResponseMessage(System.Net.HttpStatusCode.NotFound);
        var session = await SessionAsync();
        var answered = await rig.PostAsync($"[{Call(1, "rollout_status")},{Call(2, "rollout_status")}]", FeatureRig.In(session));
        Assert.Equal((404, -32600), (answered.Status, answered.Error.GetProperty("code").GetInt32()));
    }

    [Fact]
    public async Task A_revocation_ends_all_calls_of_a_batch()
    {
        rig.Upstream.Hold = request => request.Method == "tools/call" ? Task.Delay(Timeout.Infinite, TestContext.Current.CancellationToken) : Task.CompletedTask;
        var answering = BatchAsync(Call(1, "rollout_status"), Call(2, "rollout_status"));
        await Eventually.HoldsAsync(() => rig.Upstream.Calls.Count() == 2, "both calls went out");
        rig.Revoke(RevocationLevel.Token, "tok_1");
        var answers = Answers(await answering.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
        Assert.All(answers.Values, each => Assert.Equal("token_revoked", each.GetProperty("error").GetProperty("data").GetProperty("code").GetString()));
        Assert.Equal(2, answers.Count);
    }

    private static string Call(int id, string tool) => $"{{\"jsonrpc\":\"2.0\",\"id\":{id},\"method\":\"tools/call\",\"params\":{{\"name\":\"{tool}\"}}}}";

    /// <summary>Of 2025-03-26.</summary>
    private async Task<string> SessionAsync() => (await rig.PostAsync(
        "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-03-26\",\"capabilities\":{},\"clientInfo\":{\"name\":\"c\",\"version\":\"1\"}}}")).Headers["Mcp-Session-Id"]!;

    private Task<GatewayRig.Answered> BatchAsync(params string[] messages) => rig.PostAsync($"[{string.Join(',', messages)}]");

    private static List<JsonElement> Events(GatewayRig.Answered answered)
    {
        Assert.Equal((200, "text/event-stream"), (answered.Status, answered.Headers.ContentType.ToString()));
        return [.. answered.Body.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => JsonDocument.Parse(line[6..]).RootElement)];
    }

    private static Dictionary<string, JsonElement> Answers(GatewayRig.Answered answered) => Events(answered).ToDictionary(each => each.GetProperty("id").ToString());

    /// <summary>Takes no byte until it is released.</summary>
    private sealed class HeldBody : MemoryStream
    {
        private volatile bool isHeld;
        private volatile bool isCut;

        public TaskCompletionSource Release { get; } = new();

        public bool IsHeld => isHeld;

        public bool IsCut => isCut;

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            isHeld = true;
            try
            {
                await Release.Task.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                isCut = true;
                throw;
            }
            Write(buffer.Span);
        }
    }
}
