using Symbolon.Core.Audit;
using Symbolon.Core.Registry;
using Symbolon.Testing.Gateway;
using Symbolon.UnitTests.Gateway.Policies;

namespace Symbolon.UnitTests.Gateway;

/// <summary>Results of 2026-07-28 that ask the client for something first, and tasks that it asks for later.</summary>
[Trait("area", "gateway")]
public sealed class InputRequiredTests : IDisposable
{
    private const string Declared = "\"io.modelcontextprotocol/clientCapabilities\":{\"elicitation\":{\"form\":{}},\"sampling\":{},\"extensions\":{\"io.modelcontextprotocol/tasks\":{},\"x\":{}}}";

    private readonly GatewayRig rig = new();
    private string result = "\"resultType\":\"input_required\",\"inputRequests\":{\"q\":{\"method\":\"elicitation/create\",\"params\":{\"message\":\"?\"}}},\"requestState\":\"theirs\"";

    public InputRequiredTests() => rig.Upstream.Answer = request => ScriptedUpstream.Json("{\"jsonrpc\":\"2.0\",\"id\":" + request.Id + ",\"result\":{" + result + "}}");

    public void Dispose() => rig.Dispose();

    [Fact]
    public async Task What_the_server_wants_to_see_again_comes_back_to_it_and_only_with_the_same_request()
    {
        rig.MayAsk(ClientFeatures.Elicitation);
        var asked = await CallAsync("\"name\":\"rollout_status\",\"arguments\":{\"namespace\":\"a\",\"x\":1.0}");
        Assert.Equal("input_required", asked.Result.GetProperty("resultType").GetString());
        var state = asked.Result.GetProperty("requestState").GetString();
        Assert.NotEqual("theirs", state);
        var capabilities = rig.Upstream.Requests[^1].Json.GetProperty("params").GetProperty("_meta").GetProperty("io.modelcontextprotocol/clientCapabilities").GetRawText();
        Assert.Equal("""{"elicitation":{"form":{}},"extensions":{"io.modelcontextprotocol/tasks":{}}}""", capabilities);

        var input = $"\"inputResponses\":{{\"q\":{{\"action\":\"accept\"}}}},\"requestState\":\"{state}\"";
        await CallAsync("\"name\":\"rollout_status\",\"arguments\":{\"x\":1.0, \"namespace\":\"\\u0061\"}," + input);
        var again = rig.Upstream.Requests[^1].Json.GetProperty("params");
        Assert.Equal(("theirs", "accept"), (again.GetProperty("requestState").GetString(), again.GetProperty("inputResponses").GetProperty("q").GetProperty("action").GetString()));

        var calls = rig.Upstream.Calls.Count();
        foreach (var (name, members) in new[]
        {
            ("rollout_status", "\"name\":\"rollout_status\",\"arguments\":{\"namespace\":\"b\",\"x\":1.0}," + input),
            ("rollout_status", "\"name\":\"rollout_status\"," + input),
            ("delete_release", "\"name\":\"delete_release\",\"arguments\":{\"namespace\":\"a\",\"x\":1.0}," + input),
            ("rollout_status", "\"name\":\"rollout_status\",\"arguments\":{\"namespace\":\"a\",\"x\":1.0},\"requestState\":\"theirs\""),
        })
            Assert.Equal(-32602, (await CallAsync(members, name)).Error.GetProperty("code").GetInt32());
        Assert.Equal(calls, rig.Upstream.Calls.Count());
    }

    public static TheoryData<string, ClientFeatures, string> Unaskable => new()
    {
        { "the file does not allow it", ClientFeatures.Roots, "{\"q\":{\"method\":\"elicitation/create\"}}" },
        { "the client did not declare it", ClientFeatures.Roots | ClientFeatures.Elicitation, "{\"q\":{\"method\":\"roots/list\"}}" },
        { "one of two", ClientFeatures.Elicitation, "{\"q\":{\"method\":\"elicitation/create\"},\"r\":{\"method\":\"sampling/createMessage\"}}" },
        { "no method of a client", ClientFeatures.Elicitation, "{\"q\":{\"method\":\"tools/call\"}}" },
        { "no method", ClientFeatures.Elicitation, "{\"q\":{}}" },
        { "two methods", ClientFeatures.Elicitation, "{\"q\":{\"method\":\"elicitation/create\",\"method\":\"sampling/createMessage\"}}" },
        { "a method in disguise", ClientFeatures.Elicitation, "{\"q\":{\"method\":\"elicitation/create\",\"Method\":\"sampling/createMessage\"}}" },
        { "no object", ClientFeatures.Elicitation, "[]" },
    };

