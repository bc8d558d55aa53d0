using System.Net;
using System.Threading.Channels;
using Symbolon.Client.Keys;
using Symbolon.Client.Revocation;
using Symbolon.Client.Verification;
using Symbolon.Testing.Fakes;
using Symbolon.Testing.OAuth;

namespace Symbolon.UnitTests.Client;

/// <summary>Revocations at an API: within a second of the event, and closed whenever the feed is not to be trusted.</summary>
[Trait("area", "client")]
public sealed class RevocationFeedTests : IAsyncDisposable
{
    private readonly FakeClock clock = new();
    private readonly VerifierStage stage;
    private readonly RevocationFeed feed;
    private readonly FakeSymbolon symbolon;
    private readonly Channel<FeedConnection> connections = Channel.CreateUnbounded<FeedConnection>();

    public RevocationFeedTests()
    {
        symbolon = new FakeSymbolon(clock) { OnFeed = connection => connections.Writer.WriteAsync(connection).AsTask() };
        var options = new RevocationFeedOptions { Symbolon = new Uri(symbolon.Issuer), ClientId = "release-api", KeyFile = "" };
        feed = new RevocationFeed(options, InstanceKey.Generate(), new HttpClient(symbolon), clock, () => 0);
        stage = new VerifierStage(feed: feed, clock: clock);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        stage.Dispose();
        await feed.DisposeAsync();
    }

    [Fact]
    public async Task Before_the_first_state_everything_is_refused()
    {
        await stage.Symbolon.Gate;
        Assert.Equal(503, await StatusAsync());
        var connection = await ConnectionAsync();
        await connection.StateAsync();
        // A node that may not trust its own memory tells its state, and no more.
        await connection.SendAsync("epoch", FeedConnection.EpochOf("user", "somebody-else", 1));
        for (var i = 0; i < 200; i++) await Task.Yield();
        Assert.Equal(503, await StatusAsync());
        await connection.CurrentAsync(connection.Now + 1);
        await UntilAsync(() => feed.IsCurrent);
        Assert.Equal(200, await StatusAsync());
    }

    [Fact]
    public async Task It_listens_as_the_client_that_the_api_is()
    {
        await ConnectionAsync();
        var heard = symbolon.Heard.First(request => request.Path == "/oauth/revocations");
        Assert.Equal("release-api", heard.Form["client_id"]);
        Assert.Equal(("release-api", symbolon.Issuer), ((string?)heard.Assertion!["sub"], (string?)heard.Assertion["aud"]));
    }

    [Theory]
    [InlineData("token", "tok_1")]
    [InlineData("user", "alice@example.com")]
    [InlineData("agent", "release-bot")]
    [InlineData("server", "releases")]
    [InlineData("credential", "releases")]
    [InlineData("client", "server:releases")]
    [InlineData("authorization", "aut_1")]
    [InlineData("organisation", "default")]
    [InlineData("key", "signing")]
    public async Task Whatever_the_token_rests_on_ends_it_when_it_is_revoked(string level, string target)
    {
        if (level == "key") target = stage.Symbolon.Key.PublicKey.Thumbprint.ToString();
        var connection = await CurrentAsync();
        var token = stage.Token(claims => claims["jti"] = "tok_1");
        var issuedAt = stage.Now * 1_000_000;
        await connection.SendAsync("epoch", FeedConnection.EpochOf(level, "somebody-else", issuedAt + 2_000_000));
        await connection.SendAsync("epoch", FeedConnection.EpochOf(level, target, issuedAt - 1));
        Assert.Equal(200, Status(await stage.VerifyAsync(token)));

        await connection.SendAsync("epoch", FeedConnection.EpochOf(level, target, issuedAt + 999_999));
        await UntilAsync(async () => Status(await stage.VerifyAsync(token)) == 401);
        Assert.Equal("The token was revoked.", Assert.IsType<CallerVerdict.Refused>(await stage.VerifyAsync(token)).Description);

        // What was issued later is not meant, and an older epoch takes nothing back.
        clock.Advance(TimeSpan.FromSeconds(1));
        await connection.CurrentAsync();
        await connection.SendAsync("epoch", FeedConnection.EpochOf(level, target, 1));
        Assert.Equal(200, Status(await stage.VerifyAsync(stage.Token())));
        Assert.Equal(401, Status(await stage.VerifyAsync(token)));
    }

    [Theory]
    [InlineData("token", "tok_origin")]
    [InlineData("key", "bound")]
    public async Task A_key_and_a_callers_token_that_were_ever_revoked_end_also_what_a_slow_node_made_of_them_later(string level, string target)
    {
        if (level == "key") target = stage.Key.Thumbprint.ToString();
        var connection = await CurrentAsync();
        await connection.SendAsync("epoch", FeedConnection.EpochOf(level, target, (stage.Now - 1) * 1_000_000));
        await UntilAsync(async () => await StatusAsync() == 401);
    }

