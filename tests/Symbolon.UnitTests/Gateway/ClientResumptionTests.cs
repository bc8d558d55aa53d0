using System.IO.Pipelines;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Gateway.ToolCalls;
using Symbolon.Testing.Gateway;
using Symbolon.UnitTests.Gateway.Policies;

namespace Symbolon.UnitTests.Gateway;

/// <summary>A client of 2025-11-25 that comes for the rest of its stream with the id of the last event (SEP-1699, Resumability and Redelivery).</summary>
[Trait("area", "gateway")]
public sealed class ClientResumptionTests : IDisposable
{
    private const string Call = """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"rollout_status","_meta":{"progressToken":"mine"}}}""";
    private const string Progress = """{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"mine","progress":1}}""";
    private const string Final = """{"jsonrpc":"2.0","id":7,"result":{"content":[]}}""";

    private readonly GatewayRig rig = new();
    private string rest = $"id: u3\ndata: {Progress}\n\ndata: {Final}\n\n";

    public ClientResumptionTests()
    {
        rig.Upstream.Answer = _ => ScriptedUpstream.Events($"id: u1\nretry: 250\ndata:\n\nid: u2\ndata: {Progress}\n\n");
        rig.Upstream.Before = request => request.Http == "GET" && request.Headers.ContainsKey("Last-Event-ID") ? ScriptedUpstream.Events(rest) : null;
    }

    public void Dispose() => rig.Dispose();

