using Microsoft.Extensions.Logging.Abstractions;
using Symbolon.Core.Registry;
using Symbolon.Gateway.Upstreams;
using Symbolon.Gateway.Upstreams.Channels;

namespace Symbolon.UnitTests.Gateway.Channels;

/// <summary>The stream of a legacy session that has a channel for itself, and subscriptions to resources.</summary>
[Trait("area", "channels")]
public sealed class ChannelStreamTests : IDisposable
{
    private readonly List<IDisposable> made = [];

    public void Dispose() => made.ForEach(each => each.Dispose());

    [Fact]
    public async Task What_the_server_tells_reaches_the_stream_of_its_own_session_as_far_as_the_caller_may_have_it()
    {
        var rig = Rig(ProcessIsolation.Session);
        var mine = await rig.Gateway.OpenAsync();
        var channel = rig.Last;
        var other = await rig.Gateway.OpenAsync();
        var (body, running) = Listen(rig, mine);
        var (foreign, others) = Listen(rig, other);
        await ListenedToAsync(rig, 2);
        channel.Say(Updated("file:///keys/b"));
        channel.Say(Updated("file:///docs/a").Replace(",\"params\"", ",\n\"params\"", StringComparison.Ordinal));
        channel.Say("""{"jsonrpc":"2.0","method":"notifications/prompts/list_changed"}""");
        channel.Say("""{"jsonrpc":"2.0","method":"notifications/resources/list_changed"}""");
        channel.Say("""{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"x"}}""");
        channel.Say("""{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}""");
        await Eventually.HoldsAsync(() => body.Text.Contains("tools/list_changed", StringComparison.Ordinal), "all of it is told");
        Assert.Equal(["resources/updated", "resources/list_changed", "message", "tools/list_changed"], Methods(body));
        Assert.DoesNotContain("keys/b", body.Text, StringComparison.Ordinal);
        Assert.Empty(foreign.Text);
        await rig.Gateway.SendAsync("DELETE", [], FeatureRig.In(mine));
        await rig.Gateway.SendAsync("DELETE", [], FeatureRig.In(other));
        await Task.WhenAll(running, others);
    }

    [Fact]
    public async Task A_question_that_comes_while_no_call_is_open_goes_to_the_stream_and_back()
    {
        var rig = Rig(ProcessIsolation.Session, ClientFeatures.Roots);
        var session = await rig.Gateway.OpenAsync("""{"roots":{}}""");
        var (body, running) = Listen(rig, session);
        await ListenedToAsync(rig, 1);
        rig.Last.Say("""{"jsonrpc":"2.0","id":3,"method":"roots/list"}""");
        await Eventually.HoldsAsync(() => body.Text.Contains("roots/list", StringComparison.Ordinal), "it is asked");
        var id = FakeChannel.Parse(body.Text.Split('\n').First(line => line.StartsWith("data: ", StringComparison.Ordinal))[6..]).GetProperty("id").GetString();
        await rig.Gateway.PostAsync("{\"jsonrpc\":\"2.0\",\"id\":\"" + id + "\",\"result\":{\"roots\":[]}}", FeatureRig.In(session));
        Assert.Equal("""{"jsonrpc":"2.0","id":3,"result":{"roots":[]}}""", rig.Last.Sent[^1]);
        await rig.Gateway.SendAsync("DELETE", [], FeatureRig.In(session));
        await running;
    }

    [Fact]
    public async Task A_session_of_its_own_channel_may_be_told_of_resources_that_it_may_have()
    {
        var rig = Rig(ProcessIsolation.Session);
        var session = await rig.Gateway.OpenAsync();
        foreach (var method in new[] { "resources/subscribe", "resources/unsubscribe" })
        {
            Assert.Equal("{}", (await rig.Gateway.PostAsync(FeatureRig.Request(method, "\"uri\":\"file:///docs/a\""), FeatureRig.In(session))).Result.GetRawText());
            Assert.Equal(method, rig.Last.LastSent.GetProperty("method").GetString());
            var sent = rig.Last.Sent.Count;
            Assert.Equal("not_granted", (await rig.Gateway.PostAsync(FeatureRig.Request(method, "\"uri\":\"file:///keys/b\""), FeatureRig.In(session))).ErrorCode);
            Assert.Equal("unknown_method", (await rig.Gateway.PostAsync(FeatureRig.Request(method, "\"uri\":\"file:///docs/a\""))).ErrorCode);
            Assert.Equal(sent, rig.Last.Sent.Count);
        }
    }

