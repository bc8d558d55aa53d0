using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Symbolon.Core.Audit;
using Symbolon.Core.Registry;
using Symbolon.Gateway.ToolCalls;
using Symbolon.Gateway.Upstreams.Channels;

namespace Symbolon.UnitTests.Gateway.Channels;

/// <summary>What a server behind a channel asks the client of the one session that has the channel for itself.</summary>
[Trait("area", "channels")]
public sealed class ChannelQuestionTests : IDisposable
{
    private const string Ask = """{"jsonrpc":"2.0","id":"q-1","method":"elicitation/create","params":{"message":"Which?"}}""";
    private const string Call = """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"rollout_status"}}""";
    private const string Elicitation = """{"elicitation":{"form":{}},"sampling":{}}""";

    private readonly List<IDisposable> made = [];

    public void Dispose() => made.ForEach(each => each.Dispose());

    [Fact]
    public async Task A_question_reaches_the_client_and_its_answer_the_server_under_its_own_id()
    {
        var rig = Rig();
        var session = await rig.Gateway.OpenAsync(Elicitation);
        Assert.Equal("""{"elicitation":{"form":{}}}""", Opening(rig.Last).GetProperty("capabilities").GetRawText());
        var calling = CallAsync(rig, session);
        await OnChannelAsync(rig.Last);
        rig.Last.Say(Ask.Replace(",\"params\"", ",\r\n\"params\"", StringComparison.Ordinal));
        rig.Last.Say(Result(rig.Last));
        var events = Events(await calling);
        Assert.Equal(("elicitation/create", "Which?"), (events[0].GetProperty("method").GetString(), events[0].GetProperty("params").GetProperty("message").GetString()));
        Assert.Equal(7, events[1].GetProperty("id").GetInt32());
        Assert.Equal(202, await AnswerAsync(rig, events[0].GetProperty("id").GetString()!, session, "{\"action\":\n\"accept\"}"));
        Assert.Equal("""{"jsonrpc":"2.0","id":"q-1","result":{"action": "accept"}}""", rig.Last.Sent[^1]);
        Assert.Contains(rig.Gateway.Audit.Records, record => record is { Kind: AuditKind.Request, Method: "answer to elicitation", Allowed: true });
    }

