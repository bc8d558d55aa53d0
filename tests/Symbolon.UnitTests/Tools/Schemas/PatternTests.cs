using System.Text;
using System.Text.RegularExpressions;
using Symbolon.Core.Tools.Schemas.Patterns;
using Symbolon.Testing;

namespace Symbolon.UnitTests.Tools.Schemas;

[Trait("area", "schemas")]
[Trait("clause", "ECMA-262 §22.2")]
public sealed class PatternTests
{
    /// <summary>Pattern, a text that it matches, a text that it does not.</summary>
    public static TheoryData<string, string?, string?> Matches => new()
    {
        { "a+", "xxaayy", "xxyy" }, { "^a", "ab", "ba" }, { "a$", "ba", "ab" }, { "^a$", "a", "a\n" }, { "^$", "", "\n" }, { "", "anything", null }, { "^(?:)$", "", "a" },
        { "^.$", "😀", "\n" }, { "^.$", "\u0085", "\u2028" }, { "^..$", "a😀", "😀" }, { "^[^a]$", "😀", "a" }, { "^[😀-😂]$", "😁", "😃" }, { "^\\u{1F600}$", "😀", "😁" }, { "^\\uD83D\\uDE00$", "😀", "😁" },
        { "^\\d$", "7", "٣" }, { "^\\D$", "٣", "7" }, { "^\\w$", "_", "é" }, { "^\\W$", "é", "_" }, { "^\\s$", "\ufeff", "\u200b" }, { "^\\S$", "\u200b", "\u3000" }, { "^[\\s\\S]$", "\n", "" },
        { "^[\\w.-]+$", "a-b.c", "a b" }, { "^[-a]$", "-", "b" }, { "^[a-]$", "-", "b" }, { "^[\\]]$", "]", "\\" }, { "^[^\\d\\s]+$", "ab", "a1" }, { "^[\\b]$", "\b", "b" }, { "[]", null, "a" }, { "^[^]$", "\n", "" },
        { "^\\p{L}+$", "Grüße𝒜", "a1" }, { "^\\P{L}+$", "1-2", "1a" }, { "^\\p{Lu}$", "Ä", "ä" }, { "^\\p{gc=Nd}$", "٣", "a" }, { "^\\p{General_Category=Decimal_Number}$", "3", "a" }, { "^[^\\p{L}]$", "1", "é" }, { "^[\\P{L}x]+$", "1x", "1y" },
        { "^\\p{ASCII}$", "~", "é" }, { "^\\p{Any}$", "😀", "" },
        { "^a{2}$", "aa", "aaa" }, { "^a{2,}$", "aaaa", "a" }, { "^a{1,3}$", "aaa", "aaaa" }, { "^a{0}b$", "b", "ab" }, { "^(?:ab){2,3}$", "ababab", "abab1" }, { "^(ab|c)*d$", "abcabd", "abcab" }, { "^a*?b+?c??$", "aabb", "aac" },
        { "^(?<year>\\d{4})-\\d\\d$", "2026-11", "26-11" }, { "^(a|b|)$", "", "c" }, { "a|^b$", "xa", "xb" }, { "(^a|b)c", "xbc", "xac" }, { "(a$|b)", "xa", "ac" },
        { "\\bcat\\b", "a cat.", "concat" }, { "\\Bcat", "concat", "cat" }, { "\\bé", "aé", "é" }, { "^\\x41\\u0042\\cJ\\t\\/\\-\\.$", "AB\n\t/-.", "AB\n\t/-x" }, { "^\\0$", "\0", "0" }, { "^\\\\$", "\\", "/" },
        { "^(a?){3}$", "aa", "aaaa" }, { "^(a*)*$", "aaa", "b" }, { "^(|a)+$", "aaa", "b" }, { "^((a+)+)+$", "aaa", "aab" },
    };

    [Theory]
    [MemberData(nameof(Matches))]
    public void A_pattern_matches_as_ECMA_262_says(string pattern, string? match, string? other)
    {
        var read = Pattern.Parse(pattern, out var fault);
        Assert.Null(fault);
        if (match is not null) Assert.True(read!.Matches(match));
        if (other is not null) Assert.False(read!.Matches(other));
    }