    [Theory]
    [MemberData(nameof(Unaskable))]
    public async Task A_question_that_may_not_be_asked_reaches_nobody(string why, ClientFeatures allowed, string requests)
    {
        rig.MayAsk(allowed);
        result = "\"resultType\":\"input_required\",\"inputRequests\":" + requests;
        Assert.True("upstream_invalid" == (await CallAsync("\"name\":\"rollout_status\"")).ErrorCode, why);
    }

    [Theory]
    [InlineData("\"resulttype\":\"input_required\",\"inputRequests\":{\"q\":{\"method\":\"roots/list\"}}")]
    [InlineData("\"resultType\":\"something\"")]
    [InlineData("\"resultType\":\"input_required\",\"inputRequests\":{\"q\":{\"method\":\"roots/list\"}},\"resultType\":\"complete\"")]
    [InlineData("\"resultType\":\"input_required\",\"inputRequests\":{},\"RequestState\":\"x\"")]
    [InlineData("\"resultType\":\"input_required\",\"inputRequests\":{},\"requestState\":7")]
    public async Task A_result_in_disguise_is_no_answer(string members)
    {
        result = members;
        Assert.Equal("upstream_invalid", (await CallAsync("\"name\":\"rollout_status\"")).ErrorCode);
    }

    [Fact]
    public async Task Answers_go_to_a_server_that_may_ask_and_stay_behind_for_others()
    {
        const string Answers = "\"name\":\"rollout_status\",\"inputResponses\":{\"q\":{\"action\":\"accept\"}}";
        result = "\"resultType\":\"complete\",\"content\":[]";
        await CallAsync(Answers);
        Assert.DoesNotContain(rig.Upstream.Calls, call => call.Body.Contains("inputResponses", StringComparison.Ordinal));
        rig.MayAsk(ClientFeatures.Elicitation);
        await CallAsync(Answers);
        Assert.Single(rig.Upstream.Calls, call => call.Body.Contains("inputResponses", StringComparison.Ordinal));
        Assert.Single(rig.Audit.Records, record => record.Kind == Core.Audit.AuditKind.CallIntent && record.Reason == "with the client's answers to what its server asked");
    }

    [Theory]
    [InlineData("tools/list", "\"tools\":[]")]
    [InlineData("server/discover", "\"capabilities\":{},\"supportedVersions\":[\"2026-07-28\"]")]
    public async Task Only_a_call_may_be_answered_with_a_question(string method, string members)
    {
        rig.MayAsk(ClientFeatures.Elicitation);
        await rig.ModernAsync("tools/list");
        rig.Upstream.Before = request => request.Method != method ? null : ScriptedUpstream.Json(
            "{\"jsonrpc\":\"2.0\",\"id\":" + request.Id + ",\"result\":{" + members + ",\"resultType\":\"input_required\",\"inputRequests\":{\"q\":{\"method\":\"elicitation/create\"}}}}");
        Assert.Equal("upstream_invalid", (await rig.ModernAsync(method)).ErrorCode);
    }

    [Fact]
    public async Task A_task_is_not_for_a_client_that_takes_none()
    {
        result = "\"resultType\":\"task\",\"taskId\":\"t1\",\"status\":\"working\"";
        Assert.Equal("upstream_invalid", (await rig.ModernAsync("tools/call", "\"name\":\"rollout_status\"", "rollout_status")).ErrorCode);
    }

