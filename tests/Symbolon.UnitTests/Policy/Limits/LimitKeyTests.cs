using Symbolon.Core.Policy.Limits;

namespace Symbolon.UnitTests.Policy.Limits;

[Trait("area", "policy")]
public sealed class LimitKeyTests
{
    private static readonly LimitFacts Facts = new("tok1", "alice@example.com", "bot", "ci", "deploy", "rollout");

    [Fact]
    public void A_key_is_the_same_for_ever_since_it_is_in_the_store()
    {
        Assert.Equal("", LimitKey.Of(LimitPer.None, Facts));
        Assert.Equal("t4=tok1;", LimitKey.Of(LimitPer.Token, Facts));
        Assert.Equal("u17=alice@example.com;s6=deploy;l7=rollout;", LimitKey.Of(LimitPer.User | LimitPer.Server | LimitPer.Tool, Facts));
        Assert.Equal("a3=bot;w2=ci;", LimitKey.Of(LimitPer.Agent | LimitPer.Workflow, Facts));
    }

    [Fact]
    public void Only_what_the_limit_counts_apart_is_in_it()
    {
        var other = Facts with { User = "bob@example.com" };
        Assert.Equal(LimitKey.Of(LimitPer.Tool, Facts), LimitKey.Of(LimitPer.Tool, other));
        Assert.NotEqual(LimitKey.Of(LimitPer.User, Facts), LimitKey.Of(LimitPer.User, other));
    }

    [Fact]
    public void Nobody_is_not_somebody_without_a_name() =>
        Assert.NotEqual(LimitKey.Of(LimitPer.User, Facts with { User = null }), LimitKey.Of(LimitPer.User, Facts with { User = "" }));

    [Fact]
    public void A_value_cannot_be_written_to_look_like_two() =>
        Assert.NotEqual(
            LimitKey.Of(LimitPer.Server | LimitPer.Tool, Facts with { Server = "a;l1=b", Tool = "" }),
            LimitKey.Of(LimitPer.Server | LimitPer.Tool, Facts with { Server = "a", Tool = "b;l0=" }));

    [Fact]
    public void A_long_key_is_a_hash_of_bounded_length()
    {
        var (one, two) = (LimitKey.Of(LimitPer.Tool, Facts with { Tool = new string('x', 5000) }), LimitKey.Of(LimitPer.Tool, Facts with { Tool = new string('x', 5001) }));
        Assert.NotEqual(one, two);
        Assert.All([one, two], key => Assert.InRange(key.Length, 1, LimitKey.MostLength));
    }

    [Theory]
    [InlineData("token", LimitPer.Token, null)]
    [InlineData("tool,user", LimitPer.User | LimitPer.Tool, null)]
    [InlineData("agent,workflow,server", LimitPer.Agent | LimitPer.Workflow | LimitPer.Server, null)]
    [InlineData("user,user", LimitPer.User, "per names user twice")]
    [InlineData("User", LimitPer.None, "per must be of token, user, agent, workflow, server, tool")]
    public void The_words_of_files_are_read(string words, LimitPer expected, string? error)
    {
        Assert.Equal(error is null, LimitKey.TryParse(words.Split(','), out var per, out var said));
        Assert.Equal((expected, error), (per, said));
    }
}
