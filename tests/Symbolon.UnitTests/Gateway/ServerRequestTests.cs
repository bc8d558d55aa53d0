using System.Net;
using System.Text.Json;
using Symbolon.Core.Audit;
using Symbolon.Core.Registry;
using Symbolon.Testing.Gateway;

namespace Symbolon.UnitTests.Gateway;

/// <summary>What a server asks its client in the middle of a call.</summary>
[Trait("area", "gateway")]
public sealed class ServerRequestTests : IDisposable
{
    private const string Ask = """{"jsonrpc":"2.0","id":5,"method":"elicitation/create","params":{"message":"Which?"}}""";
    private const string Call = """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"rollout_status"}}""";

    private readonly GatewayRig rig = new();

    public ServerRequestTests() => rig.Upstream.Answer = request => request.Method == "tools/call"
        ? ScriptedUpstream.Events("data: " + Ask + "\n\ndata: {\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"content\":[]}}\n\n")
        : new HttpResponseMessage(HttpStatusCode.Accepted);

    public void Dispose() => rig.Dispose();

    [Fact]
    public async Task A_question_that_both_sides_allow_reaches_the_client_and_its_answer_the_server()
    {
        rig.MayAsk(ClientFeatures.Elicitation);
        var session = await rig.OpenAsync("""{"elicitation":{"form":{}},"sampling":{}}""");
        Assert.Equal("""{"elicitation":{"form":{}}}""", Opening().GetProperty("capabilities").GetRawText());
        var asked = Events(await rig.PostAsync(Call, FeatureRig.In(session)))[0];
        Assert.Equal(("elicitation/create", "Which?"), (asked.GetProperty("method").GetString(), asked.GetProperty("params").GetProperty("message").GetString()));
        var id = asked.GetProperty("id").GetString();
        Assert.Equal(202, (await AnswerAsync(id!, session)).Status);
        Assert.Equal("""{"jsonrpc":"2.0","id":5,"result":{"action":"accept"}}""", rig.Upstream.Requests[^1].Body);
        Assert.Equal("upstream-session-1", rig.Upstream.Requests[^1].Headers["Mcp-Session-Id"]);
        Assert.Contains(rig.Audit.Records, record => record is { Kind: AuditKind.Request, Method: "answer to elicitation", Allowed: true });
    }

    public static TheoryData<string, ClientFeatures, string> Unasked => new()
    {
        { "the file allows nothing", ClientFeatures.None, """{"elicitation":{}}""" },
        { "the file allows something else", ClientFeatures.Sampling | ClientFeatures.Roots, """{"elicitation":{}}""" },
        { "the client declares nothing", ClientFeatures.Elicitation, "{}" },
        { "the client declares it as no object", ClientFeatures.Elicitation, """{"elicitation":true}""" },
        { "the client declares an imitation", ClientFeatures.Elicitation, """{"Elicitation":{}}""" },
    };

    [Theory]
    [MemberData(nameof(Unasked))]
    public async Task A_question_that_one_side_does_not_allow_is_answered_by_the_gateway(string why, ClientFeatures allowed, string declared)
    {
        rig.MayAsk(allowed);
        var session = await rig.OpenAsync(declared);
        var answered = await rig.PostAsync(Call, FeatureRig.In(session));
        Assert.DoesNotContain("elicitation", answered.Body, StringComparison.Ordinal);
        await Eventually.HoldsAsync(() => rig.Upstream.Requests.Any(request => request.Body.Contains("\"id\":5,\"error\":{\"code\":-32601", StringComparison.Ordinal)), why);
    }

