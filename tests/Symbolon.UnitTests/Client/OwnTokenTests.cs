using Symbolon.Client;
using Symbolon.Client.Credentials;
using Symbolon.Client.Http;
using Symbolon.Client.Keys;
using Symbolon.Testing.Fakes;

namespace Symbolon.UnitTests.Client;

/// <summary>The server's own token: refreshed ahead of its end, one request at a time, the old one served meanwhile.</summary>
[Trait("area", "client")]
public sealed class OwnTokenTests : IDisposable
{
    private static readonly InstanceKey Key = InstanceKey.Generate();
    private const int Hour = 3600;

    private readonly FakeClock clock = new();
    private readonly Queue<TaskCompletionSource<TokenAnswer>> asked = new();
    private readonly SemaphoreSlim hasAsked = new(0);
    private double random = 0.5;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => hasAsked.Dispose();

    [Fact]
    public async Task Many_who_come_at_once_share_one_request()
    {
        var own = Own();
        var waiting = Enumerable.Range(0, 50).Select(_ => own.GetAsync(Cancellation).AsTask()).ToList();
        await AnswerAsync("one");

        Assert.All(await Task.WhenAll(waiting), token => Assert.Equal("one", token.Text));
        Assert.Empty(asked);
        Assert.Equal(0, hasAsked.CurrentCount);
    }

    [Theory]
    [InlineData(0.0, 2400)]
    [InlineData(0.5, 2640)]
    [InlineData(1.0, 2880)]
    public async Task It_is_refreshed_between_two_thirds_and_four_fifths_of_its_life_while_the_old_one_serves(double at, int second)
    {
        random = at;
        var own = await OwnWithAsync("one");
        clock.Advance(TimeSpan.FromSeconds(second - 1));
        Assert.Equal("one", (await own.GetAsync(Cancellation)).Text);
        Assert.Equal(0, hasAsked.CurrentCount);

        clock.Advance(TimeSpan.FromSeconds(1.1));
        Assert.Equal("one", (await own.GetAsync(Cancellation)).Text);
        Assert.Equal("one", (await own.GetAsync(Cancellation)).Text);
        await AnswerAsync("two");
        await UntilAsync(own, "two");
        Assert.Equal(0, hasAsked.CurrentCount);
    }

    [Fact]
    public async Task The_old_one_serves_as_long_as_it_is_valid_while_refreshing_fails_ever_more_slowly()
    {
        var own = await OwnWithAsync("one");
        var requests = 0;
        clock.Advance(TimeSpan.FromSeconds(2700));
        for (var second = 2700; second < Hour - 30; second += 30)
        {
            Assert.Equal("one", (await own.GetAsync(Cancellation)).Text);
            if (await hasAsked.WaitAsync(TimeSpan.FromMilliseconds(second == 2700 ? 5000 : 20), Cancellation))
            {
                requests++;
                asked.Dequeue().SetResult(Refusal("unreachable"));
            }
            clock.Advance(TimeSpan.FromSeconds(30));
        }
        Assert.InRange(requests, 3, 25);
        clock.Advance(TimeSpan.FromSeconds(26));
        var none = own.GetAsync(Cancellation).AsTask();
        if (await Task.WhenAny(none, hasAsked.WaitAsync(Cancellation)) != none) asked.Dequeue().SetResult(Refusal("unreachable"));
        Assert.Equal("unreachable", (await Assert.ThrowsAsync<SymbolonException>(() => none)).Code);
    }

    [Fact]
    public async Task Without_any_token_a_refusal_is_told_to_all_who_ask_within_the_pause_without_another_request()
    {
        var own = Own();
        var first = own.GetAsync(Cancellation).AsTask();
        await AnswerAsync(Refusal("invalid_client"));
        Assert.Equal("invalid_client", (await Assert.ThrowsAsync<SymbolonException>(() => first)).Code);
        await Assert.ThrowsAsync<SymbolonException>(() => own.GetAsync(Cancellation).AsTask());
        Assert.Equal(0, hasAsked.CurrentCount);

        clock.Advance(TimeSpan.FromSeconds(1));
        var second = own.GetAsync(Cancellation).AsTask();
        await AnswerAsync("one");
        Assert.Equal("one", (await second).Text);
    }

