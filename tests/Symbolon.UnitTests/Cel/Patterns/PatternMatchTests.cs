using Symbolon.Cel.Patterns;

namespace Symbolon.UnitTests.Cel.Patterns;

[Trait("area", "cel")]
public sealed class PatternMatchTests
{
    /// <summary>Pattern, texts in which it is found, texts in which it is not.</summary>
    private static readonly (string Pattern, string[] Found, string[] NotFound)[] Table =
    [
        // Texts, anywhere and at their ends.
        ("", ["", "a", "\n"], []),
        ("b", ["b", "abc", "ab", "bc"], ["", "a", "B"]),
        ("bc", ["abcd", "bbc"], ["b", "bac", "cb"]),
        ("^bc", ["bc", "bcd"], ["abc", "\nbc"]),
        ("bc$", ["bc", "abc"], ["bcd", "bc\n"]),
        ("^bc$", ["bc"], ["", "abc", "bcd", "bc\n", "\nbc"]),
        (@"\Abc\z", ["bc"], ["abc", "bcd", "bc\n"]),
        ("^$", [""], ["a", "\n"]),
        ("$^", [""], ["a"]),
        ("a^b", [], ["ab", "a\nb"]),
        ("(a|^)b", ["b", "ab", "xab"], ["xb"]),
        ("^a|b$", ["ax", "xb"], ["xa", "bx"]),
        (".*b.*", ["b", "abc", "a\nb"], ["", "a"]),
        ("^a.*b", ["ab", "a--b--"], ["a\nb", "-ab", "a"]),
        // Alternatives and groups.
        ("a|b", ["a", "xb"], ["", "c"]),
        ("|a", ["", "b"], []),
        ("^(?:a||b)$", ["", "a", "b"], ["ab", "c"]),
        ("^(a|ab)(c|bcd)$", ["ac", "abc", "abcd", "abbcd"], ["ab", "abcdd"]),
        ("^(?P<one>a)(?<two_2>b)(?:c)$", ["abc"], ["ab"]),
        ("()", [""], []),
        ("^((((a))))$", ["a"], [""]),
        // Repetitions.
        ("^a*$", ["", "a", "aaa"], ["b", "ab"]),
        ("^a+$", ["a", "aaa"], ["", "ab"]),
        ("^a?$", ["", "a"], ["aa"]),
        ("^a*?$", ["", "aa"], ["b"]),
        ("^a+?a??$", ["a", "aa", "aaa"], [""]),
        ("^a{2}$", ["aa"], ["a", "aaa"]),
        ("^a{2,}$", ["aa", "aaaa"], ["a"]),
        ("^a{1,3}?$", ["a", "aa", "aaa"], ["", "aaaa"]),
        ("^a{0}b$", ["b"], ["ab"]),
        ("^a{0,2}$", ["", "aa"], ["aaa"]),
        ("^(ab){2}$", ["abab"], ["ab", "abb"]),
        ("^(a{2}){3}$", ["aaaaaa"], ["aaaaa", "aaaaaaa"]),
        ("^(a*)*$", ["", "aaa"], ["b"]),
        ("^(a|b*)+c$", ["c", "abbac"], ["abba"]),
        ("^(|a)+$", ["", "aaa"], ["b"]),
        ("^(^a|b)*$", ["", "a", "abb", "bb"], ["aa", "ba"]),
        ("()*a", ["a"], ["b"]),
        ("^*a", ["a", "ba"], ["b"]),
        ("^(?:(?:a{3}){2}|b)$", ["aaaaaa", "b"], ["aaa"]),
        // Braces and brackets that count nothing stand for themselves.
        ("a{", ["a{"], ["a"]),
        ("^a{,2}$", ["a{,2}"], ["", "aa"]),
        ("^a{01}$", ["a{01}"], ["a"]),
        ("^a{1,x}$", ["a{1,x}"], ["a"]),
        ("^{}]$", ["{}]"], ["{}"]),
        ("^x{1$", ["x{1"], ["x"]),
        // Escapes.
        (@"^\a\f\t\n\r\v$", ["\a\f\t\n\r\v"], ["aftnrv"]),
        (@"^\x41\x7a\x{1F600}\x{e9}$", ["Az\U0001F600é"], ["Az"]),
        (@"^\101\060\0\12$", ["A0\0\n"], ["A0"]),
        (@"^\08$", ["\08"], ["08"]),
        (@"^\.\*\\\/\-\_\ $", [@".*\/-_ "], ["a"]),
        (@"^a\.b$", ["a.b"], ["axb"]),
        (@"^\Qa.b*\E+$", ["a.b*", "a.b**"], ["a.b", "axb*"]),
        (@"^\Q(\d", [@"(\d", @"(\d2"], ["(1"]),
        (@"^\Q\E$", [""], ["a"]),
        (@"^\Qa\\E$", [@"a\"], ["a"]),
        // Classes.
        ("^[abc]$", ["a", "b", "c"], ["d", "", "ab"]),
        ("^[^abc]$", ["d", "\n", "é", "\U0001F600"], ["a", ""]),
        ("^[a-cx-z]+$", ["abcxyz"], ["d", "w"]),
        ("^[]a]+$", ["]a"], ["b"]),
        ("^[^]a]$", ["b"], ["]", "a"]),
        ("^[-a]+$", ["-a"], ["b"]),
        ("^[a-]+$", ["a-"], ["b"]),
        ("^[a-c-e]+$", ["abc-e"], ["d"]),
        ("^[--/]+$", ["-./"], [","]),
        ("^[a^]+$", ["a^"], ["b"]),
        (@"^[\]\\\-\x41-\x43\n]+$", ["]\\-ABC\n"], ["D"]),
        (@"^[\d_]+$", ["1_2"], ["a"]),
        (@"^[\d-z]+$", ["1-z"], ["a"]),
        (@"^[^\d\s]+$", ["ab"], ["1", " "]),
        (@"^[\D]$", ["a"], ["1"]),
        ("^[.*$(|]+$", [".*$(|"], ["a"]),
        ("^[[]$", ["["], ["a"]),
        ("^[[:x]+$", ["[:x"], ["a"]),
        ("[^\\x00-\\x{10FFFF}]", [], ["", "a"]),
        ("^[[:alpha:]]+$", ["aZ"], ["1", "é"]),
        ("^[[:^alpha:]]+$", ["1é"], ["a"]),
        ("^[^[:alpha:]]+$", ["1é"], ["a"]),
        ("^[[:alnum:]][[:digit:]][[:xdigit:]]$", ["z1F", "99a"], ["_1F", "a1g"]),
        ("^[[:lower:]][[:upper:]][[:word:]]$", ["aA_"], ["AA_", "aa_", "aA-"]),
        ("^[[:space:]]{6}$", ["\t\n\v\f\r "], ["\t\n\f\r "]),
        ("^[[:blank:]]+$", [" \t"], ["\n"]),
        ("^[[:punct:]]{32}$", ["!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"], ["a"]),
        ("^[[:cntrl:]][[:print:]][[:graph:]][[:ascii:]]$", ["\u007F ~\0"], ["a ~\0", "\u0001  \0", "\u0001 ~é"]),
        ("^[[:^space:][:digit:]x]+$", ["a1x"], [" "]),
        // Perl's classes are of ASCII.
        (@"^\d+$", ["0123456789"], ["a", "\u0663"]),
        (@"^\D$", ["a", "\u0663"], ["1"]),
        (@"^\w+$", ["aZ_09"], ["é", "-"]),
        (@"^\W$", ["é", "-"], ["a"]),
        (@"^\s{5}$", ["\t\n\f\r "], ["\t\n\v\r "]),
        (@"^\S$", ["\v", "\u00A0"], [" "]),
        (@"\bab\b", ["ab", "-ab-", "éabé", "x ab"], ["abc", "_ab", "1ab"]),
        (@"\Bb", ["ab", "1b"], ["b", "-b", "éb"]),
        (@"^\b$", [], ["", "a"]),
        (@"^\B$", [""], ["a"]),
        (@"\b", ["a", "-a"], ["", "--", "é"]),
        (@"a\b\b-\B-", ["a--"], ["a-a"]),
        // General categories.
        (@"^\pL+$", ["aéЖ中"], ["1"]),
        (@"^\p{Lu}\p{Ll}\p{Lt}$", ["Éé\u01C5"], ["ééé"]),
        (@"^\PN+$", ["ab-"], ["1", "\u0663", "Ⅷ"]),
        (@"^\p{^L}\P{^L}$", ["1a"], ["aa", "11"]),
        (@"^[\p{Nd}\pP]+$", ["1\u0663!—"], ["a"]),
        (@"^[^\pL]$", ["1"], ["é"]),
        (@"^\p{Sc}\p{Zs}\p{Cc}\p{So}$", ["€ \n\U0001F600"], ["a \n\U0001F600"]),
        (@"^\p{Any}$", ["\n", "\U0001F600"], ["ab"]),
        (@"^\p{Cs}$", ["\uD800"], ["a"]),
        (@"^\pC$", ["\u200B", "\uE000"], ["\u0378"]),
        // Flags.
        ("(?i)ab", ["AB", "aB"], ["a"]),
        ("(?i:a)b", ["Ab"], ["AB"]),
        ("a(?i)b|c", ["aB", "C"], ["AB"]),
        ("^(?:a(?i)b)c$", ["aBc"], ["aBC"]),
        ("(?i)a(?-i)b", ["Ab"], ["AB"]),
        ("(?i)^[a-c]+[^d]$", ["AbC", "Be"], ["aD"]),
        ("^a$", ["a"], ["a\nb", "b\na"]),
        ("(?m)^a$", ["a", "a\nb", "b\na", "b\na\nb"], ["ab", "b\nab", "a\r\n"]),
        (@"(?m)^\Aa\z$", ["a"], ["a\nb", "b\na"]),
        ("(?m)^$", ["", "a\n", "\na", "a\n\nb"], ["a"]),
        ("(?m)a$.^b", [], ["a\nb"]),
        ("(?ms)a$.^b", ["a\nb"], ["a-b"]),
        ("a.b", ["a-b", "aéb", "a\U0001F600b", "a\rb"], ["a\nb", "ab"]),
        ("(?s)a.b", ["a\nb"], ["ab"]),
        ("(?s-s:a.b)", ["a-b"], ["a\nb"]),
        ("(?U)^a+?b*$", ["aab"], ["b"]),
        ("(?im-sU)^A$", ["b\na"], ["b"]),
        ("(?)a(?:)", ["a"], ["b"]),
        ("a*(?i)*", [""], []),
        // Cases, by simple folding.
        ("(?i)^k$", ["k", "K", "\u212A"], ["c"]),
        ("(?i)^\u212A$", ["k", "K", "\u212A"], []),
        ("(?i)^s$", ["s", "S", "ſ"], ["ß"]),
        ("(?i)^ß$", ["ß", "ẞ"], ["ss", "SS"]),
        ("(?i)^σ$", ["σ", "ς", "Σ"], ["s"]),
        ("(?i)^ǆ$", ["ǆ", "ǅ", "Ǆ"], ["dž"]),
        ("(?i)^É$", ["é"], ["e"]),
        ("(?i)^µ$", ["μ", "Μ"], ["m"]),
        ("(?i)^\U00010400$", ["\U00010428"], []),
        ("(?i)^i$", ["I"], ["İ", "ı"]),
        ("(?i)^ı$", ["ı"], ["i", "I"]),
        ("(?i)^[j-l]$", ["\u212A"], ["s"]),
        (@"(?i)^\w$", ["ſ", "\u212A"], ["é"]),
        (@"(?i)^\W$", ["é"], ["ſ", "s"]),
        (@"(?i)^\p{Lu}$", ["a", "A"], ["1"]),
        (@"(?i)^\P{Lu}$", ["1"], ["a", "A"]),
        ("(?i)^[^s]$", ["a"], ["S", "ſ"]),
        ("(?i)^[[:^lower:]]$", ["1"], ["A", "a", "ſ"]),
        ("^[k]$", ["k"], ["\u212A"]),
        // Code points, not UTF-16 units.
        ("^.$", ["\U0001F600", "中", "\uD83D", "\uDE00"], ["\U0001F600\U0001F600", "\uDE00\uD83D"]),
        ("^.{2}$", ["\U0001F600a"], ["\U0001F600"]),
        ("^\U0001F600+$", ["\U0001F600\U0001F600"], ["\U0001F601"]),
        ("^[\U0001F600-\U0001F602]$", ["\U0001F601"], ["\U0001F603", "\uD83D"]),
        (@"^\x{D83D}\x{DE00}$", [], ["\U0001F600"]),
        ("\U0001F600", ["\uD83D\U0001F600\uDE00"], ["\uD83D", "\uDE00"]),
        // What policies ask for.
        ("^(prod|staging)-[a-z0-9]{1,20}$", ["prod-db1", "staging-x"], ["dev-db1", "prod-", "prod-DB"]),
        (@"^[\w.+-]+@example\.com$", ["a.b+c@example.com"], ["a@example.org", "@example.com", "a@exampleXcom"]),
        (@"(?i)\b(drop|truncate)\s+table\b", ["x; DROP  TABLE y"], ["droptable", "drop tablet"]),
        (@"\.\.(/|\\|$)", ["a/../b", ".."], ["a..b"]),
    ];

    public static TheoryData<string> Patterns => [.. Table.Select(row => row.Pattern)];

    [Theory, MemberData(nameof(Patterns))]
    public void A_pattern_is_found_in_what_it_says_and_nowhere_else(string pattern)
    {
        var (_, found, notFound) = Table.Single(row => row.Pattern == pattern);
        var parsed = CelPattern.Parse(pattern, out var fault);
        Assert.True(parsed is not null, fault);
        Assert.All(found, text => Assert.True(parsed.IsMatch(text)));
        Assert.All(notFound, text => Assert.False(parsed.IsMatch(text)));
    }

    /// <summary>Patterns that are plain texts are looked for without the program.</summary>
    [Theory, MemberData(nameof(Patterns))]
    public void The_program_of_a_pattern_says_the_same_as_the_way_round_it(string pattern)
    {
        var (_, found, notFound) = Table.Single(row => row.Pattern == pattern);
        var parsed = CelPattern.Parse(pattern, out _)!;
        Assert.All(found.Concat(notFound), text => Assert.Equal(parsed.IsMatch(text), parsed.IsMatch(text, out _)));
    }

    [Fact]
    public void A_pattern_serves_many_threads()
    {
        var pattern = CelPattern.Parse(@"^(a|b)*a(a|b){6}\b.$", out _)!;
        var texts = Enumerable.Range(0, 2_000).Select(number => string.Concat(Convert.ToString(number, 2).Select(digit => digit == '1' ? 'a' : 'b')) + "-").ToArray();
        var wanted = texts.Select(text => text.Length > 7 && text[^8] == 'a').ToArray();
        var found = new bool[texts.Length];
        Parallel.For(0, texts.Length, i => found[i] = pattern.IsMatch(texts[i]));
        Assert.Equal(wanted, found);
    }
}
