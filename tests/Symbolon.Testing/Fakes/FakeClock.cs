namespace Symbolon.Testing.Fakes;

/// <summary>A clock that only a test moves. Timers, and so <c>Task.Delay(…, clock)</c>, run on the thread that advances it.</summary>
public sealed class FakeClock : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<FakeTimer> timers = [];
    private DateTimeOffset now;

    public FakeClock(DateTimeOffset? start = null) => now = start ?? new DateTimeOffset(2027, 1, 15, 12, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Timers that wait: a test can see that somebody sleeps.</summary>
    public int Sleepers
    {
        get { lock (gate) return timers.Count(timer => timer.DueAt is not null); }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate) return now;
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    /// <summary>Moves the clock and runs what is due, in order.</summary>
    public void Advance(TimeSpan by)
    {
        var end = GetUtcNow() + by;
        while (true)
        {
            FakeTimer? next;
            lock (gate)
            {
                next = timers.Where(timer => timer.DueAt <= end).MinBy(timer => timer.DueAt);
                now = next?.DueAt is { } due && due > now ? due : next is null ? end : now;
                next?.Take();
            }
            if (next is null) return;
            next.Run();
        }
    }

    /// <summary>Sets the wall clock back, as an operator or a bad time server does. Timers do not run.</summary>
    public void SetBack(TimeSpan by)
    {
        lock (gate) now -= by;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, callback, state);
        lock (gate) timers.Add(timer);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class FakeTimer(FakeClock clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan period = Timeout.InfiniteTimeSpan;

        public DateTimeOffset? DueAt { get; private set; }

        public void Take() => DueAt = period == Timeout.InfiniteTimeSpan ? null : DueAt + period;

        public void Run() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock.gate)
            {
                this.period = period > TimeSpan.Zero ? period : Timeout.InfiniteTimeSpan;
                DueAt = dueTime == Timeout.InfiniteTimeSpan ? null : clock.now + dueTime;
            }
            return true;
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
