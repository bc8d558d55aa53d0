using Microsoft.Extensions.Primitives;
using Symbolon.Core.Policy;
using Symbolon.Core.Registry;
using Symbolon.Core.Tools;

namespace Symbolon.UnitTests.Gateway;

/// <summary>What a grant, a server or a class of tools gives to bound tokens alone, decided at the call.</summary>
[Trait("area", "oauth")]
public sealed class DemandedBindingTests : BoundCaller
{
    [Theory]
    [InlineData("server", "rollout_status", 401)]
    [InlineData("server", "delete_release", 401)]
    [InlineData("class", "rollout_status", 200)]
    [InlineData("class", "delete_release", 401)]
    [InlineData("grant", "rollout_status", 401)]
    [Trait("clause", "RFC 9449 §7.2")]
    [Trait("hostile", "downgrade")]
    public async Task What_is_for_bound_tokens_alone_is_refused_to_any_other_and_to_a_pasted_one(string who, string tool, int status)
    {
        if (who == "grant") Rig.Apply(GatewayRig.Grant() with { Binding = TokenBinding.Dpop });
        else Rig.Apply(GatewayRig.Server(manifest => manifest with { Binding = new BindingRule { Binding = TokenBinding.Dpop, Effects = who == "class" ? [Effect.Irreversible] : [] } }, number: 2));
        foreach (var shown in new[] { TokenOf(null), Rig.Token })
        {
            var answer = await SendAsync(Call(tool), context => context.Request.Headers.Authorization = "Bearer " + shown);
            Assert.True(answer.Status == status, answer.Body);
            if (status == 200) continue;
            Assert.Equal("proof_required", answer.ErrorCode);
            Assert.StartsWith("DPoP error=\"invalid_token\"", answer.Headers.WWWAuthenticate.ToString(), StringComparison.Ordinal);
            Assert.Equal((false, ReasonCode.ProofRequired), (Rig.Audit.Records[^1].Allowed ?? Rig.Audit.Records[^2].Allowed, Rig.Audit.Records[^1].Code));
        }
        Assert.Equal(status == 200 ? 2 : 0, Rig.Upstream.Calls.Count());
        Assert.Equal((401, "proof_required"), status == 200 ? (401, "proof_required") : Outcome(await Rig.CallAsync(tool)));

        Assert.Equal(200, (await CallAsync(Proof(), tool)).Status);
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Files binding")]
    public async Task Lists_show_a_bearer_token_nothing_that_it_may_not_call()
    {
        Rig.Apply(GatewayRig.Server(manifest => manifest with { Binding = new BindingRule { Binding = TokenBinding.Dpop, Effects = [Effect.Irreversible] } }, number: 2));
        var bearer = await SendAsync(List, context => context.Request.Headers.Authorization = "Bearer " + TokenOf(null));
        Assert.Equal(["rollout_status"], Names(bearer));
        Assert.Equal(["rollout_status", "delete_release"], Names(await BodyAsync(Proof(), List)));

        static IEnumerable<string> Names(GatewayRig.Answered answer) => answer.Result.GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("name").GetString()!);
    }

    [Fact]
    [Trait("clause", "RFC 9449 §7.1")]
    public async Task A_server_for_bound_tokens_alone_asks_for_them_in_the_challenge()
    {
        Rig.Apply(GatewayRig.Server(manifest => manifest with { Binding = new BindingRule { Binding = TokenBinding.Dpop } }, number: 2));
        var answer = await SendAsync(List, context => context.Request.Headers.Authorization = StringValues.Empty);
        Assert.Equal(401, answer.Status);
        Assert.Equal(
            "DPoP scope=\"mcp:deploy:@granted\", resource_metadata=\"https://symbolon.example.com/.well-known/oauth-protected-resource/mcp/deploy\", algs=\"ES256\"",
            answer.Headers.WWWAuthenticate.ToString());
    }
}
