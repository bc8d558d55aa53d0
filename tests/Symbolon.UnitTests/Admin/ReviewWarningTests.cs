namespace Symbolon.UnitTests.Admin;

[Trait("area", "reviews")]
public sealed class ReviewWarningTests
{
    [Fact]
    public async Task A_review_points_out_the_tools_that_show_another_text_than_their_digests_are_of()
    {
        await using var host = await AdminHost.StartAsync();
        var digest = "sha256:" + new string('0', 64);
        var tools = string.Join(',', Enumerable.Range(0, 22).Select(i => $$$"""{"name":"look{{{i}}}","effect":"read","description":"Shows","digests":{"modern":"{{{digest}}}"}}"""));
        var document = $$$"""{"apiVersion":"symbolon/v1","kind":"Server","metadata":{"name":"shop","owner":"ops@example.com"},"spec":{"upstream":{"transport":"http","url":"http://127.0.0.1:7001/mcp"},"tools":[{{{tools}}},{"name":"bare","effect":"read"}]}}""";
        Assert.Equal(200, (await host.PostAsync("/api/v1/apply", $$"""{"documents":[{{document}}]}""")).Status);

        var review = (await host.GetAsync("/api/v1/reviews/shop.1")).Json;

        var warnings = review.GetProperty("warnings").EnumerateArray().Select(warning => warning.GetString()!).Where(warning => warning.Contains("digest", StringComparison.Ordinal)).ToList();
        Assert.Equal(21, warnings.Count);
        Assert.StartsWith("look0: none of its digests is of the name, title, description", warnings[0], StringComparison.Ordinal);
        Assert.Equal("2 more tools have no digest of what their file shows", warnings[^1]);
        // Nothing reports it yet.
        Assert.False(review.TryGetProperty("seenDownstream", out _));
    }
}
