using Symbolon.Testing;
using Xunit;

namespace Symbolon.EndToEndTests.LongRuns;

[Trait("area", "reliability")]
public sealed class ReliabilityTests
{
    [Fact]
    public void Every_named_long_run_is_on_file_and_green()
    {
        var green = Reliability.Read().Where(row => row.Verdict == "green").Select(row => row.Run);
        Assert.Empty(LongRun.Names.Except(green));
    }

    [Fact]
    public void The_page_says_what_the_file_says() =>
        Assert.Equal(File.ReadAllText(Repo.At("docs", "reliability.md")), Reliability.Page(Reliability.Read()));
}
