namespace Symbolon.Core;

/// <summary>Times as the store and the records hold them: microseconds since the Unix epoch, UTC.</summary>
public static class UnixTime
{
    private const long PerSecond = 1_000_000;

    public static long Microseconds(this TimeProvider clock) => ToMicroseconds(clock.GetUtcNow());

    public static long ToMicroseconds(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset FromMicroseconds(long microseconds) => DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    /// <returns>The first moment after this day, UTC; <see cref="long.MaxValue"/> for the last day there is, which stands for "never".</returns>
    public static long EndOf(DateOnly day) => day < DateOnly.MaxValue
        ? ToMicroseconds(new DateTimeOffset(day.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero))
        : long.MaxValue;

    public static long FromSeconds(long seconds) => seconds * PerSecond;
}
