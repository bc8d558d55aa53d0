using Symbolon.Core.Identity;
using Symbolon.Core.Keys;
using Symbolon.Core.OAuth;
using Symbolon.Core.OAuth.Proofs;
using Symbolon.Core.Policy;
using Symbolon.Core.Registry;
using Symbolon.Core.Resources;
using Symbolon.Core.Tools;
using Symbolon.Jose;
using Symbolon.Jose.Proofs;
using Symbolon.Testing.Fakes;
using Symbolon.Testing.Gateway;

namespace Symbolon.UnitTests.Gateway;

/// <summary>What a server in mode exchange is shown: DESIGN.md section 4, Identities on the way.</summary>
[Trait("area", "gateway")]
public sealed class ExchangeModeTests : IDisposable
{
    private const string Checkout = """{"namespace":"checkout"}""";

    private readonly GatewayRig rig = new();

    public ExchangeModeTests() => Need("cluster:prod/namespace:{namespace}/*");

    private IEnumerable<CallTokenOrder> CallOrders => rig.CallTokens.Orders.Where(order => order.Tool is not null);

    public void Dispose() => rig.Dispose();

    [Fact]
    public async Task The_server_gets_a_token_of_ours_and_a_proof_of_this_nodes_key_and_nothing_of_the_callers()
    {
        Assert.True((await rig.CallAsync("rollout_status", Checkout)).Result.TryGetProperty("content", out _));
        var call = Assert.Single(rig.Upstream.Calls);
        var token = call.Headers["Authorization"]["DPoP ".Length..];
        var order = Assert.Single(CallOrders);
        var verdict = new ProofValidator(new ProofNonces(new FakeSecretBox(), rig.Clock), rig.Clock).Check(1, call.Headers["DPoP"], new ProofRequest
        {
            Organisation = OrganisationId.Default, Method = "POST", Target = ProofTarget.Of("http://127.0.0.1:7001/mcp"), BoundTo = order.Key, AccessToken = Sha256Value.Of(System.Text.Encoding.ASCII.GetBytes(token)),
        });
        Assert.IsType<ProofVerdict.Accepted>(verdict);
        Assert.StartsWith("call-token-", token, StringComparison.Ordinal);
        Assert.DoesNotContain(rig.Token, string.Join('\n', rig.Upstream.Requests.SelectMany(request => request.Headers.Values.Append(request.Body))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_calls_token_names_caller_tool_and_the_resources_that_its_arguments_lead_to()
    {
        await rig.CallAsync("rollout_status", Checkout);
        var order = Assert.Single(CallOrders);
        Assert.Equal(
            ("deploy", "http://127.0.0.1:7001/mcp", FakeOrigins.Origin, "tok_1", "bot", "rollout_status", "read:cluster:prod/namespace:checkout/*"),
            (order.Server.Value, order.Audience, order.Issuer, order.Caller!.Id.Value, order.Caller.Holder.Agent?.Value, order.Tool?.Value, order.Needs?.ToString()));
    }

    [Fact]
    public async Task Nothing_but_a_call_names_a_tool_or_a_resource_and_what_the_gateway_asks_for_itself_names_no_caller()
    {
        await rig.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/list"}""");
        Assert.All(rig.CallTokens.Orders, order => Assert.Equal((null, null), (order.Tool, order.Needs)));
        Assert.Contains(rig.CallTokens.Orders, order => order.Caller?.Id.Value == "tok_1");
        Assert.Contains(rig.CallTokens.Orders, order => order.Caller is null);
        Assert.All(rig.Upstream.Requests, request => Assert.StartsWith("DPoP call-token-", request.Headers["Authorization"], StringComparison.Ordinal));
        Assert.Equal(rig.Upstream.Requests.Count, rig.Upstream.Requests.Select(request => request.Headers["DPoP"]).Distinct().Count());
    }

    [Fact]
    public async Task The_same_call_is_shown_the_same_token_while_it_is_good_and_another_call_never()
    {
        await rig.CallAsync("rollout_status", Checkout);
        await rig.CallAsync("rollout_status", Checkout);
        Assert.Single(CallOrders);
        await rig.CallAsync("rollout_status", """{"namespace":"payments"}""");
        await rig.CallAsync("delete_release");
        Assert.Equal(3, CallOrders.Count());
        rig.Clock.Advance(TimeSpan.FromSeconds(241));
        rig.Freshness.Confirm(rig.Clock.GetTimestamp());
        await rig.CallAsync("rollout_status", Checkout);
        Assert.Equal(4, CallOrders.Count());
    }

    [Fact]
    public async Task A_token_is_made_anew_when_the_signing_keys_are_others()
    {
        await rig.CallAsync("rollout_status", Checkout);
        rig.Apply(new SigningKeyRing { Keys = [] });
        await rig.CallAsync("rollout_status", Checkout);
        Assert.Equal(2, CallOrders.Count());
    }

    [Theory]
    [InlineData("\"checkout/x\"")]
    [InlineData("\"*\"")]
    [InlineData("\"..\"")]
    [InlineData("\"\"")]
    [InlineData("\"a\\nb\"")]
    [InlineData("\"caf\u00e9\"")]
    [InlineData("\"check out\"")]
    [InlineData("\"check\\\"out\"")]
    [InlineData("[\"checkout\"]")]
    [InlineData("1.5")]
    [Trait("hostile", "bound argument")]
    public async Task An_argument_that_is_no_name_of_a_resource_is_refused_and_nothing_goes_out(string value)
    {
        var answer = await rig.CallAsync("rollout_status", $$"""{"namespace":{{value}}}""");
        Assert.Equal("argument_not_allowed", answer.Refusal.GetProperty("code").GetString());
        Assert.Empty(rig.Upstream.Calls);
        Assert.Empty(CallOrders);
        Assert.Equal((false, ReasonCode.ArgumentNotAllowed), (rig.Audit.Records[0].Allowed, rig.Audit.Records[0].Code));
    }

    [Fact]
    public async Task Nothing_goes_out_while_there_is_no_key_to_sign_with()
    {
        await rig.CallAsync("delete_release");
        rig.CallTokens.HasKey = false;
        var answer = await rig.CallAsync("rollout_status", Checkout);
        Assert.Equal("server_suspended", answer.Refusal.GetProperty("code").GetString());
        Assert.Single(rig.Upstream.Calls);
    }

    [Fact]
    public async Task A_server_that_tells_the_token_is_withheld()
    {
        rig.Upstream.Answer = request => ScriptedUpstream.Json($$$"""{"jsonrpc":"2.0","id":7,"result":{"content":[{"type":"text","text":"{{{request.Headers["Authorization"]}}}"}]}}""");
        var answer = await rig.CallAsync("rollout_status", Checkout);
        Assert.DoesNotContain("call-token", answer.Body, StringComparison.Ordinal);
        Assert.Contains("upstream_invalid", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData(""","_meta":{"traceparent":"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}""", "4bf92f3577b34da6a3ce929d0e0e4736")]
    public async Task The_record_and_the_server_have_one_trace(string meta, string? theirs)
    {
        await rig.PostAsync("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{\"name\":\"rollout_status\",\"arguments\":" + Checkout + meta + "}}");
        var record = rig.Audit.Records[0];
        Assert.Equal(theirs ?? record.Call!.Value.ToString("N"), record.Trace);
        Assert.Matches($"^00-{record.Trace}-[0-9a-f]{{16}}-01$", Assert.Single(rig.Upstream.Calls).Headers["traceparent"]);
    }

    [Theory]
    [InlineData(ToolFlags.None, "read:cluster:prod/namespace:checkout/*")]
    [InlineData(ToolFlags.Sensitive, "read:cluster:prod/namespace:{namespace}/*")]
    public async Task The_record_says_which_resource_the_call_may_reach_and_of_a_sensitive_tool_what_its_file_says(ToolFlags flags, string resource)
    {
        Need("cluster:prod/namespace:{namespace}/*", flags);
        await rig.CallAsync("rollout_status", Checkout);
        Assert.Equal($"mcp:deploy:@granted {resource}", rig.Audit.Records[0].Scope);
    }

    [Fact]
    public async Task Servers_in_other_modes_are_shown_no_token_and_no_trace()
    {
        rig.Apply(GatewayRig.Server(number: 3));
        await rig.CallAsync("rollout_status", Checkout);
        var headers = Assert.Single(rig.Upstream.Calls).Headers;
        Assert.DoesNotContain(headers.Keys, name => name is "Authorization" or "DPoP" or "traceparent");
        Assert.Empty(rig.CallTokens.Orders);
    }

    private void Need(string resource, ToolFlags flags = ToolFlags.None) => rig.Apply(GatewayRig.Server(
        manifest => manifest with
        {
            Credential = new UpstreamCredential.Exchange { Audience = "https://api.example.com" },
            Tools = [manifest.Tools[0] with { Flags = flags, Needs = [new ResourceNeed(["read"], ResourcePattern.Parse(resource, out _)!)] }, manifest.Tools[1]],
        }, number: flags == ToolFlags.None ? 1 : 2));
}
