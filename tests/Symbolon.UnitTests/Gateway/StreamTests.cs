using System.IO.Pipelines;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Symbolon.Core.Audit;
using Symbolon.Core.Policy;
using Symbolon.Core.Registry;
using Symbolon.Core.Revocation;
using Symbolon.Gateway.ToolCalls;
using Symbolon.Testing.Gateway;

namespace Symbolon.UnitTests.Gateway;

/// <summary>Event streams: what passes, what is held, what ends them.</summary>
[Trait("area", "gateway")]
public sealed class StreamTests : IDisposable
{
    private const string Final = """{"jsonrpc":"2.0","id":7,"result":{"content":[]}}""";
    private readonly GatewayRig rig = new();
    private readonly Pipe upstream = new();

    public void Dispose()
    {
        upstream.Writer.Complete();
        rig.Dispose();
    }

    [Fact]
    public async Task An_answer_of_one_event_is_passed_on_as_an_event()
    {
        Answers("event: message\r\nid: 4\r\ndata: " + Final + "\r\n\r\n");
        var answer = await rig.CallAsync("rollout_status");
        Assert.Equal("text/event-stream", answer.Headers.ContentType);
        Assert.Equal("data: " + Final + "\n\n", answer.Body);
        Assert.Equal(CallOutcome.Completed, rig.Audit.Records[^1].Outcome);
    }

    [Fact]
    public async Task Data_over_several_lines_stays_one_event()
    {
        Answers("data: {\"jsonrpc\":\"2.0\",\rdata: \"id\":7,\rdata: \"result\":{}}\r\r");
        Assert.Equal("data: {\"jsonrpc\":\"2.0\",\ndata: \"id\":7,\ndata: \"result\":{}}\n\n", (await rig.CallAsync("rollout_status")).Body);
    }

    [Fact]
    public async Task Own_progress_and_log_messages_pass_and_everything_else_is_dropped()
    {
        string[] events =
        [
            """{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"mine","progress":1}}""",
            """{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"other","progress":1}}""",
            """{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"x"}}""",
            """{"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"file:///x"}}""",
            """{"jsonrpc":"2.0","id":8,"result":{"content":["somebody else's"]}}""",
            """{"jsonrpc":"2.0","id":"7","result":{}}""",
            """{"jsonrpc":"2.0","id":1,"method":"sampling/createMessage","params":{}}""",
            """{"jsonrpc":"2.0","id":2,"method":"ping"}""",
            Final,
        ];
        Answers(string.Concat(events.Select(text => "data: " + text + "\n\n")));
        var answer = await rig.PostAsync("""{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"rollout_status","_meta":{"progressToken":"mine"}}}""");
        Assert.Equal(string.Concat(new[] { events[0], events[2], Final }.Select(text => "data: " + text + "\n\n")), answer.Body);
        Assert.Equal(3, rig.Audit.Records.Count(record => record.Kind == AuditKind.UpstreamDropped));
        await Eventually.HoldsAsync(() => rig.Upstream.Requests.Count(request => request is { Http: "POST", Method: "" }) == 2, "both requests are answered");
        Assert.Contains(rig.Upstream.Requests, request => request.Body.Contains("-32601", StringComparison.Ordinal));
        Assert.Contains(rig.Upstream.Requests, request => request.Body == """{"jsonrpc":"2.0","id":2,"result":{}}""");
    }

