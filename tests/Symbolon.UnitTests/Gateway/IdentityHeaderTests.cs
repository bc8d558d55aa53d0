using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Registry;
using Symbolon.Core.Sealing;
using Symbolon.Core.Snapshot;
using Symbolon.Testing.Fakes;
using Symbolon.Testing.Gateway;

namespace Symbolon.UnitTests.Gateway;

/// <summary>What a server is told that only wants to know who asks: <c>spec.upstream.identity</c>.</summary>
[Trait("area", "gateway")]
public sealed class IdentityHeaderTests : IDisposable
{
    private const string Header = "Symbolon-Identity";

    private readonly GatewayRig rig = new();

    public IdentityHeaderTests() => rig.Apply(GatewayRig.Server(manifest => manifest with { IdentityHeader = Header }));

    public void Dispose() => rig.Dispose();

    private IEnumerable<IdentityOrder> OfCallers => rig.IdentityTokens.Orders.Where(order => order.Caller is not null);

    [Fact]
    public async Task A_call_tells_the_server_its_caller_and_its_tool()
    {
        await rig.CallAsync("rollout_status");
        var order = Assert.Single(OfCallers);
        Assert.Equal(
            ("deploy", "http://127.0.0.1:7001/mcp", FakeOrigins.Origin, "tok_1", "rollout_status"),
            (order.Server.Value, order.Audience, order.Issuer, order.Caller!.Id.Value, order.Tool?.Value));
        Assert.StartsWith("identity-of-request-", Assert.Single(rig.Upstream.Calls).Headers[Header], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_request_has_another_one_and_what_the_gateway_asks_for_itself_names_no_caller()
    {
        await rig.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/list"}""");
        await rig.CallAsync("rollout_status");
        await rig.CallAsync("rollout_status");
        Assert.All(rig.Upstream.Requests, request => Assert.Contains(Header, request.Headers.Keys));
        Assert.Equal(rig.Upstream.Requests.Count, rig.Upstream.Requests.Select(request => request.Headers[Header]).Distinct().Count());
        Assert.Contains(rig.IdentityTokens.Orders, order => order.Caller is null);
        Assert.Contains(OfCallers, order => order.Tool is null);
        Assert.Equal(2, OfCallers.Count(order => order.Tool is not null));
    }

    [Fact]
    [Trait("hostile", "forged identity")]
    public async Task What_a_caller_sends_under_that_name_never_passes()
    {
        await rig.CallAsync("rollout_status", change: context =>
        {
            context.Request.Headers[Header] = "forged";
            context.Request.Headers["symbolon_identity"] = "forged";
        });
        await rig.ModernAsync("tools/list", change: context => context.Request.Headers[Header] = "forged");
        Assert.NotEmpty(rig.Upstream.Calls);
        Assert.All(rig.Upstream.Requests, request => Assert.DoesNotContain("forged", request.Headers.Values));
        Assert.All(rig.Upstream.Requests, request => Assert.StartsWith("identity-of-request-", request.Headers[Header], StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_goes_out_while_there_is_no_key_to_sign_with()
    {
        await rig.CallAsync("rollout_status");
        rig.IdentityTokens.HasKey = false;
        Assert.Equal("server_suspended", (await rig.CallAsync("rollout_status")).Refusal.GetProperty("code").GetString());
        Assert.Single(rig.Upstream.Calls);
    }

    [Fact]
    public async Task A_server_that_tells_it_to_a_caller_is_withheld()
    {
        rig.Upstream.Answer = request => ScriptedUpstream.Json($$$"""{"jsonrpc":"2.0","id":7,"result":{"content":[{"type":"text","text":"{{{request.Headers[Header]}}}"}]}}""");
        var answer = await rig.CallAsync("rollout_status");
        Assert.DoesNotContain("identity-of-request", answer.Body, StringComparison.Ordinal);
        Assert.Contains("upstream_invalid", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_goes_beside_a_secret_and_not_to_a_server_whose_file_says_nothing_of_it()
    {
        var place = new SecretPlace(OrganisationId.Default, "upstream", "api", 1);
        rig.Apply(
            new SealedSecret("upstream", "api", 1, rig.Secrets.Seal(place, "Bearer the-secret-of-the-server"u8.ToArray()), []),
            GatewayRig.Server(manifest => manifest with { IdentityHeader = Header, Credential = new UpstreamCredential.Static { Header = "Authorization", Secret = "api" } }, number: 2));
        await rig.CallAsync("rollout_status");
        var headers = rig.Upstream.Calls.Last().Headers;
        Assert.Equal("Bearer the-secret-of-the-server", headers["Authorization"]);
        Assert.StartsWith("identity-of-request-", headers[Header], StringComparison.Ordinal);
        rig.Apply(GatewayRig.Server(number: 3));
        await rig.CallAsync("rollout_status");
        Assert.DoesNotContain(Header, rig.Upstream.Calls.Last().Headers.Keys);
    }
}
