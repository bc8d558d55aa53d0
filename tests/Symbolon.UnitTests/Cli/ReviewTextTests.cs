using System.Text.Json;
using Symbolon.Cli.Commands;

namespace Symbolon.UnitTests.Cli;

[Trait("area", "reviews")]
public sealed class ReviewTextTests
{
    [Theory]
    [InlineData("", "not reported")]
    [InlineData(""","seenDownstream":[]""", "none")]
    [InlineData(""","seenDownstream":["read:docs/a","read:docs/b"]""", "read:docs/a, read:docs/b")]
    public void What_calls_did_downstream_stands_beside_what_they_may_do_also_where_nobody_reports_it(string member, string words)
    {
        var lines = ReviewText.Lines(JsonElement.Parse($$"""{"name":"shop.1","state":"open","cause":"registration","requestedBy":"ann","server":"shop","manifest":1{{member}}}"""));
        Assert.Contains($"  actions seen downstream: {words}", lines);
    }
}