    [Fact]
    public async Task A_consent_from_before_the_revocation_of_a_person_gives_no_new_tokens()
    {
        var connection = await CurrentAsync();
        var before = stage.Now * 1_000_000;
        await connection.SendAsync("epoch", FeedConnection.EpochOf("user", "alice@example.com", before));
        await UntilAsync(async () => Status(await stage.VerifyAsync(stage.Token(claims => claims["auth_us"] = before - 5))) == 401);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(401, Status(await stage.VerifyAsync(stage.Token(claims => claims["auth_us"] = before - 5))));
        Assert.Equal(200, Status(await stage.VerifyAsync(stage.Token(claims => claims["auth_us"] = before + 1))));
    }

    [Fact]
    public async Task Who_is_suspended_is_refused_until_it_is_active_again()
    {
        var connection = await ConnectionAsync();
        await connection.StateAsync(inactive: FeedConnection.TargetOf("agent", "release-bot"));
        await connection.CurrentAsync(connection.Now + 1);
        await UntilAsync(() => feed.IsCurrent);
        Assert.Equal(401, await StatusAsync());
        await connection.SendAsync("active", FeedConnection.TargetOf("agent", "release-bot"));
        await UntilAsync(async () => await StatusAsync() == 200);
        await connection.SendAsync("inactive", FeedConnection.TargetOf("credential", "releases"));
        await UntilAsync(async () => await StatusAsync() == 401);
    }

    [Fact]
    public async Task A_feed_that_stops_makes_all_calls_wait_after_five_seconds_and_is_connected_anew()
    {
        var connection = await CurrentAsync();
        clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Equal(200, await StatusAsync());
        clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(503, await StatusAsync());
        await connection.EndAsync();
        var next = await ConnectionAsync();
        await next.StateAsync();
        await next.CurrentAsync(next.Now + 1);
        await UntilAsync(() => feed.IsCurrent);
        Assert.Equal(200, await StatusAsync());
    }

    [Fact]
    public async Task What_was_revoked_stays_revoked_over_a_new_connection_that_forgets_it()
    {
        var connection = await CurrentAsync();
        await connection.SendAsync("epoch", FeedConnection.EpochOf("user", "alice@example.com", (stage.Now + 3600) * 1_000_000));
        await UntilAsync(async () => await StatusAsync() == 401);
        await connection.EndAsync();
        clock.Advance(TimeSpan.FromSeconds(1));
        var next = await ConnectionAsync();
        await next.StateAsync();
        await next.CurrentAsync(next.Now + 1);
        await UntilAsync(() => feed.IsCurrent);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(401, await StatusAsync());
    }

    [Fact]
    public async Task A_time_that_repeats_or_goes_back_keeps_nothing_current()
    {
        var connection = await CurrentAsync();
        var now = connection.Now;
        for (var second = 0; second < 6; second++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await connection.CurrentAsync(now + 1);
            await connection.CurrentAsync(now - second * 1_000_000);
        }
        Assert.False(feed.IsCurrent);
    }

    [Theory]
    [InlineData(61)]
    [InlineData(-61)]
    public async Task A_recording_of_the_feed_is_not_the_feed(int seconds)
    {
        var connection = await ConnectionAsync();
        await connection.StateAsync(now: connection.Now + seconds * 1_000_000);
        Assert.NotSame(connection, await ConnectionAsync());
        Assert.False(feed.IsCurrent);
    }

    [Fact]
    public async Task A_feed_that_falls_behind_is_not_current_however_often_it_speaks()
    {
        var connection = await CurrentAsync();
        var now = connection.Now;
        for (var i = 1; i <= 20; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await connection.CurrentAsync(now + i * 500_000);
        }
        await UntilAsync(() => !feed.IsCurrent);
    }