    [Fact]
    public async Task A_request_of_a_modern_server_is_recorded_and_answered_by_nobody()
    {
        Answers("data: {\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"sampling/createMessage\",\"params\":{}}\n\ndata: " + Final + "\n\n");
        var answer = await rig.ModernAsync("tools/call", "\"name\":\"rollout_status\"", "rollout_status");
        Assert.DoesNotContain("sampling", answer.Body, StringComparison.Ordinal);
        Assert.Single(rig.Audit.Records, record => record.Kind == AuditKind.UpstreamDropped);
        Assert.DoesNotContain(rig.Upstream.Requests, request => request.Body.Contains("-32601", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Log_messages_reach_a_modern_client_only_when_it_asked_for_them()
    {
        const string log = """{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"x"}}""";
        Answers("data: " + log + "\n\ndata: " + Final + "\n\n");
        Assert.DoesNotContain("notifications/message", (await rig.ModernAsync("tools/call", "\"name\":\"rollout_status\"", "rollout_status")).Body, StringComparison.Ordinal);
        var asked = await rig.PostAsync(
            "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{\"name\":\"rollout_status\"," + GatewayRig.ModernMeta.Replace(
                "{\"io", "{\"io.modelcontextprotocol/logLevel\":\"info\",\"io", StringComparison.Ordinal) + "}}",
            context =>
            {
                context.Request.Headers["MCP-Protocol-Version"] = "2026-07-28";
                context.Request.Headers["Mcp-Method"] = "tools/call";
                context.Request.Headers["Mcp-Name"] = "rollout_status";
            });
        Assert.Contains("notifications/message", asked.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_final_event_waits_for_its_outcome_and_the_first_for_the_intent()
    {
        Answers(upstream);
        rig.Audit.Holds = true;
        var (context, body, running) = Start("rollout_status");
        await SendAsync("""{"jsonrpc":"2.0","method":"notifications/message","params":{}}""");
        await Eventually.HoldsAsync(() => rig.Audit.Records.Count == 1 && rig.Upstream.Calls.Any(), "a read goes out while its intent is committed");
        Assert.Equal("", body.Text);
        rig.Audit.Release();
        await Eventually.HoldsAsync(() => body.Text.Contains("notifications/message", StringComparison.Ordinal), "the notification passes behind the intent");
        await SendAsync(Final);
        await Eventually.HoldsAsync(() => rig.Audit.Records.Count == 2, "the outcome is appended");
        Assert.DoesNotContain("result", body.Text, StringComparison.Ordinal);
        rig.Audit.Release();
        await running;
        Assert.EndsWith("data: " + Final + "\n\n", body.Text, StringComparison.Ordinal);
        Assert.Equal(200, context.Response.StatusCode);
    }

    [Fact]
    public async Task A_stream_whose_outcome_cannot_be_recorded_ends_with_audit_unavailable()
    {
        rig.Audit.Fails = record => record.Kind == AuditKind.CallOutcome;
        Answers("data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{}}\n\ndata: " + Final + "\n\n");
        var answer = await rig.CallAsync("rollout_status");
        var last = answer.Body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)[^1];
        Assert.Contains("\"audit_unavailable\"", last, StringComparison.Ordinal);
        Assert.DoesNotContain("result", answer.Body, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> BadStreams => new()
    {
        { "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\"}\n\n", "upstream_invalid" },
        { "data: garbage\n\n", "upstream_invalid" },
        { "data: {\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{}}", "upstream_invalid" },
        { "", "upstream_invalid" },
        { "data: {\"jsonrpc\":\"2.0\",\"id\":7,\"id\":8,\"result\":{}}\n\n", "upstream_invalid" },
    };

    [Theory]
    [MemberData(nameof(BadStreams))]
    public async Task A_stream_that_is_none_is_an_error_of_the_upstream(string stream, string code)
    {
        Answers(stream);
        var answer = await rig.CallAsync("rollout_status");
        Assert.Contains($"\"{code}\"", answer.Body, StringComparison.Ordinal);
        Assert.Equal(200, answer.Status);
        Assert.Equal(CallOutcome.Failed, rig.Audit.Records[^1].Outcome);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_event_or_an_answer_without_end_is_too_large(bool events)
    {
        using var small = new GatewayRig(options => options.MaxAnswerBytes = 64 * 1024);
        small.Upstream.Answer = _ => events ? ScriptedUpstream.Events(new EndlessStream()) : EndlessJson();
        var answer = await small.CallAsync("rollout_status");
        Assert.Equal((200, "too_large"), (answer.Status, answer.ErrorCode));
    }

    public static TheoryData<Func<HttpResponseMessage>, string> BadAnswers => new()
    {
        { () => new HttpResponseMessage(HttpStatusCode.Found) { Headers = { Location = new Uri("http://10.0.0.1/") } }, "upstream_invalid" },
        { () => new HttpResponseMessage(HttpStatusCode.Unauthorized), "upstream_invalid" },
        { () => new HttpResponseMessage(HttpStatusCode.Forbidden), "upstream_invalid" },
        { () => new HttpResponseMessage(HttpStatusCode.InternalServerError), "upstream_invalid" },
        { () => new HttpResponseMessage(HttpStatusCode.BadGateway), "upstream_unreachable" },
        { () => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("<html>", Encoding.UTF8, "text/html") }, "upstream_invalid" },
        { () => new HttpResponseMessage(HttpStatusCode.Accepted), "upstream_invalid" },
        { () => ScriptedUpstream.Json("[]"), "upstream_invalid" },
        { () => ScriptedUpstream.Json("{\"jsonrpc\":\"2.0\",\"id\":8,\"result\":{}}"), "upstream_invalid" },
        { () => ScriptedUpstream.Json("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{}"), "upstream_invalid" },
        { () => ScriptedUpstream.Json("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{}}{}"), "upstream_invalid" },
        { () => throw new HttpRequestException("no route"), "upstream_unreachable" },
        { () => ScriptedUpstream.Events(new DyingStream()), "upstream_unreachable" },
    };

    [Theory]
    [MemberData(nameof(BadAnswers))]
    public async Task An_answer_that_is_none_is_an_error_of_the_upstream(Func<HttpResponseMessage> make, string code)
    {
        rig.Upstream.Answer = _ => make();
        var answer = await rig.CallAsync("rollout_status");
        Assert.Equal((200, code), (answer.Status, answer.ErrorCode));
        Assert.Equal((CallOutcome.Failed, code), (rig.Audit.Records[^1].Outcome, rig.Audit.Records[^1].Code!.Value.ToText()));
    }

    [Fact]
    public async Task An_upstream_that_falls_silent_is_given_up()
    {
        Answers(upstream);
        var (_, body, running) = Start("rollout_status");
        await SendAsync("""{"jsonrpc":"2.0","method":"notifications/message","params":{}}""");
        await Eventually.HoldsAsync(() => body.Text.Length > 0, "the stream has begun");
        for (var second = 0; second < 61; second++)
        {
            rig.Clock.Advance(TimeSpan.FromSeconds(1));
            rig.Freshness.Confirm(rig.Clock.GetTimestamp());
        }
        rig.Get<OpenExchanges>().SweepDeadlines();
        await running;
        Assert.Contains("\"upstream_timeout\"", body.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_answer_that_keeps_coming_is_no_silence()
    {
        var source = new CountingStream(upstream.Reader.AsStream());
        var content = new StreamContent(source);
        content.Headers.ContentType = new("application/json");
        rig.Upstream.Answer = _ => new HttpResponseMessage(HttpStatusCode.OK) { Content = content };
        var running = rig.CallAsync("rollout_status");
        await Eventually.HoldsAsync(() => rig.Upstream.Calls.Any(), "the call is out");
        var bytes = Encoding.UTF8.GetBytes(Final);
        for (var i = 0; i < bytes.Length; i += 10)
        {
            await upstream.Writer.WriteAsync(bytes.AsMemory(i, Math.Min(10, bytes.Length - i)), TestContext.Current.CancellationToken);
            var pieces = i / 10 + 1;
            await Eventually.HoldsAsync(() => source.Reads > pieces, "the gateway has read it and asks for more");
            rig.Clock.Advance(TimeSpan.FromSeconds(40));
            rig.Get<OpenExchanges>().SweepDeadlines();
        }
        await upstream.Writer.CompleteAsync();
        Assert.Equal(Final, (await running).Body);
    }

    public static TheoryData<string, Action<GatewayRig>, string> Ends => new()
    {
        { "token revoked", rig => rig.Revoke(RevocationLevel.Token, "tok_1"), "token_revoked" },
        { "agent revoked", rig => rig.Revoke(RevocationLevel.Agent, "bot"), "token_revoked" },
        { "grant narrowed", rig => rig.Apply(GatewayRig.Grant("delete_release")), "not_granted" },
        { "server suspended", rig => rig.Apply(GatewayRig.Server(state: Lifecycle.Suspended)), "server_suspended" },
        { "token rotated", rig => rig.Apply(new Core.Snapshot.TokenRotation(Core.Identity.OrganisationId.Default, new("tok_1"), rig.Now)), "token_revoked" },
    };

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task What_is_taken_away_ends_the_open_stream_with_the_reason(string what, Action<GatewayRig> takeAway, string code)
    {
        Answers(upstream);
        var (_, body, running) = Start("rollout_status");
        await SendAsync("""{"jsonrpc":"2.0","method":"notifications/message","params":{}}""");
        await Eventually.HoldsAsync(() => body.Text.Length > 0, "the stream has begun");
        takeAway(rig);
        await running;
        var last = body.Text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)[^1];
        Assert.True(last.Contains($"\"{code}\"", StringComparison.Ordinal), $"{what}: {last}");
        Assert.Contains("\"id\":7", last, StringComparison.Ordinal);
        Assert.Equal(0, rig.Get<OpenExchanges>().Count);
    }

    [Fact]
    public async Task A_token_that_expires_ends_its_open_stream()
    {
        Answers(upstream);
        var (_, body, running) = Start("rollout_status");
        await SendAsync("""{"jsonrpc":"2.0","method":"notifications/message","params":{}}""");
        await Eventually.HoldsAsync(() => body.Text.Length > 0, "the stream has begun");
        rig.Clock.Advance(TimeSpan.FromSeconds(3606));
        rig.Get<OpenExchanges>().SweepDeadlines();
        await running;
        Assert.Contains("\"token_expired\"", body.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_modern_client_that_leaves_cancels_the_call()
    {
        Answers(upstream);
        using var leaving = new CancellationTokenSource();
        var running = rig.ModernAsync("tools/call", "\"name\":\"rollout_status\"", "rollout_status", context => context.RequestAborted = leaving.Token);
        await Eventually.HoldsAsync(() => rig.Upstream.Calls.Any(), "the call is out");
        await leaving.CancelAsync();
        await running;
        Assert.Equal(CallOutcome.Cancelled, rig.Audit.Records[^1].Outcome);
    }

    [Fact]
    public async Task A_legacy_client_that_leaves_does_not_cancel_but_its_notification_does()
    {
        Answers(upstream);
        using var leaving = new CancellationTokenSource();
        var running = rig.CallAsync("rollout_status", change: context => context.RequestAborted = leaving.Token);
        await Eventually.HoldsAsync(() => rig.Upstream.Calls.Any(), "the call is out");
        await leaving.CancelAsync();
        Assert.False(running.IsCompleted);
        Assert.Equal(202, (await rig.PostAsync(Cancellation)).Status);
        var answer = await running;
        Assert.Equal((202, ""), (answer.Status, answer.Body));
        Assert.Equal(CallOutcome.Cancelled, rig.Audit.Records[^1].Outcome);
        // A server without sessions would take the id for any caller's who has the same.
        Assert.DoesNotContain(rig.Upstream.Requests, request => request.Body.Contains("notifications/cancelled", StringComparison.Ordinal));
    }

    [Fact]
    public async Task In_a_session_the_server_is_told_of_a_cancellation_and_an_answer_that_it_gives_all_the_same_goes_nowhere()
    {
        var opened = await rig.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"c","version":"1"}}}""");
        Assert.Equal(200, opened.Status);
        var session = opened.Headers["Mcp-Session-Id"].ToString();
        Answers(upstream);
        var running = rig.CallAsync("rollout_status", change: context => context.Request.Headers["Mcp-Session-Id"] = session);
        await Eventually.HoldsAsync(() => rig.Upstream.Calls.Any() || running.IsCompleted, "the call is out");
        Assert.False(running.IsCompleted, running.IsCompleted ? (await running).Body : "");
        Assert.Equal(202, (await rig.PostAsync(Cancellation, context => context.Request.Headers["Mcp-Session-Id"] = session)).Status);
        Assert.Equal(Cancellation, rig.Upstream.Requests[^1].Body);
        Assert.False(running.IsCompleted);
        await SendAsync(Final);
        Assert.DoesNotContain("\"result\"", (await running).Body, StringComparison.Ordinal);
        Assert.Equal(CallOutcome.Cancelled, rig.Audit.Records[^1].Outcome);
    }

    [Fact]
    public async Task Without_a_session_a_cancellation_that_two_requests_could_mean_ends_neither()
    {
        var streams = new System.Collections.Concurrent.ConcurrentBag<Pipe>();
        rig.Upstream.Answer = _ =>
        {
            var own = new Pipe();
            streams.Add(own);
            return ScriptedUpstream.Events(own.Reader.AsStream());
        };
        var (_, _, first) = Start("rollout_status");
        var (_, _, second) = Start("rollout_status");
        await Eventually.HoldsAsync(() => rig.Upstream.Calls.Count() == 2, "both calls are out");
        await Eventually.HoldsAsync(() => streams.Count == 2, "both are being answered");
        Assert.Equal(202, (await rig.PostAsync(Cancellation)).Status);
        Assert.False(first.IsCompleted || second.IsCompleted);
        foreach (var stream in streams) await stream.Writer.CompleteAsync();
        await Task.WhenAll(first, second);
        Assert.DoesNotContain(rig.Audit.Records, record => record.Outcome == CallOutcome.Cancelled);
    }

    [Fact]
    public async Task Concurrent_requests_do_not_wait_for_one_another()
    {
        Answers(upstream);
        var (_, _, first) = Start("rollout_status");
        await Eventually.HoldsAsync(() => rig.Upstream.Calls.Any(), "the first call is out");
        rig.Upstream.Answer = _ => ScriptedUpstream.Json(Final);
        Assert.Equal(200, (await rig.CallAsync("rollout_status")).Status);
        Assert.False(first.IsCompleted);
        await SendAsync(Final);
        await first;
    }

    private const string Cancellation = """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7,"reason":"stop"}}""";

    private void Answers(string events) => rig.Upstream.Answer = _ => ScriptedUpstream.Events(events);

    private void Answers(Pipe events) => rig.Upstream.Answer = _ => ScriptedUpstream.Events(events.Reader.AsStream());

    private async Task SendAsync(string message) => await upstream.Writer.WriteAsync(Encoding.UTF8.GetBytes("data: " + message + "\n\n"));

    private (HttpContext Context, CapturedBody Body, Task Running) Start(string tool) => StartAs(
        "POST", Encoding.UTF8.GetBytes("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{\"name\":\"" + tool + "\"}}"), _ => { });

    private (HttpContext Context, CapturedBody Body, Task Running) StartAs(string method, byte[] content, Action<HttpContext> change)
    {
        var context = rig.ContextOf(method, content);
        var body = new CapturedBody();
        context.Response.Body = body;
        change(context);
        return (context, body, Task.Run(() => rig.HandleAsync(context)));
    }

    private static HttpResponseMessage EndlessJson()
    {
        var content = new StreamContent(new EndlessStream());
        content.Headers.ContentType = new("application/json");
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = content };
    }

    private sealed class EndlessStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            buffer.Span.Fill((byte)'a');
            return ValueTask.FromResult(buffer.Length);
        }
    }

    /// <summary>Counts how often it was asked for bytes.</summary>
    private sealed class CountingStream(Stream inner) : MemoryStream
    {
        private int reads;

        public int Reads => Volatile.Read(ref reads);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref reads);
            return inner.ReadAsync(buffer, cancellationToken);
        }
    }

    private sealed class DyingStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("reset");
    }
}
