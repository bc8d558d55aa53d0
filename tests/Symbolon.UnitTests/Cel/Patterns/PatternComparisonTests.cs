using System.Text;
using System.Text.RegularExpressions;
using Symbolon.Cel.Patterns;

namespace Symbolon.UnitTests.Cel.Patterns;

[Trait("area", "cel")]
public sealed class PatternComparisonTests
{
    /// <summary>Means the same in both as long as texts are ASCII: .NET's <c>$</c> also stands before a last line feed, so it is <c>\z</c> here.</summary>
    private static readonly string[] Leaves =
        ["a", "b", "c", "ab", "-", @"\n", ".", "[ab]", "[^a]", "[a-c-]", @"\d", @"\D", @"\w", @"\W", "[^\\w-]", @"\x61", @"\.", "^", @"\A", @"\z", @"\b", @"\B", "(?s:.)", "(?i:B)", "(?m:^)", "(?m:$)", "(?i:[A-B])", ""];

    private static readonly string[] Repetitions = ["*", "+", "?", "*?", "+?", "??", "{2}", "{0,2}", "{1,}", "{1,3}?", "{0}"];

    private static readonly string[] Pieces =
        ["a", "b", "(", ")", "(?:", "(?i)", "(?-s:", "(?P<n>", "(?", "[", "]", "[^", "-", "a-z", "[:alpha:]", "[[:^digit:]]", @"\d", @"\b", @"\z", "^", "$", ".", "*", "+", "?", "{", "}", "{2}", "{1,3}",
         "{,2}", "{1000}", "|", @"\pL", @"\P{^Lu}", @"\p{", @"\x41", @"\x{e9}", @"\x{", @"\1", @"\12", @"\Q", @"\E", @"\", "é", "\U0001F600", "\uD83D", "\0", "=", "!", "<", ":", ",", "9"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_random_pattern_finds_what_the_expression_of_the_platform_finds(int seed)
    {
        var random = new Random(seed);
        var found = 0;
        for (var i = 0; i < 300; i++)
        {
            var pattern = Write(random, 4);
            var parsed = CelPattern.Parse(pattern, out var fault);
            Assert.True(parsed is not null, $"{fault} in {pattern}");
            // Without going back it finds what the pattern means; going back it gives up on loops that take nothing.
            var expected = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            for (var j = 0; j < 12; j++)
            {
                var text = new string(random.GetItems<char>("aabbcAB1-_.\n", random.Next(9)));
                var isMatch = expected.IsMatch(text);
                if (isMatch) found++;
                Assert.True(isMatch == parsed.IsMatch(text), $"{pattern} in {Regex.Escape(text)}: expected {isMatch}");
                Assert.True(isMatch == parsed.IsMatch(text, out _), $"{pattern} by its program in {Regex.Escape(text)}: expected {isMatch}");
            }
        }
        Assert.InRange(found, 300, 3_300);
    }

    [Fact]
    public void No_text_makes_the_reading_or_the_search_fail()
    {
        var random = new Random(5);
        var accepted = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var pattern = string.Concat(random.GetItems(Pieces, random.Next(1, 9)));
            var parsed = CelPattern.Parse(pattern, out var fault);
            Assert.True(parsed is null == fault is not null, pattern);
            if (parsed is null)
            {
                Assert.Matches(@"\Aat character [1-9][0-9]*: .*\.\z", fault!.Replace('\n', ' '));
                continue;
            }
            accepted++;
            var text = string.Concat(random.GetItems(Pieces, random.Next(9)));
            Assert.Equal(parsed.IsMatch(text), parsed.IsMatch(text, out _));
        }
        Assert.InRange(accepted, 2_000, 18_000);
    }

    [Fact]
    public void Any_units_make_no_reading_fail()
    {
        var random = new Random(6);
        for (var i = 0; i < 5_000; i++)
        {
            var units = new char[random.Next(20)];
            foreach (ref var unit in units.AsSpan()) unit = (char)(random.Next(4) == 0 ? random.Next(0x10000) : random.Next(0x80));
            CelPattern.Parse(new string(units), out _)?.IsMatch(new string(units));
        }
    }

    private static string Write(Random random, int depth)
    {
        if (depth == 0 || random.Next(5) == 0) return random.GetItems(Leaves, 1)[0];
        var text = new StringBuilder();
        switch (random.Next(4))
        {
            case 0:
                return text.Append(random.Next(2) == 0 ? "(" : "(?:").Append(Write(random, depth - 1)).Append('|').Append(Write(random, depth - 1)).Append(')').ToString();
            case 1:
                return text.Append("(?:").Append(Write(random, depth - 1)).Append(')').Append(random.GetItems(Repetitions, 1)[0]).ToString();
            default:
                return text.Append(Write(random, depth - 1)).Append(Write(random, depth - 1)).ToString();
        }
    }
}
