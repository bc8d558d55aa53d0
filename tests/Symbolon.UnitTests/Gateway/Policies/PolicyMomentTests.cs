using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Outbound;
using Symbolon.Core.Tools;
using Symbolon.Testing.Fakes;

namespace Symbolon.UnitTests.Gateway.Policies;

/// <summary>What rules and decision points know of a call at the moment in which it is decided, and what is told of it afterwards.</summary>
[Trait("area", "gateway")]
public sealed class PolicyMomentTests : IDisposable
{
    private const string Ask = """{"name":"ask","servers":["*"],"decide":{"url":"https://opa.example.com/"}}""";

    private readonly GatewayRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public async Task A_decision_point_knows_what_the_session_has_done_though_no_condition_asks_for_it()
    {
        rig.Apply(GatewayRig.Server(manifest => manifest with { Tools = [manifest.Tools[0] with { Flags = ToolFlags.Sensitive }, manifest.Tools[1]] }));
        rig.Hold(Ask);
        rig.TokenEndpoint.Answer = _ => FakeFormPost.Json("""{"result":true}""");
        await rig.CallAsync("rollout_status");
        await rig.CallAsync("delete_release");
        Assert.Equal("""["sensitive"]""", Asked(1).GetProperty("sessionFlags").GetRawText());
    }

    [Fact]
    public async Task A_body_that_takes_long_is_decided_by_what_is_known_when_it_is_there()
    {
        rig.Hold("""{"name":"leak","servers":["*"],"when":"'sensitive' in session.flags","decision":"deny"}""");
        Assert.Null((await rig.CallAsync("rollout_status")).CodeOf());
        // Meanwhile another node has let the session call such a tool.
        var answer = await rig.CallAsync("rollout_status", change: Slowly(() => rig.Sessions.AddAsync(OrganisationId.Default, "tok_1", ToolFlags.Sensitive, rig.Now, rig.Now + 3_600_000_000, TestContext.Current.CancellationToken)));
        Assert.Equal("denied_by_policy", answer.CodeOf());
    }

    [Fact]
    public async Task The_time_of_a_call_is_when_it_is_decided()
    {
        var end = rig.Clock.GetUtcNow().AddSeconds(1);
        rig.Hold($$"""{"name":"late","servers":["*"],"when":"call.time > timestamp('{{end:yyyy-MM-ddTHH:mm:ssZ}}')","decision":"deny"}""");
        Assert.Null((await rig.CallAsync("rollout_status")).CodeOf());
        Assert.Equal("denied_by_policy", (await rig.CallAsync("rollout_status", change: Slowly(() => Task.CompletedTask))).CodeOf());
    }

    [Fact]
    public async Task An_address_is_the_same_on_a_listener_of_both_kinds()
    {
        rig.Hold("""{"name":"office","servers":["*"],"when":"call.ip != '10.1.2.3'","decision":"deny"}""");
        Assert.Null((await rig.CallAsync("rollout_status", change: http => http.Connection.RemoteIpAddress = System.Net.IPAddress.Parse("::ffff:10.1.2.3"))).CodeOf());
    }

    [Fact]
    public async Task A_decision_point_sees_the_whole_address_of_a_resource()
    {
        rig.Apply(FeatureRig.Grant([], ["file:///**"]));
        rig.Hold("""{"name":"ask","servers":["*"],"decide":{"url":"https://opa.example.com/","cache":"60s"}}""");
        var uri = "file:///" + new string('a', 1200);
        rig.TokenEndpoint.Answer = posted => FakeFormPost.Json(posted.Form["json"].Contains("secret", StringComparison.Ordinal) ? """{"result":false}""" : """{"result":true}""");
        rig.Reply("\"result\":{\"contents\":[]}");
        Assert.Null((await rig.PostAsync(FeatureRig.Request("resources/read", $"\"uri\":\"{uri}/open\""))).CodeOf());
        Assert.Equal("denied_by_policy", (await rig.PostAsync(FeatureRig.Request("resources/read", $"\"uri\":\"{uri}/secret\""))).CodeOf());
        Assert.Equal($"resource/{uri}/secret", Asked(1).GetProperty("target").GetString());
    }

