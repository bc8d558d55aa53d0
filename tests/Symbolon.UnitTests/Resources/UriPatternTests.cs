using Symbolon.Core.Resources;

namespace Symbolon.UnitTests.Resources;

/// <summary>Which resources of an MCP server a grant names. DESIGN.md section 4, Files and Scopes.</summary>
[Trait("area", "resources")]
public sealed class UriPatternTests
{
    [Theory]
    [InlineData("*", "file:///docs/a.md", true)]
    [InlineData("*", "memo", true)]
    [InlineData("*", "", false)]
    [InlineData("file:///docs/a.md", "file:///docs/a.md", true)]
    [InlineData("file:///docs/a.md", "file:///docs/A.md", false)]
    [InlineData("file:///docs/a.md", "FILE:///docs/a.md", false)]
    [InlineData("file:///docs/a.md", "file:///docs/a%2emd", false)]
    [InlineData("file:///docs/../x", "file:///docs/../x", true)]
    [InlineData("file:///docs/../x", "file:///x", false)]
    [InlineData("file:///docs/*", "file:///docs/a.md", true)]
    [InlineData("file:///docs/*", "file:///docs/.hidden", true)]
    [InlineData("file:///docs/*", "file:///docs/..data", true)]
    [InlineData("file:///docs/*", "file:///docs/main..dev", true)]
    [InlineData("file:///docs/*", "file:///docs/a%20b.md", true)]
    [InlineData("file:///docs/*", "file:///docs/100%25.txt", true)]
    [InlineData("file:///docs/*", "file:///docs/r\u00e9sum\u00e9.md", true)]
    [InlineData("file:///docs/*", "file:///docs/r%C3%A9sum%C3%A9.md", true)]
    [InlineData("file:///docs/*", "file:///docs/a?v=2", true)]
    [InlineData("file:///docs/*", "file:///docs/a/b", false)]
    [InlineData("file:///docs/*", "file:///docs/", false)]
    [InlineData("file:///docs/*", "file:///docs", false)]
    [InlineData("file:///docs/*", "file:///Docs/a", false)]
    [InlineData("file:///docs/*", "xfile:///docs/a", false)]
    [InlineData("file:///docs/re*", "file:///docs/readme", true)]
    [InlineData("file:///docs/re*", "file:///docs/re", true)]
    [InlineData("file:///docs/re*", "file:///docs/r", false)]
    [InlineData("file:///docs/*/public", "file:///docs/a/public", true)]
    [InlineData("file:///docs/*/public", "file:///docs/a/b/public", false)]
    [InlineData("file:///docs/*/public", "file:///docs//public", false)]
    [InlineData("file:///docs/**", "file:///docs/a", true)]
    [InlineData("file:///docs/**", "file:///docs/a/b/c.md", true)]
    [InlineData("file:///docs/**", "file:///docs/a/", true)]
    [InlineData("file:///docs/**", "file:///docs/", false)]
    [InlineData("file:///docs/**", "file:///docs", false)]
    [InlineData("file:///docs/**", "file:///docs//etc/passwd", false)]
    [InlineData("file:///docs/**", "file:///docs/a//etc/passwd", false)]
    [InlineData("file:///docs/**", "file:///documents/a", false)]
    [InlineData("urn:isbn:*", "urn:isbn:123", true)]
    [InlineData("urn:isbn:*", "urn:issn:123", false)]
    [InlineData("https://*/docs/**", "https://host/docs/a", true)]
    [InlineData("https://*/docs/**", "https:///docs/a", false)]
    public void A_pattern_is_read_by_segments_and_compared_character_by_character(string pattern, string uri, bool expected) =>
        Assert.Equal(expected, Parse(pattern).Matches(uri));

