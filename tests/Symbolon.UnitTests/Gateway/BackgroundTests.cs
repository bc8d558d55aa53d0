using System.IO.Pipelines;
using Microsoft.Extensions.Hosting;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Policy;
using Symbolon.Core.Registry;
using Symbolon.Core.Tools;
using Symbolon.Gateway.Authentication;
using Symbolon.Gateway.ToolCalls;
using Symbolon.Gateway.Upstreams;
using Symbolon.Testing.Gateway;

namespace Symbolon.UnitTests.Gateway;

/// <summary>What the gateway does by the clock.</summary>
[Trait("area", "gateway")]
public sealed class BackgroundTests : IDisposable
{
    private readonly GatewayRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public async Task The_tools_of_a_server_in_use_are_read_again_every_minute()
    {
        var reader = rig.Get<LiveToolsReader>();
        await StartAsync(reader);
        await rig.CallAsync("rollout_status");
        rig.Upstream.Tools[0] = GatewayRig.ReadTool.Replace("Shows", "Lies", StringComparison.Ordinal);
        rig.Clock.Advance(TimeSpan.FromSeconds(61));
        await Eventually.HoldsAsync(() => rig.Audit.Records.Any(record => record is { Kind: AuditKind.Drift, Action: "changed" }), "the drift is seen");
        rig.Freshness.Confirm(rig.Clock.GetTimestamp());
        Assert.Equal("tool_suspended", (await rig.CallAsync("rollout_status")).Refusal.GetProperty("code").GetString());
        await reader.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_list_that_is_said_to_have_changed_is_read_at_once()
    {
        var reader = rig.Get<LiveToolsReader>();
        await StartAsync(reader);
        rig.Upstream.Answer = request => ScriptedUpstream.Events(
            "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}\n\ndata: {\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{}}\n\n");
        await rig.CallAsync("rollout_status");
        rig.Upstream.Tools.RemoveAt(0);
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        await Eventually.HoldsAsync(() => rig.Audit.Records.Any(record => record is { Kind: AuditKind.Drift, Action: "vanished" }), "the change is seen");
        await reader.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_server_that_is_away_for_a_moment_is_no_warning_and_one_that_stays_away_is()
    {
        var reader = rig.Get<LiveToolsReader>();
        await StartAsync(reader);
        await rig.CallAsync("rollout_status");
        rig.Upstream.Before = _ => throw new HttpRequestException("no route");
        await AwayAsync(TimeSpan.FromSeconds(61));
        Assert.DoesNotContain(rig.Log.Lines, line => line.Contains("could not be read again", StringComparison.Ordinal));
        await AwayAsync(TimeSpan.FromSeconds(11));
        await Eventually.HoldsAsync(() => rig.Log.Lines.Any(line => line.Contains("could not be read again", StringComparison.Ordinal)), "the warning is there");
        await reader.StopAsync(TestContext.Current.CancellationToken);

        async Task AwayAsync(TimeSpan later)
        {
            var upstream = rig.Get<UpstreamDirectory>().Find(OrganisationId.Default, new ServerName("deploy"))!;
            var before = upstream[Era.Legacy].Reading.Last;
            rig.Clock.Advance(later);
            await Eventually.HoldsAsync(() => upstream[Era.Legacy].Reading.Last is { } last && last != before && !upstream[Era.Legacy].Reading.IsUnderWay, "the list is asked for");
        }
    }

    [Fact]
    public async Task A_server_that_is_suspended_or_unused_is_left_alone()
    {
        var reader = rig.Get<LiveToolsReader>();
        await StartAsync(reader);
        await rig.CallAsync("rollout_status");
        rig.Apply(GatewayRig.Server(state: Lifecycle.Suspended));
        var before = rig.Upstream.Requests.Count;
        rig.Clock.Advance(TimeSpan.FromMinutes(5));
        await reader.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(before, rig.Upstream.Requests.Count);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(408)]
    [InlineData(404)]
    public async Task A_server_that_is_busy_at_a_refresh_goes_on_with_what_it_listed(int status)
    {
        var reader = rig.Get<LiveToolsReader>();
        await StartAsync(reader);
        await rig.CallAsync("rollout_status");
        var before = rig.Upstream.Requests.Count;
        rig.Upstream.Before = request => request.Method == "tools/call" ? null : new HttpResponseMessage((System.Net.HttpStatusCode)status);
        rig.Clock.Advance(TimeSpan.FromSeconds(61));
        await Eventually.HoldsAsync(
            () => rig.Upstream.Requests.Count >= before + 2 && rig.Get<UpstreamDirectory>().Active.Single() is var upstream
                && !upstream[Era.Legacy].Reading.IsUnderWay && !upstream[Era.Modern].Reading.IsUnderWay, "both eras are read again");
        rig.Freshness.Confirm(rig.Clock.GetTimestamp());
        Assert.False((await rig.CallAsync("rollout_status")).Result.TryGetProperty("isError", out _));
        await reader.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_server_that_cannot_be_read_is_asked_again_in_ten_seconds_not_at_every_tick()
    {
        var reader = rig.Get<LiveToolsReader>();
        await StartAsync(reader);
        await rig.CallAsync("rollout_status");
        rig.Upstream.Before = _ => throw new HttpRequestException("no route");
        var before = rig.Upstream.Requests.Count;
        rig.Clock.Advance(TimeSpan.FromSeconds(61));
        await Eventually.HoldsAsync(() => rig.Upstream.Requests.Count == before + 2, "both eras are tried");
        for (var tick = 0; tick < 16; tick++) rig.Clock.Advance(TimeSpan.FromMilliseconds(500));
        await reader.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(before + 2, rig.Upstream.Requests.Count);
    }

    [Fact]
    public async Task A_silent_upstream_is_given_up_by_the_sweep_and_the_caller_is_told()
    {
        var pipe = new Pipe();
        rig.Upstream.Answer = _ => ScriptedUpstream.Events(pipe.Reader.AsStream());
        var sweeper = rig.Get<OpenExchanges>();
        await StartAsync(sweeper);
        var running = rig.CallAsync("delete_release");
        await Eventually.HoldsAsync(() => rig.Upstream.Calls.Any(), "the call is out");
        rig.Clock.Advance(TimeSpan.FromSeconds(61));
        var answer = await running;
        Assert.Equal((200, "upstream_timeout"), (answer.Status, answer.ErrorCode));
        await sweeper.StopAsync(TestContext.Current.CancellationToken);
        await pipe.Writer.CompleteAsync();
    }

    [Fact]
    public async Task Refusals_are_recorded_each_second()
    {
        var log = rig.Get<RefusalLog>();
        await StartAsync(log);
        log.Record(Core.Identity.OrganisationId.Default, null, ReasonCode.BadOrigin);
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        await Eventually.HoldsAsync(() => rig.Audit.Records.Count == 1, "the count is recorded");
        log.Record(Core.Identity.OrganisationId.Default, null, ReasonCode.BadOrigin);
        await log.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, rig.Audit.Records.Count);
    }

    private async Task StartAsync(BackgroundService work)
    {
        await work.StartAsync(TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(() => rig.Clock.Sleepers > 0, "the work waits for the clock");
    }
}
