using Symbolon.Cel.Patterns;

namespace Symbolon.UnitTests.Cel.Patterns;

/// <summary>Time, as the number of instructions visited and characters taken.</summary>
[Trait("area", "cel")]
public sealed class PatternTimeTests
{
    [Theory]
    [InlineData("(a+)+$", "a", "b")]
    [InlineData("(a|a)*b", "a", "")]
    [InlineData("(a?){50}a{50}$", "a", "b")]
    [InlineData("(.*)(.*)(.*)(.*)(.*)[^a]", "a", "\n")]
    [InlineData(@"(?i)(\w+\s?)+\d$", "a é ", "-")]
    public void What_is_repeated_in_the_text_is_found_out_once(string pattern, string repeated, string end)
    {
        long StepsOf(int times)
        {
            var text = string.Concat(Enumerable.Repeat(repeated, times)) + end;
            CelPattern.Parse(pattern, out _)!.IsMatch(text, out var steps);
            return steps - text.Length;
        }

        Assert.InRange(StepsOf(100), 1, 100_000);
        Assert.Equal(StepsOf(100), StepsOf(100_000));
    }

    /// <summary>The automaton of such a pattern has 2^16 states, more than are kept: nearly each character visits the program.</summary>
    [Fact]
    public void A_character_visits_each_instruction_a_few_times_at_most()
    {
        var random = new Random(7);
        var text = string.Create(200_000, random, (span, random) => random.GetItems("ab", span));
        var pattern = CelPattern.Parse("(a|b)*a(a|b){15}c", out _)!;
        foreach (var length in new[] { 1_000, 10_000, 100_000, 200_000 })
        {
            Assert.False(pattern.IsMatch(text.AsSpan(0, length), out var steps));
            Assert.InRange(steps, length, (length + 2L) * (1 + 4 * pattern.Size));
        }
    }

    [Fact]
    public void What_was_forgotten_is_found_out_again()
    {
        var random = new Random(11);
        var text = string.Create(50_000, random, (span, random) => random.GetItems("ab", span));
        var pattern = CelPattern.Parse("^(a|b)*a(a|b){15}$", out _)!;
        for (var length = 49_000; length <= text.Length; length += 50)
            Assert.Equal(text[length - 16] == 'a', pattern.IsMatch(text.AsSpan(0, length)));
    }

    [Fact]
    public void A_match_and_what_cannot_match_any_more_end_the_search()
    {
        var text = new string('a', 100_000);
        foreach (var pattern in new[] { "a+", "^b|^c", @"\Ab*c", "a{3}" })
        {
            CelPattern.Parse(pattern, out _)!.IsMatch(text, out var steps);
            Assert.InRange(steps, 1, 50);
        }
    }
}
