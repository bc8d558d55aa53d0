using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Symbolon.Core.Policy;
using Symbolon.Core.Registry;
using Symbolon.Gateway.Upstreams;
using Symbolon.Gateway.Upstreams.Channels;
using Symbolon.Testing.Fakes;

namespace Symbolon.UnitTests.Gateway.Channels;

[Trait("area", "channels")]
public sealed class ChannelHandlerTests : IDisposable
{
    private static readonly Uri Url = new("http://stdio.invalid/");

    private readonly FakeClock clock = new();
    private readonly List<IDisposable> made = [];

    public void Dispose() => made.ForEach(each => each.Dispose());

    [Fact]
    public async Task A_channel_is_initialised_once_and_every_caller_gets_its_answer_under_an_own_session()
    {
        var channels = new FakeChannels(() => new FakeChannel { Answer = FakeChannel.Legacy });
        var invoker = Over(channels);
        var alice = await OpenAsync(invoker, "alice", "\"first\"", "2025-11-25");
        var bob = await OpenAsync(invoker, "bob", "2", "2025-03-26");
        Assert.Equal("first", alice.Json.GetProperty("id").GetString());
        Assert.Equal("2025-06-18", alice.Json.GetProperty("result").GetProperty("protocolVersion").GetString());
        Assert.Equal("2025-03-26", bob.Json.GetProperty("result").GetProperty("protocolVersion").GetString());
        Assert.NotEqual(alice.Session, bob.Session);
        Assert.Equal(32, alice.Session!.Length);
        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync(invoker, "bob", """{"jsonrpc":"2.0","method":"notifications/initialized"}""")).Status);
        var channel = Assert.Single(channels.Opened);
        Assert.Equal(["initialize", "notifications/initialized"], channel.Sent.Select(text => FakeChannel.Parse(text).GetProperty("method").GetString()));
    }

    [Fact]
    public async Task An_answer_that_comes_first_is_JSON_and_one_behind_notifications_ends_a_stream()
    {
        var channels = new FakeChannels(() => new FakeChannel
        {
            Answer = (channel, message) =>
            {
                if (message.GetProperty("method").GetString() != "tools/call") FakeChannel.Legacy(channel, message);
                else
                {
                    channel.Say("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\r\"params\":{\"progressToken\":" + message.GetProperty("id") + ",\"progress\":1}}");
                    FakeChannel.Legacy(channel, message);
                }
            },
        });
        var invoker = Over(channels);
        var plain = await PostAsync(invoker, "alice", """{"jsonrpc":"2.0","id":"L","method":"tools/list","params":{}}""");
        Assert.Equal("application/json", plain.Type);
        Assert.Equal("L", plain.Json.GetProperty("id").GetString());
        var stream = await PostAsync(invoker, "alice", """{"jsonrpc":"2.0","id":"C","method":"tools/call","params":{"name":"t","_meta":{"progressToken":"p"}}}""");
        Assert.Equal("text/event-stream", stream.Type);
        var events = stream.Body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, events.Length);
        Assert.Equal("""data: {"jsonrpc":"2.0","method":"notifications/progress", "params":{"progressToken":"p","progress":1}}""", events[0]);
        Assert.StartsWith("""data: {"jsonrpc":"2.0","id":"C","result":""", events[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_are_there_before_the_answer_is()
    {
        FakeChannel? opened = null;
        var invoker = Over(new FakeChannels(() => opened = new FakeChannel
        {
            Answer = (channel, message) =>
            {
                if (message.GetProperty("method").GetString() != "tools/call") FakeChannel.Legacy(channel, message);
                else channel.Say("""{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}""");
            },
        }));
        using var request = Request("alice", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t"}}""");
        using var response = await invoker.SendAsync(request, TestContext.Current.CancellationToken);
        await using var stream = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        var buffer = new byte[4096];
        var read = await stream.ReadAsync(buffer, TestContext.Current.CancellationToken);
        Assert.Contains("list_changed", Encoding.UTF8.GetString(buffer, 0, read), StringComparison.Ordinal);
        opened!.Say("""{"jsonrpc":"2.0","id":2,"result":{}}""");
        read = await stream.ReadAsync(buffer, TestContext.Current.CancellationToken);
        Assert.Equal("data: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n\n", Encoding.UTF8.GetString(buffer, 0, read));
        Assert.Equal(0, await stream.ReadAsync(buffer, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_client_that_leaves_cancels_its_request_on_the_channel()
    {
        FakeChannel? opened = null;
        var invoker = Over(new FakeChannels(() => opened = new FakeChannel
        {
            Answer = (channel, message) =>
            {
                if (message.GetProperty("method").GetString() != "tools/call") FakeChannel.Legacy(channel, message);
            },
        }));
        using var left = new CancellationTokenSource();
        using var request = Request("alice", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t"}}""");
        var waiting = invoker.SendAsync(request, left.Token);
        await Eventually.HoldsAsync(() => opened?.Sent.Count == 3, "the call is on the channel");
        await left.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal("notifications/cancelled", opened!.LastSent.GetProperty("method").GetString());
    }

    [Fact]
    public async Task A_cancelled_request_ends_without_an_answer()
    {
        FakeChannel? opened = null;
        var invoker = Over(new FakeChannels(() => opened = new FakeChannel
        {
            Answer = (channel, message) =>
            {
                if (message.GetProperty("method").GetString() != "tools/call") FakeChannel.Legacy(channel, message);
            },
        }));
        var session = (await OpenAsync(invoker, "alice", "0", "2025-11-25")).Session;
        var waiting = PostAsync(invoker, "alice", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t"}}""", session);
        await Eventually.HoldsAsync(() => opened?.Sent.Count == 3, "the call is on the channel");
        await PostAsync(invoker, "alice", """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}""", session);
        var ended = await waiting;
        Assert.Equal(("text/event-stream", ""), (ended.Type, ended.Body));
        Assert.Equal(4, opened!.Sent.Count);
    }

    [Fact]
    public async Task It_offers_no_stream_and_takes_no_garbage()
    {
        var invoker = Over(new FakeChannels(() => new FakeChannel { Answer = FakeChannel.Legacy }));
        using var get = new HttpRequestMessage(HttpMethod.Get, Url);
        using var answer = await invoker.SendAsync(get, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(invoker, "alice", "[]")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(invoker, "alice", """{"jsonrpc":"2.0","id":null,"method":"tools/list"}""")).Status);
    }

    [Fact]
    public async Task The_log_level_of_one_caller_is_not_that_of_all()
    {
        var channels = new FakeChannels(() => new FakeChannel { Answer = FakeChannel.Legacy });
        var answer = await PostAsync(Over(channels), "alice", """{"jsonrpc":"2.0","id":4,"method":"logging/setLevel","params":{"level":"debug"}}""");
        Assert.Equal("""{"jsonrpc":"2.0","id":4,"result":{}}""", answer.Body);
        Assert.Empty(channels.Opened);
        await PostAsync(Over(channels, ProcessIsolation.Caller), "alice", """{"jsonrpc":"2.0","id":4,"method":"logging/setLevel","params":{"level":"debug"}}""");
        Assert.Equal("logging/setLevel", Assert.Single(channels.Opened).LastSent.GetProperty("method").GetString());
    }

    [Fact]
    public async Task Modern_requests_have_a_channel_of_their_own_and_an_era_that_is_not_spoken_is_said_so()
    {
        var channels = new FakeChannels(() => new FakeChannel { Answer = FakeChannel.Modern });
        var invoker = Over(channels);
        var modern = await PostAsync(invoker, "alice", """{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}""", version: "2026-07-28");
        Assert.Equal("complete", modern.Json.GetProperty("result").GetProperty("resultType").GetString());
        Assert.Equal(["server/discover", "tools/list"], Assert.Single(channels.Opened).Sent.Select(text => FakeChannel.Parse(text).GetProperty("method").GetString()));
        var legacy = await OpenAsync(invoker, "alice", "1", "2025-11-25");
        Assert.Equal(-32601, legacy.Json.GetProperty("error").GetProperty("code").GetInt32());
        await OpenAsync(invoker, "alice", "1", "2025-11-25");
        Assert.Equal(2, channels.Opened.Count);
        Assert.True(channels.Opened[1].IsDisposed);
    }

    [Fact]
    public async Task A_server_that_says_nothing_to_a_modern_question_speaks_the_legacy_era()
    {
        var channels = new FakeChannels(() => new FakeChannel
        {
            Answer = (channel, message) =>
            {
                if (message.GetProperty("method").GetString() != "server/discover") FakeChannel.Legacy(channel, message);
            },
        });
        var invoker = Over(channels);
        var asked = PostAsync(invoker, null, """{"jsonrpc":"2.0","id":1,"method":"server/discover","params":{}}""", version: "2026-07-28");
        await Eventually.HoldsAsync(() => channels.Opened is [{ Sent.Count: 1 }], "it is asked");
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(-32601, (await asked).Json.GetProperty("error").GetProperty("code").GetInt32());
        Assert.True(channels.Opened[0].IsDisposed);
        Assert.True((await OpenAsync(invoker, "alice", "1", "2025-11-25")).Json.TryGetProperty("result", out _));
    }

    [Fact]
    public async Task A_server_that_never_answers_is_closed_and_tried_again_after_a_pause_that_grows()
    {
        var channels = new FakeChannels(() => new FakeChannel());
        var invoker = Over(channels);
        foreach (var pause in new[] { 1, 2, 4, 8, 16, 32, 60, 60 })
        {
            var opened = channels.Opened.Count;
            var asked = OpenAsync(invoker, "alice", "1", "2025-11-25");
            await Eventually.HoldsAsync(() => channels.Opened.Count == opened + 1 && channels.Opened[^1].Sent.Count == 1, "it is opened");
            clock.Advance(TimeSpan.FromSeconds(15));
            Assert.Equal(ReasonCode.UpstreamTimeout, (await Assert.ThrowsAsync<UpstreamFault>(() => asked)).Code);
            Assert.True(channels.Opened[^1].IsDisposed);
            clock.Advance(TimeSpan.FromSeconds(pause) - TimeSpan.FromMilliseconds(1));
            await Assert.ThrowsAsync<UpstreamFault>(() => OpenAsync(invoker, "alice", "1", "2025-11-25"));
            Assert.Equal(opened + 1, channels.Opened.Count);
            clock.Advance(TimeSpan.FromMilliseconds(1));
        }
    }

    [Fact]
    public async Task A_channel_that_closes_soon_is_opened_again_only_after_a_pause()
    {
        var channels = new FakeChannels(() => new FakeChannel { Answer = FakeChannel.Legacy });
        var invoker = Over(channels);
        await OpenAsync(invoker, "alice", "1", "2025-11-25");
        channels.Opened[0].Close();
        Assert.Equal(ReasonCode.UpstreamUnreachable, (await Assert.ThrowsAsync<UpstreamFault>(() => OpenAsync(invoker, "alice", "1", "2025-11-25"))).Code);
        Assert.Single(channels.Opened);
        clock.Advance(TimeSpan.FromSeconds(1));
        await OpenAsync(invoker, "alice", "1", "2025-11-25");
        clock.Advance(TimeSpan.FromSeconds(30));
        channels.Opened[1].Close();
        await OpenAsync(invoker, "alice", "1", "2025-11-25");
        Assert.Equal(3, channels.Opened.Count);
    }

    [Fact]
    public async Task Nobody_uses_it_so_it_is_closed_and_opened_again_when_somebody_does()
    {
        var channels = new FakeChannels(() => new FakeChannel { Answer = FakeChannel.Legacy });
        var invoker = Over(channels);
        await OpenAsync(invoker, "alice", "1", "2025-11-25");
        clock.Advance(TimeSpan.FromMinutes(9));
        Assert.False(channels.Opened[0].IsDisposed);
        clock.Advance(TimeSpan.FromMinutes(2));
        await Eventually.HoldsAsync(() => channels.Opened[0].IsDisposed, "it is closed");
        await OpenAsync(invoker, "alice", "1", "2025-11-25");
        Assert.Equal(2, channels.Opened.Count);
    }

    [Fact]
    public async Task Isolated_callers_have_channels_of_their_own_up_to_the_limit()
    {
        var channels = new FakeChannels(() => new FakeChannel
        {
            Answer = (channel, message) =>
            {
                if (message.GetProperty("method").GetString() != "tools/call") FakeChannel.Legacy(channel, message);
            },
        });
        var invoker = Over(channels, ProcessIsolation.Caller);
        var calls = new[] { "alice", "bob", "carol" }.Select(caller =>
            PostAsync(invoker, caller, """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t"}}""")).ToList();
        await Eventually.HoldsAsync(() => channels.Opened.Count == 3 && channels.Opened.All(channel => channel.Sent.Count == 3), "each has a channel");
        var refused = await Assert.ThrowsAsync<UpstreamFault>(() => PostAsync(invoker, "dave", """{"jsonrpc":"2.0","id":1,"method":"tools/list"}"""));
        Assert.Equal(ReasonCode.Overloaded, refused.Code);
        foreach (var channel in channels.Opened) channel.Say("""{"jsonrpc":"2.0","id":2,"result":{}}""");
        await Task.WhenAll(calls);
        await PostAsync(invoker, "dave", """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""");
        await Eventually.HoldsAsync(() => channels.Opened.Count(channel => !channel.IsDisposed) == 3, "one that nobody uses made room");
    }

    [Fact]
    public async Task A_session_of_its_own_channel_ends_with_it_and_is_nobody_elses()
    {
        var channels = new FakeChannels(() => new FakeChannel { Answer = FakeChannel.Legacy });
        var invoker = Over(channels, ProcessIsolation.Session);
        const string List = """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""";
        var first = (await OpenAsync(invoker, "alice", "1", "2025-11-25")).Session;
        var second = (await OpenAsync(invoker, "alice", "1", "2025-11-25")).Session;
        Assert.Equal(2, channels.Opened.Count);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(invoker, "alice", List, first)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(invoker, "bob", List, first)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(invoker, "alice", List, "0123")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await EndAsync(invoker, "bob", first)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await EndAsync(invoker, "alice", first)).StatusCode);
        await Eventually.HoldsAsync(() => channels.Opened[0].IsDisposed, "its channel is closed");
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(invoker, "alice", List, first)).Status);
        channels.Opened[1].Close();
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(invoker, "alice", List, second)).Status);
        Assert.Equal(2, channels.Opened.Count);
    }

    [Fact]
    public async Task Fifty_callers_at_once_on_one_channel_get_their_own_answers()
    {
        var channels = new FakeChannels(() => new FakeChannel
        {
            Answer = (channel, message) =>
            {
                if (message.TryGetProperty("id", out var id) && message.GetProperty("params").TryGetProperty("_meta", out _))
                    channel.Say($$$$$$"""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":{{{{{{id}}}}}},"message":{{{{{{message.GetProperty("params").GetProperty("name").GetRawText()}}}}}}}}""");
                FakeChannel.Legacy(channel, message);
            },
        });
        var invoker = Over(channels);
        await OpenAsync(invoker, "first", "1", "2025-11-25");
        await Parallel.ForAsync(0, 50, async (number, _) =>
        {
            for (var i = 0; i < 20; i++)
            {
                var mine = $"tool-{number}-{i}";
                var answer = await PostAsync(invoker, "caller" + number, $$$$$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{{{{mine}}}}}}","_meta":{"progressToken":1}}}""");
                var events = answer.Body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(each => FakeChannel.Parse(each["data: ".Length..])).ToList();
                Assert.Equal(mine, events[0].GetProperty("params").GetProperty("message").GetString());
                Assert.Equal(1, events[0].GetProperty("params").GetProperty("progressToken").GetInt32());
                Assert.Equal(mine, events[1].GetProperty("result").GetProperty("echo").GetProperty("params").GetProperty("name").GetString());
                Assert.Equal(1, events[1].GetProperty("id").GetInt32());
            }
        });
        Assert.Single(channels.Opened);
    }

    [Fact]
    public async Task Who_opens_session_after_session_leaves_a_process_to_the_others()
    {
        var channels = new FakeChannels(() => new FakeChannel { Answer = FakeChannel.Legacy });
        var invoker = Over(channels, ProcessIsolation.Session);
        for (var id = 0; id < 2; id++) Assert.NotNull((await OpenAsync(invoker, "alice", "1", "2025-11-25")).Session);
        var refused = await Assert.ThrowsAsync<UpstreamFault>(() => OpenAsync(invoker, "alice", "1", "2025-11-25"));
        Assert.Equal(ReasonCode.Overloaded, refused.Code);
        Assert.NotNull((await OpenAsync(invoker, "bob", "1", "2025-11-25")).Session);
    }

    private ChannelInvoker Over(FakeChannels channels, ProcessIsolation isolation = ProcessIsolation.Shared)
    {
        var limits = new ChannelLimits { MostChannels = 3 };
        var invoker = new ChannelInvoker(new ChannelHandler(new ChannelPool(channels, isolation, limits, "fake", clock, NullLogger.Instance)));
        made.Add(invoker);
        return invoker;
    }

    private static Task<Answered> OpenAsync(HttpMessageInvoker invoker, string caller, string id, string version) =>
        PostAsync(invoker, caller, $$$$$$"""{"jsonrpc":"2.0","id":{{{{{{id}}}}}},"method":"initialize","params":{"protocolVersion":"{{{{{{version}}}}}}","capabilities":{},"clientInfo":{"name":"c","version":"1"}}}""");

    private static async Task<Answered> PostAsync(HttpMessageInvoker invoker, string? caller, string body, string? session = null, string? version = null)
    {
        using var request = Request(caller, body, session);
        if (version is not null) request.Headers.TryAddWithoutValidation("MCP-Protocol-Version", version);
        using var response = await invoker.SendAsync(request, TestContext.Current.CancellationToken);
        return new Answered(response.StatusCode, response.Content.Headers.ContentType?.MediaType,
            response.Headers.TryGetValues("Mcp-Session-Id", out var ids) ? ids.Single() : null, await response.Content.ReadAsStringAsync());
    }

    private static async Task<HttpResponseMessage> EndAsync(HttpMessageInvoker invoker, string caller, string? session)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, Url);
        request.Headers.TryAddWithoutValidation("Mcp-Session-Id", session);
        ChannelCaller.Mark(request, caller);
        return await invoker.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static HttpRequestMessage Request(string? caller, string body, string? session = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Url) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        if (caller is not null) ChannelCaller.Mark(request, caller);
        if (session is not null) request.Headers.TryAddWithoutValidation("Mcp-Session-Id", session);
        return request;
    }

    private sealed record Answered(HttpStatusCode Status, string? Type, string? Session, string Body)
    {
        public JsonElement Json => FakeChannel.Parse(Body);
    }
}
