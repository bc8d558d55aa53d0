using Symbolon.Core.Resources;

namespace Symbolon.UnitTests.Resources;

[Trait("area", "resources")]
public sealed class ResourcePatternTests
{
    [Theory]
    [InlineData("docs")]
    [InlineData("docs/*")]
    [InlineData("**")]
    [InlineData("*")]
    [InlineData("{name}")]
    [InlineData("cluster:prod/namespace:{namespace}/*")]
    [InlineData("cluster:prod/namespace:check*/release/**")]
    [InlineData("arn:aws:s3:::bucket/key.v1/$default/~me/50%25")]
    [InlineData("*/*/.hidden*/**")]
    public void What_the_grammar_has_is_read_and_written_as_it_is(string text) => Assert.Equal(text, Of(text).Text);

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("/docs", "has an empty segment (segment 1)")]
    [InlineData("docs/", "has an empty segment (segment 2)")]
    [InlineData("docs//a", "has an empty segment (segment 2)")]
    [InlineData("**/a", "has ** elsewhere than at its end (segment 1)")]
    [InlineData("a/**b", "has * elsewhere than at the end of a segment (segment 2)")]
    [InlineData("a/b**", "has * elsewhere than at the end of a segment (segment 2)")]
    [InlineData("a*b", "has * elsewhere than at the end of a segment (segment 1)")]
    [InlineData("***", "has * elsewhere than at the end of a segment (segment 1)")]
    [InlineData("{a}b", "has a brace elsewhere than around an argument at the end of a segment (segment 1)")]
    [InlineData("{a}{b}", "has an argument whose name is not 1 to 128 letters, digits, _, . and - (segment 1)")]
    [InlineData("{a}*", "has a brace elsewhere than around an argument at the end of a segment (segment 1)")]
    [InlineData("{a/b}", "has a brace elsewhere than around an argument at the end of a segment (segment 1)")]
    [InlineData("a}", "has a brace elsewhere than around an argument at the end of a segment (segment 1)")]
    [InlineData("*{a}", "has * elsewhere than at the end of a segment (segment 1)")]
    [InlineData("{}", "has an argument whose name is not 1 to 128 letters, digits, _, . and - (segment 1)")]
    [InlineData("{a b}", "has a character that is not printable ASCII without blanks, quotation marks and backslashes (character 3)")]
    [InlineData("a/..", "has a segment that is . or has .. in it (segment 2)")]
    [InlineData("./a", "has a segment that is . or has .. in it (segment 1)")]
    [InlineData("a/..{b}", "has a segment that is . or has .. in it (segment 2)")]
    [InlineData("a..b", "has a segment that is . or has .. in it (segment 1)")]
    [InlineData("a/b c", "has a character that is not printable ASCII without blanks, quotation marks and backslashes (character 4)")]
    [InlineData("a\\b", "has a character that is not printable ASCII without blanks, quotation marks and backslashes (character 2)")]
    [InlineData("\"a\"", "has a character that is not printable ASCII without blanks, quotation marks and backslashes (character 1)")]
    [InlineData("dоcs", "has a character that is not printable ASCII without blanks, quotation marks and backslashes (character 2)")]
    [InlineData("a\u200bb", "has a character that is not printable ASCII without blanks, quotation marks and backslashes (character 2)")]
    [InlineData("a\u0000", "has a character that is not printable ASCII without blanks, quotation marks and backslashes (character 2)")]
    [Trait("hostile", "DESIGN.md section 4, Scopes")]
    public void What_the_grammar_has_not_is_refused_with_its_place(string text, string expected)
    {
        Assert.Null(ResourcePattern.Parse(text, out var fault));
        Assert.Equal(expected, fault);
    }

    [Fact]
    [Trait("hostile", "DESIGN.md section 4, Scopes")]
    public void What_is_too_long_or_has_too_many_segments_is_refused()
    {
        Assert.NotNull(ResourcePattern.Parse(new string('a', 512), out _));
        Assert.Null(ResourcePattern.Parse(new string('a', 513), out var tooLong));
        Assert.NotNull(ResourcePattern.Parse(string.Join('/', Enumerable.Repeat("a", 32)), out _));
        Assert.Null(ResourcePattern.Parse(string.Join('/', Enumerable.Repeat("a", 33)), out var tooMany));
        Assert.Equal(("has more than 512 characters", "has more than 32 segments"), (tooLong, tooMany));
    }

    [Theory]
    [InlineData("docs/*", "docs/a", true)]
    [InlineData("docs/*", "docs", false)]
    [InlineData("docs/*", "docs/a/b", false)]
    [InlineData("docs/**", "docs/a/b", true)]
    [InlineData("docs/**", "docs", false)]
    [InlineData("namespace:check*", "namespace:check", true)]
    [InlineData("namespace:check*", "namespace:Checkout", false)]
    [InlineData("**", "a/b/c", true)]
    public void A_resource_is_matched_segment_by_segment(string pattern, string resource, bool expected) => Assert.Equal(expected, Of(pattern).Matches(resource));

    [Theory]
    [InlineData("checkout", "namespace:checkout/*")]
    [InlineData("a-b_c.d~e:f@g+h=(i),j;k!", "namespace:a-b_c.d~e:f@g+h=(i),j;k!/*")]
    [InlineData(null, "namespace:*/*")]
    public void A_value_of_the_call_takes_the_place_of_its_argument(string? value, string expected) =>
        Assert.Equal(expected, Of("namespace:{n}/*").Bind(new Dictionary<string, string?> { ["n"] = value }, out _)?.Text);

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("/")]
    [InlineData("*")]
    [InlineData("a*")]
    [InlineData("..")]
    [InlineData("a..b")]
    [InlineData("{x}")]
    [InlineData("a\u0000")]
    [InlineData("a\nb")]
    [InlineData("\u0085")]
    [InlineData("pub%2F%2E%2E%2Fsecret")]
    [InlineData("pub?x")]
    [InlineData("pub#x")]
    [InlineData("a\\b")]
    [InlineData("pub\uff0f\uff0e\uff0e\uff0fsecret")]
    [InlineData("a\u2025b")]
    [InlineData("é")]
    [InlineData("a b")]
    [InlineData("a\"b")]
    [InlineData("\u200b")]
    [InlineData("\U0001f600")]
    [Trait("hostile", "DESIGN.md section 4, Scopes")]
    public void A_value_that_would_be_more_than_itself_is_refused(string value)
    {
        Assert.Null(Of("namespace:{n}/{other}").Bind(new Dictionary<string, string?> { ["n"] = value }, out var refused));
        Assert.Equal("n", refused);
    }

    [Theory]
    [InlineData("{n}", ".")]
    [InlineData(".{n}", ".")]
    [InlineData(".{n}", ".x")]
    [InlineData("{n}", null)]
    [Trait("hostile", "DESIGN.md section 4, Scopes")]
    public void A_value_that_leads_up_or_makes_the_resource_too_long_is_refused(string pattern, string? value) =>
        Assert.Null(Of(pattern).Bind(new Dictionary<string, string?> { ["n"] = value ?? new string('x', 513) }, out _));

    [Fact]
    [Trait("hostile", "DESIGN.md section 4, Scopes")]
    public void Whatever_can_be_bound_can_be_read_again_and_what_is_too_long_together_is_refused()
    {
        // A token with a resource that its reader does not take would be good for nothing, whoever shows it.
        for (var c = '\0'; c < '\u3000'; c++)
            if (Of("ns:{n}/a").Bind(new Dictionary<string, string?> { ["n"] = $"x{c}y" }, out _) is { } bound) Assert.Equal(bound, ResourcePattern.Parse(bound.Text, out _));
        var pair = Of("a:{one}/b:{two}");
        Assert.NotNull(pair.Bind(new Dictionary<string, string?> { ["one"] = new string('x', 253), ["two"] = new string('y', 254) }, out _));
        Assert.Null(pair.Bind(new Dictionary<string, string?> { ["one"] = new string('x', 254), ["two"] = new string('y', 254) }, out var refused));
        Assert.Equal("two", refused);
    }

    [Theory]
    [InlineData("ns:{n}/*", "ns:checkout/*", true)]
    [InlineData("ns:{n}/*", "ns:checkout/release", false)]
    [InlineData("ns:{n}/*", "ns:check*/*", true)]
    [InlineData("ns:prod-{n}/a", "ns:*/a", true)]
    [InlineData("ns:prod-{n}/a", "ns:prod-/a", false)]
    [InlineData("ns:prod-{n}/a", "ns:test-*/a", false)]
    [InlineData("ns:{n}", "**", true)]
    [InlineData("ns:{n}/a", "ns:x/**", true)]
    [InlineData("ns:{n}", "ns:x/**", false)]
    [InlineData("ns:x/{n}/**", "ns:x/y/*", false)]
    public void Whether_any_value_would_do_is_known_before_the_call(string need, string limit, bool expected) => Assert.Equal(expected, Of(need).CanBeWithin(Of(limit)));

    [Fact]
    public void Patterns_are_equal_when_their_texts_are()
    {
        Assert.Equal(Of("a/*"), Of("a/*"));
        Assert.Equal(Of("a/*").GetHashCode(), Of("a/*").GetHashCode());
        Assert.NotEqual(Of("a/*"), Of("A/*"));
        Assert.False(Of("a").Equals((object)"a"));
    }

    [Theory]
    [InlineData("read", true)]
    [InlineData("r2-d_2", true)]
    [InlineData("Read", false)]
    [InlineData("2r", false)]
    [InlineData("", false)]
    [InlineData("read:docs", false)]
    [InlineData("*", false)]
    [InlineData("abcdefghijklmnopqrstuvwxyz-012345", false)]
    public void An_action_has_a_plain_name(string text, bool expected) => Assert.Equal(expected, ResourceAction.IsValid(text));

    private static ResourcePattern Of(string text) => ResourcePattern.Parse(text, out var fault) ?? throw new ArgumentException(fault);
}