    [Fact]
    public async Task A_task_is_its_creators_alone_and_only_while_he_may_call_its_tool()
    {
        result = "\"resultType\":\"task\",\"taskId\":\"t1\",\"status\":\"working\"";
        var id = (await CallAsync("\"name\":\"rollout_status\"")).Result.GetProperty("taskId").GetString()!;
        Assert.NotEqual("t1", id);
        result = "\"resultType\":\"complete\",\"taskId\":\"t1\",\"status\":\"completed\"";
        var asked = await TaskAsync("tasks/get", id);
        Assert.Equal((id, "completed"), (asked.Result.GetProperty("taskId").GetString(), asked.Result.GetProperty("status").GetString()));
        Assert.Equal(("t1", "t1"), (rig.Upstream.Requests[^1].Json.GetProperty("params").GetProperty("taskId").GetString(), rig.Upstream.Requests[^1].Headers["Mcp-Name"]));
        var call = Assert.Single(rig.Audit.Records, record => record.Kind == AuditKind.CallIntent);
        Assert.Equal($"the task of call {call.Call:D}", Assert.Single(rig.Audit.Records, record => record.Method == "tasks/get").Reason);
        var before = rig.Upstream.Requests.Count(request => request.Method == "tasks/get");
        var other = Symbolon.Core.Identity.PastedToken.Create(Symbolon.Core.Identity.TokenKind.Agent);
        rig.Tokens.Put(other, rig.TokenOf("tok_2"));
        Assert.Equal(-32602, (await TaskAsync("tasks/get", id, token: other)).Error.GetProperty("code").GetInt32());
        Assert.Equal(-32602, (await TaskAsync("tasks/get", "t1")).Error.GetProperty("code").GetInt32());
        var undeclared = await rig.ModernAsync("tasks/get", $"\"taskId\":\"{id}\"", id);
        Assert.Equal((400, -32021), (undeclared.Status, undeclared.Error.GetProperty("code").GetInt32()));
        Assert.True(undeclared.Error.GetProperty("data").GetProperty("requiredCapabilities").GetProperty("extensions").TryGetProperty("io.modelcontextprotocol/tasks", out _));
        rig.Apply(GatewayRig.Grant("delete_release"));
        Assert.Equal("not_granted", (await TaskAsync("tasks/get", id)).ErrorCode);
        Assert.Equal(before, rig.Upstream.Requests.Count(request => request.Method == "tasks/get"));
    }

    [Fact]
    public async Task A_task_is_held_to_what_rules_say_of_its_tool_whatever_it_was_called_with()
    {
        result = "\"resultType\":\"task\",\"taskId\":\"t1\",\"status\":\"working\"";
        var id = (await CallAsync("\"name\":\"rollout_status\"")).Result.GetProperty("taskId").GetString()!;
        result = "\"resultType\":\"complete\",\"taskId\":\"t1\",\"status\":\"completed\",\"more\":\"" + new string('x', 300) + "\"";
        rig.Hold("""{"name":"some","servers":["*"],"when":"has(args.force)","decision":"deny"},{"name":"short","servers":["*"],"obligations":{"maxResultBytes":10000}}""");
        Assert.Equal("completed", (await TaskAsync("tasks/get", id)).Result.GetProperty("status").GetString());
        rig.Hold("""{"name":"short","servers":["*"],"obligations":{"maxResultBytes":200}}""");
        Assert.Equal("too_large", (await TaskAsync("tasks/get", id)).ErrorCode);
        rig.Hold("""{"name":"red","servers":["*"],"obligations":{"redact":["more"]}}""");
        Assert.Equal("upstream_invalid", (await TaskAsync("tasks/get", id)).ErrorCode);
        rig.Hold("""{"name":"all","servers":["*"],"decision":"deny"}""");
        var before = rig.Upstream.Requests.Count;
        foreach (var method in new[] { "tasks/get", "tasks/cancel" })
        {
            var refused = await TaskAsync(method, id);
            Assert.Equal(("denied_by_policy", "p/all"), (refused.ErrorCode, rig.Audit.Records[^1].Rule));
        }
        Assert.Equal(before, rig.Upstream.Requests.Count);
    }

    private Task<GatewayRig.Answered> CallAsync(string members, string name = "rollout_status") => SendAsync("tools/call", members, name, rig.Token);

    private Task<GatewayRig.Answered> TaskAsync(string method, string id, string? token = null) => SendAsync(method, $"\"taskId\":\"{id}\"", id, token ?? rig.Token);

    private Task<GatewayRig.Answered> SendAsync(string method, string members, string name, string token) => rig.PostAsync(
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"" + method + "\",\"params\":{" + members + ",\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"," + Declared + "}}}",
        context =>
        {
            context.Request.Headers["MCP-Protocol-Version"] = "2026-07-28";
            context.Request.Headers["Mcp-Method"] = method;
            context.Request.Headers["Mcp-Name"] = name;
            context.Request.Headers.Authorization = "Bearer " + token;
        });
}
