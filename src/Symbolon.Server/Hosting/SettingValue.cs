using System.Globalization;

namespace Symbolon.Server.Hosting;

/// <summary>The text of one setting, read into what it stands for. Every failure says what would be right.</summary>
public readonly record struct SettingValue(IReadOnlyList<string> Values)
{
    private static readonly (string Unit, double Seconds)[] TimeUnits = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600)];
    private static readonly (string Unit, int Bytes)[] SizeUnits = [("KiB", 1024), ("MiB", 1024 * 1024)];

    public IReadOnlyList<string> List =>
        [.. Values.SelectMany(value => value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];

    /// <exception cref="FormatException">More than one value, or an empty one.</exception>
    public string Text => Values is [{ Length: > 0 } only] ? only : throw new FormatException("expects exactly one value");

    /// <exception cref="FormatException">Not a whole number.</exception>
    public int Number => int.TryParse(Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new FormatException($"expects a whole number, not '{Text}'");

    /// <summary>Bytes, or a whole number of KiB or MiB.</summary>
    public int Size
    {
        get
        {
            foreach (var (unit, bytes) in SizeUnits)
                if (Text.EndsWith(unit, StringComparison.Ordinal)
                    && int.TryParse(Text[..^unit.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var many)
                    && many <= int.MaxValue / bytes)
                    return many * bytes;
            return int.TryParse(Text, NumberStyles.None, CultureInfo.InvariantCulture, out var plain)
                ? plain
                : throw new FormatException($"expects a size such as 4MiB, 32KiB or 65536, not '{Text}'");
        }
    }

    /// <summary>A number with one of the units ms, s, m and h.</summary>
    public TimeSpan Duration
    {
        get
        {
            foreach (var (unit, seconds) in TimeUnits)
                if (Text.EndsWith(unit, StringComparison.Ordinal)
                    && double.TryParse(Text[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var many)
                    && many <= 1e6)
                    return TimeSpan.FromSeconds(many * seconds);
            throw new FormatException($"expects a time such as 250ms, 5s, 10m or 1h, not '{Text}'");
        }
    }
}
