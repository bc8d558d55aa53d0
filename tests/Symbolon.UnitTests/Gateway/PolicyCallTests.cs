using System.Text.Json;
using Symbolon.Core.Outbound;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Tools;
using Symbolon.Testing.Fakes;
using Symbolon.Testing.Gateway;

namespace Symbolon.UnitTests.Gateway;

/// <summary>Rules of policies on the way of a call.</summary>
[Trait("area", "gateway")]
[Trait("clause", "DESIGN.md §4 Order of checks")]
public sealed class PolicyCallTests : IDisposable
{
    private readonly GatewayRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public async Task A_denied_call_is_told_why_and_recorded_with_its_rule_and_reaches_nobody()
    {
        Hold("""{"name":"prod","servers":["deploy"],"tools":["delete_release"],"when":"args.namespace == 'prod'","decision":"deny","message":"Ask the owner."}""");
        var answer = await rig.CallAsync("delete_release", """{"namespace":"prod"}""");
        Assert.Equal((200, true), (answer.Status, answer.Result.GetProperty("isError").GetBoolean()));
        Assert.Equal(("denied_by_policy", "p/prod"), (answer.Refusal.GetProperty("code").GetString(), answer.Refusal.GetProperty("rule").GetString()));
        Assert.Equal("The rule p/prod denies this call of 'delete_release'. Ask the owner.", answer.Result.GetProperty("content")[0].GetProperty("text").GetString());
        Assert.Equal(("p/prod", false), (rig.Audit.Records[0].Rule, rig.Audit.Records[0].Allowed));
        Assert.Empty(rig.Upstream.Calls);

        Assert.False((await rig.CallAsync("delete_release", """{"namespace":"test"}""")).Result.TryGetProperty("isError", out _));
    }

    [Fact]
    public async Task A_rule_that_cannot_be_evaluated_denies_and_says_so_to_who_reads_the_records()
    {
        Hold("""{"name":"r","servers":["deploy"],"tools":["*"],"when":"args.missing > 1","decision":"deny"}""");
        var answer = await rig.CallAsync("rollout_status");
        Assert.Equal("policy_error", answer.Refusal.GetProperty("code").GetString());
        Assert.Equal(("p/r", "p/r: no such key: 'missing'"), (rig.Audit.Records[0].Rule, rig.Audit.Records[0].Reason));
    }

    [Theory]
    [InlineData("Namespace")]
    [InlineData("name\\u017fpace")]
    public async Task An_argument_that_another_reader_would_take_for_one_that_a_rule_names_is_refused(string name)
    {
        Hold("""{"name":"r","servers":["deploy"],"tools":["*"],"when":"has(args.force) && args.force == 'x' || has(args.namespace) && args.namespace == 'prod'","decision":"deny"}""");
        var answer = await rig.CallAsync("rollout_status", $$"""{"{{name}}":"prod"}""");
        Assert.Equal("argument_not_allowed", answer.Refusal.GetProperty("code").GetString());
        Assert.Empty(rig.Upstream.Calls);
    }

