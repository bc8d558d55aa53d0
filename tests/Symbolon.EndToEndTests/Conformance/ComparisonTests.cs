using Xunit;

namespace Symbolon.EndToEndTests.Conformance;

[Trait("area", "conformance")]
public sealed class ComparisonTests
{
    [Fact]
    public void A_check_is_lost_when_it_fails_or_is_missing_or_passes_less_often()
    {
        var lost = Of([Pass("a"), Pass("b"), Pass("c"), Pass("c"), Fail("d")], [Fail("a"), Pass("c"), Fail("d"), Fail("e")]).Lost;
        Assert.Equal(["a", "b", "c", "e"], lost.Select(check => check.Id));
    }

    [Fact]
    public void What_is_lost_without_a_line_and_a_line_without_a_loss_are_told()
    {
        var comparison = Of([Pass("a"), Pass("b")], [Fail("a"), Fail("b")]);
        Assert.Equal(["run: s b (b) is lost: b failed", "V: s c is lost no more; take the version from its line."],
            ExpectedLoss.Disagreements([new(["V"], "s", "a", "why"), new(["V"], "s", "c", "why")], [comparison]));
        Assert.Empty(ExpectedLoss.Disagreements([new(["V"], "s", "*", "why")], [comparison]));
        Assert.Single(ExpectedLoss.Disagreements([new(["V", "W"], "s", "*", "why")], [comparison]));
    }

    private static Comparison Of(Check[] direct, Check[] through) => new("run", "V", direct, through);

    private static Check Pass(string id) => new() { Scenario = "s", Id = id, Name = id, Status = "SUCCESS" };

    private static Check Fail(string id) => Pass(id) with { Status = "WARNING", ErrorMessage = $"{id} failed" };
}
