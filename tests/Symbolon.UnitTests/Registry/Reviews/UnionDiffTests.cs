using Symbolon.Core.Resources;
using Symbolon.Registry.Reviews;

namespace Symbolon.UnitTests.Registry.Reviews;

[Trait("area", "reviews")]
public sealed class UnionDiffTests
{
    [Fact]
    public void What_is_shown_as_inside_the_envelope_is_what_is_decided_to_be_inside()
    {
        // Made so that the bounded search gives up before it comes to the one part that covers.
        var envelope = SetOf([.. from i in Enumerable.Range(1, 17) from j in Enumerable.Range(1, 17) select $"{A(i)}*/{A(j)}*/{i}-{j}", $"{A(18)}*/a*/y"]);
        var union = SetOf([$"{A(20)}/{A(20)}/y"]);
        Assert.NotNull(envelope.Find("read", union.Needs[0].Resource));

        var diff = UnionDiff.Between(envelope, union);

        Assert.Equal(envelope.Covers(union), diff.IsInside);
        Assert.Equal((1, 0), (diff.Added.Length, diff.Kept.Length));
    }

    [Theory]
    [InlineData("docs/*", "docs/readme", "", "read:docs/*", "read:docs/readme")]
    [InlineData("docs/readme", "docs/*", "read:docs/*", "", "")]
    [InlineData("docs/*", "docs/*", "", "", "read:docs/*")]
    public void A_union_is_told_by_what_it_adds_to_the_envelope_leaves_out_and_keeps(string envelope, string union, string added, string removed, string kept)
    {
        var diff = UnionDiff.Between(SetOf([envelope]), SetOf([union]));
        Assert.Equal((added, removed, kept), (string.Join(' ', diff.Added), string.Join(' ', diff.Removed), string.Join(' ', diff.Kept)));
    }

    private static string A(int times) => new('a', times);

    private static ResourceSet SetOf(IEnumerable<string> patterns) => ResourceSet.Of(patterns.Select(text => new ResourceNeed(["read"], ResourcePattern.Parse(text, out _)!)));
}
