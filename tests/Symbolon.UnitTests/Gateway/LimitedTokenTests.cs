using System.Text.Json;
using Symbolon.Core.Audit;
using Symbolon.Core.Policy;
using Symbolon.Core.Resources;
using Symbolon.Core.Tools;

namespace Symbolon.UnitTests.Gateway;

/// <summary>
/// A token with <c>authorization_details</c> (RFC 9396 §9) on <c>/mcp/{server}</c>: <c>rollout_status</c> needs read on the namespace that it is called for,
/// <c>delete_release</c> does not say what it needs.
/// </summary>
[Trait("area", "oauth")]
public sealed class LimitedTokenTests : BoundCaller
{
    private const string Checkout = """[{"type":"symbolon_resource","actions":["read"],"resource":"cluster:prod/namespace:checkout/*"}]""";

    public LimitedTokenTests() => Need("cluster:prod/namespace:{namespace}/*");

    [Theory]
    [InlineData("""{"namespace":"checkout"}""")]
    [InlineData("""{"namespace":"check\u006fut","other":"payments"}""")]
    [Trait("clause", "RFC 9396 §9")]
    public async Task A_call_within_the_limit_runs_and_its_record_says_which_part_of_it_was_used(string arguments)
    {
        var answer = await CallAsync(Checkout, arguments);
        Assert.Equal(200, answer.Status);
        Assert.True(answer.Result.TryGetProperty("content", out _), answer.Body);
        Assert.False(answer.Result.TryGetProperty("_meta", out _));
        Assert.Contains(arguments, Assert.Single(Rig.Upstream.Calls).Body, StringComparison.Ordinal);
        var record = Rig.Audit.Records[0];
        Assert.Equal(
            (AuditKind.CallIntent, true, "mcp:deploy:@granted read:cluster:prod/namespace:checkout/*", null, null),
            (record.Kind, record.Allowed, record.Scope, record.Code, record.Reason));
    }

