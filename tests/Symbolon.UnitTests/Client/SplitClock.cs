using Symbolon.Testing.Fakes;

namespace Symbolon.UnitTests.Client;

/// <summary>A wall clock that somebody sets, over one that only goes on.</summary>
internal sealed class SplitClock(FakeClock clock) : TimeProvider
{
    public TimeSpan Shift { get; set; }

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override long GetTimestamp() => clock.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow() + Shift;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => clock.CreateTimer(callback, state, dueTime, period);
}