    [Theory]
    [InlineData(ProcessIsolation.Shared)]
    [InlineData(ProcessIsolation.Caller)]
    public async Task A_channel_that_sessions_share_declares_nothing_and_asks_nobody(ProcessIsolation isolation)
    {
        var rig = Rig(isolation);
        var session = await rig.Gateway.OpenAsync(Elicitation);
        Assert.All(rig.Channels.Opened.Where(channel => channel.Sent is [var first, ..] && first.Contains("initialize", StringComparison.Ordinal)), channel => Assert.Equal("{}", Opening(channel).GetProperty("capabilities").GetRawText()));
        var calling = CallAsync(rig, session);
        await OnChannelAsync(rig.Last);
        rig.Last.Say(Ask);
        rig.Last.Say(Result(rig.Last));
        Assert.DoesNotContain("elicitation", (await calling).Body, StringComparison.Ordinal);
        Assert.Contains("\"id\":\"q-1\",\"error\":{\"code\":-32601", rig.Last.Sent[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":"q-1","method":"sampling/createMessage","params":{}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":"q-1","method":"roots/list"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":"q-1","method":"tools/call","params":{"name":"x"}}""")]
    public async Task What_the_session_did_not_declare_or_the_file_does_not_allow_is_answered_by_the_gateway(string question)
    {
        var rig = Rig();
        var session = await rig.Gateway.OpenAsync(Elicitation);
        var calling = CallAsync(rig, session);
        await OnChannelAsync(rig.Last);
        rig.Last.Say(question);
        Assert.Contains("\"id\":\"q-1\",\"error\":{\"code\":-32601", rig.Last.Sent[^1], StringComparison.Ordinal);
        rig.Last.Say(Result(rig.Last));
        Assert.Single(Events(await calling));
    }

    [Fact]
    public async Task A_question_while_nothing_is_open_is_answered_by_the_gateway()
    {
        var rig = Rig();
        await rig.Gateway.OpenAsync(Elicitation);
        rig.Last.Say(Ask);
        Assert.Contains("\"id\":\"q-1\",\"error\":{\"code\":-32601", rig.Last.Sent[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_youngest_open_call_is_asked_and_equal_ids_are_two_questions()
    {
        var rig = Rig();
        var session = await rig.Gateway.OpenAsync(Elicitation);
        var older = CallAsync(rig, session);
        await OnChannelAsync(rig.Last);
        var first = rig.Last.LastSent.GetProperty("id").GetInt64();
        var younger = CallAsync(rig, session, Call.Replace("7", "8", StringComparison.Ordinal));
        await OnChannelAsync(rig.Last, 2);
        rig.Last.Say(Ask);
        rig.Last.Say(Ask);
        rig.Last.Say(Result(rig.Last));
        var asked = Events(await younger);
        Assert.Equal(3, asked.Count);
        Assert.NotEqual(asked[0].GetProperty("id").GetString(), asked[1].GetProperty("id").GetString());
        rig.Last.Say("{\"jsonrpc\":\"2.0\",\"id\":" + first + ",\"result\":{\"content\":[]}}");
        Assert.Single(Events(await older));
    }

    [Fact]
    public async Task An_answer_of_another_session_or_under_a_made_up_id_goes_nowhere()
    {
        var rig = Rig();
        var mine = await rig.Gateway.OpenAsync(Elicitation);
        var channel = rig.Last;
        var calling = CallAsync(rig, mine);
        await OnChannelAsync(channel);
        channel.Say(Ask);
        channel.Say(Result(channel));
        var id = Events(await calling)[0].GetProperty("id").GetString()!;
        var other = await rig.Gateway.OpenAsync(Elicitation);
        Assert.NotSame(channel, rig.Last);
        foreach (var (forged, session) in new[] { (id, other), ("q-1", mine), ("q-1", other), (id[..^2] + "AA", mine) })
            Assert.Equal(202, await AnswerAsync(rig, forged, session));
        Assert.DoesNotContain(rig.Channels.Opened, each => each.Sent.Any(text => text.Contains("\"result\"", StringComparison.Ordinal)));
        await AnswerAsync(rig, id, mine);
        Assert.Equal("""{"jsonrpc":"2.0","id":"q-1","result":{"action":"accept"}}""", channel.Sent[^1]);
    }

    [Fact]
    public async Task An_id_that_is_too_long_and_a_question_too_many_are_answered_by_the_gateway()
    {
        var rig = Rig();
        var session = await rig.Gateway.OpenAsync(Elicitation);
        var calling = CallAsync(rig, session);
        await OnChannelAsync(rig.Last);
        rig.Last.Say(Ask.Replace("q-1", new string('x', 1100), StringComparison.Ordinal));
        for (var number = 0; number < 65; number++) rig.Last.Say(Ask.Replace("q-1", $"n-{number}", StringComparison.Ordinal));
        await Eventually.HoldsAsync(() => rig.Last.Sent.Count(text => text.Contains("-32601", StringComparison.Ordinal)) == 2, "both are answered");
        rig.Last.Say(Result(rig.Last));
        Assert.Equal(64, Events(await calling).Count(each => each.TryGetProperty("method", out _)));
        Assert.Contains(rig.Last.Sent, text => text.Contains("\"id\":\"n-64\",\"error\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task While_the_client_is_asked_the_servers_silence_does_not_end_the_call()
    {
        var rig = Rig(configure: options => options.UpstreamSilence = TimeSpan.FromSeconds(5));
        var session = await rig.Gateway.OpenAsync(Elicitation);
        var calling = CallAsync(rig, session);
        await OnChannelAsync(rig.Last);
        rig.Last.Say(Ask);
        await Eventually.HoldsAsync(() => rig.Gateway.Get<OpenExchanges>().Count == 1, "the call is out");
        await Task.Delay(50, TestContext.Current.CancellationToken);
        rig.Gateway.Clock.Advance(TimeSpan.FromMinutes(2));
        rig.Gateway.Freshness.Confirm(rig.Gateway.Clock.GetTimestamp());
        rig.Gateway.Get<OpenExchanges>().SweepDeadlines();
        rig.Last.Say(Result(rig.Last));
        Assert.Contains("\"content\":[]", (await calling).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_stops_the_silence_of_every_open_call_until_it_is_answered()
    {
        var rig = Rig(configure: options => options.UpstreamSilence = TimeSpan.FromSeconds(5));
        var session = await rig.Gateway.OpenAsync(Elicitation);
        var older = CallAsync(rig, session);
        await OnChannelAsync(rig.Last);
        var younger = CallAsync(rig, session, Call.Replace("7", "8", StringComparison.Ordinal));
        await OnChannelAsync(rig.Last, 2);
        rig.Last.Say(Ask);
        await PassAsync();
        Assert.False(older.IsCompleted || younger.IsCompleted);
        rig.Last.Say(Result(rig.Last));
        var asked = Events(await younger)[0].GetProperty("id").GetString()!;
        await PassAsync();
        Assert.False(older.IsCompleted);
        Assert.Equal(202, await AnswerAsync(rig, asked, session));
        await PassAsync();
        Assert.Contains("upstream_timeout", (await older).Body, StringComparison.Ordinal);

        async Task PassAsync()
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
            rig.Gateway.Clock.Advance(TimeSpan.FromMinutes(2));
            rig.Gateway.Freshness.Confirm(rig.Gateway.Clock.GetTimestamp());
            rig.Gateway.Get<OpenExchanges>().SweepDeadlines();
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Changed_roots_reach_the_channel_of_the_session_that_may_be_asked_for_them_and_no_shared_one()
    {
        const string Changed = """{"jsonrpc":"2.0","method":"notifications/roots/list_changed"}""";
        foreach (var (isolation, told) in new[] { (ProcessIsolation.Session, 1), (ProcessIsolation.Caller, 0), (ProcessIsolation.Shared, 0) })
        {
            var rig = Rig(isolation, ClientFeatures.Roots);
            var session = await rig.Gateway.OpenAsync("""{"roots":{"listChanged":true}}""");
            Assert.Equal(202, (await rig.Gateway.PostAsync(Changed, FeatureRig.In(session))).Status);
            Assert.Equal(told, rig.Channels.Opened.Sum(channel => channel.Sent.Count(text => text.Contains("roots/list_changed", StringComparison.Ordinal))));
        }
    }

    [Fact]
    public void A_question_for_a_client_that_reads_nothing_is_answered_by_the_gateway()
    {
        var channel = new FakeChannel();
        using var exchanges = new Multiplexer(
            channel, new ChannelLimits { MostWaitingBytes = 300 }, isShared: false, "fake", NullLogger.Instance, ClientFeatures.Elicitation);
        exchanges.Send(OutgoingMessage.Read(Encoding.UTF8.GetBytes(Call))!, "alice", "s");
        for (var number = 0; number < 10; number++) channel.Say(Ask);
        Assert.Equal(7, channel.Sent.Count(text => text.Contains("-32601", StringComparison.Ordinal)));
        Assert.Equal(7, exchanges.Dropped);
    }

    [Fact]
    public void A_question_that_nobody_has_read_when_its_reader_leaves_is_answered_by_the_gateway()
    {
        var channel = new FakeChannel();
        using var exchanges = new Multiplexer(channel, new ChannelLimits(), isShared: false, "fake", NullLogger.Instance, ClientFeatures.Elicitation);
        var stream = exchanges.Listen();
        channel.Say(Ask);
        Assert.Empty(channel.Sent);
        exchanges.StopListening(stream);
        Assert.Contains("\"id\":\"q-1\",\"error\":{\"code\":-32601", Assert.Single(channel.Sent), StringComparison.Ordinal);
        var call = exchanges.Send(OutgoingMessage.Read(Encoding.UTF8.GetBytes(Call))!, "alice", "s");
        channel.Say(Ask);
        exchanges.Abandon(call);
        Assert.Equal(2, channel.Sent.Count(text => text.Contains("-32601", StringComparison.Ordinal)));
    }

    private ChannelRig Rig(ProcessIsolation isolation = ProcessIsolation.Session, ClientFeatures allowed = ClientFeatures.Elicitation, Action<Symbolon.Gateway.GatewayOptions>? configure = null)
    {
        var rig = new ChannelRig(isolation, (_, _) => { }, configure);
        made.Add(rig);
        rig.Gateway.MayAsk(allowed);
        return rig.Connect();
    }

    private static Task<GatewayRig.Answered> CallAsync(ChannelRig rig, string session, string call = Call) => Task.Run(() => rig.Gateway.PostAsync(call, FeatureRig.In(session)));

    private static Task OnChannelAsync(FakeChannel channel, int count = 1) =>
        Eventually.HoldsAsync(() => channel.Sent.Count(text => text.Contains("\"tools/call\"", StringComparison.Ordinal)) == count, "the call is on the channel");

    private static JsonElement Opening(FakeChannel channel) => FakeChannel.Parse(channel.Sent.First(text => text.Contains("\"initialize\"", StringComparison.Ordinal))).GetProperty("params");

    /// <summary>The answer to the call that came last.</summary>
    private static string Result(FakeChannel channel) =>
        "{\"jsonrpc\":\"2.0\",\"id\":" + FakeChannel.Parse(channel.Sent.Last(text => text.Contains("\"tools/call\"", StringComparison.Ordinal))).GetProperty("id") + ",\"result\":{\"content\":[]}}";

    private static async Task<int> AnswerAsync(ChannelRig rig, string id, string session, string result = """{"action":"accept"}""") =>
        (await rig.Gateway.PostAsync("{\"jsonrpc\":\"2.0\",\"id\":\"" + id + "\",\"result\":" + result + "}", FeatureRig.In(session))).Status;

    private static List<JsonElement> Events(GatewayRig.Answered answered) => answered.Body.StartsWith('{')
        ? [FakeChannel.Parse(answered.Body)]
        : [.. answered.Body.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => FakeChannel.Parse(line[6..]))];
}