    [Fact]
    public async Task Whoever_is_told_to_wait_waits_that_long_and_five_minutes_at_most()
    {
        var own = Own();
        var first = own.GetAsync(Cancellation).AsTask();
        await AnswerAsync(new TokenAnswer.Refused(new SymbolonAnswer.Failed("temporarily_unavailable", "", TimeSpan.FromHours(9))));
        await Assert.ThrowsAsync<SymbolonException>(() => first);
        clock.Advance(TimeSpan.FromSeconds(299));
        await Assert.ThrowsAsync<SymbolonException>(() => own.GetAsync(Cancellation).AsTask());
        clock.Advance(TimeSpan.FromSeconds(1));
        var second = own.GetAsync(Cancellation).AsTask();
        await AnswerAsync("one");
        Assert.Equal("one", (await second).Text);
    }

    [Fact]
    public async Task Somebody_who_leaves_ends_nothing_for_the_others()
    {
        var own = Own();
        using var leaving = new CancellationTokenSource();
        var left = own.GetAsync(leaving.Token).AsTask();
        var stays = own.GetAsync(Cancellation).AsTask();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        await AnswerAsync("one");
        Assert.Equal("one", (await stays).Text);
    }

    [Fact]
    public async Task A_token_that_the_api_refuses_is_replaced_but_not_more_often_than_every_five_seconds()
    {
        var own = await OwnWithAsync("one");
        Assert.False(own.Forget("one"));
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.True(own.Forget("one"));
        var next = own.GetAsync(Cancellation).AsTask();
        await AnswerAsync("two");
        Assert.Equal("two", (await next).Text);
        // Another call that was made with the first one has only to take the second.
        Assert.True(own.Forget("one"));
        Assert.Equal("two", (await own.GetAsync(Cancellation)).Text);
    }

    [Fact]
    public async Task A_wall_clock_that_is_set_changes_nothing_about_its_life()
    {
        var shifting = new SplitClock(clock);
        var own = new OwnToken(AskAsync, shifting, () => 0.5);
        var first = own.GetAsync(Cancellation).AsTask();
        await AnswerAsync("one", shifting);
        await first;
        shifting.Shift = TimeSpan.FromDays(-30);
        clock.Advance(TimeSpan.FromSeconds(Hour));
        var second = own.GetAsync(Cancellation).AsTask();
        await AnswerAsync("two", shifting);
        Assert.Equal("two", (await second).Text);
    }

    private static TokenAnswer.Refused Refusal(string code) => new(new SymbolonAnswer.Failed(code, "no", RetryAfter: null));

    private OwnToken Own() => new(AskAsync, clock, () => random);

    private async Task<OwnToken> OwnWithAsync(string token)
    {
        var own = Own();
        var first = own.GetAsync(Cancellation).AsTask();
        await AnswerAsync(token);
        await first;
        return own;
    }

    private Task<TokenAnswer> AskAsync(CancellationToken cancellation)
    {
        var answer = new TaskCompletionSource<TokenAnswer>();
        asked.Enqueue(answer);
        hasAsked.Release();
        return answer.Task;
    }

    private Task AnswerAsync(string token, TimeProvider? time = null) => AnswerAsync(new TokenAnswer.Granted(new IssuedToken(token, TimeSpan.FromSeconds(Hour), (time ?? clock).GetTimestamp(), Key)));

    private async Task AnswerAsync(TokenAnswer answer)
    {
        await hasAsked.WaitAsync(Cancellation);
        asked.Dequeue().SetResult(answer);
    }

    /// <summary>The refresh ends on a thread of its own.</summary>
    private static async Task UntilAsync(OwnToken own, string token)
    {
        while ((await own.GetAsync(Cancellation)).Text != token) await Task.Yield();
    }
}
