using Symbolon.Core.Identity;

namespace Symbolon.UnitTests.Registry;

[Trait("area", "registry")]
public sealed class SubjectPatternTests
{
    [Theory]
    [InlineData("a", "a", true)]
    [InlineData("a", "A", false)]
    [InlineData("a", "ab", false)]
    [InlineData("a", "", false)]
    [InlineData("a*", "a", true)]
    [InlineData("a*", "a/b:c", true)]
    [InlineData("*a", "ba", true)]
    [InlineData("*a", "ab", false)]
    [InlineData("a*c", "abcabc", true)]
    [InlineData("a*c", "abcab", false)]
    [InlineData("a*b*c", "a-b-b-c", true)]
    [InlineData("a*b*c", "a-c-b", false)]
    [InlineData("a**", "abc", true)]
    [InlineData("repo:acme/*", "repo:acme-evil/shop:ref", false)]
    [InlineData("repo:acme/shop:*", "repo:acme/shop:ref:refs/heads/main", true)]
    public void A_star_stands_for_any_run_of_characters(string pattern, string subject, bool matches) => Assert.Equal(matches, new SubjectPattern(pattern).Matches(subject));

    [Theory]
    [InlineData("", false)]
    [InlineData("*", false)]
    [InlineData("**", false)]
    [InlineData("a", true)]
    [InlineData("*a", true)]
    [InlineData("a b", true)]
    [InlineData("a\tb", false)]
    [InlineData("\u00e4", false)]
    public void One_that_lets_everybody_in_is_none(string pattern, bool isValid) => Assert.Equal(isValid, SubjectPattern.IsValid(pattern));

    [Fact]
    public void Many_stars_and_a_long_subject_are_decided_at_once() =>
        Assert.False(new SubjectPattern(string.Concat(Enumerable.Repeat("a*", 255)) + "b").Matches(new string('a', 1024)));

    /// <summary>Every pattern of up to four letters a, b and * with every other, against the words of up to five letters: they overlap where a word matches both.</summary>
    [Fact]
    public void Two_overlap_where_a_subject_matches_both_and_only_there()
    {
        var patterns = Words("ab*", 3).Where(SubjectPattern.IsValid).Select(text => new SubjectPattern(text)).ToList();
        var words = Words("ab", 6);
        var disagreeing = patterns.SelectMany(one => patterns.Where(other => one.Overlaps(other) != words.Any(word => one.Matches(word) && other.Matches(word))).Select(other => $"{one} {other}"));
        Assert.Empty(disagreeing);
        Assert.All(patterns, pattern => Assert.True(pattern.Overlaps(pattern)));
    }

    private static List<string> Words(string letters, int most)
    {
        List<string> all = [""], last = [""];
        for (var i = 0; i < most; i++) all.AddRange(last = [.. last.SelectMany(word => letters.Select(letter => word + letter))]);
        return all;
    }
}
