using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Symbolon.Core.Audit;
using Symbolon.Testing.Gateway;
using Symbolon.UnitTests.Gateway.Policies;

namespace Symbolon.UnitTests.Gateway;

/// <summary><c>subscriptions/listen</c> of 2026-07-28: nobody is told of what he may not have.</summary>
[Trait("area", "gateway")]
public sealed class SubscriptionTests : IDisposable
{
    private const string Wanted =
        "\"notifications\":{\"toolsListChanged\":true,\"promptsListChanged\":true,\"resourcesListChanged\":true,\"taskIds\":[\"t\"],\"resourceSubscriptions\":[\"file:///docs/a\",\"file:///keys/b\",7]}";

    private readonly GatewayRig rig = new();
    private readonly Pipe upstream = new();

    public SubscriptionTests() => rig.Upstream.Answer = _ => ScriptedUpstream.Events(upstream.Reader.AsStream());

    public void Dispose()
    {
        upstream.Writer.Complete();
        rig.Dispose();
    }

    [Fact]
    public async Task The_server_is_asked_for_what_the_caller_may_have_and_each_notification_is_decided_again()
    {
        rig.Apply(FeatureRig.Grant([], ["file:///docs/*"]));
        var (body, running) = Start();
        await Eventually.HoldsAsync(() => rig.Upstream.Requests.Any(request => request.Method == "subscriptions/listen"), "the server is asked");
        Assert.Equal(
            """{"toolsListChanged":true,"resourcesListChanged":true,"resourceSubscriptions":["file:///docs/a"]}""",
            rig.Upstream.Requests.Last(request => request.Method == "subscriptions/listen").Json.GetProperty("params").GetProperty("notifications").GetRawText());
        await SendAsync("notifications/subscriptions/acknowledged");
        await SendAsync("notifications/prompts/list_changed");
        await SendAsync("notifications/resources/updated", "\"uri\":\"file:///keys/b\",");
        await SendAsync("notifications/resources/updated", "\"uri\":\"file:///docs/a\",");
        await Eventually.HoldsAsync(() => body.Text.Contains("docs/a", StringComparison.Ordinal), "the change is told");
        rig.Apply(FeatureRig.Grant([], ["file:///docs/b"]));
        await SendAsync("notifications/resources/updated", "\"uri\":\"file:///docs/a\",\"second\":1,");
        await SendAsync("notifications/tools/list_changed");
        await upstream.Writer.WriteAsync("data: {\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"resultType\":\"complete\"}}\n\n"u8.ToArray(), TestContext.Current.CancellationToken);
        await running;
        Assert.Equal(
            ["notifications/subscriptions/acknowledged", "notifications/resources/updated", "notifications/tools/list_changed", null],
            body.Text.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => JsonDocument.Parse(line[6..]).RootElement.TryGetProperty("method", out var method) ? method.GetString() : null));
        Assert.DoesNotContain("second", body.Text, StringComparison.Ordinal);
        Assert.Contains(rig.Audit.Records, record => record is { Kind: AuditKind.Request, Method: "subscriptions/listen", Allowed: true });
    }

    [Fact]
    public async Task Nobody_is_told_of_a_resource_that_a_rule_denies_now()
    {
        rig.Apply(FeatureRig.Grant([], ["file:///**"]));
        rig.Hold("""{"name":"keys","servers":["*"],"resources":["file:///keys/**"],"decision":"deny"}""");
        var (body, running) = Start();
        await Eventually.HoldsAsync(() => rig.Upstream.Requests.Any(request => request.Method == "subscriptions/listen"), "the server is asked");
        Assert.Equal(
            """["file:///docs/a"]""",
            rig.Upstream.Requests.Last(request => request.Method == "subscriptions/listen").Json.GetProperty("params").GetProperty("notifications").GetProperty("resourceSubscriptions").GetRawText());
        await SendAsync("notifications/resources/updated", "\"uri\":\"file:///keys/b\",");
        await SendAsync("notifications/resources/updated", "\"uri\":\"file:///docs/a\",");
        await Eventually.HoldsAsync(() => body.Text.Contains("docs/a", StringComparison.Ordinal), "the change is told");
        Assert.DoesNotContain("keys", body.Text, StringComparison.Ordinal);
        rig.Hold("""{"name":"done","servers":["*"],"when":"'sensitive' in session.flags","decision":"deny"}""");
        await rig.Sessions.AddAsync(Symbolon.Core.Identity.OrganisationId.Default, "tok_1", Symbolon.Core.Tools.ToolFlags.Sensitive, rig.Now, rig.Now + 3_600_000_000, TestContext.Current.CancellationToken);
        await SendAsync("notifications/resources/updated", "\"uri\":\"file:///docs/a\",\"second\":1,");
        await SendAsync("notifications/tools/list_changed");
        await Eventually.HoldsAsync(() => body.Text.Contains("list_changed", StringComparison.Ordinal), "what comes behind it is told");
        Assert.DoesNotContain("second", body.Text, StringComparison.Ordinal);
        await upstream.Writer.CompleteAsync();
        await running;
    }

    [Fact]
    public async Task A_subscription_ends_with_the_token()
    {
        var (body, running) = Start();
        await SendAsync("notifications/subscriptions/acknowledged");
        await Eventually.HoldsAsync(() => body.Text.Contains("acknowledged", StringComparison.Ordinal), "the subscription stands");
        rig.Revoke(Symbolon.Core.Revocation.RevocationLevel.Token, "tok_1");
        await running;
        Assert.Contains("token_revoked", body.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_leaves_ends_the_servers_stream()
    {
        using var left = new CancellationTokenSource();
        var (body, running) = Start(context => context.RequestAborted = left.Token);
        await SendAsync("notifications/subscriptions/acknowledged");
        await Eventually.HoldsAsync(() => body.Text.Contains("acknowledged", StringComparison.Ordinal), "the subscription stands");
        await left.CancelAsync();
        await running;
    }

    private async Task SendAsync(string method, string members = "") => await upstream.Writer.WriteAsync(Encoding.UTF8.GetBytes(
        "data: {\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\",\"params\":{" + members + "\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":7}}}\n\n"));

    private (CapturedBody Body, Task Running) Start(Action<HttpContext>? change = null)
    {
        var context = rig.ContextOf("POST", Encoding.UTF8.GetBytes(
            "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"subscriptions/listen\",\"params\":{" + Wanted + "," + GatewayRig.ModernMeta + "}}"));
        context.Request.Headers["MCP-Protocol-Version"] = "2026-07-28";
        context.Request.Headers["Mcp-Method"] = "subscriptions/listen";
        var body = new CapturedBody();
        context.Response.Body = body;
        change?.Invoke(context);
        return (body, Task.Run(() => rig.HandleAsync(context)));
    }
}
