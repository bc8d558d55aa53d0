using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Symbolon.Core.Policy;
using Symbolon.Gateway.Upstreams;
using Symbolon.Gateway.Upstreams.Channels;

namespace Symbolon.UnitTests.Gateway.Channels;

[Trait("area", "channels")]
public sealed class MultiplexerTests : IDisposable
{
    private readonly FakeChannel channel = new();
    private readonly Multiplexer shared;

    public MultiplexerTests() => shared = Over(channel);

    public void Dispose() => shared.Dispose();

    [Theory]
    [InlineData("7")]
    [InlineData("\"7\"")]
    [InlineData("7.0")]
    [InlineData("\"\\u0037\"")]
    [InlineData("-9007199254740993")]
    public void An_answer_comes_back_under_the_id_as_its_caller_typed_it(string id)
    {
        var exchange = shared.Send(Call(id, "1"), "alice", null);
        channel.Say($$$$$$"""{"jsonrpc":"2.0", "id" : {{{{{{Id()}}}}}},"result":{"n":1.50,"id":{{{{{{Id()}}}}}}}}""");
        Assert.Equal($$$$$$"""{"jsonrpc":"2.0", "id" : {{{{{{id}}}}}},"result":{"n":1.50,"id":{{{{{{Id()}}}}}}}}""", Only(exchange));
    }

    [Fact]
    public void Callers_with_equal_ids_and_equal_progress_tokens_get_their_own_messages()
    {
        var alice = shared.Send(Call("1", "\"t\""), "alice", null);
        var (aliceId, aliceToken) = (Id(), Token());
        var bob = shared.Send(Call("1", "\"t\""), "bob", null);
        var (bobId, bobToken) = (Id(), Token());
        Assert.NotEqual(aliceId, bobId);
        Assert.NotEqual(aliceToken, bobToken);
        channel.Say(Progress(bobToken, "for bob"));
        channel.Say(Progress(aliceToken, "for alice"));
        channel.Say(Result(bobId, "bob"));
        channel.Say(Result(aliceId, "alice"));
        Assert.Equal([Progress("\"t\"", "for alice"), Result("1", "alice")], All(alice));
        Assert.Equal([Progress("\"t\"", "for bob"), Result("1", "bob")], All(bob));
    }

    [Theory]
    [InlineData("1.0")]
    [InlineData("\"1\"")]
    [InlineData("01")]
    [InlineData("1e0")]
    [InlineData("-1")]
    [InlineData("2")]
    [InlineData("99999999999999999999")]
    [InlineData("null")]
    public void An_answer_under_an_id_that_is_not_exactly_an_open_one_reaches_nobody(string id)
    {
        var exchange = shared.Send(Call("\"a\""), "alice", null);
        Assert.Equal("1", Id());
        channel.Say(Result(id, "stolen"));
        Assert.False(exchange.TryRead(out _));
        Assert.Equal(1, shared.Dropped);
        channel.Say(Result("1", "own"));
        Assert.Equal(Result("\"a\"", "own"), Only(exchange));
    }

    [Fact]
    public void A_second_answer_under_the_same_id_reaches_nobody()
    {
        var first = shared.Send(Call("5"), "alice", null);
        var id = Id();
        channel.Say(Result(id, "once"));
        var second = shared.Send(Call("5"), "alice", null);
        channel.Say(Result(id, "twice"));
        Assert.Equal([Result("5", "once")], All(first));
        Assert.False(second.TryRead(out _));
        Assert.Equal(1, shared.Dropped);
    }

    [Fact]
    public void Progress_of_a_request_that_is_answered_or_asked_for_none_reaches_nobody()
    {
        var asked = shared.Send(Call("1", "9"), "alice", null);
        var (id, token) = (Id(), Token());
        channel.Say(Result(id, "done"));
        channel.Say(Progress(token, "late"));
        var unasked = shared.Send(Call("2"), "alice", null);
        channel.Say(Progress(Id(), "unasked"));
        Assert.Single(All(asked));
        Assert.False(unasked.TryRead(out _));
        Assert.Equal(2, shared.Dropped);
    }

