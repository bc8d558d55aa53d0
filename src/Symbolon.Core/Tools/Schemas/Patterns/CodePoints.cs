using System.Globalization;
using System.Text;

namespace Symbolon.Core.Tools.Schemas.Patterns;

/// <summary>A set of Unicode code points: ranges, and whole general categories.</summary>
internal sealed class CodePoints
{
    /// <summary>Of <see cref="UnicodeCategory"/>: one bit each.</summary>
    public const uint EveryCategory = (1u << 30) - 1;

    public static readonly CodePoints Digit = new([('0', '9')]);
    public static readonly CodePoints Word = new([('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')]);

    /// <summary>ECMA-262 §12.2 and §12.3: WhiteSpace and LineTerminator.</summary>
    public static readonly CodePoints Space = new(
        [('\t', '\r'), (' ', ' '), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF)]);

    /// <summary>What <c>.</c> stands for: no line terminator.</summary>
    public static readonly CodePoints NoLineEnd = new CodePoints([('\n', '\n'), ('\r', '\r'), (0x2028, 0x2029)]).Inverse();

    private readonly (int First, int Last)[] ranges;
    private readonly uint categories;

    public CodePoints(IEnumerable<(int First, int Last)> ranges, uint categories = 0)
    {
        this.ranges = [.. Joined(ranges)];
        this.categories = categories;
    }

    public IReadOnlyList<(int First, int Last)> Ranges => ranges;

    public uint Categories => categories;

    /// <summary>Of ranges alone.</summary>
    public CodePoints Inverse()
    {
        if (categories != 0) throw new InvalidOperationException("Only ranges can be turned round.");
        var next = 0;
        var inverse = new List<(int, int)>();
        foreach (var (first, last) in ranges)
        {
            if (first > next) inverse.Add((next, first - 1));
            next = last + 1;
        }
        if (next <= 0x10FFFF) inverse.Add((next, 0x10FFFF));
        return new CodePoints(inverse);
    }

    public bool Contains(Rune rune)
    {
        var (low, high) = (0, ranges.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var (first, last) = ranges[middle];
            if (rune.Value < first) high = middle - 1;
            else if (rune.Value > last) low = middle + 1;
            else return true;
        }
        return categories != 0 && (categories & (1u << (int)Rune.GetUnicodeCategory(rune))) != 0;
    }

    private static IEnumerable<(int First, int Last)> Joined(IEnumerable<(int First, int Last)> ranges)
    {
        (int First, int Last)? open = null;
        foreach (var range in ranges.OrderBy(range => range.First))
        {
            if (open is { } before && range.First <= before.Last + 1)
            {
                open = (before.First, Math.Max(before.Last, range.Last));
                continue;
            }
            if (open is { } closed) yield return closed;
            open = range;
        }
        if (open is { } final) yield return final;
    }
}
