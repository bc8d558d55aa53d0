using Symbolon.Core.Registry;
using Symbolon.Testing.Gateway;

namespace Symbolon.UnitTests.Gateway;

/// <summary>A server's file sets limits in the place of the node's. DESIGN.md section 4, Bytes; its deadlines are in <see cref="SlownessTests"/>.</summary>
[Trait("area", "gateway")]
public sealed class OwnLimitsTests
{
    [Theory]
    [InlineData(64, 128, "too_large")]
    [InlineData(128, 64, null)]
    public async Task The_answer_of_a_server_with_a_limit_of_its_own_is_held_to_that_one(int own, int node, string? code)
    {
        using var rig = new GatewayRig(options => options.MaxAnswerBytes = node * 1024);
        rig.Apply(GatewayRig.Server(manifest => manifest with { Limits = new UpstreamLimits { AnswerBytes = own * 1024 } }));
        var text = new string('x', 100 * 1024);
        rig.Upstream.Answer = _ => ScriptedUpstream.Json($"{{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{{\"content\":[{{\"type\":\"text\",\"text\":\"{text}\"}}]}}}}");
        var answer = await rig.CallAsync("rollout_status");
        if (code is null) Assert.Equal(text, answer.Result.GetProperty("content")[0].GetProperty("text").GetString());
        else Assert.Equal(code, answer.ErrorCode);
    }

    [Fact]
    public async Task Another_approved_version_brings_its_own_limit()
    {
        using var rig = new GatewayRig();
        rig.Apply(GatewayRig.Server(manifest => manifest with { Limits = new UpstreamLimits { AnswerBytes = 1024 } }));
        rig.Upstream.Answer = _ => ScriptedUpstream.Json($"{{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{{\"content\":[],\"x\":\"{new string('x', 2000)}\"}}}}");
        Assert.Equal("too_large", (await rig.CallAsync("rollout_status")).ErrorCode);
        rig.Apply(GatewayRig.Server(number: 2));
        Assert.Equal(0, (await rig.CallAsync("rollout_status")).Result.GetProperty("content").GetArrayLength());
    }
}
