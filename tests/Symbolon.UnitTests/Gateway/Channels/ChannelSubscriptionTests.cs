using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Symbolon.Core.Policy;
using Symbolon.Core.Registry;
using Symbolon.Gateway.Upstreams;
using Symbolon.Gateway.Upstreams.Channels;

namespace Symbolon.UnitTests.Gateway.Channels;

/// <summary><c>subscriptions/listen</c> (2026-07-28) over a channel that callers share: each is told what is its own, under its own id.</summary>
[Trait("area", "channels")]
public sealed class ChannelSubscriptionTests : IDisposable
{
    private const string Key = "io.modelcontextprotocol/subscriptionId";

    private readonly FakeChannel channel = new();
    private readonly Multiplexer shared;

    public ChannelSubscriptionTests() => shared = new Multiplexer(channel, new ChannelLimits { MostExchanges = 8, MostWaitingBytes = 1024, MostListeningOfOneCaller = 2 }, isShared: true, "fake", NullLogger.Instance);

    public void Dispose() => shared.Dispose();

    [Theory]
    [InlineData("7")]
    [InlineData("\"7\"")]
    [InlineData("\"\\u0037\"")]
    public void Everything_comes_back_under_the_id_as_its_caller_typed_it(string id)
    {
        shared.Send(Call("1"), "x", null);
        var alice = Listen(id, "alice");
        channel.Say(Notification("subscriptions/acknowledged", "2"));
        channel.Say(Notification("resources/updated", "2", "\"uri\":\"a\","));
        channel.Say("{\"jsonrpc\":\"2.0\",\"result\":{\"_meta\":{\"" + Key + "\":2},\"resultType\":\"complete\"},\"id\":2}");
        Assert.Equal(
            [
                Notification("subscriptions/acknowledged", id), Notification("resources/updated", id, "\"uri\":\"a\","),
                "{\"jsonrpc\":\"2.0\",\"result\":{\"_meta\":{\"" + Key + "\":" + id + "},\"resultType\":\"complete\"},\"id\":" + id + "}",
            ], All(alice));
        Assert.Equal(1, shared.Count);
        Assert.False(shared.IsListenedTo);
    }

    [Fact]
    public void Two_callers_with_equal_ids_are_told_only_of_their_own()
    {
        var (alice, bob, call) = (Listen("7", "alice"), Listen("7", "bob"), shared.Send(Call("7"), "bob", null));
        channel.Say(Notification("resources/updated", "1", "\"uri\":\"a\","));
        channel.Say(Notification("tools/list_changed", "2"));
        Assert.Equal([Notification("resources/updated", "7", "\"uri\":\"a\",")], All(alice));
        Assert.Equal([Notification("tools/list_changed", "7")], All(bob));
        Assert.Empty(All(call));
        Assert.Equal(1, shared.Count);
    }

    [Theory]
    [InlineData("2")]
    [InlineData("\"1\"")]
    [InlineData("1.0")]
    [InlineData("9")]
    [InlineData("null")]
    public void A_notification_under_an_id_that_is_not_exactly_an_open_subscription_reaches_nobody(string id)
    {
        var alice = Listen("7", "alice");
        var call = shared.Send(Call("8"), "alice", null);
        channel.Say(Notification("resources/updated", id, "\"uri\":\"a\","));
        Assert.Empty(All(alice));
        Assert.Empty(All(call));
        Assert.Equal(1, shared.Dropped);
    }

    [Theory]
    [InlineData("\"_meta\":{\"" + Key + "\":1,\"" + Key + "\":2}")]
    [InlineData("\"_meta\":{\"" + Key + "\":1,\"IO.modelcontextprotocol/subscriptionId\":2}")]
    [InlineData("\"_meta\":{\"" + Key + "\":1},\"_meta\":{}")]
    [InlineData("\"_meta\":[1]")]
    [InlineData("")]
    public void One_that_readers_could_take_for_anothers_and_one_that_names_none_reach_no_subscription(string members)
    {
        var (alice, bob) = (Listen("7", "alice"), Listen("7", "bob"));
        foreach (var method in new[] { "resources/updated", "tools/list_changed", "message" })
            channel.Say("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/" + method + "\",\"params\":{" + members + "}}");
        Assert.Empty(All(alice));
        Assert.Empty(All(bob));
    }

