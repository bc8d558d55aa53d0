namespace Symbolon.Core.Policy.Limits;

/// <summary>A stretch of the calendar, UTC; of limits without windows all of time.</summary>
/// <param name="Start">Microseconds since the Unix epoch.</param>
/// <param name="End">The first moment after it.</param>
public readonly record struct LimitWindow(long Start, long End)
{
    private static readonly LimitWindow Always = new(0, long.MaxValue);

    public static LimitWindow Of(LimitTerms terms, long now)
    {
        if (terms.Kind is LimitKind.Rate or LimitKind.Concurrency) return Always;
        var time = UnixTime.FromMicroseconds(now);
        var day = new DateTimeOffset(time.Year, time.Month, time.Day, 0, 0, 0, TimeSpan.Zero);
        var (start, end) = terms.Period switch
        {
            LimitPeriod.Hour => (day.AddHours(time.Hour), day.AddHours(time.Hour + 1)),
            LimitPeriod.Day => (day, day.AddDays(1)),
            LimitPeriod.Week => (day.AddDays(-SinceMonday(day)), day.AddDays(7 - SinceMonday(day))),
            _ => (day.AddDays(1 - day.Day), day.AddDays(1 - day.Day).AddMonths(1)),
        };
        return new LimitWindow(UnixTime.ToMicroseconds(start), UnixTime.ToMicroseconds(end));
    }

    private static int SinceMonday(DateTimeOffset day) => ((int)day.DayOfWeek + 6) % 7;
}
