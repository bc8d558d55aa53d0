using System.Globalization;
using Symbolon.Core;

namespace Symbolon.Admin.Api;

/// <summary>A time in a query: RFC 3339, a day (its start, UTC), or microseconds since 1970.</summary>
internal static class QueryTime
{
    private static readonly string[] Forms = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    public static string Rule(string name) => $"{name} must be a time as 2027-03-31T12:00:00Z, a day as 2027-03-31 (its start, UTC), or microseconds since 1970.";

    /// <param name="microseconds">Null for no text.</param>
    /// <returns>False for a text that is no time.</returns>
    public static bool TryRead(string? text, out long? microseconds)
    {
        microseconds = null;
        if (text is null) return true;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            microseconds = number;
            return true;
        }
        if (!DateTimeOffset.TryParseExact(text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)) return false;
        microseconds = UnixTime.ToMicroseconds(time);
        return true;
    }
}