    [Fact]
    public async Task The_end_of_another_subscription_is_no_end_of_this_one()
    {
        var alice = Listen("7", "alice");
        Listen("7", "bob");
        channel.Say("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"resultType\":\"complete\",\"_meta\":{\"" + Key + "\":2}}}");
        Assert.Equal(ReasonCode.UpstreamInvalid, (await Assert.ThrowsAsync<UpstreamFault>(async () => await alice.WaitAsync(TestContext.Current.CancellationToken))).Code);
    }

    [Fact]
    public async Task A_server_ends_a_subscription_by_cancelling_it_and_no_call()
    {
        var alice = Listen("7", "alice");
        var call = shared.Send(Call("8"), "alice", null);
        foreach (var id in new[] { "2", "\"1\"", "1" })
            channel.Say("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":" + id + "}}");
        Assert.False(await alice.WaitAsync(TestContext.Current.CancellationToken));
        Assert.Equal(2, shared.Dropped);
        channel.Say("""{"jsonrpc":"2.0","id":2,"result":{}}""");
        Assert.Single(All(call));
        Assert.False(shared.IsListenedTo);
    }

    [Fact]
    public void One_caller_has_some_subscriptions_and_all_together_half_the_channel()
    {
        foreach (var caller in new[] { "alice", "alice" }) Listen("7", caller);
        Assert.Equal(ReasonCode.Overloaded, Assert.Throws<UpstreamFault>(() => Listen("7", "alice")).Code);
        foreach (var caller in new[] { "bob", "bob" }) Listen("7", caller);
        Assert.Equal(ReasonCode.Overloaded, Assert.Throws<UpstreamFault>(() => Listen("7", "carol")).Code);
        shared.Send(Call("1"), "carol", null);
        Assert.Equal(1, shared.Count);
    }

    [Fact]
    public void Who_reads_slowly_loses_what_is_over_the_bound()
    {
        var (alice, bob) = (Listen("7", "alice"), Listen("7", "bob"));
        for (var number = 0; number < 1000; number++) channel.Say(Notification("resources/updated", "1", "\"uri\":\"a\","));
        channel.Say(Notification("resources/updated", "2", "\"uri\":\"a\","));
        Assert.InRange(All(alice).Count, 1, 20);
        Assert.Single(All(bob));
    }

    [Fact]
    public async Task Through_the_gateway_the_server_is_asked_for_what_the_caller_may_have_and_told_when_the_client_leaves()
    {
        using var rig = new ChannelRig(ProcessIsolation.Shared, (_, _) => { });
        rig.Gateway.Apply(FeatureRig.Grant([], ["file:///docs/*"]));
        rig.Connect();
        using var left = new CancellationTokenSource();
        var context = rig.Gateway.ContextOf("POST", Encoding.UTF8.GetBytes(
            "{\"jsonrpc\":\"2.0\",\"id\":\"mine\",\"method\":\"subscriptions/listen\",\"params\":{\"notifications\":{\"resourceSubscriptions\":[\"file:///docs/a\",\"file:///keys/b\"]}," + GatewayRig.ModernMeta + "}}"));
        context.Request.Headers["MCP-Protocol-Version"] = "2026-07-28";
        context.Request.Headers["Mcp-Method"] = "subscriptions/listen";
        context.RequestAborted = left.Token;
        var body = new CapturedBody();
        context.Response.Body = body;
        var running = Task.Run(() => rig.Gateway.HandleAsync(context), TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(() => rig.Channels.Opened.Any(IsAsked), "the server is asked");
        var server = rig.Channels.Opened.Single(IsAsked);
        var sent = FakeChannel.Parse(server.Sent.Single(text => text.Contains("subscriptions/listen", StringComparison.Ordinal)));
        Assert.Equal("""{"resourceSubscriptions":["file:///docs/a"]}""", sent.GetProperty("params").GetProperty("notifications").GetRawText());
        var id = sent.GetProperty("id").GetRawText();
        server.Say(Notification("subscriptions/acknowledged", id));
        server.Say(Notification("resources/updated", id, "\"uri\":\"file:///keys/b\","));
        server.Say(Notification("resources/updated", id, "\"uri\":\"file:///docs/a\","));
        await Eventually.HoldsAsync(() => body.Text.Contains("docs/a", StringComparison.Ordinal), "the change is told");
        Assert.DoesNotContain("keys/b", body.Text, StringComparison.Ordinal);
        Assert.All(body.Text.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal)), line => Assert.Contains("\"" + Key + "\":\"mine\"", line, StringComparison.Ordinal));
        await left.CancelAsync();
        await running;
        Assert.Equal("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":" + id + "}}", server.Sent[^1]);
    }

    [Fact]
    public async Task A_result_that_asks_goes_through_a_shared_channel_and_is_asked_again_with_the_answer()
    {
        using var rig = new ChannelRig(ProcessIsolation.Shared, (channel, message) => channel.Say("{\"jsonrpc\":\"2.0\",\"id\":" + message.GetProperty("id") + ",\"result\":"
            + (message.GetProperty("params").TryGetProperty("inputResponses", out _)
                ? """{"resultType":"complete","content":[{"type":"text","text":"thanks"}]}}"""
                : """{"resultType":"input_required","inputRequests":{"name":{"method":"elicitation/create","params":{"mode":"form","message":"Who?","requestedSchema":{"type":"object","properties":{}}}}},"requestState":"mine"}}""")));
        rig.Gateway.MayAsk(ClientFeatures.Elicitation);
        rig.Connect();
        var asked = (await ModernCallAsync("")).Result;
        Assert.Equal("input_required", asked.GetProperty("resultType").GetString());
        var state = asked.GetProperty("requestState").GetString();
        Assert.NotEqual("mine", state);
        var done = await ModernCallAsync(",\"inputResponses\":{\"name\":{\"action\":\"accept\",\"content\":{}}},\"requestState\":\"" + state + "\"");
        Assert.Equal("thanks", done.Result.GetProperty("content")[0].GetProperty("text").GetString());
        Assert.Contains(rig.Channels.Opened, each => each.Sent.Any(text => text.Contains("\"requestState\":\"mine\"", StringComparison.Ordinal)));

        Task<GatewayRig.Answered> ModernCallAsync(string more) => rig.Gateway.PostAsync(
            "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{\"name\":\"rollout_status\",\"arguments\":{}" + more + "," + GatewayRig.ModernMeta.Replace("clientCapabilities\":{}", "clientCapabilities\":{\"elicitation\":{}}", StringComparison.Ordinal) + "}}",
            context =>
            {
                context.Request.Headers["MCP-Protocol-Version"] = "2026-07-28";
                context.Request.Headers["Mcp-Method"] = "tools/call";
                context.Request.Headers["Mcp-Name"] = "rollout_status";
            });
    }

    private static bool IsAsked(FakeChannel channel) => channel.Sent.Any(text => text.Contains("subscriptions/listen", StringComparison.Ordinal));

    private ChannelExchange Listen(string id, string caller) =>
        shared.Send(OutgoingMessage.Read(Encoding.UTF8.GetBytes("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"subscriptions/listen\",\"params\":{\"notifications\":{}}}"))!, caller, null);

    private static OutgoingMessage Call(string id) =>
        OutgoingMessage.Read(Encoding.UTF8.GetBytes("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"tools/call\",\"params\":{\"name\":\"t\"}}"))!;

    private static string Notification(string method, string subscription, string members = "") =>
        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/" + method + "\",\"params\":{" + members + "\"_meta\":{\"" + Key + "\":" + subscription + "}}}";

    private static List<string> All(ChannelExchange exchange)
    {
        var all = new List<string>();
        while (exchange.TryRead(out var delivery)) all.Add(Encoding.UTF8.GetString(delivery.Message));
        return all;
    }
}
