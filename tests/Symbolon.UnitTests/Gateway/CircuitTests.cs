using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Gateway.ToolCalls;
using Symbolon.Gateway.Upstreams;
using Symbolon.Testing.Fakes;

namespace Symbolon.UnitTests.Gateway;

/// <summary>DESIGN.md section 6: an upstream that dies. Who is refused without trying, and when it is tried again.</summary>
[Trait("area", "gateway")]
public sealed class CircuitTests : IDisposable
{
    private readonly GatewayRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public void It_opens_after_many_failures_in_a_short_time_and_a_run_without_an_answer_between()
    {
        var (circuit, clock) = New();
        for (var i = 0; i < Circuit.Many + Circuit.InRow - 1; i++) circuit.Failed();
        Assert.Equal((false, TimeSpan.Zero), (circuit.IsClosed, circuit.Ask()));
        circuit.Failed();
        Assert.Equal(Circuit.Pause, circuit.Ask());
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal((TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(2)), (circuit.Ask(), circuit.OpenFor));
    }

    [Fact]
    public void Failures_that_are_far_apart_open_nothing()
    {
        var (circuit, clock) = New();
        for (var i = 0; i < 100; i++)
        {
            circuit.Failed();
            clock.Advance(Circuit.Window / (Circuit.Many - 2));
        }
        Assert.True(circuit.IsClosed);
    }

    [Fact]
    public void A_server_that_answers_between_its_failures_is_never_shut_out()
    {
        var (circuit, _) = New();
        for (var i = 0; i < 1000; i++)
        {
            circuit.Failed();
            if (i % Circuit.InRow == 0) circuit.Answered();
            Assert.Equal(TimeSpan.Zero, circuit.Ask());
        }
    }

    [Fact]
    public void One_request_passes_at_each_pause_and_an_answer_lets_all_of_them_pass_again()
    {
        var (circuit, clock) = New();
        for (var i = 0; i < Circuit.Many + Circuit.InRow; i++) circuit.Failed();
        for (var round = 0; round < 3; round++)
        {
            clock.Advance(Circuit.Pause);
            Assert.Equal(TimeSpan.Zero, circuit.Ask());
            Assert.NotEqual(TimeSpan.Zero, circuit.Ask());
            circuit.Failed();
        }
        circuit.Answered();
        Assert.Equal((true, TimeSpan.Zero, null), (circuit.IsClosed, circuit.Ask(), circuit.OpenFor));
        circuit.Failed();
        Assert.True(circuit.IsClosed);
    }

    [Fact]
    public async Task Calls_to_a_server_that_died_are_refused_at_once_with_a_time_to_come_back_until_it_answers()
    {
        await rig.CallAsync("rollout_status");
        rig.Upstream.Before = _ => throw new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused");
        for (var i = 0; i < Circuit.Many + Circuit.InRow; i++) Assert.Equal("upstream_unreachable", (await rig.CallAsync("rollout_status")).ErrorCode);
        var tried = rig.Upstream.Requests.Count;

        var refused = await rig.CallAsync("rollout_status");
        Assert.Equal(("upstream_unreachable", 5), (refused.ErrorCode, refused.Error.GetProperty("data").GetProperty("retryAfter").GetInt32()));
        Assert.Equal("upstream_unreachable", (await rig.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/list"}""")).ErrorCode);
        Assert.Equal(tried, rig.Upstream.Requests.Count);
        var health = Reading();
        Assert.Equal((UpstreamHealth.Unreachable, rig.Now), (health.Health, health.CircuitOpenSince));
        Assert.Contains("one is let through every 5 s", health.Fault, StringComparison.Ordinal);