    [Theory]
    [InlineData("""{"namespace":"payments"}""", "read:cluster:prod/namespace:payments/*")]
    [InlineData("""{"namespace":"Checkout"}""", "read:cluster:prod/namespace:Checkout/*")]
    [InlineData("""{"namespace":5}""", "read:cluster:prod/namespace:5/*")]
    [InlineData("""{"namespace":null}""", "read:cluster:prod/namespace:*/*")]
    [InlineData("""{"Namespace":"checkout"}""", "read:cluster:prod/namespace:*/*")]
    [InlineData("{}", "read:cluster:prod/namespace:*/*")]
    [Trait("clause", "DESIGN.md §4 Scopes")]
    [Trait("hostile", "resource limit")]
    public async Task A_call_beyond_the_limit_is_argument_not_allowed_and_says_what_it_would_need(string arguments, string needs)
    {
        var answer = await CallAsync(Checkout, arguments);
        Assert.Equal((200, "argument_not_allowed", needs), (answer.Status, answer.Refusal.GetProperty("code").GetString(), answer.Refusal.GetProperty("needs").GetString()));
        Assert.Contains(needs, answer.Result.GetProperty("content")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
        AssertNothingRan(ReasonCode.ArgumentNotAllowed, "authorization_details of the token do not cover read:cluster:prod/namespace:{namespace}/*");
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\"checkout/../payments\"")]
    [InlineData("\"checkout/x\"")]
    [InlineData("\"*\"")]
    [InlineData("\"checkout*\"")]
    [InlineData("\"..\"")]
    [InlineData("\"checkout\\u0000\"")]
    [InlineData("\"checkout\\n\"")]
    [InlineData("\"checkout \"")]
    [InlineData("\"chec\\u043aout\"")]
    [InlineData("\"{namespace}\"")]
    [InlineData("true")]
    [InlineData("1.0")]
    [InlineData("1e1")]
    [InlineData("99999999999999999999")]
    [InlineData("[\"checkout\"]")]
    [InlineData("{\"x\":\"checkout\"}")]
    [Trait("clause", "DESIGN.md §4 Scopes")]
    [Trait("hostile", "resource limit")]
    public async Task A_value_that_would_be_more_than_a_name_is_argument_not_allowed(string value)
    {
        var answer = await CallAsync("""[{"type":"symbolon_resource","actions":["read"],"resource":"**"}]""", $$"""{"namespace":{{value}}}""");
        Assert.Equal((200, "argument_not_allowed"), (answer.Status, answer.Refusal.GetProperty("code").GetString()));
        Assert.Contains("'namespace'", answer.Result.GetProperty("content")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
        AssertNothingRan(ReasonCode.ArgumentNotAllowed, "authorization_details of the token do not cover read:cluster:prod/namespace:{namespace}/*");
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Refusals")]
    [Trait("hostile", "resource limit")]
    public async Task A_tool_that_does_not_say_what_it_needs_is_an_insufficient_scope_under_any_limit()
    {
        var answer = await CallAsync("""[{"type":"symbolon_resource","actions":["read"],"resource":"**"}]""", "{}", "delete_release");
        Assert.Equal((403, "insufficient_scope", "mcp:deploy:delete_release"), (answer.Status, answer.ErrorCode, answer.Error.GetProperty("data").GetProperty("needs").GetString()));
        Assert.Contains("scope=\"mcp:deploy:delete_release\"", answer.Headers.WWWAuthenticate.ToString(), StringComparison.Ordinal);
        AssertNothingRan(ReasonCode.InsufficientScope, "authorization_details of the token do not cover a tool that does not say what it needs");
    }

    [Theory]
    [InlineData("write", "cluster:prod/namespace:checkout/*")]
    [InlineData("read", "cluster:test/**")]
    [InlineData("read", "cluster:prod/namespace:checkout/release")]
    [InlineData("read", "cluster:prod/namespace:checkout")]
    [Trait("clause", "DESIGN.md §4 Refusals")]
    [Trait("hostile", "resource limit")]
    public async Task A_tool_that_no_argument_keeps_within_the_limit_is_an_insufficient_scope_and_listed_nowhere(string action, string resource)
    {
        var details = $$"""[{"type":"symbolon_resource","actions":["{{action}}"],"resource":"{{resource}}"}]""";
        var answer = await CallAsync(details, """{"namespace":"checkout"}""");
        Assert.Equal(
            (403, "insufficient_scope", "mcp:deploy:rollout_status read:cluster:prod/namespace:{namespace}/*"),
            (answer.Status, answer.ErrorCode, answer.Error.GetProperty("data").GetProperty("needs").GetString()));
        // A client asks for just what the challenge names, so it names nothing that is no scope here.
        Assert.Contains("scope=\"mcp:deploy:rollout_status\"", answer.Headers.WWWAuthenticate.ToString(), StringComparison.Ordinal);
        AssertNothingRan(ReasonCode.InsufficientScope, "authorization_details of the token do not cover read:cluster:prod/namespace:{namespace}/*");
        Assert.Empty(await ListAsync(details));
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Scopes")]
    public async Task The_list_has_what_could_be_called_and_without_a_limit_everything()
    {
        Assert.Equal(["rollout_status"], await ListAsync(Checkout));
        Assert.Equal(["rollout_status", "delete_release"], await ListAsync(null));
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Scopes")]
    public async Task A_token_without_a_limit_is_held_to_none()
    {
        Assert.Equal(200, (await CallAsync(null, """{"namespace":"payments/.."}""")).Status);
        Assert.Equal("mcp:deploy:@granted", Rig.Audit.Records[0].Scope);
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Scopes")]
    public async Task Every_need_has_to_be_covered_for_each_of_its_actions_by_any_parts_of_the_limit()
    {
        Need("cluster:prod/namespace:{namespace}/*", "logs/{namespace}");
        Assert.Equal("insufficient_scope", (await CallAsync(Checkout, """{"namespace":"checkout"}""")).ErrorCode);
        const string both = """[{"type":"symbolon_resource","actions":["read"],"resource":"cluster:prod/**"},{"type":"symbolon_resource","actions":["read"],"resource":"logs/checkout"}]""";
        Assert.True((await CallAsync(both, """{"namespace":"checkout"}""")).Result.TryGetProperty("content", out _));
        Assert.Equal("mcp:deploy:@granted read:cluster:prod/** read:logs/checkout", Rig.Audit.Records.Last(record => record.Kind == AuditKind.CallIntent).Scope);
        Assert.Equal("read:logs/payments", (await CallAsync(both, """{"namespace":"payments"}""")).Refusal.GetProperty("needs").GetString());
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Refusals")]
    [Trait("hostile", "resource limit")]
    public async Task A_server_that_conceals_its_tools_conceals_those_beyond_the_limit()
    {
        Need(["cluster:prod/namespace:{namespace}/*"], conceals: true);
        Assert.Equal(-32602, (await CallAsync(Checkout, "{}", "delete_release")).Error.GetProperty("code").GetInt32());
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Scopes")]
    public async Task What_a_tool_needs_now_counts_under_a_live_token()
    {
        Assert.True((await CallAsync(Checkout, """{"namespace":"checkout"}""")).Result.TryGetProperty("content", out _));
        Need("cluster:prod/**");
        Assert.Equal("insufficient_scope", (await CallAsync(Checkout, """{"namespace":"checkout"}""")).ErrorCode);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("\"read:**\"")]
    [InlineData("7")]
    [InlineData("[{}]")]
    [InlineData("""[{"type":"other","actions":["read"],"resource":"**"}]""")]
    [InlineData("""[{"type":"symbolon_resource","actions":["read"],"resource":"{namespace}"}]""")]
    [InlineData("""[{"type":"symbolon_resource","actions":["read"],"resource":"a/.."}]""")]
    [InlineData("""[{"type":"symbolon_resource","actions":[],"resource":"**"}]""")]
    [InlineData("""[{"type":"symbolon_resource","actions":["read"],"resource":"**","more":1}]""")]
    [Trait("clause", "RFC 9396 §9.1")]
    [Trait("hostile", "access token")]
    public async Task A_token_whose_limit_is_not_understood_is_not_taken(string details)
    {
        var answer = await CallAsync(details, """{"namespace":"checkout"}""");
        Assert.Equal((401, "unauthenticated"), Outcome(answer));
        Assert.Empty(Rig.Upstream.Calls);
    }

    private void AssertNothingRan(ReasonCode code, string reason)
    {
        Assert.Empty(Rig.Upstream.Calls);
        var record = Rig.Audit.Records[0];
        Assert.Equal((false, code, reason), (record.Allowed, record.Code, record.Reason));
        // Nothing of the arguments is recorded that the server's file does not ask for.
        Assert.Null(record.Arguments);
    }

    private void Need(params string[] resources) => Need(resources, conceals: false);

    private void Need(string[] resources, bool conceals) => Rig.Apply(GatewayRig.Server(manifest => manifest with
    {
        ConcealTools = conceals,
        Tools =
        [
            GatewayRig.ToolOf(GatewayRig.ReadTool, Effect.Read) with
            {
                InputSchema = JsonDocument.Parse("""{"properties":{"namespace":{"type":"string"}}}""").RootElement,
                Needs = [.. resources.Select(resource => new ResourceNeed(["read"], ResourcePattern.Parse(resource, out _)!))],
            },
            GatewayRig.ToolOf(GatewayRig.WriteTool, Effect.Irreversible),
        ],
    }));

    private Task<GatewayRig.Answered> CallAsync(string? details, string arguments, string tool = "rollout_status") =>
        SendAsync(details, "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{\"name\":\"" + tool + "\",\"arguments\":" + arguments + "}}");

    private async Task<IEnumerable<string?>> ListAsync(string? details) =>
        (await SendAsync(details, List)).Result.GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("name").GetString());

    private Task<GatewayRig.Answered> SendAsync(string? details, string body) =>
        SendAsync(body, context => context.Request.Headers.Authorization = "Bearer " + TokenOf(bound: null, details: details));
}