    [Theory]
    [InlineData("a(?=b)", "linear")]
    [InlineData("a(?!b)", "linear")]
    [InlineData("(?<=a)b", "linear")]
    [InlineData("(?<!a)b", "linear")]
    [InlineData("(a)\\1", "backreference")]
    [InlineData("(?<n>a)\\k<n>", "backreference")]
    [InlineData("(?i:a)", "unknown kind")]
    [InlineData("(?>a)", "unknown kind")]
    [InlineData("(a", "not closed")]
    [InlineData("a)", "unmatched")]
    [InlineData("[a", "not closed")]
    [InlineData("[b-a]", "wrong way round")]
    [InlineData("[\\d-z]", "more than one character")]
    [InlineData("*a", "repeats nothing")]
    [InlineData("a**", "repeats a repetition")]
    [InlineData("a+++", "repeats a repetition")]
    [InlineData("^*", "place between")]
    [InlineData("a{2,1}", "wrong way round")]
    [InlineData("a{,2}", "begins no count")]
    [InlineData("a{x}", "begins no count")]
    [InlineData("a]", "single ']'")]
    [InlineData("a\\", "ends in a backslash")]
    [InlineData("\\q", "unknown escape")]
    [InlineData("\\x4", "hex digits")]
    [InlineData("\\ud800", "surrogate")]
    [InlineData("\\u{110000}", "no character")]
    [InlineData("\\01", "unknown escape")]
    [InlineData("\\p{Script=Greek}", "general category")]
    [InlineData("\\pL", "braces")]
    [InlineData("a{1001}", "automaton")]
    [InlineData("(a{40}){40}", "automaton")]
    [InlineData("((((a{10}){10}){10}){10}){10}", "automaton")]
    [InlineData("((((){1000}){1000}){1000}){1000}", "automaton")]
    [InlineData("a{99999999999}", "too often")]
    [Trait("hostile", "pattern")]
    public void What_is_not_regular_or_not_right_is_refused_with_its_reason(string pattern, string reason)
    {
        Assert.Null(Pattern.Parse(pattern, out var fault));
        Assert.Contains(reason, fault, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("hostile", "pattern")]
    public void A_pattern_that_is_long_or_nested_deep_is_refused()
    {
        Assert.NotNull(Pattern.Parse(new string('a', 999), out _));
        Assert.Null(Pattern.Parse(new string('a', 1001), out _));
        Assert.Null(Pattern.Parse(new string('(', 100) + new string(')', 100), out var fault));
        Assert.Contains("deeper than 32", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(a+)+$")]
    [InlineData("^(a|a)*$")]
    [InlineData("^(a|aa)+$")]
    [InlineData("^(.*a){20}$")]
    [InlineData("^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+[.]{1}(([a-z]{2,3})|([a-z]{2,3}[.]{1}[a-z]{2,3}))$")]
    [InlineData("(x+x+)+y")]
    [InlineData("(.|\\s)*!")]
    [InlineData("^(a?){50}a{50}$|(a*)*b")]
    [Trait("hostile", "pattern")]
    public void The_work_of_a_hostile_pattern_grows_with_the_text_and_not_faster(string pattern)
    {
        var read = Pattern.Parse(pattern, out _)!;
        // What a character costs at most does not depend on how many there are.
        Assert.InRange(WorkOf(read, 20_000) / (double)WorkOf(read, 2_000), 5, 10.5);

        static long WorkOf(Pattern pattern, int length)
        {
            var left = long.MaxValue;
            Assert.False(pattern.Matches(Encoding.UTF8.GetBytes(new string('a', length) + "\u2028"), ref left) && left < 0);
            return long.MaxValue - left;
        }
    }

    [Fact]
    public void Random_patterns_match_what_the_frameworks_engine_matches()
    {
        var random = new Random(6);
        for (var round = 0; round < TestSize.Of(1_000, 100_000); round++)
        {
            var text = Random(random, 3);
            var read = Pattern.Parse(text, out var fault);
            Assert.True(read is not null, $"{text} {fault}");
            // Without line ends in the texts, its $ is ours.
            var theirs = new Regex(text, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
            for (var i = 0; i < 10; i++)
            {
                var value = new string([.. Enumerable.Range(0, random.Next(8)).Select(_ => "abc-1"[random.Next(5)])]);
                Assert.True(theirs.IsMatch(value) == read.Matches(value), $"{text} on '{value}'");
            }
        }
    }

    private static readonly string[] Counts = ["*", "+", "?", "{2}", "{1,3}", "{0,}"];

    private static string Random(Random random, int depth) => random.Next(depth > 0 ? 12 : 6) switch
    {
        0 or 1 => "abc"[random.Next(3)].ToString(),
        2 => "[ab]",
        3 => random.Next(2) == 0 ? "[^b]" : ".",
        4 => random.Next(3) switch { 0 => "\\w", 1 => "\\d", _ => "\\b" },
        5 => random.Next(4) switch { 0 => "^", 1 => "$", _ => "a" },
        6 or 7 or 8 => Random(random, depth - 1) + Random(random, depth - 1),
        9 => $"(?:{Random(random, depth - 1)}|{Random(random, depth - 1)})",
        _ => $"(?:{Random(random, depth - 1)}){Counts[random.Next(Counts.Length)]}",
    };
}
