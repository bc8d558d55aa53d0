using System.Globalization;

namespace Symbolon.Core.Registry.Files;

/// <summary>Numbers of bytes as files write them: digits and KiB or MiB, e.g. <c>64KiB</c>, <c>16MiB</c>.</summary>
public static class ByteSizes
{
    public const string Rule = "a whole number and KiB or MiB, e.g. 64KiB or 16MiB";

    private const int KiB = 1024;
    private const int MiB = 1024 * KiB;

    public static bool TryParse(string? text, out int bytes)
    {
        bytes = 0;
        if (text is not { Length: >= 4 and <= 12 }) return false;
        var unit = text[^3..] switch { "KiB" => KiB, "MiB" => MiB, _ => 0 };
        if (unit == 0 || !int.TryParse(text.AsSpan(0, text.Length - 3), NumberStyles.None, CultureInfo.InvariantCulture, out var count)) return false;
        if (count is 0 || count > int.MaxValue / unit) return false;
        bytes = count * unit;
        return true;
    }

    /// <summary>The shortest exact form of what <see cref="TryParse"/> can have read.</summary>
    public static string ToText(int bytes) => bytes % MiB == 0 ? $"{bytes / MiB}MiB" : $"{bytes / KiB}KiB";
}