    /// <summary>What a server that normalizes or decodes would serve in another place.</summary>
    [Theory]
    [InlineData("file:///docs/..")]
    [InlineData("file:///docs/.")]
    [InlineData("file:///docs/../secret")]
    [InlineData("file:///docs/./secret")]
    [InlineData("file:///docs/...")]
    [InlineData("file:///docs/..;/secret")]
    [InlineData("file:///docs/..?x")]
    [InlineData("file:///docs/..#x")]
    [InlineData("file:///docs/..%20")]
    [InlineData("file:///docs/%20../a")]
    [InlineData("file:///docs/%20")]
    [InlineData("file:..")]
    [InlineData("file:../secret")]
    [InlineData("file:///docs/%2e%2e/secret")]
    [InlineData("file:///docs/%2E%2e")]
    [InlineData("file:///docs/.%2e/secret")]
    [InlineData("file:///docs/a%2fb")]
    [InlineData("file:///docs/a%2Fb")]
    [InlineData("file:///docs/..%2fsecret")]
    [InlineData("file:///docs/a%5cb")]
    [InlineData("file:///docs/a%5Cb")]
    [InlineData("file:///docs/%252e%252e%252fsecret")]
    [InlineData("file:///docs/%25252e")]
    [InlineData("file:///docs/%25%32%65")]
    [InlineData("file:///docs/%73ecret")]
    [InlineData("file:///docs/%c0%ae%c0%ae")]
    [InlineData("file:///docs/%u002e")]
    [InlineData("file:///docs/%")]
    [InlineData("file:///docs/%4")]
    [InlineData("file:///docs/%zz")]
    [InlineData("file:///docs/a%00.md")]
    [InlineData("file:///docs/a%0d%0aX")]
    [InlineData("file:///docs/..\\secret")]
    [InlineData("file:///docs/a\\b")]
    [InlineData("file:///docs/a b")]
    [InlineData(" file:///docs/a")]
    [InlineData("file:///docs/a\n")]
    [InlineData("file:///docs/a\0")]
    [InlineData("file:///docs/a\u00a0b")]
    [InlineData("file:///docs/a\u2028")]
    [InlineData("file:///docs/a\u202eb")]
    [InlineData("file:///docs/\uff0e\uff0e/secret")]
    [InlineData("file:///docs/a\uff0fb")]
    [InlineData("file:///docs/a\uff3cb")]
    [InlineData("file:///docs/\u2025/secret")]
    public void What_a_server_could_read_as_another_URI_is_matched_by_no_wildcard(string uri)
    {
        Assert.False(Parse("*").Matches(uri));
        Assert.False(Parse("file:///docs/**").Matches(uri));
        Assert.False(Parse("file:///docs/*").Matches(uri));
        Assert.False(Parse("file:*").Matches(uri));
    }

    [Fact]
    public void Half_a_character_is_matched_by_no_wildcard()
    {
        Assert.True(Parse("*").Matches("memo://\U0001F600"));
        Assert.False(Parse("*").Matches("memo://\ud83d"));
        Assert.False(Parse("*").Matches("memo://\ude00x"));
    }

    /// <summary>Else the end of the pattern would be met by a query, and the server would serve what stands before it.</summary>
    [Theory]
    [InlineData("https://host/docs/*/public", "https://host/docs/secret?x=/public")]
    [InlineData("https://host/docs/*/public", "https://host/docs/secret#/public")]
    [InlineData("https://host/docs/*/public", "https://host/docs/secret%3F/public")]
    [InlineData("https://host/docs/*/public", "https://host/docs/secret%23/public")]
    [InlineData("https://host/docs/*/public", "https://host/docs/;/public")]
    [InlineData("https://host/docs/*", "https://host/docs/?x")]
    [InlineData("https://host/docs/*", "https://host/docs/%3fx")]
    [InlineData("https://host/docs/**", "https://host/docs/#x")]
    [InlineData("https://host/docs/**", "https://host/docs/;x/y")]
    [InlineData("https://*/docs/*", "https://evil?x/docs/a")]
    public void A_wildcard_in_the_middle_ends_no_path_and_none_stands_for_a_segment_without_a_name(string pattern, string uri) => Assert.False(Parse(pattern).Matches(uri));

    [Fact]
    public void A_URI_that_is_too_long_is_matched_by_no_wildcard()
    {
        var longest = "memo://" + new string('a', UriPattern.MostMatched - 7);
        Assert.True(Parse("*").Matches(longest));
        Assert.True(Parse("memo://*").Matches(longest));
        Assert.False(Parse("*").Matches(longest + "a"));
        Assert.False(Parse("memo://**").Matches(longest + "a"));
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("**", "is neither * nor an absolute URI, which begins with a scheme and a colon")]
    [InlineData("docs/*", "is neither * nor an absolute URI, which begins with a scheme and a colon")]
    [InlineData("fi*le:///x", "is neither * nor an absolute URI, which begins with a scheme and a colon")]
    [InlineData("*://x", "is neither * nor an absolute URI, which begins with a scheme and a colon")]
    [InlineData(":x", "is neither * nor an absolute URI, which begins with a scheme and a colon")]
    [InlineData("file:///a b", "has a blank, a control character or a backslash (character 10)")]
    [InlineData("file:///a\\b", "has a blank, a control character or a backslash (character 10)")]
    [InlineData("file:///a\u202e", "has a blank, a control character or a backslash (character 10)")]
    [InlineData("file:///docs/{name}", "has a brace; a segment that may be anything is written *")]
    [InlineData("file:///**/x", "has ** elsewhere than at its end (segment 4)")]
    [InlineData("file:///a**", "has * elsewhere than at the end of a segment (segment 4)")]
    [InlineData("file:///a*b", "has * elsewhere than at the end of a segment (segment 4)")]
    [InlineData("file:///a*b/*", "has * elsewhere than at the end of a segment (segment 4)")]
    public void What_is_no_pattern_is_told_where(string text, string fault)
    {
        Assert.Null(UriPattern.Parse(text, out var found));
        Assert.Equal(fault, found);
    }

