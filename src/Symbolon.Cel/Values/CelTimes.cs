using System.Globalization;
using System.Text;

namespace Symbolon.Cel.Values;

/// <summary>Timestamps from year 1 to 9999 and durations of 64 bits of nanoseconds, and their texts (RFC 3339; Go's form of durations).</summary>
internal static class CelTimes
{
    public const long Second = 1_000_000_000;

    private static readonly System.Buffers.SearchValues<char> InAmount = System.Buffers.SearchValues.Create("0123456789.");

    private const long First = -62_135_596_800;
    private const long Last = 253_402_300_799;

    public static CelValue Timestamp(Int128 nanoseconds)
    {
        var seconds = (nanoseconds >= 0 ? nanoseconds : nanoseconds - (Second - 1)) / Second;
        return seconds < First || seconds > Last ? CelValue.Of(CelError.Range) : CelValue.Timestamp((long)seconds, (int)(nanoseconds - seconds * Second));
    }

    public static Int128 Nanoseconds(in CelValue timestamp) => (Int128)timestamp.Seconds * Second + timestamp.Nanoseconds;

    public static CelValue Duration(Int128 nanoseconds) =>
        nanoseconds < long.MinValue || nanoseconds > long.MaxValue ? CelValue.Of(CelError.Range) : CelValue.Duration((long)nanoseconds);

    public static DateTime ToDateTime(long seconds) => DateTime.UnixEpoch.AddTicks(seconds * TimeSpan.TicksPerSecond);

