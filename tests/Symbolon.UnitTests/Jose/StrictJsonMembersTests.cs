using System.Text;
using Symbolon.Jose.Json;

namespace Symbolon.UnitTests.Jose;

[Trait("area", "json")]
public sealed class StrictJsonMembersTests
{
    [Theory]
    [InlineData("name", "name")]
    [InlineData("name", "n\\u0061me")]
    [InlineData("", "")]
    [InlineData("/", "\\/")]
    [InlineData("😀", "\\uD83D\\uDE00")]
    [InlineData("ſ", "\\u017f")]
    [InlineData("a-rather-long-name-of-a-member", "a-rather-long-name-of-a-membe\\u0072")]
    public void Two_members_of_one_name_are_refused_however_they_are_written(string one, string other) =>
        AssertRefused(one, other, StrictJsonErrorKind.DuplicateMember);

    [Theory]
    [InlineData("name", "Name")]
    [InlineData("name", "\\u004eame")]
    [InlineData("params", "param\\u0053")]
    [InlineData("params", "paramſ")]
    [InlineData("PARAMS", "param\\u017F")]
    [InlineData("token", "to\u212Aen")]
    [InlineData("ſ\u212A", "SK")]
    [InlineData("straße", "STRAßE")]
    [InlineData("σ", "ς")]
    [InlineData("µ", "μ")]
    [InlineData("ω", "\u2126")]
    [InlineData("å", "\u212B")]
    [InlineData("é", "É")]
    [InlineData("я", "Я")]
    [InlineData("ǆ", "ǅ")]
    [InlineData("𐐨", "𐐀")]
    [InlineData("ßtart", "ẞTART")]
    [InlineData("θ", "ϴ")]
    [InlineData("ΐ", "\u1FD3")]
    [InlineData("ΰ", "\u1FE3")]
    [InlineData("\uFB05", "\uFB06")]
    [InlineData("ᾳ", "ᾼ")]
    [InlineData("a-name-of-a-few-blocks-S", "A-NAME-OF-A-FEW-BLOCKS-\\u017F")]
    [InlineData("eightbyt", "EIGHTBYT")]
    [InlineData("sevenby", "SEVENBY")]
    [InlineData("abc", "aBc")]
    [InlineData("z", "Z")]
    public void Two_members_that_fold_alike_are_refused(string one, string other) =>
        AssertRefused(one, other, StrictJsonErrorKind.FoldedMember);

    [Theory]
    [InlineData("straße", "STRASSE")]
    [InlineData("ﬁ", "FI")]
    [InlineData("i", "ı")]
    [InlineData("I", "ı")]
    [InlineData("i", "İ")]
    [InlineData("é", "e\u0301")]
    [InlineData("A", "А")]
    [InlineData("@", "`")]
    [InlineData("[", "{")]
    [InlineData("a_b", "a\u007Fb")]
    [InlineData("name", "names")]
    [InlineData("", "\\u0000")]
    [InlineData("a", "a\\u0000")]
    [InlineData("abcdefgh", "abcdefgh\\u0000")]
    public void Members_that_no_reader_confuses_are_accepted(string one, string other)
    {
        Assert.True(StrictJson.Scan(Pair(one, other)).Accepted);
        Assert.True(StrictJson.Scan(Pair(other, one)).Accepted);
    }

    [Theory]
    [InlineData("{\"a\":{\"b\":{\"name\":1,\"NAME\":2}}}")]
    [InlineData("[[{\"x\":1},{\"name\":1,\"y\":{},\"NAME\":2}]]")]
    [InlineData("{\"name\":{\"name\":1},\"b\":{\"name\":{\"x\":1,\"X\":2}}}")]
    public void Folding_is_compared_at_every_depth(string text)
    {
        Assert.Equal(StrictJsonErrorKind.FoldedMember, StrictJson.Scan(Encoding.UTF8.GetBytes(text)).Kind);
    }

    [Fact]
    public void The_same_name_may_stand_in_different_objects() =>
        Assert.True(StrictJson.Scan("""{"a":{"a":{"A":1},"b":2},"b":[{"a":1},{"A":1}]}"""u8).Accepted);

    [Fact]
    public void An_answer_is_compared_in_its_envelope_only()
    {
        var nested = """{"id":1,"result":{"x":1,"x":2,"X":3}}"""u8;
        Assert.True(StrictJson.Scan(nested, JsonLimits.Default, MemberRule.Envelope).Accepted);
        Assert.Equal(StrictJsonErrorKind.DuplicateMember, StrictJson.Scan(nested).Kind);

        Assert.Equal(
            StrictJsonErrorKind.DuplicateMember,
            StrictJson.Scan("""{"id":1,"result":{},"id":2}"""u8, JsonLimits.Default, MemberRule.Envelope).Kind);
        Assert.Equal(
            StrictJsonErrorKind.FoldedMember,
            StrictJson.Scan("""[{"id":1},{"result":1,"Result":2}]"""u8, JsonLimits.Default, MemberRule.Envelope).Kind);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(17)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(1000)]
    public void A_pair_is_found_wherever_it_stands_in_an_object_of_any_size(int size)
    {
        foreach (var (one, other) in new[] { (0, size - 1), (size / 2 - 1, size / 2), (size - 2, size - 1) })
        {
            var names = Enumerable.Range(0, size).Select(i => $"member-{i}").ToArray();
            Assert.True(StrictJson.Scan(Object(names)).Accepted);
            names[other] = names[one].ToUpperInvariant();
            Assert.Equal(StrictJsonErrorKind.FoldedMember, StrictJson.Scan(Object(names)).Kind);
            names[other] = names[one];
            Assert.Equal(StrictJsonErrorKind.DuplicateMember, StrictJson.Scan(Object(names)).Kind);
        }
    }

    [Theory]
    [InlineData("s", "S")]
    [InlineData("k", "\u212A")]
    [InlineData("a", "A")]
    public void A_name_of_a_protocol_is_recognised_under_folding(string one, string other)
    {
        var member = Encoding.UTF8.GetBytes($"{{\"ta{other}k\":1}}");
        foreach (var found in JsonValue.Root(member).Members)
        {
            Assert.True(found.NameFoldsTo(Encoding.UTF8.GetBytes($"ta{one}k")));
            Assert.False(found.NameEquals(Encoding.UTF8.GetBytes($"ta{one}k")));
            Assert.False(found.NameFoldsTo("ta"u8));
            Assert.False(found.NameFoldsTo("tasks!"u8));
        }
    }

    private static void AssertRefused(string one, string other, StrictJsonErrorKind kind)
    {
        Assert.Equal(kind, StrictJson.Scan(Pair(one, other)).Kind);
        Assert.Equal(kind, StrictJson.Scan(Pair(other, one)).Kind);
    }

    private static byte[] Pair(string one, string other) => Object([one, "between", other]);

    private static byte[] Object(IEnumerable<string> names) =>
        Encoding.UTF8.GetBytes($"{{{string.Join(',', names.Select(name => $"\"{name}\":1"))}}}");
}
