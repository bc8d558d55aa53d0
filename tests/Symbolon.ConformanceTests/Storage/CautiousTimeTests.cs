using Symbolon.Storage.Proofs;

namespace Symbolon.ConformanceTests.Storage;

[Trait("area", "storage")]
public sealed class CautiousTimeTests
{
    private static readonly TimeSpan Hold = TimeSpan.FromMinutes(6);
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(30);

    private readonly TwoHandedClock clock = new();

    [Fact]
    public void There_is_no_time_until_the_clock_was_watched_for_long_enough()
    {
        var time = new CautiousTime(clock, Hold);
        Assert.Null(time.Now());
        clock.Run(Hold - Slack);
        Assert.Null(time.Now());
        clock.Run(Slack);
        Assert.Equal(clock.GetUtcNow(), time.Now()!.Value, Slack);
    }

    [Fact]
    public void A_clock_that_is_set_back_is_believed_at_once()
    {
        var time = Watched();
        clock.SetWall(TimeSpan.FromHours(-1));
        Assert.Equal(clock.GetUtcNow(), time.Now()!.Value, Slack);
    }

    [Fact]
    public void A_clock_that_is_set_ahead_is_believed_once_it_has_stood_there()
    {
        var time = Watched();
        clock.SetWall(TimeSpan.FromHours(1));
        for (var minute = 0; minute < 6; minute++)
        {
            Assert.Equal(clock.GetUtcNow() - TimeSpan.FromHours(1), time.Now()!.Value, Slack);
            clock.Run(TimeSpan.FromMinutes(1));
        }
        clock.Run(TimeSpan.FromMinutes(1));
        Assert.Equal(clock.GetUtcNow(), time.Now()!.Value, Slack);
    }

    [Fact]
    public void A_jump_between_two_looks_that_are_far_apart_is_doubted_for_as_long()
    {
        var time = Watched();
        clock.Run(TimeSpan.FromHours(3));
        clock.SetWall(TimeSpan.FromHours(1));
        Assert.Equal(clock.GetUtcNow() - TimeSpan.FromHours(1), time.Now()!.Value, Slack);
    }

    private CautiousTime Watched()
    {
        var time = new CautiousTime(clock, Hold);
        time.Now();
        clock.Run(Hold);
        Assert.NotNull(time.Now());
        return time;
    }
}
