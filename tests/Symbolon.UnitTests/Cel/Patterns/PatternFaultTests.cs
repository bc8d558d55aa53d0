using Symbolon.Cel.Patterns;

namespace Symbolon.UnitTests.Cel.Patterns;

[Trait("area", "cel")]
public sealed class PatternFaultTests
{
    [Theory]
    [InlineData("a)", 2, "this ')' closes no group.")]
    [InlineData("x(a", 2, "a group has no ')'.")]
    [InlineData("(?i", 1, "a group has no ')'.")]
    [InlineData("(?i:a", 1, "a group has no ')'.")]
    [InlineData("(?", 1, "a group has no ')'.")]
    [InlineData("(?x)a", 1, "'(?x' begins no group: flags are i, m, s and U, those after one '-' are off.")]
    [InlineData("(?i-)a", 1, "'(?i-)' begins no group: flags are i, m, s and U, those after one '-' are off.")]
    [InlineData("(?i-s-m)a", 1, "'(?i-s-' begins no group: flags are i, m, s and U, those after one '-' are off.")]
    [InlineData("a(?=b)", 2, "lookahead is not supported.")]
    [InlineData("a(?!b)", 2, "lookahead is not supported.")]
    [InlineData("(?<=a)b", 1, "lookbehind is not supported.")]
    [InlineData("(?<!a)b", 1, "lookbehind is not supported.")]
    [InlineData("(?>a)", 1, "atomic groups are not supported.")]
    [InlineData("(?#a)", 1, "comments are not supported.")]
    [InlineData("(?(1)a)", 1, "conditions are not supported.")]
    [InlineData("(?|a)", 1, "branch resets are not supported.")]
    [InlineData("(?R)", 1, "calls of groups are not supported.")]
    [InlineData("(?1)", 1, "calls of groups are not supported.")]
    [InlineData("(?P>n)", 1, "calls of groups are not supported.")]
    [InlineData("(?P<n>a)(?P=n)", 9, "back references are not supported.")]
    [InlineData("(?Pn)", 1, "after '(?P' comes '<', a name and '>'.")]
    [InlineData("(?'n'a)", 1, "a group is named by '(?P<name>' or '(?<name>'.")]
    [InlineData("(?P<n", 1, "the name of a group has ASCII letters, digits and '_', and ends with '>'.")]
    [InlineData("(?<>a)", 1, "the name of a group has ASCII letters, digits and '_', and ends with '>'.")]
    [InlineData("(?<n-1>a)", 1, "the name of a group has ASCII letters, digits and '_', and ends with '>'.")]
    [InlineData("(?P<n>a)(?<n>b)", 9, "another group has this name already.")]
    [InlineData(@"(a)\1", 4, @"'\1': back references are not supported.")]
    [InlineData(@"\9", 1, @"'\9': back references are not supported.")]
    [InlineData(@"\k<n>", 1, @"'\k': back references are not supported.")]
    [InlineData(@"\C", 1, @"'\C': a single byte is not supported, patterns are matched by code points.")]
    [InlineData(@"a\Z", 2, @"'\Z' is not supported, the end of the text is '\z'.")]
    [InlineData(@"a\E", 2, @"'\E' ends no '\Q'.")]
    [InlineData(@"\y", 1, @"'\y' is no escape.")]
    [InlineData(@"\é", 1, @"'\é' is no escape.")]
    [InlineData(@"[\b]", 2, @"'\b' is no escape.")]
    [InlineData(@"[a-\d]", 4, @"'\d' is no escape.")]
    [InlineData(@"a\", 2, "a backslash at the end escapes nothing.")]
    [InlineData(@"[\", 2, "a backslash at the end escapes nothing.")]
    [InlineData(@"\x7", 1, @"a character by number is '\x7F' with two digits, or '\x{10FFFF}'.")]
    [InlineData(@"\x{}", 1, @"a character by number is '\x7F' with two digits, or '\x{10FFFF}'.")]
    [InlineData(@"\x{41", 1, @"a character by number is '\x7F' with two digits, or '\x{10FFFF}'.")]
    [InlineData(@"\x{4g}", 1, @"a character by number is '\x7F' with two digits, or '\x{10FFFF}'.")]
    [InlineData(@"\x{110000}", 1, @"a character is at most '\x{10FFFF}'.")]
    [InlineData(@"\p{Greek}", 1, @"'\p{Greek}' is no general category; scripts such as '\p{Greek}' are not supported.")]
    [InlineData(@"\P{^Han}", 1, @"'\P{^Han}' is no general category; scripts such as '\p{Greek}' are not supported.")]
    [InlineData(@"[\pX]", 2, @"'\pX' is no general category; scripts such as '\p{Greek}' are not supported.")]
    [InlineData(@"\p{lu}", 1, @"'\p{lu}' is no general category; scripts such as '\p{Greek}' are not supported.")]
    [InlineData(@"\p{Lu", 1, @"a general category is '\pL' or '\p{Lu}'.")]
    [InlineData(@"\p{}", 1, @"a general category is '\pL' or '\p{Lu}'.")]
    [InlineData(@"\p", 1, @"a general category is '\pL' or '\p{Lu}'.")]
    [InlineData("a[b", 2, "a class has no ']'.")]
    [InlineData("a[b-", 2, "a class has no ']'.")]
    [InlineData("[]", 1, "a class has no ']'.")]
    [InlineData("[^]", 1, "a class has no ']'.")]
    [InlineData("[", 1, "a class has no ']'.")]
    [InlineData("[az-a]", 3, "the range 'z-a' is the wrong way round.")]
    [InlineData("[[:foo:]]", 2, "'[:foo:]' is no class.")]
    [InlineData("[[:^foo:]]", 2, "'[:^foo:]' is no class.")]
    [InlineData("*a", 1, "'*' has nothing before it to repeat.")]
    [InlineData("a|+", 3, "'+' has nothing before it to repeat.")]
    [InlineData("(?i)??", 5, "'??' has nothing before it to repeat.")]
    [InlineData("({2})", 2, "'{2}' has nothing before it to repeat.")]
    [InlineData("ab**", 3, "'**' repeats a repetition, which takes a group between the two.")]
    [InlineData("a++", 2, "'++' repeats a repetition, which takes a group between the two.")]
    [InlineData("a{2}{3}", 2, "'{2}{3}' repeats a repetition, which takes a group between the two.")]
    [InlineData("a{1001}", 2, "'{1001}' repeats more than 1000 times.")]
    [InlineData("a{1001,}", 2, "'{1001,}' repeats more than 1000 times.")]
    [InlineData("a{0,99999999999}", 2, "'{0,99999999999}' repeats more than 1000 times.")]
    [InlineData("a{3,2}", 2, "'{3,2}' repeats at least more often than at most.")]
    [InlineData("(a{100}){11}", 9, "'{11}' repeats what is repeated: together more than 1000 times.")]
    [InlineData("a((xy){1000}){0}|(b((c{10}){10}|d){10,11})", 35, "'{10,11}' repeats what is repeated: together more than 1000 times.")]
    [InlineData("b(abcdefghijk){1000}", 3, "the pattern is too large: from here on it has more than 10000 instructions.")]
    [InlineData("\U0001F600\U0001F600é)", 4, "this ')' closes no group.")]
    public void What_is_no_pattern_is_refused_with_its_place_and_its_reason(string pattern, int place, string reason)
    {
        Assert.Null(CelPattern.Parse(pattern, out var fault));
        Assert.Equal($"at character {place}: {reason}", fault);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_refused()
    {
        foreach (var pattern in new[] { "a\uD83D", "a\uDE00", "a\uDE00\uD83D", "a\uD83Db" })
        {
            Assert.Null(CelPattern.Parse(pattern, out var fault));
            Assert.Equal("at character 2: half of a surrogate pair is no character.", fault);
        }
    }

    [Fact]
    public void A_pattern_has_4096_characters_at_most()
    {
        Assert.NotNull(CelPattern.Parse(new string('a', 4096), out _));
        Assert.Null(CelPattern.Parse(new string('a', 4097), out var fault));
        Assert.Equal("at character 4097: the pattern is longer than 4096 characters.", fault);
    }

    [Fact]
    public void Groups_are_100_deep_at_most()
    {
        Assert.NotNull(CelPattern.Parse(new string('(', 100) + "a" + new string(')', 100) + "(b)", out _));
        Assert.Null(CelPattern.Parse(new string('(', 101) + "a" + new string(')', 101), out var fault));
        Assert.Equal("at character 101: groups are more than 100 deep.", fault);
    }

    [Fact]
    public void A_repetition_is_of_1000_at_most_and_multiplies_with_those_in_it()
    {
        Assert.All(["a{1000}", "(a{100}){10}", "(a{10}b{100}){10}", "((a{1000})*)*", "(a{1000}){0}"], pattern => Assert.NotNull(CelPattern.Parse(pattern, out _)));
    }

    [Fact]
    public void A_program_has_10000_instructions_at_most()
    {
        // With the last instruction, which is the match.
        var largest = CelPattern.Parse("(abcdefghi){1000}" + new string('a', 999), out _);
        Assert.Equal(10_000, largest?.Size);
        Assert.Null(CelPattern.Parse("(abcdefghi){1000}" + new string('a', 1000), out var fault));
        Assert.Equal("at character 1: the pattern is too large: from here on it has more than 10000 instructions.", fault);
    }

    [Fact]
    public void A_fault_repeats_no_more_than_40_characters_of_the_pattern()
    {
        Assert.Null(CelPattern.Parse(@"\p{" + new string('x', 4000) + "}", out var fault));
        Assert.Equal(@"at character 1: '\p{" + new string('x', 37) + @"' is no general category; scripts such as '\p{Greek}' are not supported.", fault);
    }
}
