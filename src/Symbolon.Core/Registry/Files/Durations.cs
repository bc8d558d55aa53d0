using System.Globalization;

namespace Symbolon.Core.Registry.Files;

/// <summary>Lengths of time as files, flags and the API write them: digits and one of s, m, h, d, e.g. <c>15m</c>, <c>8h</c>, <c>30d</c>.</summary>
public static class Durations
{
    public const string Rule = "a whole number and one of s, m, h, d, e.g. 15m, 8h or 30d";

    /// <summary>Ten years: nothing that we give out lives longer, and no sum of it overflows.</summary>
    public const long MostSeconds = 3_650L * 24 * 3600;

    public static bool TryParse(string? text, out long seconds)
    {
        seconds = 0;
        if (text is not { Length: >= 2 and <= 10 }) return false;
        long unit = text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86_400, _ => 0 };
        if (unit == 0 || !long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count)) return false;
        seconds = count * unit;
        return seconds is > 0 and <= MostSeconds;
    }

    /// <summary>The shortest exact form.</summary>
    public static string ToText(long seconds) => seconds switch
    {
        _ when seconds % 86_400 == 0 => $"{seconds / 86_400}d",
        _ when seconds % 3600 == 0 => $"{seconds / 3600}h",
        _ when seconds % 60 == 0 => $"{seconds / 60}m",
        _ => $"{seconds}s",
    };
}
