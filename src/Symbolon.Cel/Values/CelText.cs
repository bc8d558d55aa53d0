using System.Buffers;
using System.Text;

namespace Symbolon.Cel.Values;

/// <summary>Texts that are strings here and slices of UTF-8 there, looked at without making one of the other.</summary>
internal static class CelText
{
    private const int OnStack = 256;

    public static bool Same(in CelValue a, in CelValue b)
    {
        if (!a.IsUtf8 && !b.IsUtf8) return string.Equals(a.AsText(), b.AsText(), StringComparison.Ordinal);
        if (a.IsUtf8 && b.IsUtf8) return a.AsUtf8.SequenceEqual(b.AsUtf8);
        return a.IsUtf8 ? Same(a.AsUtf8, b.AsText()) : Same(b.AsUtf8, a.AsText());
    }

    public static bool Same(ReadOnlySpan<byte> utf8, string text)
    {
        // A character beyond ASCII takes more bytes than units.
        if (utf8.Length == text.Length) return Ascii.Equals(utf8, text);
        if (utf8.Length < text.Length || utf8.Length > 3 * text.Length) return false;
        var rented = text.Length > OnStack ? ArrayPool<byte>.Shared.Rent(3 * text.Length) : null;
        Span<byte> bytes = rented ?? stackalloc byte[3 * OnStack];
        var same = utf8.SequenceEqual(bytes[..Encoding.UTF8.GetBytes(text, bytes)]);
        if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
        return same;
    }

    /// <summary>By code points, as UTF-8 is ordered.</summary>
    public static int Compare(in CelValue a, in CelValue b)
    {
        if (a.IsUtf8 && b.IsUtf8) return a.AsUtf8.SequenceCompareTo(b.AsUtf8);
        var (x, y) = (a.AsText(), b.AsText());
        var same = x.AsSpan().CommonPrefixLength(y);
        if (same == x.Length || same == y.Length) return x.Length.CompareTo(y.Length);
        var (c, d) = (x[same], y[same]);
        // A surrogate stands for a character above all others.
        return char.IsSurrogate(c) != char.IsSurrogate(d) ? (char.IsSurrogate(c) ? 1 : -1) : c.CompareTo(d);
    }

    /// <summary>Code points.</summary>
    public static long Length(in CelValue text)
    {
        var count = 0L;
        if (text.IsUtf8)
        {
            foreach (var octet in text.AsUtf8) count += (octet & 0xC0) == 0x80 ? 0 : 1;
            return count;
        }
        foreach (var unit in text.AsText()) count += char.IsLowSurrogate(unit) ? 0 : 1;
        return count;
    }

    /// <summary>How much there is to touch, in bytes or UTF-16 units.</summary>
    public static int Size(in CelValue text) => text.IsUtf8 ? text.AsUtf8.Length : text.AsText().Length;
}