    [Theory]
    [InlineData(ProcessIsolation.Shared)]
    [InlineData(ProcessIsolation.Caller)]
    public async Task Sessions_that_share_a_channel_have_no_stream_and_no_subscriptions(ProcessIsolation isolation)
    {
        var rig = Rig(isolation);
        var session = await rig.Gateway.OpenAsync();
        Assert.Equal(405, (await rig.Gateway.SendAsync("GET", [], FeatureRig.In(session))).Status);
        Assert.Equal("unknown_method", (await rig.Gateway.PostAsync(FeatureRig.Request("resources/subscribe", "\"uri\":\"file:///docs/a\""), FeatureRig.In(session))).ErrorCode);
        Assert.DoesNotContain(rig.Channels.Opened, channel => channel.Sent.Any(text => text.Contains("subscribe", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Who_asks_last_for_the_stream_has_it_and_one_that_is_listened_to_is_not_idle()
    {
        var rig = Rig(ProcessIsolation.Session);
        var session = await rig.Gateway.OpenAsync();
        var channel = rig.Last;
        var (first, before) = Listen(rig, session);
        await ListenedToAsync(rig, 1);
        var (second, running) = Listen(rig, session);
        await before;
        Assert.Empty(first.Text);
        rig.Gateway.Clock.Advance(TimeSpan.FromMinutes(30));
        rig.Gateway.Freshness.Confirm(rig.Gateway.Clock.GetTimestamp());
        Assert.False(channel.IsDisposed);
        channel.Say("""{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}""");
        await Eventually.HoldsAsync(() => second.Text.Contains("list_changed", StringComparison.Ordinal), "it is told");
        await rig.Gateway.SendAsync("DELETE", [], FeatureRig.In(session));
        await running;
        await Eventually.HoldsAsync(() => channel.IsDisposed, "its channel is closed");
    }

    [Fact]
    public void Who_reads_the_stream_slowly_loses_what_is_over_the_bound_and_takes_no_memory()
    {
        var channel = new FakeChannel();
        using var exchanges = new Multiplexer(channel, new ChannelLimits { MostWaitingBytes = 1024 }, isShared: false, "fake", NullLogger.Instance, ClientFeatures.None);
        var stream = exchanges.Listen();
        for (var number = 0; number < 1000; number++) channel.Say(Updated("file:///docs/a"));
        var kept = 0;
        while (stream.TryRead(out _)) kept++;
        Assert.InRange(kept, 1, 20);
        Assert.Equal(1000 - kept, exchanges.Dropped);
        exchanges.StopListening(stream);
        channel.Say(Updated("file:///docs/a"));
        Assert.False(stream.TryRead(out _));
        Assert.False(exchanges.IsListenedTo);
    }

    [Fact]
    public async Task A_pool_that_is_retired_ends_streams_so_that_their_clients_come_to_the_next_version()
    {
        var clock = new Symbolon.Testing.Fakes.FakeClock();
        var channels = new FakeChannels(() => new FakeChannel { Answer = FakeChannel.Legacy });
        using var pool = new ChannelPool(channels, ProcessIsolation.Session, new ChannelLimits(), "fake", clock, NullLogger.Instance);
        var key = new ChannelKey(Symbolon.Core.Tools.Era.Legacy, "alice", "s");
        var stream = (await pool.OpenAsync(key, [.. "{}"u8], TestContext.Current.CancellationToken))!.Exchanges.Listen();
        clock.Advance(TimeSpan.FromMinutes(20));
        Assert.False(channels.Opened[0].IsDisposed);
        pool.Retire();
        clock.Advance(TimeSpan.FromSeconds(5));
        await Assert.ThrowsAsync<UpstreamFault>(async () => await stream.WaitAsync(TestContext.Current.CancellationToken));
        await Eventually.HoldsAsync(() => channels.Opened[0].IsDisposed, "it is closed");
    }

    private ChannelRig Rig(ProcessIsolation isolation, ClientFeatures allowed = ClientFeatures.None)
    {
        var rig = new ChannelRig(isolation, (channel, message) =>
        {
            if (message.TryGetProperty("id", out var id) && message.TryGetProperty("method", out _)) channel.Say("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{}}");
        });
        made.Add(rig);
        rig.Gateway.Apply(FeatureRig.Grant([], ["file:///docs/*"]));
        rig.Gateway.MayAsk(allowed);
        return rig.Connect();
    }

    private static (CapturedBody Body, Task Running) Listen(ChannelRig rig, string session)
    {
        var context = rig.Gateway.ContextOf("GET", []);
        var body = new CapturedBody();
        context.Response.Body = body;
        context.Request.Headers["Mcp-Session-Id"] = session;
        return (body, Task.Run(() => rig.Gateway.HandleAsync(context)));
    }

    private static Task ListenedToAsync(ChannelRig rig, int count) =>
        Eventually.HoldsAsync(() => rig.Gateway.Audit.Records.Count(record => record.Method == "HTTP GET") == count, "the stream is open");

    private static IEnumerable<string> Methods(CapturedBody body) => body.Text.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal))
        .Select(line => FakeChannel.Parse(line[6..]).GetProperty("method").GetString()!["notifications/".Length..]);

    private static string Updated(string uri) => "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/resources/updated\",\"params\":{\"uri\":\"" + uri + "\"}}";
}