    [Fact]
    public async Task Without_a_session_nobody_is_asked()
    {
        rig.MayAsk(ClientFeatures.Elicitation);
        rig.Upstream.SessionId = null;
        Assert.Equal("", await rig.OpenAsync("""{"elicitation":{}}"""));
        Assert.DoesNotContain("elicitation", (await rig.PostAsync(Call)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_what_was_asked_in_this_session_can_be_answered()
    {
        rig.MayAsk(ClientFeatures.Elicitation);
        var session = await rig.OpenAsync("""{"elicitation":{}}""");
        var id = Events(await rig.PostAsync(Call, FeatureRig.In(session)))[0].GetProperty("id").GetString()!;
        rig.Upstream.SessionId = "upstream-session-2";
        var second = await rig.OpenAsync("""{"elicitation":{}}""");
        Assert.Equal(202, (await AnswerAsync(id, second)).Status);
        Assert.Equal(202, (await AnswerAsync("5", session)).Status);
        Assert.Equal(202, (await AnswerAsync(id[..^2] + "AA", session)).Status);
        Assert.Equal(202, (await rig.PostAsync("""{"jsonrpc":"2.0","id":5,"result":{}}""", FeatureRig.In(session))).Status);
        rig.MayAsk(ClientFeatures.None, 3);
        Assert.Equal(202, (await AnswerAsync(id, session)).Status);
        Assert.DoesNotContain(rig.Upstream.Requests, request => request.Body.Contains("\"result\"", StringComparison.Ordinal));
        rig.MayAsk(ClientFeatures.Elicitation, 4);
        await AnswerAsync(id, session);
        Assert.Single(rig.Upstream.Requests, request => request.Body.Contains("\"result\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(ClientFeatures.Elicitation, "-32042")]
    [InlineData(ClientFeatures.None, "upstream_invalid")]
    public async Task An_error_that_sends_the_person_to_an_address_is_a_question_too(ClientFeatures allowed, string seen)
    {
        rig.MayAsk(allowed);
        var session = await rig.OpenAsync("""{"elicitation":{"url":{}}}""");
        rig.Upstream.Answer = request => ScriptedUpstream.Json("{\"jsonrpc\":\"2.0\",\"id\":" + request.Id + ",\"error\":{\"code\":-32042,\"message\":\"go\",\"data\":{\"elicitations\":[]}}}");
        Assert.Contains(seen, (await rig.PostAsync(Call, FeatureRig.In(session))).Body, StringComparison.Ordinal);
        Assert.Contains("upstream_invalid", (await rig.PostAsync(Call)).Body, StringComparison.Ordinal);
        Assert.Contains("upstream_invalid", (await rig.ModernAsync("tools/call", "\"name\":\"rollout_status\"", "rollout_status")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_the_client_is_asked_the_servers_silence_does_not_end_the_call()
    {
        using var patient = new GatewayRig(options => options.UpstreamSilence = TimeSpan.FromSeconds(5));
        patient.MayAsk(ClientFeatures.Elicitation);
        var session = await patient.OpenAsync("""{"elicitation":{}}""");
        var stream = new System.IO.Pipelines.Pipe();
        patient.Upstream.Answer = request => request.Method == "tools/call" ? ScriptedUpstream.Events(stream.Reader.AsStream()) : new HttpResponseMessage(HttpStatusCode.Accepted);
        var calling = Task.Run(() => patient.PostAsync(Call, FeatureRig.In(session)));
        await stream.Writer.WriteAsync(System.Text.Encoding.UTF8.GetBytes("data: " + Ask + "\n\n"), TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(() => patient.Get<Symbolon.Gateway.ToolCalls.OpenExchanges>().Count == 1 && patient.Upstream.Calls.Any(), "the call is out");
        await Task.Delay(50, TestContext.Current.CancellationToken);
        patient.Clock.Advance(TimeSpan.FromMinutes(2));
        patient.Freshness.Confirm(patient.Clock.GetTimestamp());
        patient.Get<Symbolon.Gateway.ToolCalls.OpenExchanges>().SweepDeadlines();
        await stream.Writer.WriteAsync("data: {\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"content\":[]}}\n\n"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.Contains("\"content\":[]", (await calling).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_may_ask_for_roots_is_told_that_they_changed_and_no_other()
    {
        const string Changed = """{"jsonrpc":"2.0","method":"notifications/roots/list_changed"}""";
        rig.MayAsk(ClientFeatures.Roots);
        var session = await rig.OpenAsync("""{"roots":{"listChanged":true}}""");
        Assert.Equal(202, (await rig.PostAsync(Changed, FeatureRig.In(session))).Status);
        Assert.Equal("notifications/roots/list_changed", rig.Upstream.Requests[^1].Method);
        rig.MayAsk(ClientFeatures.None, 3);
        var before = rig.Upstream.Requests.Count(request => request.Method == "notifications/roots/list_changed");
        Assert.Equal(202, (await rig.PostAsync(Changed, FeatureRig.In(session))).Status);
        Assert.Equal(before, rig.Upstream.Requests.Count(request => request.Method == "notifications/roots/list_changed"));
    }

    private JsonElement Opening() => rig.Upstream.Requests.Last(request => request.Method == "initialize" && request.Body.Contains("\"name\":\"c\"", StringComparison.Ordinal)).Json.GetProperty("params");

    private Task<GatewayRig.Answered> AnswerAsync(string id, string session) =>
        rig.PostAsync($$$"""{"jsonrpc":"2.0","id":"{{{id}}}","result":{"action":"accept"}}""", FeatureRig.In(session));

    private static List<JsonElement> Events(GatewayRig.Answered answered) =>
        [.. answered.Body.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => JsonDocument.Parse(line[6..]).RootElement)];
}
