using Symbolon.Core.Registry;

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
