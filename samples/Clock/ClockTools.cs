using System.ComponentModel;
using System.Globalization;
using ModelContextProtocol;
using ModelContextProtocol.Server;

namespace Clock;

/// <summary>The smallest useful server: two tools that only read.</summary>
internal static class ClockTools
{
    [McpServerTool(Name = "now", Title = "Time now", ReadOnly = true, OpenWorld = false)]
    [Description("Tells the time, in UTC or at an offset from it.")]
    public static string Now([Description("Offset from UTC in whole minutes, -840 to 840.")] int offsetMinutes = 0)
    {
        if (offsetMinutes is < -840 or > 840) throw new McpException("offsetMinutes must be -840 to 840.");
        return TimeProvider.System.GetUtcNow().ToOffset(TimeSpan.FromMinutes(offsetMinutes)).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
    }

    [McpServerTool(Name = "days_until", Title = "Days until", ReadOnly = true, OpenWorld = false)]
    [Description("Counts the days from today (UTC) to a date; negative for a date that has passed.")]
    public static int DaysUntil([Description("A date as YYYY-MM-DD.")] string date)
    {
        if (!DateOnly.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            throw new McpException("date must be YYYY-MM-DD.");
        return day.DayNumber - DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).DayNumber;
    }
}
