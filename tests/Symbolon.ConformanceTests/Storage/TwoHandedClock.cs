namespace Symbolon.ConformanceTests.Storage;

/// <summary>A clock whose two hands a test moves apart: what time it is, and how much of it has passed. Both go on by themselves as well.</summary>
internal sealed class TwoHandedClock : TimeProvider
{
    private long wall;
    private long run;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref wall));

    public override long GetTimestamp() => System.GetTimestamp() + Interlocked.Read(ref run) * (TimestampFrequency / TimeSpan.TicksPerSecond);

    /// <summary>Time passes.</summary>
    public void Run(TimeSpan by)
    {
        Interlocked.Add(ref wall, by.Ticks);
        Interlocked.Add(ref run, by.Ticks);
    }

    /// <summary>Somebody sets the clock.</summary>
    public void SetWall(TimeSpan by) => Interlocked.Add(ref wall, by.Ticks);
}
