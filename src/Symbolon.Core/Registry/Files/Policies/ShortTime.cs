using System.Globalization;

namespace Symbolon.Core.Registry.Files.Policies;

/// <summary>Lengths of time below a minute, as files write them: digits and ms or s, e.g. <c>500ms</c>, <c>2s</c>.</summary>
public static class ShortTime
{
    public const string Rule = "a whole number and ms or s, e.g. 500ms or 2s";

    public static bool TryParse(string text, out int milliseconds)
    {
        milliseconds = 0;
        var unit = text.EndsWith("ms", StringComparison.Ordinal) ? "ms" : "s";
        if (!text.EndsWith(unit, StringComparison.Ordinal)) return false;
        var digits = text.AsSpan(0, text.Length - unit.Length);
        if (digits.Length is 0 or > 5 || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count)) return false;
        milliseconds = unit == "s" ? count * 1000 : count;
        return milliseconds is > 0 and < 60_000;
    }

    /// <summary>The shortest exact form.</summary>
    public static string ToText(int milliseconds) =>
        milliseconds % 1000 == 0 ? string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1000}s") : string.Create(CultureInfo.InvariantCulture, $"{milliseconds}ms");
}
