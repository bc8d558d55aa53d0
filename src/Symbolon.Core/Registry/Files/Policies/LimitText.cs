using System.Globalization;

namespace Symbolon.Core.Registry.Files.Policies;

/// <summary>The form of a limit's terms, <c>60/minute</c>. What they come to is said where they are counted.</summary>
internal static class LimitText
{
    public const long Most = 1_000_000_000;

    /// <summary>Calls that may be open at once.</summary>
    public const int MostAtOnce = 1_000_000;

    public const string RateRule = "a whole number from 1 to 1000000000 and /second, /minute, /hour or /day, e.g. 60/minute";
    public const string WindowedRule = "a whole number from 1 to 1000000000 and /hour, /day, /week or /month, e.g. 1000/day";

    public static bool IsRate(string text) => Split(text, out var count, out var window) && IsCount(count) && window is "second" or "minute" or "hour" or "day";

    public static bool IsWindowed(string text) => Split(text, out var count, out var window) && IsCount(count) && window is "hour" or "day" or "week" or "month";

    private static bool Split(string text, out ReadOnlySpan<char> amount, out ReadOnlySpan<char> window)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        amount = slash < 0 ? default : text.AsSpan(0, slash);
        window = slash < 0 ? default : text.AsSpan(slash + 1);
        return slash > 0;
    }

    private static bool IsCount(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= 10 && text[0] != '0' && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= Most;
}
