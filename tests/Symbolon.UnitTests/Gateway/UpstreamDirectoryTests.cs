using Symbolon.Core.Registry;
using Symbolon.Gateway.ToolCalls;

namespace Symbolon.UnitTests.Gateway;

[Trait("area", "gateway")]
public sealed class UpstreamDirectoryTests
{
    [Fact]
    public async Task A_server_that_was_suspended_and_resumed_gets_a_way_out_that_is_open()
    {
        using var rig = new GatewayRig();
        Assert.Equal(200, (await rig.CallAsync("rollout_status")).Status);
        rig.Apply(GatewayRig.Server(state: Lifecycle.Suspended));
        rig.CloseInvokers();
        rig.Apply(GatewayRig.Server());
        var answer = await rig.CallAsync("rollout_status");
        Assert.Equal("ok", answer.Result.GetProperty("content")[0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task Calls_that_wait_for_a_server_that_does_not_answer_fail_together()
    {
        using var rig = new GatewayRig();
        using var answers = new ManualResetEventSlim();
        rig.Upstream.Before = _ =>
        {
            answers.Wait();
            throw new HttpRequestException("no route");
        };
        var calls = Enumerable.Range(0, 8).Select(_ => Task.Run(() => rig.CallAsync("rollout_status"))).ToArray();
        await Eventually.HoldsAsync(() => rig.Get<OpenExchanges>().Count == 8 && rig.Upstream.Requests.Count == 2, "one asks in each era and the others wait");
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        answers.Set();
        Assert.All(await Task.WhenAll(calls), answer => Assert.Equal("upstream_unreachable", answer.ErrorCode));
        Assert.Equal(2, rig.Upstream.Requests.Count);
    }

    [Fact]
    public async Task Another_approved_version_is_read_anew()
    {
        using var rig = new GatewayRig();
        await rig.CallAsync("rollout_status");
        var before = rig.Upstream.Requests.Count(request => request.Method == "tools/list");
        rig.Apply(GatewayRig.Server(manifest => manifest with { Owner = "new@example.com" }, number: 2));
        await rig.CallAsync("rollout_status");
        Assert.Equal(2 * before, rig.Upstream.Requests.Count(request => request.Method == "tools/list"));
    }
}