    [Theory]
    [InlineData("current", "{\"now\":1}", false)]
    [InlineData("epoch", "{\"level\":\"user\",\"target\":\"x\",\"not_before\":1}", false)]
    [InlineData("state", "{\"now\":0,\"epochs\":[],\"inactive\":[]}", false)]
    [InlineData("state", "{\"epochs\":[],\"inactive\":[]}", false)]
    [InlineData("state", "[]", false)]
    [InlineData("state", "{", false)]
    [InlineData("state", "{\"now\":{now},\"inactive\":[]}", false)]
    [InlineData("state", "{\"now\":{now},\"epochs\":{},\"inactive\":[]}", false)]
    [InlineData("state", "{\"now\":{now},\"now\":{now},\"epochs\":[],\"inactive\":[]}", false)]
    [InlineData("state", "{\"now\":{now},\"epochs\":[{\"level\":\"user\",\"target\":\"alice@example.com\",\"not_before\":1}],\"inactive\":[]}", false)]
    [InlineData("state", "{\"now\":{now},\"epochs\":[],\"inactive\":[]}", true)]
    [InlineData("epoch", "{\"level\":\"user\",\"target\":\"x\",\"not_before\":1}", true)]
    [InlineData("epoch", "{\"level\":\"user\",\"target\":\"47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU\",\"not_before\":\"1\"}", true)]
    [InlineData("inactive", "{\"target\":\"47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU\"}", true)]
    [InlineData("current", "{}", true)]
    [InlineData("current", "\"now\"", true)]
    public async Task An_event_that_is_none_ends_the_connection(string name, string json, bool afterState)
    {
        var connection = afterState ? await CurrentAsync() : await ConnectionAsync();
        await connection.SendAsync(name, json.Replace("{now}", connection.Now.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal));
        Assert.NotSame(connection, await ConnectionAsync());
        Assert.Equal(afterState, feed.IsCurrent);
    }

    [Fact]
    public async Task Comments_unknown_events_and_other_line_ends_are_read_over()
    {
        var connection = await ConnectionAsync();
        await connection.SendRawAsync(": hello\r\n\r\nevent: news\r\ndata: {\r\n\r\nretry: 1\r\n");
        await connection.SendRawAsync($"event: state\r\ndata: {{\"now\":{connection.Now},\r\ndata: \"epochs\":[],\"inactive\":[],\"more\":1}}\r\n\r\n");
        await connection.CurrentAsync(connection.Now + 1);
        await UntilAsync(() => feed.IsCurrent);
    }

    [Fact]
    public async Task A_refused_connection_is_tried_again_ever_more_slowly()
    {
        var connection = await ConnectionAsync();
        symbolon.Instead = heard => heard.Path == "/oauth/revocations" ? FakeSymbolon.Json(HttpStatusCode.Unauthorized, """{"error":"invalid_client"}""") : null;
        var lost = 0;
        feed.Lost += _ => Interlocked.Increment(ref lost);
        await connection.EndAsync();
        // However late the tries are made by the machine, their pauses of this clock cannot be shorter: after the end and five refusals half of 1, 2, 4, 8, 15 and 15 s.
        var seconds = 0;
        await UntilAsync(() =>
        {
            if (Volatile.Read(ref lost) >= 7) return true;
            clock.Advance(TimeSpan.FromSeconds(1));
            seconds++;
            return false;
        });
        Assert.InRange(seconds, 22, int.MaxValue);
        Assert.False(feed.IsCurrent);
    }

    [Fact]
    public async Task Whatever_goes_wrong_the_feed_is_connected_anew()
    {
        var faults = 0;
        symbolon.Instead = heard => heard.Path == "/oauth/revocations" && faults++ == 0 ? throw new NotSupportedException("nobody has thought of this") : null;
        feed.Lost += _ => throw new InvalidOperationException("a listener");
        feed.Connected += () => throw new InvalidOperationException("a listener");
        for (var i = 0; i < 3; i++)
        {
            var connection = await ConnectionAsync();
            await connection.StateAsync();
            await connection.CurrentAsync(connection.Now + 1);
            await UntilAsync(() => feed.IsCurrent);
            await connection.EndAsync();
        }
    }

    private async Task<FeedConnection> ConnectionAsync()
    {
        while (true)
        {
            if (connections.Reader.TryRead(out var connection)) return connection;
            // The pause before a connection is of this clock. A busy machine may take its time, and this clock must not run ahead of it: five seconds make all stale.
            await Task.Delay(1, Cancellation);
            if (symbolon.CountOf("/oauth/revocations") > 0) clock.Advance(TimeSpan.FromMilliseconds(10));
            Cancellation.ThrowIfCancellationRequested();
        }
    }

    private async Task<FeedConnection> CurrentAsync()
    {
        var connection = await ConnectionAsync();
        await connection.StateAsync();
        await connection.CurrentAsync(connection.Now + 1);
        await UntilAsync(() => feed.IsCurrent);
        return connection;
    }

    private async Task<int> StatusAsync() => Status(await stage.VerifyAsync(stage.Token()));

    private static int Status(CallerVerdict verdict) => verdict is CallerVerdict.Refused refused ? refused.Status : 200;

    private static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await condition())
        {
            deadline.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