    [Fact]
    public async Task A_stream_that_the_server_ends_early_is_ended_for_the_client_which_gets_the_rest_from_any_node()
    {
        var session = await rig.OpenAsync();
        var first = await rig.PostAsync(Call, FeatureRig.In(session));
        Assert.Equal(["id", "retry", "data", "id", "data"], Fields(first.Body));
        Assert.DoesNotContain(IdsOf(first.Body), id => id.Length < 100);
        Assert.Equal(CallOutcome.Deferred, rig.Audit.Records[^1].Outcome);
        using var otherNode = new GatewayRig();
        otherNode.Tokens.Put(rig.Token, rig.TokenOf("tok_1"));
        otherNode.Upstream.Before = rig.Upstream.Before;
        foreach (var node in new[] { rig, otherNode })
        {
            var resumed = await ResumeAsync(node, session, IdsOf(first.Body)[1]);
            Assert.Equal([$"data: {Progress}", $"data: {Final}"], resumed.Body.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal)));
            Assert.Equal("u2", node.Upstream.Requests.Last(request => request.Http == "GET").Headers["Last-Event-ID"]);
            var outcome = node.Audit.Records[^1];
            Assert.Equal((AuditKind.Request, "on a stream that was taken up again"), (outcome.Kind, outcome.Reason));
            Assert.Equal((CallOutcome.Completed, "rollout_status"), (outcome.Outcome, outcome.Tool));
            Assert.Equal(rig.Audit.Records.First(record => record.Kind == AuditKind.CallIntent).Call, outcome.Call);
        }
    }

    [Fact]
    public async Task A_call_that_is_among_those_open_at_once_ends_where_it_began()
    {
        rig.Hold("""{"name":"one","servers":["*"],"concurrency":1}""");
        var session = await rig.OpenAsync();
        var calling = rig.PostAsync(Call, FeatureRig.In(session));
        // The gateway goes for the rest itself.
        await Eventually.HoldsAsync(() =>
        {
            rig.Clock.Advance(TimeSpan.FromMilliseconds(250));
            rig.Freshness.Confirm(rig.Clock.GetTimestamp());
            return calling.IsCompleted;
        }, "the call ends");
        var answer = await calling;
        Assert.DoesNotContain("id", Fields(answer.Body));
        Assert.Contains($"data: {Final}", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_id_means_nothing_in_another_session_to_another_caller_or_a_day_later()
    {
        var session = await rig.OpenAsync();
        var id = IdsOf((await rig.PostAsync(Call, FeatureRig.In(session))).Body)[0];
        rig.Upstream.SessionId = "upstream-session-2";
        var second = await rig.OpenAsync();
        var asked = Resumptions();
        Assert.Equal(400, (await ResumeAsync(rig, second, id)).Status);
        Assert.Equal(400, (await ResumeAsync(rig, session, id[..^2] + (id.EndsWith("AA", StringComparison.Ordinal) ? "BB" : "AA"))).Status);
        Assert.Equal(400, (await ResumeAsync(rig, session, "u1")).Status);
        Assert.Equal(400, (await rig.SendAsync("GET", [], context => context.Request.Headers["Last-Event-ID"] = id)).Status);
        var other = PastedToken.Create(TokenKind.Agent);
        rig.Tokens.Put(other, rig.TokenOf("tok_2"));
        Assert.Equal(404, (await ResumeAsync(rig, session, id, context => context.Request.Headers.Authorization = "Bearer " + other)).Status);
        Assert.Equal(asked, Resumptions());
    }

    [Fact]
    public async Task Whoever_lost_the_tool_meanwhile_does_not_get_its_answer()
    {
        var session = await rig.OpenAsync();
        var id = IdsOf((await rig.PostAsync(Call, FeatureRig.In(session))).Body)[0];
        rig.Apply(GatewayRig.Grant("delete_release"));
        var refused = await ResumeAsync(rig, session, id);
        Assert.Equal((403, "not_granted"), (refused.Status, refused.ErrorCode));
        Assert.Equal(0, Resumptions());
    }

    [Fact]
    public async Task Whoever_loses_the_tool_while_the_rest_is_waited_for_does_not_get_its_answer_either()
    {
        var pipe = new Pipe();
        var session = await rig.OpenAsync();
        var id = IdsOf((await rig.PostAsync(Call, FeatureRig.In(session))).Body)[0];
        rig.Upstream.Before = request => request.Http == "GET" ? ScriptedUpstream.Events(pipe.Reader.AsStream()) : null;
        var resuming = Task.Run(() => ResumeAsync(rig, session, id), TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(() => Resumptions() == 1, "the rest is asked for");
        await pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes($"data: {Progress}\n\n"), TestContext.Current.CancellationToken);
        rig.Apply(GatewayRig.Grant("delete_release"));
        await pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes($"data: {Final}\n\n"), TestContext.Current.CancellationToken);
        var ended = await resuming;
        Assert.DoesNotContain("\"result\"", ended.Body, StringComparison.Ordinal);
        Assert.Contains("\"id\":7,\"error\"", ended.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_rest_holds_nothing_but_what_the_call_may_have()
    {
        var session = await rig.OpenAsync();
        var id = IdsOf((await rig.PostAsync(Call, FeatureRig.In(session))).Body)[0];
        rest = "data: {\"jsonrpc\":\"2.0\",\"id\":8,\"result\":{\"other\":1}}\n\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":\"theirs\",\"progress\":1}}\n\n"
            + $"data: {Final}\n\ndata: {Final}\n\n";
        var resumed = await ResumeAsync(rig, session, id);
        Assert.Equal([$"data: {Final}"], resumed.Body.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal)));
        Assert.Contains(rig.Audit.Records, record => record.Kind == AuditKind.UpstreamDropped);
    }

    [Fact]
    public async Task An_answer_that_cannot_be_recorded_does_not_leave()
    {
        var session = await rig.OpenAsync();
        var id = IdsOf((await rig.PostAsync(Call, FeatureRig.In(session))).Body)[0];
        rig.Audit.Fails = record => record.Reason == "on a stream that was taken up again";
        var ended = (await ResumeAsync(rig, session, id)).Body;
        Assert.DoesNotContain("\"result\"", ended, StringComparison.Ordinal);
        Assert.Contains("audit_unavailable", ended, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.MethodNotAllowed)]
    public async Task A_server_that_has_lost_the_rest_ends_the_call_with_an_error_for_it(HttpStatusCode status)
    {
        var session = await rig.OpenAsync();
        var id = IdsOf((await rig.PostAsync(Call, FeatureRig.In(session))).Body)[0];
        rig.Upstream.Before = request => request.Http == "GET" ? new HttpResponseMessage(status) : null;
        var ended = await ResumeAsync(rig, session, id);
        Assert.Equal((200, "text/event-stream"), (ended.Status, ended.Headers.ContentType.ToString()));
        Assert.Contains("data: {\"jsonrpc\":\"2.0\",\"id\":7,\"error\":", ended.Body, StringComparison.Ordinal);
        Assert.Contains("upstream_invalid", ended.Body, StringComparison.Ordinal);
        Assert.Contains(rig.Audit.Records, record => record is { Kind: AuditKind.Request, Outcome: CallOutcome.Failed, Reason: "on a stream that was taken up again" });
    }

    [Fact]
    public async Task Whoever_comes_back_while_the_first_request_still_waits_takes_its_place()
    {
        var pipe = new Pipe();
        rig.Upstream.Answer = _ => ScriptedUpstream.Events(pipe.Reader.AsStream());
        var session = await rig.OpenAsync();
        var context = rig.ContextOf("POST", Encoding.UTF8.GetBytes(Call));
        var body = new CapturedBody();
        context.Response.Body = body;
        FeatureRig.In(session)(context);
        var running = Task.Run(() => rig.HandleAsync(context), TestContext.Current.CancellationToken);
        await pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes($"id: u1\ndata: {Progress}\n\n"), TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(() => body.Text.Contains("progress", StringComparison.Ordinal), "the first event is there");
        var resumed = await ResumeAsync(rig, session, IdsOf(body.Text)[0]);
        Assert.Contains(Final, resumed.Body, StringComparison.Ordinal);
        await running;
        Assert.DoesNotContain("result", body.Text, StringComparison.Ordinal);
        Assert.Contains(rig.Audit.Records, record => record.Outcome == CallOutcome.Deferred);
    }

    [Fact]
    public async Task Whoever_waits_for_the_rest_while_the_node_stops_is_let_go_without_an_answer_and_knows_where_to_go_on()
    {
        var pipe = new Pipe();
        var session = await rig.OpenAsync();
        var id = IdsOf((await rig.PostAsync(Call, FeatureRig.In(session))).Body)[1];
        rig.Upstream.Before = request => request.Http == "GET" ? ScriptedUpstream.Events(pipe.Reader.AsStream()) : null;
        var resuming = Task.Run(() => ResumeAsync(rig, session, id, At2025), TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(() => Resumptions() == 1 && rig.Audit.Records.Any(record => record.Method == "HTTP GET"), "the rest is waited for");
        await rig.Get<OpenExchanges>().StoppingAsync(CancellationToken.None);
        Assert.Equal($"id: {id}\ndata:\n\n", (await resuming).Body);
    }

    [Fact]
    public async Task A_call_that_can_be_taken_up_again_ends_without_an_answer_when_its_node_stops()
    {
        var pipe = new Pipe();
        rig.Upstream.Answer = _ => ScriptedUpstream.Events(pipe.Reader.AsStream());
        var session = await rig.OpenAsync();
        var body = new CapturedBody();
        var context = rig.ContextOf("POST", Encoding.UTF8.GetBytes(Call));
        context.Response.Body = body;
        FeatureRig.In(session)(context);
        var running = Task.Run(() => rig.HandleAsync(context), TestContext.Current.CancellationToken);
        await pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes($"id: u1\ndata: {Progress}\n\n"), TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(() => body.Text.Contains("progress", StringComparison.Ordinal), "the first event is there");
        await rig.Get<OpenExchanges>().StoppingAsync(CancellationToken.None);
        Assert.False(running.IsCompleted);
        rig.Clock.Advance(TimeSpan.FromSeconds(6));
        rig.Get<OpenExchanges>().SweepDeadlines();
        await running;
        Assert.DoesNotContain("error", body.Text, StringComparison.Ordinal);
        Assert.Equal(CallOutcome.Deferred, rig.Audit.Records[^1].Outcome);
    }

    private static void At2025(HttpContext context) => context.Request.Headers["MCP-Protocol-Version"] = "2025-11-25";

    private int Resumptions() => rig.Upstream.Requests.Count(request => request.Headers.ContainsKey("Last-Event-ID"));

    private static Task<GatewayRig.Answered> ResumeAsync(GatewayRig node, string session, string id, Action<HttpContext>? change = null) => node.SendAsync("GET", [], context =>
    {
        FeatureRig.In(session)(context);
        context.Request.Headers["Last-Event-ID"] = id;
        change?.Invoke(context);
    });

    private static List<string> IdsOf(string body) => [.. body.Split('\n').Where(line => line.StartsWith("id: ", StringComparison.Ordinal)).Select(line => line[4..])];

    private static IEnumerable<string> Fields(string body) => body.Split('\n').Where(line => line.Length > 0).Select(line => line.Split(':')[0]);
}