    [Theory]
    [InlineData("has(args.to) && has(args.to.iban) && args.to.iban == 'x'", """{"to":{"IBAN":"x"}}""", true)]
    [InlineData("has(args.to) && has(args.to.iban) && args.to.iban == 'x'", """{"to":{"ibän":"x","deep":{"a":1}}}""", false)]
    [InlineData("has(args.to) && has(args.to.iban) && args.to.iban == 'x'", """{"of":{"IBAN":"x"}}""", false)]
    [InlineData("has(args.lines) && args.lines.exists(line, has(line.sku) && line.sku == 'x')", """{"lines":[{"a":1},{"Sku":"x"}]}""", true)]
    [InlineData("has(args.lines) && args.lines.exists(line, has(line.sku) && line.sku == 'x')", """{"lines":[{"sku":"y"}],"of":[{"Sku":"x"}]}""", false)]
    [InlineData("has(args.lines) && has(args.lines[0].sku) && args.lines[0].sku == 'x'", """{"lines":[{"SKU":"x"}]}""", true)]
    [InlineData("args[?'to'][?'iban'].orValue('') == 'x'", """{"to":{"Iban":"x"}}""", true)]
    [InlineData("'force' in args && args.force == true", """{"Force":true}""", true)]
    [InlineData("has(args.to) && 'force' in args.to", """{"to":{"FORCE":true}}""", true)]
    [InlineData("args.exists(name, has(args[name].force))", """{"any":{"Force":true}}""", true)]
    public async Task So_is_a_member_inside_of_an_argument(string when, string arguments, bool isImitation)
    {
        Hold($$"""{"name":"r","servers":["deploy"],"tools":["*"],"when":{{JsonSerializer.Serialize(when)}},"decision":"deny"}""");
        var answer = await rig.CallAsync("rollout_status", arguments);
        Assert.Equal(isImitation, answer.Result.TryGetProperty("isError", out _));
        if (isImitation) Assert.Equal("argument_not_allowed", answer.Refusal.GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_list_shows_what_some_arguments_could_be_permitted_for()
    {
        Hold("""{"name":"r","servers":["deploy"],"tools":["rollout_status"],"when":"has(args.x)","decision":"deny"},{"name":"s","servers":["deploy"],"tools":["delete_release"],"decision":"deny"}""");
        var listed = await rig.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/list"}""");
        Assert.Equal(["rollout_status"], listed.Result.GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task An_observing_rule_lets_pass_and_is_in_the_record()
    {
        Hold("""{"name":"o","servers":["deploy"],"decision":"deny","mode":"observe"},{"name":"l","servers":["deploy"],"limit":"1/hour","mode":"observe"}""");
        await rig.CallAsync("rollout_status");
        Assert.Equal(("p/o:deny", true), (rig.Audit.Records[0].Observed, rig.Audit.Records[0].Allowed));
        Assert.False((await rig.CallAsync("rollout_status")).Result.TryGetProperty("isError", out _));
        Assert.Equal(("p/o:deny p/l:limit", true), (rig.Audit.Records[^2].Observed, rig.Audit.Records[^2].Allowed));
    }

    [Fact]
    public async Task A_limit_is_reached_with_the_time_after_which_to_try_again()
    {
        Hold("""{"name":"slow","servers":["*"],"limit":"2/minute","per":"token"}""");
        Assert.False((await rig.CallAsync("rollout_status")).Result.TryGetProperty("isError", out _));
        Assert.False((await rig.CallAsync("rollout_status")).Result.TryGetProperty("isError", out _));
        var answer = await rig.CallAsync("rollout_status");
        Assert.Equal(("limit_reached", "p/slow", 30), (answer.Refusal.GetProperty("code").GetString(), answer.Refusal.GetProperty("rule").GetString(), answer.Refusal.GetProperty("retryAfter").GetInt32()));
        Assert.Equal("p/slow", rig.Audit.Records[^2].Rule);
    }

    [Fact]
    public async Task What_was_taken_for_a_call_that_never_went_out_is_given_back()
    {
        Hold("""{"name":"q","servers":["*"],"quota":"1/day"}""");
        rig.Audit.IsHealthy = false;
        await rig.CallAsync("delete_release");
        rig.Audit.IsHealthy = true;
        Assert.False((await rig.CallAsync("delete_release")).Result.TryGetProperty("isError", out _));
        Assert.Equal("limit_reached", (await rig.CallAsync("delete_release")).Refusal.GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_total_adds_up_what_calls_say()
    {
        Hold("""{"name":"t","servers":["*"],"total":{"of":"args.amount","most":"100/day"}}""");
        Assert.False((await rig.CallAsync("rollout_status", """{"amount":60.5}""")).Result.TryGetProperty("isError", out _));
        Assert.Equal("limit_reached", (await rig.CallAsync("rollout_status", """{"amount":39.500001}""")).Refusal.GetProperty("code").GetString());
        Assert.False((await rig.CallAsync("rollout_status", """{"amount":39.5}""")).Result.TryGetProperty("isError", out _));
        Assert.Equal("policy_error", (await rig.CallAsync("rollout_status", """{"amount":-1}""")).Refusal.GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_session_that_called_a_sensitive_tool_is_stopped_at_a_write()
    {
        rig.Apply(GatewayRig.Server(manifest => manifest with { Tools = [manifest.Tools[0] with { Flags = ToolFlags.Sensitive }, manifest.Tools[1]] }));
        Hold("""{"name":"leak","servers":["*"],"effects":["write","irreversible"],"when":"'sensitive' in session.flags","decision":"deny"}""");
        Assert.False((await rig.CallAsync("delete_release")).Result.TryGetProperty("isError", out _));
        await rig.CallAsync("rollout_status");
        Assert.Equal("p/leak", (await rig.CallAsync("delete_release")).Refusal.GetProperty("rule").GetString());
        var listed = await rig.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/list"}""");
        Assert.Equal(["rollout_status"], listed.Result.GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("name").GetString()));

        rig.Sessions.IsDown = true;
        rig.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(503, (await rig.CallAsync("delete_release")).Status);
    }

    [Fact]
    public async Task A_result_is_held_to_what_rules_oblige()
    {
        Hold("""{"name":"h","servers":["*"],"obligations":{"redact":["ssn","card.number"],"headers":{"X-Reason":"policy"}}}""");
        Reply("""{"content":[{"type":"text","text":"{\"ssn\":\"1\",\"name\":\"n\"}"},{"type":"text","text":"prose 078-05-1120"},{"type":"image","data":"AAAA","mimeType":"image/png"}],"structuredContent":{"people":[{"SSN":"1","card":{"number":2,"type":"x"}}],"number":3}}""");
        var answer = await rig.CallAsync("rollout_status");
        var content = answer.Result.GetProperty("content");
        Assert.Equal("""{"ssn":"[redacted]","name":"n"}""", content[0].GetProperty("text").GetString());
        Assert.StartsWith("[withheld", content[1].GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, content[2].GetProperty("data").ValueKind);
        Assert.Equal("""{"people":[{"SSN":"[redacted]","card":{"number":"[redacted]","type":"x"}}],"number":3}""", answer.Result.GetProperty("structuredContent").GetRawText());
        Assert.Equal("policy", Assert.Single(rig.Upstream.Calls).Headers["X-Reason"]);
    }

    [Fact]
    public async Task A_result_longer_than_a_rule_allows_is_refused()
    {
        Hold("""{"name":"h","servers":["*"],"obligations":{"maxResultBytes":200}}""");
        Assert.False((await rig.CallAsync("rollout_status")).Json.TryGetProperty("error", out _));
        Reply($$"""{"content":[{"type":"text","text":"{{new string('x', 300)}}"}]}""");
        Assert.Equal("too_large", (await rig.CallAsync("rollout_status")).ErrorCode);
    }

    [Theory]
    [InlineData("""{"result":true}""", 200, null)]
    [InlineData("""{"result":{"allow":true}}""", 200, null)]
    [InlineData("""{"result":false}""", 200, "denied_by_policy")]
    [InlineData("""{"result":{"allow":false}}""", 200, "denied_by_policy")]
    [InlineData("{}", 200, "denied_by_policy")]
    [InlineData("""{"result":"yes"}""", 200, "policy_error")]
    [InlineData("""{"result":false,"result":true}""", 200, "policy_error")]
    [InlineData("[true]", 200, "policy_error")]
    [InlineData("nonsense", 200, "policy_error")]
    [InlineData("""{"result":true}""", 500, "policy_error")]
    public async Task A_decision_point_allows_with_a_clear_yes_alone(string body, int status, string? code)
    {
        Hold("""{"name":"ask","servers":["*"],"decide":{"url":"https://opa.example.com/v1/data/mcp"}}""");
        rig.TokenEndpoint.Answer = _ => FakeFormPost.Json(body, status);
        var answer = await rig.CallAsync("rollout_status", """{"a":1}""");
        Assert.Equal(code, answer.Result.TryGetProperty("_meta", out _) ? answer.Refusal.GetProperty("code").GetString() : null);
        var asked = Assert.Single(rig.TokenEndpoint.Requests);
        using var question = JsonDocument.Parse(asked.Form["json"]);
        var input = question.RootElement.GetProperty("input");
        Assert.Equal(("deploy", "rollout_status", """{"a":1}""", "bot"), (input.GetProperty("server").GetString(), input.GetProperty("tool").GetString(), input.GetProperty("args").GetRawText(), input.GetProperty("caller").GetProperty("agent").GetString()));
        Assert.StartsWith("sha-256=:", asked.Form["Content-Digest"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_decision_point_that_is_down_denies_and_an_answer_is_kept_for_the_same_question()
    {
        Hold("""{"name":"ask","servers":["*"],"decide":{"url":"https://opa.example.com/","cache":"30s"}}""");
        rig.TokenEndpoint.Answer = _ => new FormAnswer.Unanswered("down");
        Assert.Equal("policy_error", (await rig.CallAsync("rollout_status")).Refusal.GetProperty("code").GetString());
        rig.TokenEndpoint.Answer = _ => FakeFormPost.Json("""{"result":true}""");
        for (var i = 0; i < 3; i++) Assert.False((await rig.CallAsync("rollout_status")).Result.TryGetProperty("isError", out _));
        Assert.Equal(2, rig.TokenEndpoint.Requests.Count);
        await rig.CallAsync("rollout_status", """{"a":2}""");
        Assert.Equal(3, rig.TokenEndpoint.Requests.Count);
        rig.Clock.Advance(TimeSpan.FromSeconds(31));
        rig.Freshness.Confirm(rig.Clock.GetTimestamp());
        await rig.CallAsync("rollout_status");
        Assert.Equal(4, rig.TokenEndpoint.Requests.Count);
    }

    private void Reply(string result) => rig.Upstream.Answer = request => ScriptedUpstream.Json($$"""{"jsonrpc":"2.0","id":{{request.Id}},"result":{{result}}}""");

    private void Hold(string rules)
    {
        var reading = DocumentReader.Read(JsonDocument.Parse($$$"""{"apiVersion":"symbolon/v1","kind":"Policy","metadata":{"name":"p"},"spec":{"rules":[{{{rules}}}]}}""").RootElement);
        rig.Apply(reading.Document is Document.Policy { Object: var policy } ? policy : throw new InvalidOperationException(string.Join('\n', reading.Errors)));
    }
}
