using Symbolon.Gateway.Upstreams.Listening;

namespace Symbolon.UnitTests.Gateway;

/// <summary>When a stream that ended is opened again.</summary>
[Trait("area", "gateway")]
public sealed class ReconnectPauseTests
{
    private static readonly TimeSpan Briefly = TimeSpan.FromSeconds(1);

    [Fact]
    public void Each_try_that_fails_doubles_the_pause_up_to_a_minute()
    {
        var pause = new ReconnectPause(() => 0);
        Assert.Equal([1, 2, 4, 8, 16, 32, 60, 60], Enumerable.Range(0, 8).Select(_ => (int)pause.After(ListeningEnd.Failed, Briefly).TotalSeconds));
    }

    [Fact]
    public void A_stream_that_ends_at_once_has_failed_and_one_that_stood_begins_anew()
    {
        var pause = new ReconnectPause(() => 0);
        pause.After(ListeningEnd.Ended, Briefly);
        Assert.Equal(TimeSpan.FromSeconds(2), pause.After(ListeningEnd.Ended, Briefly));
        Assert.Equal(TimeSpan.FromSeconds(1), pause.After(ListeningEnd.Ended, TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void A_try_that_hung_for_long_is_no_stream_that_stood()
    {
        var pause = new ReconnectPause(() => 0);
        pause.After(ListeningEnd.Failed, TimeSpan.FromMinutes(10));
        Assert.Equal(TimeSpan.FromSeconds(2), pause.After(ListeningEnd.Failed, TimeSpan.FromMinutes(10)));
    }

    [Fact]
    public void Where_none_is_offered_it_is_asked_for_again_in_ten_minutes() =>
        Assert.Equal(TimeSpan.FromMinutes(10), new ReconnectPause(() => 0).After(ListeningEnd.NotOffered, Briefly));

    [Fact]
    public void Chance_shortens_a_pause_by_a_quarter_at_most() =>
        Assert.Equal(TimeSpan.FromSeconds(0.75), new ReconnectPause(() => 1).After(ListeningEnd.Failed, Briefly));
}
