namespace Symbolon.Core.Policy.Limits;

public enum LimitPeriod
{
    Second,
    Minute,
    Hour,
    Day,

    /// <summary>From Monday on (ISO 8601).</summary>
    Week,
    Month,
}

/// <summary>The names of periods, and which kind of limit has which.</summary>
internal static class LimitPeriods
{
    private static readonly string[] Names = ["second", "minute", "hour", "day", "week", "month"];

    public static string NameOf(LimitPeriod period) => Names[(int)period];

    public static string ListOf(LimitKind kind) => string.Join(", ", Enum.GetValues<LimitPeriod>().Where(period => Takes(kind, period)).Select(NameOf));

    public static bool TryParse(LimitKind kind, ReadOnlySpan<char> text, out LimitPeriod period)
    {
        for (var i = 0; i < Names.Length; i++)
        {
            period = (LimitPeriod)i;
            if (text.SequenceEqual(Names[i])) return Takes(kind, period);
        }
        period = default;
        return false;
    }

    /// <summary>A bucket has no use for a calendar, and a window of a second would be one commit a second.</summary>
    private static bool Takes(LimitKind kind, LimitPeriod period) =>
        kind == LimitKind.Rate ? period <= LimitPeriod.Day : period >= LimitPeriod.Hour;
}
