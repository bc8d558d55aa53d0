using System.Collections.Concurrent;
using Symbolon.Client;
using Symbolon.Client.Credentials;
using Symbolon.Client.Http;
using Symbolon.Client.Keys;
using Symbolon.Testing.Fakes;

namespace Symbolon.UnitTests.Client;

/// <summary>What the callers' tokens are exchanged for is kept for the caller alone, and not beyond its end.</summary>
[Trait("area", "client")]
public sealed class ExchangedTokenTests
{
    private static readonly InstanceKey Key = InstanceKey.Generate();
    private readonly FakeClock clock = new();
    private readonly ConcurrentQueue<string> asked = new();
    private Func<string, TokenAnswer>? answer;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_caller_is_exchanged_once_and_nobody_gets_what_is_anothers()
    {
        var tokens = Tokens();
        var all = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => tokens.GetAsync($"caller {i % 2}", null, Cancellation).AsTask()));

        Assert.Equal(["caller 0", "caller 1"], asked.Order());
        Assert.All(all.Index(), each => Assert.Equal($"for caller {each.Index % 2}", each.Item.Text));
    }

    [Fact]
    public async Task Shortly_before_its_end_another_is_asked_for()
    {
        var tokens = Tokens();
        await tokens.GetAsync("caller", null, Cancellation);
        clock.Advance(TimeSpan.FromSeconds(294));
        await tokens.GetAsync("caller", null, Cancellation);
        Assert.Single(asked);
        clock.Advance(TimeSpan.FromSeconds(1));
        await tokens.GetAsync("caller", null, Cancellation);
        Assert.Equal(2, asked.Count);
    }

    [Fact]
    public async Task A_refusal_is_told_and_the_next_call_asks_again()
    {
        var tokens = Tokens();
        answer = _ => new TokenAnswer.Refused(new SymbolonAnswer.Failed("invalid_scope", "The tool does not say what it needs.", RetryAfter: null));
        Assert.Equal("invalid_scope", (await Assert.ThrowsAsync<SymbolonException>(() => tokens.GetAsync("caller", null, Cancellation).AsTask())).Code);
        answer = null;
        Assert.Equal("for caller", (await tokens.GetAsync("caller", null, Cancellation)).Text);
    }

    [Fact]
    public async Task What_the_api_refused_is_asked_for_again()
    {
        var tokens = Tokens();
        await tokens.GetAsync("caller", null, Cancellation);
        tokens.Forget("caller");
        await tokens.GetAsync("caller", null, Cancellation);
        Assert.Equal(2, asked.Count);
    }

    [Fact]
    public async Task However_many_callers_come_only_so_many_tokens_are_kept()
    {
        var tokens = Tokens(most: 10);
        for (var i = 0; i < 100; i++) await tokens.GetAsync($"caller {i}", null, Cancellation);
        Assert.Equal(100, asked.Count);
        for (var i = 0; i < 100; i++) await tokens.GetAsync($"caller {i}", null, Cancellation);
        Assert.InRange(asked.Count, 190, 200);
    }

    private ExchangedTokens Tokens(int most = 1024) => new((subject, _, _) =>
    {
        asked.Enqueue(subject);
        return Task.FromResult(answer?.Invoke(subject) ?? new TokenAnswer.Granted(new IssuedToken($"for {subject}", TimeSpan.FromMinutes(5), clock.GetTimestamp(), Key)));
    }, clock, most);
}