    [Fact]
    public async Task Why_a_decision_point_failed_is_in_the_record()
    {
        rig.Hold(Ask);
        rig.TokenEndpoint.Answer = _ => new FormAnswer.Unanswered("the port 8443 is not allowed");
        Assert.Equal("policy_error", (await rig.CallAsync("rollout_status")).CodeOf());
        Assert.Equal("p/ask: the port 8443 is not allowed", rig.Audit.Records[0].Reason);
        rig.TokenEndpoint.Answer = _ => FakeFormPost.Json("""{"result":true}""", 403);
        await rig.CallAsync("rollout_status");
        Assert.Equal("p/ask: answered 403", rig.Audit.Records[^2].Reason);
    }

    [Fact]
    public async Task A_rule_that_only_watches_sessions_refuses_nothing_when_nobody_knows_them()
    {
        rig.Apply(GatewayRig.Server(manifest => manifest with { Tools = [manifest.Tools[0] with { Flags = ToolFlags.Sensitive }, manifest.Tools[1]] }));
        rig.Hold("""{"name":"o","servers":["*"],"when":"'sensitive' in session.flags","decision":"deny","mode":"observe"}""");
        rig.Sessions.IsDown = true;
        Assert.Null((await rig.CallAsync("rollout_status")).CodeOf());
        Assert.Equal("p/o:error", rig.Audit.Records[0].Observed);
        Assert.Equal(200, (await rig.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/list"}""")).Status);
    }

    [Fact]
    public async Task What_observing_rules_said_is_recorded_though_a_total_cannot_be_told()
    {
        rig.Hold("""{"name":"o","servers":["*"],"decision":"deny","mode":"observe"},{"name":"t","servers":["*"],"total":{"of":"args.amount","most":"100/day"}}""");
        Assert.Equal("policy_error", (await rig.CallAsync("rollout_status", """{"amount":-1}""")).CodeOf());
        Assert.Equal(("p/t", "p/o:deny"), (rig.Audit.Records[0].Rule, rig.Audit.Records[0].Observed));
    }

    [Fact]
    public async Task A_call_that_is_more_than_a_total_by_itself_is_not_told_to_come_again()
    {
        rig.Hold("""{"name":"t","servers":["*"],"total":{"of":"args.amount","most":"100/day"}}""");
        var answer = await rig.CallAsync("rollout_status", """{"amount":101}""");
        Assert.Equal(("limit_reached", JsonValueKind.Null), (answer.CodeOf(), answer.Refusal.GetProperty("retryAfter").ValueKind));
        Assert.Equal("This call of 'rollout_status' alone is more than the limit of the rule p/t (total 100/day) allows.", answer.Result.GetProperty("content")[0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task The_record_of_a_result_that_is_too_long_names_the_rule()
    {
        rig.Hold("""{"name":"h","servers":["*"],"obligations":{"maxResultBytes":200}}""");
        rig.Reply($$"""
            "result":{"content":[{"type":"text","text":"{{new string('x', 300)}}"}]}
            """);
        Assert.Equal("too_large", (await rig.CallAsync("rollout_status")).CodeOf());
        Assert.Equal("p/h", rig.Audit.Records.Single(record => record.Kind == AuditKind.CallOutcome).Rule);
    }

    private JsonElement Asked(int index) => JsonDocument.Parse(rig.TokenEndpoint.Requests[index].Form["json"]).RootElement.GetProperty("input");

    /// <summary>Two seconds pass before the body is there.</summary>
    private Action<HttpContext> Slowly(Func<Task> meanwhile) => http => http.Request.Body = new SlowBody(http.Request.Body, async () =>
    {
        rig.Clock.Advance(TimeSpan.FromSeconds(2));
        rig.Freshness.Confirm(rig.Clock.GetTimestamp());
        await meanwhile();
    });

    private sealed class SlowBody(Stream body, Func<Task> before) : MemoryStream
    {
        private Func<Task>? before = before;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (before is { } wait)
            {
                before = null;
                await wait();
            }
            return await body.ReadAsync(buffer, cancellationToken);
        }
    }
}
