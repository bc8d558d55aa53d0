namespace Symbolon.Testing;

/// <summary>A clock that stands until it is moved. Timers fire while it is moved, on the thread that moves it.</summary>
public sealed class FakeClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<FakeTimer> timers = [];
    private DateTimeOffset now = start;
    private long ticks;

    public FakeClock() : this(new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero))
    {
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate) return now;
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp()
    {
        lock (gate) return ticks;
    }

    /// <summary>Lets time pass, for both clocks.</summary>
    public void Advance(TimeSpan by)
    {
        FakeTimer[] due;
        lock (gate)
        {
            now += by;
            ticks += by.Ticks;
            due = [.. timers];
        }
        foreach (var timer in due) timer.Fire(GetTimestamp());
    }

    /// <summary>Sets the clock on the wall, also back; no time passes.</summary>
    public void SetUtcNow(DateTimeOffset value)
    {
        lock (gate) now = value;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, callback, state);
        timer.Change(dueTime, period);
        lock (gate) timers.Add(timer);
        return timer;
    }

    private sealed class FakeTimer(FakeClock clock, TimerCallback callback, object? state) : ITimer
    {
        private long due = long.MaxValue;
        private TimeSpan every = Timeout.InfiniteTimeSpan;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            every = period;
            due = dueTime == Timeout.InfiniteTimeSpan ? long.MaxValue : clock.GetTimestamp() + dueTime.Ticks;
            return true;
        }

        public void Fire(long at)
        {
            while (due <= at)
            {
                due = every <= TimeSpan.Zero ? long.MaxValue : due + every.Ticks;
                callback(state);
            }
        }

        public void Dispose()
        {
            lock (clock.gate) clock.timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
