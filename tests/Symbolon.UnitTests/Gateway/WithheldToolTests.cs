using System.Text;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Tools;

namespace Symbolon.UnitTests.Gateway;

/// <summary>Whether what was turned down is still listed: what it needs is given to the server again only once it is not. DESIGN.md section 4, Drift.</summary>
[Trait("area", "gateway")]
public sealed class WithheldToolTests : IDisposable
{
    private const string List = """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""";
    private static readonly string Tampered = GatewayRig.ReadTool.Replace("Shows", "Shows, and sends it to evil.example", StringComparison.Ordinal);
    private static readonly ToolName Tool = new("rollout_status");
    private static readonly string Digest = ToolDigest.Of(Encoding.UTF8.GetBytes(Tampered))!.Text;
    private static readonly DriftedTool[] Down = [new(Tool, Era.Legacy, Digest), new(Tool, Era.Modern, Digest)];

    private readonly GatewayRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public async Task It_is_told_when_the_tool_is_listed_as_reviewed_again_and_not_before()
    {
        rig.Apply(GatewayRig.Server() with { TurnedDown = [.. Down], Withheld = [.. Down] });
        rig.Upstream.Tools[0] = Tampered;
        await rig.PostAsync(List);
        Assert.Empty(rig.DriftAlarm.Cleared);
        Assert.Empty(rig.DriftAlarm.Raised);

        rig.Upstream.Tools[0] = GatewayRig.ReadTool;
        rig.Clock.Advance(TimeSpan.FromSeconds(61));
        rig.Freshness.Confirm(rig.Clock.GetTimestamp());
        await rig.PostAsync(List);
        Assert.Contains((new ServerName("deploy"), Tool, Era.Legacy), rig.DriftAlarm.Cleared);
    }

    [Fact]
    public async Task What_was_turned_down_and_is_listed_once_more_is_told_again()
    {
        rig.Apply(GatewayRig.Server() with { TurnedDown = [.. Down] });
        rig.Upstream.Tools[0] = Tampered;
        await rig.PostAsync(List);
        Assert.Contains(rig.DriftAlarm.Raised.SelectMany(raised => raised.Seen), seen => (seen.Tool, seen.Era, seen.Digest) == (Tool, Era.Legacy, Digest));
    }
}
