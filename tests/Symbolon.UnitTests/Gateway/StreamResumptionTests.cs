using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Symbolon.Core.Audit;
using Symbolon.Core.Revocation;
using Symbolon.Gateway.ToolCalls;
using Symbolon.Testing.Gateway;

namespace Symbolon.UnitTests.Gateway;

/// <summary>An upstream that ends its stream before the answer, and the GET that fetches the rest.</summary>
[Trait("area", "gateway")]
public sealed class StreamResumptionTests : IDisposable
{
    private const string Final = """{"jsonrpc":"2.0","id":7,"result":{"content":[]}}""";
    private const string Progress = """{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"mine","progress":1}}""";
    private readonly GatewayRig rig = new();
    private readonly Queue<Func<HttpResponseMessage>> streams = new();

    public StreamResumptionTests() => rig.Upstream.Answer = _ =>
    {
        lock (streams) return streams.Dequeue()();
    };

    public void Dispose() => rig.Dispose();

    private IEnumerable<ScriptedUpstream.Received> Resumed => rig.Upstream.Requests.Where(request => request.Http == "GET");

    [Fact]
    public async Task The_rest_is_asked_for_behind_the_last_event_after_the_time_that_the_upstream_named()
    {
        var session = await OpenAsync();
        Streams($"id: a1\nretry: 3000\ndata:\n\nid: a2\ndata: {Progress}\n\n", $"data: {Progress}\n\n", $"id: a3\ndata: {Final}\n\n");
        var running = CallAsync(session);
        await AsleepAsync();
        rig.Clock.Advance(TimeSpan.FromMilliseconds(2999));
        Assert.Empty(Resumed);
        rig.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await Eventually.HoldsAsync(() => Resumed.Count() == 1, "the rest is asked for");
        await AsleepAsync();
        rig.Clock.Advance(TimeSpan.FromMilliseconds(3000));
        var answer = await running;
        Assert.Equal([$"data: {Progress}", $"data: {Progress}", $"data: {Final}"], Data(answer.Body));
        Assert.Equal(["a2", "a2"], Resumed.Select(request => request.Headers["Last-Event-ID"]));
        Assert.All(Resumed, request => Assert.Equal(
            ("upstream-session-1", "2025-06-18", "text/event-stream"),
            (request.Headers["Mcp-Session-Id"], request.Headers["MCP-Protocol-Version"], request.Headers["Accept"])));
        Assert.Single(rig.Upstream.Calls);
        Assert.Equal(CallOutcome.Completed, rig.Audit.Records[^1].Outcome);
    }

    [Fact]
    public async Task Half_an_event_before_the_end_is_forgotten_and_so_is_its_id()
    {
        var session = await OpenAsync();
        Streams($"id: a1\ndata: {Progress}\n\nid: a2\ndata: {{\"jsonrpc\":\"2.0\",", $"data: {Final}\n\n");
        var running = CallAsync(session);
        await NextAsync();
        Assert.Equal([$"data: {Progress}", $"data: {Final}"], Data((await running).Body));
        Assert.Equal("a1", Assert.Single(Resumed).Headers["Last-Event-ID"]);
    }

    [Fact]
    public async Task What_a_stream_was_primed_with_may_come_back_and_says_nothing()
    {
        var session = await OpenAsync();
        Streams("id: a1\ndata:\n\n", $"id: a2\ndata: {{}}\n\nid: a3\ndata: {Final}\n\n");
        var running = CallAsync(session);
        await NextAsync();
        Assert.Equal($"data: {Final}\n\n", (await running).Body);
    }

