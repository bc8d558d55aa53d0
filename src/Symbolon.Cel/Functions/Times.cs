using Symbolon.Cel.Values;

namespace Symbolon.Cel.Functions;

/// <summary>Timestamps and durations: made from texts, and what they say in a time zone. langdef.md, Timestamps and Durations.</summary>
internal static class Times
{
    private static readonly CelValue NoOverload = CelValue.Of(CelError.NoOverload);

    public static IEnumerable<CelFunction> All =>
    [
        new CelFunction("timestamp").Add(ToTimestamp, "(timestamp) timestamp", "(string) timestamp", "(int) timestamp"),
        new CelFunction("duration").Add(ToDuration, "(duration) duration", "(string) duration", "(int) duration"),
        Part("getFullYear", time => time.Year),
        Part("getMonth", time => time.Month - 1),
        Part("getDayOfYear", time => time.DayOfYear - 1),
        Part("getDayOfMonth", time => time.Day - 1),
        Part("getDate", time => time.Day),
        Part("getDayOfWeek", time => (int)time.DayOfWeek),
        Part("getHours", time => time.Hour, nanoseconds => nanoseconds / (3600 * CelTimes.Second)),
        Part("getMinutes", time => time.Minute, nanoseconds => nanoseconds / (60 * CelTimes.Second)),
        Part("getSeconds", time => time.Second, nanoseconds => nanoseconds / CelTimes.Second),
        Milliseconds(),
    ];

    private static CelFunction Part(string name, Func<DateTime, int> ofTime, Func<long, long>? ofDuration = null)
    {
        var function = new CelFunction(name)
            .Add((in CelValue a, CelMeter meter) => a.Kind == CelKind.Timestamp ? CelValue.Of((long)ofTime(CelTimes.ToDateTime(a.Seconds)))
                : a.Kind == CelKind.Duration && ofDuration is not null ? CelValue.Of(ofDuration(a.Nanoseconds)) : NoOverload, "timestamp.() int")
            .Add((in CelValue a, in CelValue zone, CelMeter meter) => a.Kind != CelKind.Timestamp || zone.Kind != CelKind.String ? NoOverload
                : TryMove(a.Seconds, zone.AsText(), out var moved) ? CelValue.Of((long)ofTime(moved)) : CelValue.Error("unknown time zone"), "timestamp.(string) int");
        return ofDuration is null ? function : function.Add(function.Of1!, "duration.() int");
    }

    private static CelFunction Milliseconds() => new CelFunction("getMilliseconds")
        .Add((in CelValue a, CelMeter meter) => a.Kind switch
        {
            CelKind.Timestamp => CelValue.Of(a.Nanoseconds / 1_000_000),
            // Of a duration within its second, as its parts are told.
            CelKind.Duration => CelValue.Of(a.Nanoseconds / 1_000_000 % 1000),
            _ => NoOverload,
        }, "timestamp.() int", "duration.() int")
        .Add((in CelValue a, in CelValue zone, CelMeter meter) => a.Kind != CelKind.Timestamp || zone.Kind != CelKind.String ? NoOverload
            : TryMove(a.Seconds, zone.AsText(), out _) ? CelValue.Of(a.Nanoseconds / 1_000_000) : CelValue.Error("unknown time zone"), "timestamp.(string) int");

    /// <param name="zone">Of the IANA database, or an offset: <c>-02:30</c>, <c>02:00</c>.</param>
    private static bool TryMove(long seconds, string zone, out DateTime moved)
    {
        var utc = CelTimes.ToDateTime(seconds);
        moved = utc;
        if (zone is "" or "UTC" or "Z") return true;
        if (CelTimes.TryReadOffset(char.IsAsciiDigit(zone[0]) ? "+" + zone : zone, out var offset))
        {
            moved = Clamped(utc, TimeSpan.FromSeconds(offset));
            return true;
        }
        if (!zone.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '/' or '_' or '-' or '+') || !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found)) return false;
        moved = Clamped(utc, found.GetUtcOffset(utc));
        return true;
    }

    /// <summary>The first and last hours that there are belong to no other day.</summary>
    private static DateTime Clamped(DateTime utc, TimeSpan offset) =>
        offset < TimeSpan.Zero ? (utc - DateTime.MinValue < -offset ? DateTime.MinValue : utc + offset) : DateTime.MaxValue - utc < offset ? DateTime.MaxValue : utc + offset;

    private static CelValue ToTimestamp(in CelValue a, CelMeter meter) => a.Kind switch
    {
        CelKind.Timestamp => a,
        CelKind.Int => CelTimes.Timestamp((Int128)a.AsInt * CelTimes.Second),
        CelKind.String => CelTimes.TryReadTimestamp(a.AsText(), out var value) ? value : CelValue.Error("range or form: no timestamp of RFC 3339 between the years 1 and 9999"),
        _ => NoOverload,
    };

    private static CelValue ToDuration(in CelValue a, CelMeter meter) => a.Kind switch
    {
        CelKind.Duration => a,
        CelKind.Int => CelValue.Duration(a.AsInt),
        CelKind.String => CelTimes.TryReadDuration(a.AsText(), out var value) ? value : CelValue.Error("no duration: numbers with units, as in 1h30m or 1.5s"),
        _ => NoOverload,
    };
}