    public static string ToText(in CelValue timestamp)
    {
        var text = ToDateTime(timestamp.Seconds).ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);
        return timestamp.Nanoseconds == 0 ? text + "Z" : $"{text}.{Fraction(timestamp.Nanoseconds)}Z";
    }

    /// <summary>In seconds: <c>3730s</c>, <c>-1.5s</c>.</summary>
    public static string ToText(long nanoseconds)
    {
        var size = (ulong)Math.Abs((decimal)nanoseconds);
        var (whole, rest) = Math.DivRem(size, (ulong)Second);
        var text = new StringBuilder(nanoseconds < 0 ? "-" : "").Append(whole);
        if (rest != 0) text.Append('.').Append(Fraction((long)rest));
        return text.Append('s').ToString();
    }

    public static bool TryReadTimestamp(string text, out CelValue value)
    {
        value = CelValue.Of(CelError.Range);
        if (!TryReadParts(text, out var date, out var fraction, out var offset)) return false;
        // Within a leap second nothing is counted; year 0 and what an offset moves out of range are no timestamps.
        value = date is { } start ? Timestamp(((Int128)(start.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond - offset) * Second + fraction) : CelValue.Of(CelError.Range);
        return true;
    }

    private static bool TryReadParts(string text, out DateTime? date, out int fraction, out long offset)
    {
        (date, fraction, offset) = (null, 0, 0);
        if (text.Length < 20 || text[4] != '-' || text[7] != '-' || text[10] is not ('T' or 't') || text[13] != ':' || text[16] != ':') return false;
        Span<int> parts = stackalloc int[6];
        ReadOnlySpan<int> starts = [0, 5, 8, 11, 14, 17];
        for (var i = 0; i < parts.Length; i++)
            if (!int.TryParse(text.AsSpan(starts[i], i == 0 ? 4 : 2), NumberStyles.None, CultureInfo.InvariantCulture, out parts[i])) return false;
        if (parts[1] is < 1 or > 12 || parts[2] < 1 || parts[2] > DateTime.DaysInMonth(Math.Max(1, parts[0]), parts[1]) || parts[3] > 23 || parts[4] > 59 || parts[5] > 59) return false;
        var at = 19;
        if (text[at] == '.')
        {
            var digits = 0;
            for (at++; at < text.Length && char.IsAsciiDigit(text[at]); at++)
                if (digits++ < 9) fraction = fraction * 10 + (text[at] - '0');
            if (digits == 0) return false;
            for (; digits < 9; digits++) fraction *= 10;
        }
        if (!TryReadOffset(text.AsSpan(at), out offset)) return false;
        if (parts[0] > 0) date = new DateTime(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], DateTimeKind.Utc);
        return true;
    }

    /// <summary><c>Z</c>, <c>+02:00</c>, <c>-02:30</c>.</summary>
    /// <param name="seconds">East of Greenwich.</param>
    public static bool TryReadOffset(ReadOnlySpan<char> text, out long seconds)
    {
        seconds = 0;
        if (text is "Z" or "z") return true;
        if (text.Length != 6 || text[0] is not ('+' or '-') || text[3] != ':'
            || !int.TryParse(text[1..3], NumberStyles.None, CultureInfo.InvariantCulture, out var hours) || !int.TryParse(text[4..], NumberStyles.None, CultureInfo.InvariantCulture, out var minutes)
            || hours > 23 || minutes > 59) return false;
        seconds = (hours * 3600 + minutes * 60) * (text[0] == '-' ? -1 : 1);
        return true;
    }

    /// <summary>A sign, then numbers with units: <c>1h30m</c>, <c>-1.5s</c>, <c>2us</c>; or <c>0</c>.</summary>
    public static bool TryReadDuration(string text, out CelValue value)
    {
        value = CelValue.Of(CelError.Range);
        var rest = text.AsSpan();
        var isNegative = rest.StartsWith("-");
        if (rest.Length > 0 && rest[0] is '-' or '+') rest = rest[1..];
        if (rest is "0")
        {
            value = CelValue.Duration(0);
            return true;
        }
        if (rest.IsEmpty) return false;
        Int128 total = 0;
        while (!rest.IsEmpty)
        {
            var length = rest.IndexOfAnyExcept(InAmount);
            if (length <= 0 || !TryReadUnit(rest[length..], out var unit, out var unitLength) || !TryReadAmount(rest[..length], unit, out var amount)) return false;
            total += amount;
            if (total > (Int128)long.MaxValue + 1) return true;
            rest = rest[(length + unitLength)..];
        }
        value = Duration(isNegative ? -total : total);
        return true;
    }

    private static bool TryReadAmount(ReadOnlySpan<char> digits, long unit, out Int128 nanoseconds)
    {
        nanoseconds = 0;
        var point = digits.IndexOf('.');
        var whole = point < 0 ? digits : digits[..point];
        var fraction = point < 0 ? [] : digits[(point + 1)..];
        if ((whole.IsEmpty && fraction.IsEmpty) || fraction.Contains('.')) return false;
        foreach (var digit in whole)
            if ((nanoseconds = nanoseconds * 10 + (digit - '0')) > (Int128)long.MaxValue + 1) nanoseconds = (Int128)long.MaxValue + 1;
        nanoseconds *= unit;
        Int128 scale = unit;
        foreach (var digit in fraction.Length > 18 ? fraction[..18] : fraction)
        {
            nanoseconds += scale * (digit - '0') / 10;
            scale /= 10;
        }
        return true;
    }

    private static bool TryReadUnit(ReadOnlySpan<char> text, out long nanoseconds, out int length)
    {
        (nanoseconds, length) = text.StartsWith("ns") ? (1, 2)
            : text.StartsWith("us") || text.StartsWith("µs") || text.StartsWith("μs") ? (1_000, 2)
            : text.StartsWith("ms") ? (1_000_000, 2)
            : text.StartsWith("s") ? (Second, 1)
            : text.StartsWith("m") ? (60 * Second, 1)
            : text.StartsWith("h") ? (3600 * Second, 1) : (0, 0);
        return length > 0;
    }

    private static string Fraction(long nanoseconds) => nanoseconds.ToString("000000000", CultureInfo.InvariantCulture).TrimEnd('0');
}
