using Symbolon.Core.Identity;
using Symbolon.Core.Registry;

namespace Symbolon.UnitTests.Gateway;

/// <summary>What administrators are told of the servers behind the gateway.</summary>
[Trait("area", "gateway")]
public sealed class UpstreamReadingTests
{
    private static readonly ToolName ReadTool = new("rollout_status");
    private static readonly ToolName WriteTool = new("delete_release");

    [Fact]
    public void Of_a_server_that_nobody_used_nothing_is_known_and_asking_reads_nothing()
    {
        using var rig = new GatewayRig();
        Assert.Equal(UpstreamHealth.Unknown, Reading(rig).Health);
        Assert.Empty(rig.Upstream.Requests);
    }

    [Fact]
    public async Task A_server_that_was_read_is_healthy_with_its_tools_as_they_were_reviewed()
    {
        using var rig = new GatewayRig();
        await rig.CallAsync("rollout_status");
        var at = rig.Now;
        rig.Clock.Advance(TimeSpan.FromSeconds(30));
        var reading = Reading(rig);
        Assert.Equal(UpstreamHealth.Ok, reading.Health);
        Assert.Equal(at, reading.ReadAt);
        Assert.Null(reading.Fault);
        Assert.Equal(DefinitionState.Reviewed, reading.Tools[ReadTool].State);
        Assert.Equal(0, reading.SuspendedTools);
    }

    [Fact]
    public async Task A_changed_definition_and_one_that_vanished_are_told_apart_and_only_the_first_is_suspended()
    {
        using var rig = new GatewayRig();
        rig.Upstream.Tools.Clear();
        rig.Upstream.Tools.Add(GatewayRig.ReadTool.Replace("Shows", "Shows all", StringComparison.Ordinal));
        await rig.CallAsync("rollout_status");
        var reading = Reading(rig);
        Assert.Equal(DefinitionState.Changed, reading.Tools[ReadTool].State);
        Assert.Equal(DefinitionState.Vanished, reading.Tools[WriteTool].State);
        Assert.Equal(1, reading.SuspendedTools);
        Assert.Equal(UpstreamHealth.Ok, reading.Health);
    }

    [Fact]
    public async Task A_tool_that_was_reviewed_in_no_era_is_suspended()
    {
        using var rig = new GatewayRig();
        rig.Apply(GatewayRig.Server(manifest => manifest with { Tools = [manifest.Tools[0] with { Digests = new ToolDigests() }, manifest.Tools[1]] }, number: 2));
        await rig.CallAsync("delete_release");
        Assert.Equal(DefinitionState.Unreviewed, Reading(rig).Tools[ReadTool].State);
        Assert.Equal(1, Reading(rig).SuspendedTools);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_unreachable_until_it_was_read_again()
    {
        using var rig = new GatewayRig();
        rig.Upstream.Before = _ => throw new HttpRequestException("no route to 10.0.0.7");
        await rig.CallAsync("rollout_status");
        Assert.Equal(UpstreamHealth.Unreachable, Reading(rig).Health);
        Assert.DoesNotContain("10.0.0.7", Reading(rig).Fault, StringComparison.Ordinal);
        rig.Upstream.Before = _ => null;
        rig.Clock.Advance(TimeSpan.FromSeconds(11));
        rig.Freshness.Confirm(rig.Clock.GetTimestamp());
        await rig.CallAsync("rollout_status");
        Assert.Equal(UpstreamHealth.Ok, Reading(rig).Health);
        Assert.Null(Reading(rig).Fault);
    }

    [Fact]
    public async Task Of_a_suspended_server_and_of_another_version_nothing_is_said()
    {
        using var rig = new GatewayRig();
        await rig.CallAsync("rollout_status");
        rig.Apply(GatewayRig.Server(state: Lifecycle.Suspended));
        Assert.Equal(UpstreamReading.Nothing, Reading(rig));
        rig.Apply(GatewayRig.Server(number: 2));
        Assert.Equal(UpstreamReading.Nothing, Reading(rig));
    }

    private static UpstreamReading Reading(GatewayRig rig)
    {
        var server = rig.Configuration.Server(OrganisationId.Default, new ServerName("deploy"))!;
        return rig.Get<IUpstreamHealth>().Of(OrganisationId.Default, server);
    }
}
