using System.Globalization;

namespace Symbolon.Admin.Console.Parts;

/// <summary>Times in the words of the console: relative up to a day, then a date. All in UTC, since the server does not know the reader's zone.</summary>
internal static class Moments
{
    public static string Said(DateTimeOffset at, DateTimeOffset now)
    {
        var ahead = at - now;
        var away = ahead.Duration();
        if (away < TimeSpan.FromSeconds(5)) return "just now";
        if (away < TimeSpan.FromDays(1)) return ahead > TimeSpan.Zero ? $"in {Span(away)}" : $"{Span(away)} ago";
        var format = at.UtcDateTime.Year == now.UtcDateTime.Year ? "d MMM" : "d MMM yyyy";
        return at.UtcDateTime.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>The moment at which something ends, to the minute, e.g. "22:34 UTC today".</summary>
    public static string Until(DateTimeOffset at, DateTimeOffset now)
    {
        var day = at.UtcDateTime.Date == now.UtcDateTime.Date ? "today" : at.UtcDateTime.ToString(at.UtcDateTime.Year == now.UtcDateTime.Year ? "d MMM" : "d MMM yyyy", CultureInfo.InvariantCulture);
        return $"{at.UtcDateTime.ToString("HH:mm", CultureInfo.InvariantCulture)} UTC {(day == "today" ? day : "on " + day)}";
    }

    private static string Span(TimeSpan away) =>
        away < TimeSpan.FromMinutes(1) ? $"{(int)away.TotalSeconds} s"
        : away < TimeSpan.FromHours(1) ? $"{(int)away.TotalMinutes} min"
        : $"{(int)away.TotalHours} h";
}
