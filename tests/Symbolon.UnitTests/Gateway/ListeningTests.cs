using System.IO.Pipelines;
using System.Net;
using System.Text;
using Microsoft.Extensions.Hosting;
using Symbolon.Core.Audit;
using Symbolon.Core.Registry;
using Symbolon.Gateway.Upstreams;
using Symbolon.Gateway.Upstreams.Listening;
using Symbolon.Testing.Gateway;

namespace Symbolon.UnitTests.Gateway;

/// <summary>The gateway's own stream to a server, on which that says that its tools changed.</summary>
[Trait("area", "gateway")]
public sealed class ListeningTests : IDisposable
{
    private const string Changed = """{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}""";
    private const string Acknowledged = """{"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{"notifications":{"toolsListChanged":true}}}""";

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);

    private readonly GatewayRig rig = new();
    private readonly Pipe stream = new();

    public void Dispose()
    {
        stream.Writer.Complete();
        rig.Dispose();
    }

    [Fact]
    public async Task A_tool_of_which_a_legacy_stream_says_that_it_changed_is_suspended_though_nobody_lists()
    {
        await using var running = await StartAsync();
        rig.Upstream.Tools[0] = GatewayRig.ReadTool.Replace("Shows", "Lies", StringComparison.Ordinal);
        await SendAsync(Changed);
        await HoldsAsync(() => rig.Audit.Records.Any(record => record is { Kind: AuditKind.Drift, Action: "changed" }), "the drift is seen");
        rig.Freshness.Confirm(rig.Clock.GetTimestamp());
        Assert.Equal("tool_suspended", (await rig.CallAsync("rollout_status")).Refusal.GetProperty("code").GetString());
        Assert.False((await rig.CallAsync("delete_release")).Result.TryGetProperty("isError", out _));
        var get = rig.Upstream.Requests.Single(request => request.Http == "GET");
        Assert.Equal(("upstream-session-1", "2025-11-25"), (get.Headers["Mcp-Session-Id"], get.Headers["MCP-Protocol-Version"]));
        Assert.DoesNotContain(rig.Audit.Records, record => record.Method == "HTTP GET");
    }

    [Fact]
    public async Task A_modern_server_is_subscribed_to_and_not_asked_for_a_legacy_stream()
    {
        await using var running = await StartAsync(modern: true);
        await SendAsync(Acknowledged);
        rig.Upstream.Tools[0] = GatewayRig.ReadTool.Replace("Shows", "Lies", StringComparison.Ordinal);
        await SendAsync(Changed);
        await HoldsAsync(() => rig.Audit.Records.Any(record => record is { Kind: AuditKind.Drift, Action: "changed" }), "the drift is seen");
        var listen = rig.Upstream.Requests.Single(request => request.Method == "subscriptions/listen");
        Assert.Equal(("2026-07-28", "subscriptions/listen"), (listen.Headers["MCP-Protocol-Version"], listen.Headers["Mcp-Method"]));
        Assert.True(listen.Json.GetProperty("params").GetProperty("notifications").GetProperty("toolsListChanged").GetBoolean());
        Assert.DoesNotContain(rig.Upstream.Requests, request => request.Http == "GET");
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{"notifications":{}}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"Subscription limit reached"}}""")]
    public async Task A_subscription_without_tools_makes_way_for_the_legacy_stream(string first)
    {
        rig.Upstream.Before = request =>
            request.Method == "subscriptions/listen" ? ScriptedUpstream.Events($"data: {first}\n\n")
            : request.Http == "GET" ? ScriptedUpstream.Events(stream.Reader.AsStream()) : null;
        await using var running = await BeginAsync();
        await HoldsAsync(() => Gets == 1, "the legacy stream is asked for");
    }

    [Fact]
    public async Task A_flood_costs_one_reading_a_second_and_waits_at_the_server()
    {
        await using var running = await StartAsync();
        var before = Lists;
        var flood = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat($"data: {Changed}\n\n", 20_000)));
        var writing = stream.Writer.WriteAsync(flood, TestContext.Current.CancellationToken).AsTask();
        await HoldsAsync(() => Lists > before, "the tools are read");
        before = Lists;
        for (var tick = 0; tick < 40; tick++)
        {
            rig.Clock.Advance(Tick);
            await Eventually.HoldsAsync(() => !IsReading, "no reading is under way");
        }
        // Ten seconds, in each of the two eras that this server speaks; what the other era has not begun yet comes on top.
        Assert.InRange(Lists - before, 0, 2 * 11);
        await HoldsAsync(() => Lists > before + 2, "it goes on being read");
        Assert.False(writing.IsCompleted);
    }

    [Theory]
    [InlineData(405)]
    [InlineData(404)]
    [InlineData(400)]
    public async Task A_server_without_a_stream_is_not_asked_for_one_at_every_tick_and_is_read_every_minute(int status)
    {
        rig.Upstream.Before = request => request.Http == "GET" ? new HttpResponseMessage((HttpStatusCode)status) : null;
        await using var running = await BeginAsync();
        await HoldsAsync(() => Gets == 1, "a stream is asked for");
        var before = Lists;
        for (var tick = 0; tick < 5 * 4 * 60; tick++) rig.Clock.Advance(Tick);
        await HoldsAsync(() => Lists > before, "the tools are read again");
        Assert.Equal(1, Gets);
    }

    [Fact]
    public async Task A_server_without_sessions_keeps_its_only_stream_for_its_callers()
    {
        rig.Upstream.SessionId = null;
        await using var running = await BeginAsync();
        await HoldsAsync(() => rig.Upstream.Requests.Count(request => request.Method == "initialize") == 2, "a session is asked for");
        for (var tick = 0; tick < 100; tick++) rig.Clock.Advance(Tick);
        Assert.Equal(0, Gets);
    }

    [Fact]
    public async Task A_stream_that_breaks_is_opened_again_with_growing_pauses_and_the_tools_are_read()
    {
        rig.Upstream.Before = request => request.Http == "GET" ? ScriptedUpstream.Events(": hello\n\n") : null;
        await using var running = await BeginAsync();
        await HoldsAsync(() => Gets == 3, "it is tried again");
        rig.Upstream.Before = request => request.Http == "GET" ? ScriptedUpstream.Events(stream.Reader.AsStream()) : null;
        rig.Upstream.Tools.RemoveAt(0);
        await HoldsAsync(() => rig.Audit.Records.Any(record => record is { Kind: AuditKind.Drift, Action: "vanished" }), "what was missed is found");
        for (var tick = 0; tick < 4 * 60; tick++) rig.Clock.Advance(Tick);
        Assert.Equal(4, Gets);
    }

    [Fact]
    public async Task An_upstream_that_hangs_on_the_stream_holds_up_nobody()
    {
        var never = new TaskCompletionSource();
        rig.Upstream.Hold = request => request.Http == "GET" ? never.Task : Task.CompletedTask;
        await using var running = await BeginAsync();
        await HoldsAsync(() => Gets == 1, "a stream is asked for");
        rig.Upstream.Tools.RemoveAt(1);
        for (var tick = 0; tick < 4 * 61; tick++) rig.Clock.Advance(Tick);
        await HoldsAsync(() => rig.Audit.Records.Any(record => record is { Kind: AuditKind.Drift, Action: "vanished" }), "the minute's reading goes on");
        rig.Freshness.Confirm(rig.Clock.GetTimestamp());
        Assert.False((await rig.CallAsync("rollout_status")).Result.TryGetProperty("isError", out _));
        Assert.Equal(1, Gets);
    }

    [Fact]
    public async Task The_stream_of_a_server_that_is_suspended_ends_without_another_word_to_it_and_comes_back_when_it_is_resumed()
    {
        await using var running = await StartAsync();
        rig.Apply(GatewayRig.Server(state: Lifecycle.Suspended));
        await LeftAsync();
        var requests = rig.Upstream.Requests.Count;
        rig.Clock.Advance(Tick * 20);
        Assert.Equal(requests, rig.Upstream.Requests.Count);
        rig.Upstream.Before = request => request.Http == "GET" ? ScriptedUpstream.Events(new Pipe().Reader.AsStream()) : null;
        rig.Apply(GatewayRig.Server());
        await HoldsAsync(() => Gets == 2, "it is listened to again");
    }

    [Fact]
    public async Task When_the_program_stops_the_session_is_ended()
    {
        var running = await StartAsync();
        var before = Ends;
        await running.DisposeAsync();
        Assert.Equal(before + 1, Ends);
    }

    [Fact]
    public async Task A_server_that_asks_whether_somebody_is_there_is_answered_and_anything_else_refused()
    {
        await using var running = await StartAsync();
        await SendAsync("""{"jsonrpc":"2.0","id":"p\"1","method":"ping"}""");
        await SendAsync("""{"jsonrpc":"2.0","id":2,"method":"sampling/createMessage","params":{}}""");
        await HoldsAsync(() => rig.Upstream.Requests.Any(request => request.Body == """{"jsonrpc":"2.0","id":"p\"1","result":{}}"""), "the ping is answered");
        await HoldsAsync(() => rig.Upstream.Requests.Any(request => request.Body.StartsWith("""{"jsonrpc":"2.0","id":2,"error":{"code":-32601""", StringComparison.Ordinal)), "the rest is refused");
    }

    [Fact]
    public async Task An_event_over_the_limit_ends_the_stream()
    {
        rig.Apply(GatewayRig.Server(manifest => manifest with { Limits = new UpstreamLimits { AnswerBytes = 10_000 } }, number: 2));
        await using var running = await StartAsync();
        await stream.Writer.WriteAsync(Encoding.UTF8.GetBytes("data: " + new string('x', 30_000)), TestContext.Current.CancellationToken);
        await LeftAsync();
    }

    [Fact]
    public async Task Who_comes_back_after_ten_minutes_waits_for_a_reading_and_is_not_decided_on_what_nobody_watched()
    {
        await using var running = await StartAsync();
        for (var second = 0; second < 601; second++) rig.Clock.Advance(TimeSpan.FromSeconds(1));
        await LeftAsync();
        rig.Upstream.Tools[0] = GatewayRig.ReadTool.Replace("Shows", "Lies", StringComparison.Ordinal);
        rig.Freshness.Confirm(rig.Clock.GetTimestamp());
        Assert.Equal("tool_suspended", (await rig.CallAsync("rollout_status")).Refusal.GetProperty("code").GetString());
    }

    private int Gets => rig.Upstream.Requests.Count(request => request.Http == "GET");

    private int Ends => rig.Upstream.Requests.Count(request => request.Http == "DELETE");

    private int Lists => rig.Upstream.Requests.Count(request => request.Method == "tools/list");

    private bool IsReading => rig.Get<UpstreamDirectory>().Active.Single() is var upstream
        && (upstream[Core.Tools.Era.Legacy].Reading.IsUnderWay || upstream[Core.Tools.Era.Modern].Reading.IsUnderWay);

    /// <summary>A server whose stream is open and quiet, and whose tools were read since.</summary>
    private async Task<Running> StartAsync(bool modern = false)
    {
        rig.Upstream.Before = request => request.Http == "GET" || (modern && request.Method == "subscriptions/listen")
            ? ScriptedUpstream.Events(stream.Reader.AsStream()) : null;
        var running = await BeginAsync();
        await HoldsAsync(() => rig.Upstream.Requests.Any(request => request.Http == "GET" || request.Method == "subscriptions/listen" && modern), "the stream is open");
        var lists = Lists;
        if (!modern) await HoldsAsync(() => Lists >= lists + 2 && !IsReading, "the tools are read");
        return running;
    }

    private async Task<Running> BeginAsync()
    {
        var running = new Running([rig.Get<LiveToolsReader>(), rig.Get<UpstreamListener>()]);
        foreach (var work in running.Works) await work.StartAsync(TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(() => rig.Clock.Sleepers >= 2, "both wait for the clock");
        await rig.CallAsync("rollout_status");
        return running;
    }

    private async Task SendAsync(string message) =>
        await stream.Writer.WriteAsync(Encoding.UTF8.GetBytes($"event: message\ndata: {message}\n\n"), TestContext.Current.CancellationToken);

    /// <summary>Lets time pass until it does, no faster than what it sets off can follow.</summary>
    private async Task HoldsAsync(Func<bool> condition, string what)
    {
        for (var tick = 0; !condition(); tick++)
        {
            Assert.True(tick < 4 * 240, $"Not within four minutes: {what}");
            rig.Clock.Advance(Tick);
            await SettleAsync(condition);
        }
    }

    private static async Task SettleAsync(Func<bool> condition)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (!condition() && TimeProvider.System.GetElapsedTime(begun) < TimeSpan.FromMilliseconds(10)) await Task.Yield();
    }

    /// <summary>Until the gateway has let go of the stream.</summary>
    private async Task LeftAsync()
    {
        for (var tick = 0; !(await stream.Writer.FlushAsync(TestContext.Current.CancellationToken)).IsCompleted; tick++)
        {
            Assert.True(tick < 4 * 60, "The stream is not left within a minute.");
            rig.Clock.Advance(Tick);
            await SettleAsync(() => false);
        }
    }

    private sealed record Running(BackgroundService[] Works) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            foreach (var work in Works.Reverse()) await work.StopAsync(CancellationToken.None);
        }
    }
}