    [Fact]
    public void Arguments_go_out_byte_for_byte_and_on_one_line()
    {
        var arguments = "{ \"a\" : 1.500, \"b\":\"\\u00e4\",\r\n\t\"id\": 1, \"progressToken\": 1 }";
        shared.Send(Read($$$$$$"""{"jsonrpc":"2.0","id":"x","method":"tools/call","params":{"name":"t","arguments":{{{{{{arguments}}}}}},"_meta":{"progressToken":"p","k":[1]}}}"""), "alice", null);
        var sent = channel.Sent[0];
        Assert.DoesNotContain('\n', sent);
        Assert.DoesNotContain('\r', sent);
        Assert.Equal(
            $$$$$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t","arguments":{{{{{{arguments.Replace("\r\n", "  ", StringComparison.Ordinal)}}}}}},"_meta":{"progressToken":1,"k":[1]}}}""",
            sent);
    }

    [Fact]
    public void An_argument_cannot_smuggle_a_second_message_onto_the_channel()
    {
        shared.Send(Read("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"t\",\"arguments\":{\"a\":[\n{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/call\"}\n]}}}"), "alice", null);
        Assert.Equal(1, Assert.Single(channel.Sent).AsSpan().Count("tools/call\",\"params\""));
        Assert.DoesNotContain('\n', channel.Sent[0]);
    }

    [Fact]
    public void A_cancellation_reaches_the_callers_own_request_and_no_other()
    {
        shared.Send(Call("1"), "alice", "s1");
        var bob = shared.Send(Call("1"), "bob", "s2");
        var bobId = Id();
        shared.Cancel(Cancellation("1"), "bob", "s1");
        shared.Cancel(Cancellation("2"), "bob", "s2");
        shared.Cancel(Cancellation("\"1\""), "bob", "s2");
        Assert.Equal(2, channel.Sent.Count);
        shared.Cancel(Cancellation("1"), "bob", "s2", "bob's token");
        Assert.Equal("bob's token", channel.LastIdentity);
        Assert.Equal($$$$$$"""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{{{{{{bobId}}}}}},"reason":"enough"}}""", channel.Sent[^1]);
        Assert.Equal(1, shared.Count);
        channel.Say(Result(bobId, "late"));
        Assert.Empty(All(bob));
    }

    [Fact]
    public void An_abandoned_request_is_cancelled_and_its_late_answer_reaches_nobody()
    {
        var exchange = shared.Send(Call("1", "1"), "alice", null);
        var id = Id();
        shared.Abandon(exchange);
        shared.Abandon(exchange);
        Assert.Equal(2, channel.Sent.Count);
        Assert.Equal("notifications/cancelled", channel.LastSent.GetProperty("method").GetString());
        Assert.Equal(id, channel.LastSent.GetProperty("params").GetProperty("requestId").GetRawText());
        channel.Say(Result(id, "late"));
        Assert.Empty(All(exchange));
        Assert.Equal(0, shared.Count);
    }

    [Fact]
    public void A_request_of_the_server_is_answered_with_an_error_and_a_ping_with_a_result()
    {
        var exchange = shared.Send(Call("1"), "alice", null);
        channel.Say("""{"jsonrpc":"2.0","id":"q\n1","method":"sampling/createMessage","params":{}}""");
        Assert.Equal("""{"jsonrpc":"2.0","id":"q\n1","error":{"code":-32601,"message":"The client does not take requests."}}""", channel.Sent[^1]);
        channel.Say("""{"jsonrpc":"2.0","id":1,"method":"ping"}""");
        Assert.Equal("""{"jsonrpc":"2.0","id":1,"result":{}}""", channel.Sent[^1]);
        Assert.False(exchange.TryRead(out _));
    }

