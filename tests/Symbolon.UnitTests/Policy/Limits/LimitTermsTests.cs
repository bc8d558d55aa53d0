using Symbolon.Core.Policy.Limits;

namespace Symbolon.UnitTests.Policy.Limits;

[Trait("area", "policy")]
public sealed class LimitTermsTests
{
    [Theory]
    [InlineData(LimitKind.Rate, "60/minute", null, 60)]
    [InlineData(LimitKind.Rate, "1/second", null, 1)]
    [InlineData(LimitKind.Rate, "7/hour", 100L, 100)]
    [InlineData(LimitKind.Rate, "1000000000/day", 1000000000L, 1000000000)]
    [InlineData(LimitKind.Quota, "1000/day", null, 1000)]
    [InlineData(LimitKind.Quota, "5/week", null, 5)]
    [InlineData(LimitKind.Total, "1000000000/month", null, 1_000_000_000_000_000)]
    [InlineData(LimitKind.Total, "2/hour", null, 2_000_000)]
    [InlineData(LimitKind.Concurrency, "3", null, 3)]
    public void What_is_read_is_written_back_the_same(LimitKind kind, string text, long? burst, long capacity)
    {
        var terms = Read(kind, text, burst);
        Assert.Equal((kind, text, capacity), (terms.Kind, terms.ToText(), terms.Capacity));
        Assert.Equal(Read(kind, text, burst), terms);
    }

    [Theory]
    [InlineData(LimitKind.Rate, null, null, "rate must be")]
    [InlineData(LimitKind.Rate, "", null, "rate must be")]
    [InlineData(LimitKind.Rate, "60", null, "rate must be")]
    [InlineData(LimitKind.Rate, "60/", null, "rate must be")]
    [InlineData(LimitKind.Rate, "60/minutes", null, "second, minute, hour, day,")]
    [InlineData(LimitKind.Rate, "60/week", null, "second, minute, hour, day,")]
    [InlineData(LimitKind.Rate, "60/Minute", null, "rate must be")]
    [InlineData(LimitKind.Rate, "60 / minute", null, "rate must be")]
    [InlineData(LimitKind.Rate, "60/minute/day", null, "rate must be")]
    [InlineData(LimitKind.Rate, "/minute", null, "rate must begin with a whole number from 1 to 1000000000")]
    [InlineData(LimitKind.Rate, "0/minute", null, "rate must begin")]
    [InlineData(LimitKind.Rate, "060/minute", null, "rate must begin")]
    [InlineData(LimitKind.Rate, "-1/minute", null, "rate must begin")]
    [InlineData(LimitKind.Rate, "1.5/minute", null, "rate must begin")]
    [InlineData(LimitKind.Rate, "1000000001/minute", null, "rate must begin")]
    [InlineData(LimitKind.Rate, "99999999999999999999/minute", null, "rate must begin")]
    [InlineData(LimitKind.Rate, "٦٠/minute", null, "rate must begin")]
    [InlineData(LimitKind.Rate, "60/minute", 0L, "burst must be")]
    [InlineData(LimitKind.Rate, "60/minute", 1000000001L, "burst must be")]
    [InlineData(LimitKind.Quota, "60/minute", null, "quota must be a whole number from 1 to 1000000000, a slash and one of hour, day, week, month,")]
    [InlineData(LimitKind.Quota, "60/day", 5L, "burst is only for a rate")]
    [InlineData(LimitKind.Total, "1000000001/day", null, "total must begin")]
    [InlineData(LimitKind.Concurrency, "3/day", null, "concurrency must be")]
    [InlineData(LimitKind.Concurrency, null, null, "concurrency must be")]
    [InlineData(LimitKind.Concurrency, "0", null, "concurrency must be")]
    public void What_is_no_limit_is_refused_by_its_field(LimitKind kind, string? text, long? burst, string error)
    {
        Assert.False(LimitTerms.TryParse(kind, text, burst, out var terms, out var said));
        Assert.Null(terms);
        Assert.Contains(error, said, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_two_terms_have_lines_of_their_own()
    {
        LimitTerms[] terms =
        [
            Read(LimitKind.Rate, "60/minute"), Read(LimitKind.Rate, "60/minute", 5), Read(LimitKind.Rate, "60/hour"), Read(LimitKind.Quota, "60/hour"),
            Read(LimitKind.Total, "60/hour"), Read(LimitKind.Concurrency, "60"),
        ];
        Assert.Equal(terms.Length, terms.Select(each => each.ToString()).Distinct().Count());
    }

    private static LimitTerms Read(LimitKind kind, string text, long? burst = null)
    {
        Assert.True(LimitTerms.TryParse(kind, text, burst, out var terms, out var error), error);
        return terms!;
    }
}