    [Fact]
    public async Task A_connection_that_broke_is_taken_up_like_one_that_was_closed()
    {
        var session = await OpenAsync();
        streams.Enqueue(() => ScriptedUpstream.Events(new BreakingStream($"id: a1\ndata: {Progress}\n\n")));
        Streams($"data: {Final}\n\n");
        var running = CallAsync(session);
        await NextAsync();
        Assert.EndsWith($"data: {Final}\n\n", (await running).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_upstream_that_names_no_time_is_asked_after_a_second_and_one_that_wants_none_not_at_once()
    {
        var session = await OpenAsync();
        Streams("id: a1\ndata:\n\n", "retry: 0\n\n", $"data: {Final}\n\n");
        var running = CallAsync(session);
        await AsleepAsync();
        rig.Clock.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Empty(Resumed);
        rig.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await Eventually.HoldsAsync(() => Resumed.Count() == 1, "the rest is asked for");
        await AsleepAsync();
        rig.Clock.Advance(TimeSpan.FromMilliseconds(249));
        Assert.Single(Resumed);
        rig.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(200, (await running).Status);
        Assert.Equal(2, Resumed.Count());
    }

    public static TheoryData<string, Func<HttpResponseMessage>, string> Foreign => new()
    {
        { "no such stream", () => new HttpResponseMessage(HttpStatusCode.MethodNotAllowed), "upstream_invalid" },
        { "the id is not known", () => ScriptedUpstream.Json("{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32000,\"message\":\"x\"}}", HttpStatusCode.BadRequest), "upstream_invalid" },
        { "a redirect", () => new HttpResponseMessage(HttpStatusCode.Found) { Headers = { Location = new Uri("http://10.0.0.1/") } }, "upstream_invalid" },
        { "no events", () => ScriptedUpstream.Json(Final), "upstream_invalid" },
        { "another's answer alone", () => ScriptedUpstream.Events("id:\ndata: {\"jsonrpc\":\"2.0\",\"id\":8,\"result\":{}}\n\n"), "upstream_invalid" },
        { "away", () => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable), "upstream_unreachable" },
        { "gone", () => throw new HttpRequestException("no route"), "upstream_unreachable" },
    };

    [Theory]
    [MemberData(nameof(Foreign))]
    public async Task A_rest_that_cannot_be_had_is_an_error_of_the_upstream(string what, Func<HttpResponseMessage> rest, string code)
    {
        var session = await OpenAsync();
        Streams("id: a1\ndata:\n\n");
        streams.Enqueue(rest);
        var running = CallAsync(session);
        await NextAsync();
        var answer = await running;
        Assert.True(answer.Status == 200 && answer.ErrorCode == code, $"{what}: {answer.Status} {answer.Body}");
        Assert.Equal(CallOutcome.Failed, rig.Audit.Records[^1].Outcome);
        Assert.Single(rig.Upstream.Calls);
    }

    [Fact]
    public async Task A_session_that_ended_meanwhile_is_told_as_such()
    {
        var session = await OpenAsync();
        Streams("id: a1\ndata:\n\n");
        streams.Enqueue(() => new HttpResponseMessage(HttpStatusCode.NotFound));
        var running = CallAsync(session);
        await NextAsync();
        Assert.Equal(404, (await running).Status);
    }

    public static TheoryData<string, string> NotResumable => new()
    {
        { "no id", $"data: {Progress}\n\n" },
        { "taken back", $"id: a1\ndata: {Progress}\n\nid\ndata: {Progress}\n\n" },
        { "no header", $"id: a\u0001b\ndata: {Progress}\n\n" },
        { "too long", $"id: {new string('a', 1025)}\ndata: {Progress}\n\n" },
        { "in an event that did not end", "id: a1\ndata: {}" },
    };

    [Theory]
    [MemberData(nameof(NotResumable))]
    public async Task Without_an_id_that_can_be_sent_back_a_stream_that_ends_is_an_error(string what, string stream)
    {
        var session = await OpenAsync();
        Streams(stream);
        Assert.True((await CallAsync(session)).Body.Contains("\"upstream_invalid\"", StringComparison.Ordinal), what);
        Assert.Empty(Resumed);
    }

    [Fact]
    public async Task Without_a_session_and_in_the_modern_era_a_stream_that_ends_is_an_error()
    {
        Streams("id: a1\ndata:\n\n", "id: a1\ndata:\n\n");
        Assert.Equal("upstream_invalid", (await rig.CallAsync("rollout_status")).ErrorCode);
        Assert.Equal("upstream_invalid", (await rig.ModernAsync("tools/call", "\"name\":\"rollout_status\"", "rollout_status")).ErrorCode);
        Assert.Empty(Resumed);
    }

    [Fact]
    public async Task Silence_goes_on_while_nothing_but_empty_streams_come()
    {
        var session = await OpenAsync();
        Streams("id: a1\nretry: 20000\ndata:\n\n", "", "", "");
        var running = CallAsync(session);
        for (var i = 0; i < 3; i++)
        {
            await AsleepAsync();
            rig.Clock.Advance(TimeSpan.FromSeconds(20));
            rig.Freshness.Confirm(rig.Clock.GetTimestamp());
            await Eventually.HoldsAsync(() => Resumed.Count() == i + 1, "the rest is asked for");
        }
        rig.Get<OpenExchanges>().SweepDeadlines();
        Assert.Equal("upstream_timeout", (await running).ErrorCode);
    }

    [Fact]
    public async Task Who_is_revoked_while_the_upstream_lets_wait_waits_no_longer()
    {
        var session = await OpenAsync();
        Streams("id: a1\nretry: 20000\ndata:\n\n");
        var running = CallAsync(session);
        await AsleepAsync();
        rig.Revoke(RevocationLevel.Token, "tok_1");
        Assert.Contains("\"token_revoked\"", (await running).Body, StringComparison.Ordinal);
        Assert.Empty(Resumed);
    }

    [Fact]
    public async Task A_call_that_its_client_cancelled_is_not_asked_for_again()
    {
        var session = await OpenAsync();
        Streams("id: a1\ndata:\n\n");
        var running = CallAsync(session);
        await AsleepAsync();
        await rig.PostAsync("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}""", WithSession(session));
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        await running;
        Assert.Equal(CallOutcome.Cancelled, rig.Audit.Records[^1].Outcome);
        Assert.Empty(Resumed);
    }

    [Fact]
    public async Task An_upstream_that_ends_stream_after_stream_is_given_up()
    {
        using var patient = new GatewayRig(options => options.UpstreamSilence = TimeSpan.FromHours(1));
        patient.Upstream.Answer = _ => ScriptedUpstream.Events("id: a1\nretry: 1\ndata:\n\n");
        var opened = await patient.PostAsync(Opening);
        var running = patient.CallAsync("rollout_status", change: WithSession(opened.Headers["Mcp-Session-Id"].ToString()));
        while (!running.IsCompleted)
        {
            await Eventually.HoldsAsync(() => patient.Clock.Sleepers > 0 || running.IsCompleted, "the gateway waits");
            patient.Clock.Advance(TimeSpan.FromMilliseconds(250));
        }
        Assert.Equal("upstream_invalid", (await running).ErrorCode);
        Assert.Equal(2000, patient.Upstream.Requests.Count(request => request.Http == "GET"));
        Assert.Single(patient.Upstream.Calls);
    }

    private const string Opening =
        """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"c","version":"1"}}}""";

    private static IEnumerable<string> Data(string body) => body.Split('\n').Where(line => line.StartsWith("data", StringComparison.Ordinal));

    private async Task<string> OpenAsync()
    {
        var session = (await rig.PostAsync(Opening)).Headers["Mcp-Session-Id"].ToString();
        await Eventually.HoldsAsync(() => rig.Clock.Sleepers == 0, "both eras are read");
        return session;
    }

    private void Streams(params string[] events)
    {
        foreach (var each in events) streams.Enqueue(() => ScriptedUpstream.Events(each));
    }

    private Task<GatewayRig.Answered> CallAsync(string session) => Task.Run(() => rig.PostAsync(
        """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"rollout_status","_meta":{"progressToken":"mine"}}}""", WithSession(session)));

    private static Action<HttpContext> WithSession(string session) => context =>
    {
        context.Request.Headers["Mcp-Session-Id"] = session;
        context.Request.Headers["MCP-Protocol-Version"] = "2025-06-18";
    };

    private Task AsleepAsync() => Eventually.HoldsAsync(() => rig.Clock.Sleepers > 0, "the gateway waits");

    private async Task NextAsync()
    {
        await AsleepAsync();
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
    }

    /// <summary>Brings what it has, then breaks.</summary>
    private sealed class BreakingStream(string text) : MemoryStream(Encoding.UTF8.GetBytes(text))
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position < Length ? base.ReadAsync(buffer, cancellationToken) : throw new IOException("reset");
    }
}