        Pass(Circuit.Pause);
        Assert.Equal("upstream_unreachable", (await rig.CallAsync("rollout_status")).ErrorCode);
        Assert.Equal(tried + 1, rig.Upstream.Requests.Count);
        rig.Upstream.Before = _ => null;
        Assert.Equal("upstream_unreachable", (await rig.CallAsync("rollout_status")).ErrorCode);
        Pass(Circuit.Pause);
        Assert.Equal(200, (await rig.CallAsync("rollout_status")).Status);
        Assert.True((await rig.CallAsync("rollout_status")).Json.TryGetProperty("result", out _));
        Assert.Equal((UpstreamHealth.Ok, null), (Reading().Health, Reading().CircuitOpenSince));
    }

    [Fact]
    public async Task A_call_that_never_goes_out_uses_up_nobodys_turn()
    {
        await OpenAsync();
        Pass(Circuit.Pause);
        var refused = await rig.CallAsync("rollout_status", """{"NAMESPACE":"shop"}""");
        Assert.Equal("argument_not_allowed", refused.Refusal.GetProperty("code").GetString());
        Assert.True((await rig.CallAsync("rollout_status")).Json.TryGetProperty("result", out _));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    public async Task The_stream_or_the_end_of_a_session_that_the_server_answers_lets_all_others_pass_again(string method)
    {
        await OpenAsync();
        Pass(Circuit.Pause);
        rig.Upstream.Before = request => request.Http == method ? new HttpResponseMessage(System.Net.HttpStatusCode.MethodNotAllowed) : null;
        await rig.SendAsync(method, []);
        Assert.Null(Reading().CircuitOpenSince);
        Assert.True((await rig.CallAsync("rollout_status")).Json.TryGetProperty("result", out _));
    }

    [Fact]
    public async Task The_stream_of_a_session_is_refused_at_once_like_all_else_and_takes_one_turn_where_there_is_one()
    {
        await OpenAsync(isBack: false);
        var tried = rig.Upstream.Requests.Count;
        Assert.Equal("upstream_unreachable", (await rig.SendAsync("GET", [])).ErrorCode);
        Assert.Equal(tried, rig.Upstream.Requests.Count);
        Pass(Circuit.Pause);
        await rig.SendAsync("GET", []);
        await rig.CallAsync("rollout_status");
        Assert.Equal(tried + 1, rig.Upstream.Requests.Count);
    }

    [Fact]
    public async Task Answers_that_are_errors_refusals_or_garbage_are_answers()
    {
        await rig.CallAsync("rollout_status");
        foreach (var status in new[] { System.Net.HttpStatusCode.InternalServerError, System.Net.HttpStatusCode.ServiceUnavailable, System.Net.HttpStatusCode.OK })
        {
            rig.Upstream.Answer = _ => Testing.Gateway.ScriptedUpstream.Json("{}", status);
            for (var i = 0; i < 2 * (Circuit.Many + Circuit.InRow); i++) await rig.CallAsync("rollout_status");
        }
        Assert.Null(Reading().CircuitOpenSince);
        rig.Upstream.Answer = request => Testing.Gateway.ScriptedUpstream.Json($$$"""{"jsonrpc":"2.0","id":{{{request.Id}}},"result":{"content":[]}}""");
        Assert.True((await rig.CallAsync("rollout_status")).Json.TryGetProperty("result", out _));
    }

    [Fact]
    public async Task A_tool_that_is_slow_shuts_nobody_out_of_the_others()
    {
        await rig.CallAsync("rollout_status");
        for (var i = 0; i < 2 * (Circuit.Many + Circuit.InRow); i++)
        {
            rig.Upstream.Before = request =>
            {
                if (request.Method != "tools/call") return null;
                Pass(TimeSpan.FromSeconds(61));
                rig.Get<OpenExchanges>().SweepDeadlines();
                throw new OperationCanceledException();
            };
            Assert.Equal("upstream_timeout", (await rig.CallAsync("rollout_status")).ErrorCode);
        }
        Assert.Null(Reading().CircuitOpenSince);
    }

    [Fact]
    public async Task A_tool_on_which_the_server_breaks_off_shuts_nobody_out_of_the_others()
    {
        await rig.CallAsync("rollout_status");
        rig.Upstream.Before = request => request.Method == "tools/call" ? throw new HttpRequestException(HttpRequestError.ResponseEnded, "The response ended prematurely.") : null;
        for (var i = 0; i < 2 * (Circuit.Many + Circuit.InRow); i++) Assert.Equal("upstream_unreachable", (await rig.CallAsync("rollout_status")).ErrorCode);
        Assert.Null(Reading().CircuitOpenSince);
        rig.Upstream.Before = _ => null;
        Assert.True((await rig.CallAsync("rollout_status")).Json.TryGetProperty("result", out _));
    }

    /// <param name="isBack">The server answers again, and nobody knows yet.</param>
    private async Task OpenAsync(bool isBack = true)
    {
        await rig.CallAsync("rollout_status");
        rig.Upstream.Before = _ => throw new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused");
        for (var i = 0; i < Circuit.Many + Circuit.InRow; i++) await rig.CallAsync("rollout_status");
        Assert.NotNull(Reading().CircuitOpenSince);
        if (isBack) rig.Upstream.Before = _ => null;
    }

    private void Pass(TimeSpan time)
    {
        rig.Clock.Advance(time);
        rig.Freshness.Confirm(rig.Clock.GetTimestamp());
    }

    private UpstreamReading Reading() => rig.Get<IUpstreamHealth>().Of(OrganisationId.Default, GatewayRig.Server());

    private static (Circuit Circuit, FakeClock Clock) New()
    {
        var clock = new FakeClock();
        return (new Circuit(clock), clock);
    }
}