    [Theory]
    [InlineData("file:///docs/../*")]
    [InlineData("file:///%2e%2e/*")]
    [InlineData("file:///./**")]
    public void A_pattern_that_could_match_nothing_is_none(string text)
    {
        Assert.Null(UriPattern.Parse(text, out var fault));
        Assert.StartsWith("has beside its wildcard what no wildcard stands for", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pattern_has_a_bound_and_equals_the_one_of_the_same_text()
    {
        var longest = "memo://" + new string('a', UriPattern.MostLength - 7);
        Assert.NotNull(UriPattern.Parse(longest, out _));
        Assert.Null(UriPattern.Parse(longest + "a", out var fault));
        Assert.Equal($"has more than {UriPattern.MostLength} characters", fault);
        Assert.Equal(Parse("file:///docs/*"), Parse("file:///docs/*"));
        Assert.NotEqual(Parse("file:///docs/*"), Parse("file:///docs/**"));
        Assert.Equal("file:///docs/*", Parse("file:///docs/*").ToString());
    }

    /// <summary>Whether some expansion could be matched, and whether all that a wildcard stands for are.</summary>
    [Theory]
    [InlineData("*", "file:///{path}", true, true)]
    [InlineData("*", "file:///{+path}", true, true)]
    [InlineData("*", "anything", true, true)]
    [InlineData("file:///docs/*", "file:///docs/{name}", true, true)]
    [InlineData("file:///docs/*", "file:///docs/{name}.md", true, true)]
    [InlineData("file:///docs/*", "file:///docs/{name}{?version}", true, true)]
    [InlineData("file:///docs/*", "file:///docs/readme", true, true)]
    [InlineData("file:///docs/*", "file:///{folder}/readme", true, false)]
    [InlineData("file:///docs/*", "file:///{folder}/{name}", true, false)]
    [InlineData("file:///docs/*", "file:///other/{name}", false, false)]
    [InlineData("file:///docs/*", "file:///docs/{+path}", true, false)]
    [InlineData("file:///docs/*", "file:///docs{/path*}", true, false)]
    [InlineData("file:///docs/*", "file:///{+path}", true, false)]
    [InlineData("file:///docs/*", "file:///docs/{a}/{b}", false, false)]
    [InlineData("file:///docs/*", "file:///docs", false, false)]
    [InlineData("file:///docs/**", "file:///docs/{a}/{b}", true, true)]
    [InlineData("file:///docs/**", "file:///docs/{+path}", true, true)]
    [InlineData("file:///docs/**", "file:///docs{/path*}", true, true)]
    [InlineData("file:///docs/**", "file:///docs//{a}", true, false)]
    [InlineData("file:///docs/**", "file:///do{+path}", true, false)]
    [InlineData("file:///docs/**", "file:///de{+path}", false, false)]
    [InlineData("file:///docs/re*", "file:///docs/read{x}", true, true)]
    [InlineData("file:///docs/re*", "file:///docs/{x}", true, false)]
    [InlineData("file:///docs/re*", "file:///docs/r{x}", true, false)]
    [InlineData("file:///docs/re*", "file:///docs/x{x}", false, false)]
    [InlineData("file:///docs/*/public", "file:///docs/{a}/public", true, true)]
    [InlineData("file:///docs/*/public", "file:///docs/{a}{?q}/public", true, false)]
    [InlineData("file:///docs/*/public", "file:///docs/{a}/private", false, false)]
    [InlineData("file:///docs/a.md", "file:///docs/{name}", true, false)]
    [InlineData("file:///docs/a.md", "file:///docs/{name}.md", true, false)]
    [InlineData("file:///docs/a.md", "file:///docs/{name}.txt", false, false)]
    [InlineData("file:///docs/a.md", "file:///docs/a.md{name}", true, false)]
    [InlineData("file:///docs/a.md", "file:///{+path}", true, false)]
    [InlineData("file:///docs/a.md", "file:///docs/a.md", true, true)]
    [InlineData("file:///docs", "file:///docs{/path*}", true, false)]
    [InlineData("file:///docs/**", "file:///docs/../{x}", false, false)]
    [InlineData("file:///docs/**", "file:///docs/..{/x}", true, false)]
    [InlineData("file:///docs/*", "file:///docs/{?x}", true, false)]
    [InlineData("file:///docs/**", "file:///docs/{#x}", true, false)]
    [InlineData("file:///docs/ab", "file:///docs/a{/x}b", true, false)]
    [InlineData("file:///docs/**", "file:///docs/%2e%2e/{x}", false, false)]
    [InlineData("*", "file:///docs/{", false, false)]
    [InlineData("*", "file:///docs/}", false, false)]
    [InlineData("*", "file:///docs/{}", false, false)]
    [InlineData("*", "file:///docs/{=x}", false, false)]
    [InlineData("*", "file:///docs/{a{b}}", false, false)]
    [InlineData("*", "", false, false)]
    public void A_template_is_listed_where_it_may_be_matched_and_completed_where_it_always_is(string pattern, string template, bool mayReach, bool covers) =>
        Assert.Equal((mayReach, covers), (Parse(pattern).MayReach(template), Parse(pattern).Covers(template)));

    private static UriPattern Parse(string text) => UriPattern.Parse(text, out var fault) ?? throw new FormatException(fault);
}
