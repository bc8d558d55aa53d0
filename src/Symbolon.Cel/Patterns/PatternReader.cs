using System.Text;

namespace Symbolon.Cel.Patterns;

/// <summary>A place in the text of a pattern that is well-formed UTF-16.</summary>
internal sealed class PatternReader(string pattern)
{
    public int At { get; private set; }

    public bool IsAtEnd => At == pattern.Length;

    public bool IsNext(char unit) => At < pattern.Length && pattern[At] == unit;

    public bool IsNext(string units) => string.CompareOrdinal(pattern, At, units, 0, units.Length) == 0;

    /// <summary>The unit that far behind the place; NUL beyond the end.</summary>
    public char Ahead(int units = 0) => At + units < pattern.Length ? pattern[At + units] : '\0';

    public bool Take(char unit)
    {
        if (!IsNext(unit)) return false;
        At++;
        return true;
    }

    public bool Take(string units)
    {
        if (!IsNext(units)) return false;
        At += units.Length;
        return true;
    }

    public int TakePoint()
    {
        var point = Rune.GetRuneAt(pattern, At);
        At += point.Utf16SequenceLength;
        return point.Value;
    }

    /// <returns>What stands before the mark, which is taken too; null, and nothing taken, where the mark is missing.</returns>
    public string? TakeUntil(string mark)
    {
        var end = pattern.IndexOf(mark, At, StringComparison.Ordinal);
        if (end < 0) return null;
        var taken = pattern[At..end];
        At = end + mark.Length;
        return taken;
    }

    /// <returns>The number that stands here, -1 (and nothing taken) for none or one with leading zeros; at most 1,000,000.</returns>
    public int TakeNumber()
    {
        if (!char.IsAsciiDigit(Ahead()) || (Ahead() == '0' && char.IsAsciiDigit(Ahead(1)))) return -1;
        var number = 0;
        for (; char.IsAsciiDigit(Ahead()); At++) number = Math.Min(1_000_000, 10 * number + (Ahead() - '0'));
        return number;
    }

    public void Return(int at) => At = at;

    /// <summary>What was taken since then, for a fault: its first 40 units.</summary>
    public string Since(int start)
    {
        var end = Math.Min(At, start + 40);
        return pattern[start..(char.IsHighSurrogate(pattern[end - 1]) ? end - 1 : end)];
    }
}

/// <summary>Ends the reading of a pattern at the first place where it cannot go on.</summary>
internal sealed class PatternFault(int at, string reason) : Exception(reason)
{
    /// <summary>The place in code points, from 1, and the reason.</summary>
    public string In(string pattern)
    {
        var before = pattern.AsSpan(0, Math.Min(at, pattern.Length));
        var place = 1;
        foreach (var unit in before)
            if (!char.IsLowSurrogate(unit)) place++;
        return $"at character {place}: {Message}";
    }
}