    [Fact]
    public void Log_messages_reach_nobody_on_a_channel_of_many_and_the_caller_on_a_channel_of_one()
    {
        const string Log = """{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"who?"}}""";
        var exchange = shared.Send(Call("1"), "alice", null);
        channel.Say(Log);
        Assert.False(exchange.TryRead(out _));

        var alone = new FakeChannel();
        using var own = Over(alone, isShared: false);
        exchange = own.Send(Call("1"), "alice", null);
        alone.Say(Log);
        alone.Say(Result("1", "x"));
        Assert.Equal([Log, Result("1", "x")], All(exchange));
    }

    [Fact]
    public void A_changed_list_is_told_at_once_and_to_every_open_exchange()
    {
        var told = 0;
        shared.ToolsChanged = () => told++;
        const string Changed = """{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}""";
        channel.Say(Changed);
        var exchange = shared.Send(Call("1"), "alice", null);
        channel.Say(Changed);
        Assert.Equal(2, told);
        Assert.True(exchange.TryRead(out var delivery));
        Assert.Equal(Changed, Encoding.UTF8.GetString(delivery.Message));
    }

    [Theory]
    [InlineData("Listening on stdio...")]
    [InlineData("")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":1,\"result\":{}}")]
    [InlineData("[{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}]")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":[1]}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":1}}")]
    public void What_is_no_message_for_anybody_is_dropped_and_the_channel_goes_on(string line)
    {
        var exchange = shared.Send(Call("1", "1"), "alice", null);
        channel.Say(line);
        Assert.Equal(1, shared.Dropped);
        Assert.False(exchange.TryRead(out _));
        channel.Say(Result("1", "fine"));
        Assert.Equal(Result("1", "fine"), Only(exchange));
    }

    [Fact]
    public async Task A_response_that_is_none_fails_its_own_exchange()
    {
        var exchange = shared.Send(Call("1"), "alice", null);
        var other = shared.Send(Call("1"), "bob", null);
        channel.Say("""{"jsonrpc":"2.0","id":1,"result":"text"}""");
        var fault = await Assert.ThrowsAsync<UpstreamFault>(async () => await exchange.WaitAsync(TestContext.Current.CancellationToken));
        Assert.Equal(ReasonCode.UpstreamInvalid, fault.Code);
        Assert.False(other.TryRead(out _));
        Assert.Equal(1, shared.Count);
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{"text":"x"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{"text":"xxx""")]
    [InlineData("""{"result":{"text":"x"},"id":1,"_meta":{"id":2}}""")]
    public async Task A_message_over_the_limit_fails_its_own_exchange(string text)
    {
        var exchange = shared.Send(Call("1"), "alice", null);
        shared.Send(Call("1"), "bob", null);
        channel.PassOver(text);
        var fault = await Assert.ThrowsAsync<UpstreamFault>(async () => await exchange.WaitAsync(TestContext.Current.CancellationToken));
        Assert.Equal(ReasonCode.TooLarge, fault.Code);
        Assert.Equal(1, shared.Count);
    }

    [Theory]
    [InlineData("""{"result":{},"id":9}""")]
    [InlineData("""{"result":{},"id":1.0}""")]
    [InlineData("""{"jsonrpc":"2.0","id":"1","result":{}}""")]
    [InlineData("""{"method":"notifications/message","params":{"id":1}}""")]
    [InlineData("""{"id":1,"method":"sampling/createMessage","params":{}}""")]
    public void A_message_over_the_limit_that_is_no_answer_to_an_open_request_fails_nobody(string text)
    {
        shared.Send(Call("1"), "alice", null);
        channel.PassOver(text);
        Assert.Equal(1, shared.Count);
        Assert.Equal(1, shared.Dropped);
    }

    [Theory]
    [InlineData("xxxxxxxx")]
    [InlineData("""{"result":{"id":1,"text":"\"id\":1,"}}""")]
    [InlineData("""{"result":{},"id":1,"id":2}""")]
    [InlineData("""{"result":{"text":"no end""")]
    public async Task A_message_over_the_limit_that_does_not_say_whose_it_is_fails_every_open_exchange_of_its_channel(string text)
    {
        var exchanges = new[] { shared.Send(Call("1"), "alice", null), shared.Send(Call("1"), "bob", null) };
        channel.PassOver(text);
        foreach (var exchange in exchanges)
        {
            var fault = await Assert.ThrowsAsync<UpstreamFault>(async () => await exchange.WaitAsync(TestContext.Current.CancellationToken));
            Assert.Equal(ReasonCode.UpstreamInvalid, fault.Code);
        }
        Assert.False(shared.IsClosed);
    }

    [Fact]
    public async Task A_channel_that_closes_fails_what_is_open_and_takes_nothing_more()
    {
        var exchange = shared.Send(Call("1"), "alice", null);
        channel.Close();
        var fault = await Assert.ThrowsAsync<UpstreamFault>(async () => await exchange.WaitAsync(TestContext.Current.CancellationToken));
        Assert.Equal(ReasonCode.UpstreamUnreachable, fault.Code);
        Assert.Throws<UpstreamFault>(() => shared.Send(Call("2"), "alice", null));
    }

    [Fact]
    public void More_open_requests_than_the_limit_are_refused_as_overload()
    {
        for (var i = 0; i < 4; i++) shared.Send(Call("1"), "alice", null);
        Assert.Equal(ReasonCode.Overloaded, Assert.Throws<UpstreamFault>(() => shared.Send(Call("1"), "bob", null)).Code);
        channel.Say(Result("1", "x"));
        shared.Send(Call("1"), "bob", null);
    }

    [Fact]
    public void A_server_that_does_not_read_is_overloaded_and_the_request_not_open()
    {
        channel.IsFull = true;
        Assert.Equal(ReasonCode.Overloaded, Assert.Throws<UpstreamFault>(() => shared.Send(Call("1"), "bob", null)).Code);
        Assert.Equal(0, shared.Count);
    }

    [Fact]
    public void Notifications_for_a_caller_who_does_not_read_are_dropped_over_the_limit_and_the_answer_is_not()
    {
        var exchange = shared.Send(Call("1", "1"), "alice", null);
        for (var i = 0; i < 1000; i++) channel.Say(Progress("1", "counting"));
        channel.Say(Result("1", "done"));
        var all = All(exchange);
        Assert.InRange(all.Count, 2, 20);
        Assert.Equal(Result("1", "done"), all[^1]);
    }

    private static Multiplexer Over(FakeChannel channel, bool isShared = true) =>
        new(channel, new ChannelLimits { MostExchanges = 4, MostWaitingBytes = 1024 }, isShared, "fake", NullLogger.Instance);

    private static OutgoingMessage Read(string text) => OutgoingMessage.Read(Encoding.UTF8.GetBytes(text))!;

    private static OutgoingMessage Call(string id, string? token = null) => Read(
        $$$$$$"""{"jsonrpc":"2.0","id":{{{{{{id}}}}}},"method":"tools/call","params":{"name":"t","arguments":{}{{{{{{MetaOf(token)}}}}}}}}""");

    private static string MetaOf(string? token) => token is null ? "" : ",\"_meta\":{\"progressToken\":" + token + "}";

    private static OutgoingMessage Cancellation(string id) =>
        Read($$$$$$"""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{{{{{{id}}}}}},"reason":"enough"}}""");

    private static string Result(string id, string text) => $$$$$$"""{"jsonrpc":"2.0","id":{{{{{{id}}}}}},"result":{"text":"{{{{{{text}}}}}}"}}""";

    private static string Progress(string token, string text) =>
        $$$$$$"""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":{{{{{{token}}}}}},"progress":1,"message":"{{{{{{text}}}}}}"}}""";

    private static List<string> All(ChannelExchange exchange)
    {
        var all = new List<string>();
        while (exchange.TryRead(out var delivery)) all.Add(Encoding.UTF8.GetString(delivery.Message));
        return all;
    }

    private static string Only(ChannelExchange exchange) => Assert.Single(All(exchange));

    private string Id() => channel.LastSent.GetProperty("id").GetRawText();

    private string Token() => channel.LastSent.GetProperty("params").GetProperty("_meta").GetProperty("progressToken").GetRawText();
}
