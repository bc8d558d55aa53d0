using System.Buffers.Text;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Symbolon.Jose.Json;

/// <summary>The grammar of RFC 8259 §7, sixteen bytes at a time, with surrogates required to come in pairs.</summary>
internal static class JsonStringScan
{
    /// <param name="at">The byte after the opening quotation mark.</param>
    /// <returns>The byte after the closing one; on a fault, where it was seen.</returns>
    public static int FindEnd(ReadOnlySpan<byte> text, int at, out bool escaped, out StrictJsonErrorKind fault)
    {
        escaped = false;
        fault = StrictJsonErrorKind.None;
        while (true)
        {
            at = FindSpecial(text, at);
            if (at >= text.Length) break;
            if (text[at] == '"') return at + 1;
            if (text[at] != '\\')
            {
                fault = StrictJsonErrorKind.ControlCharacter;
                return at;
            }
            escaped = true;
            var length = EscapeLength(text[at..], out fault);
            if (length == 0) return at;
            at += length;
        }
        fault = StrictJsonErrorKind.Malformed;
        return text.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int FindSpecial(ReadOnlySpan<byte> text, int at)
    {
        for (; text.Length - at >= Vector128<byte>.Count; at += Vector128<byte>.Count)
        {
            var block = Vector128.Create(text.Slice(at, Vector128<byte>.Count));
            // The minimum with U+001F is the byte itself just for control characters; cheaper than an unsigned comparison.
            var special = Vector128.Equals(block, Vector128.Create((byte)'"'))
                | Vector128.Equals(block, Vector128.Create((byte)'\\'))
                | Vector128.Equals(Vector128.Min(block, Vector128.Create((byte)0x1F)), block);
            var hits = special.ExtractMostSignificantBits();
            if (hits != 0) return at + BitOperations.TrailingZeroCount(hits);
        }
        while (at < text.Length && text[at] is not ((byte)'"' or (byte)'\\' or < (byte)' ')) at++;
        return at;
    }

    private static int EscapeLength(ReadOnlySpan<byte> escape, out StrictJsonErrorKind fault)
    {
        fault = StrictJsonErrorKind.None;
        if (escape.Length >= 2)
        {
            if (escape[1] is (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t') return 2;
            if (TryReadUnit(escape, out var unit))
            {
                if (!char.IsSurrogate(unit)) return 6;
                if (char.IsHighSurrogate(unit) && TryReadUnit(escape[6..], out var low) && char.IsLowSurrogate(low)) return 12;
                fault = StrictJsonErrorKind.LoneSurrogate;
                return 0;
            }
        }
        fault = StrictJsonErrorKind.Malformed;
        return 0;
    }

    private static bool TryReadUnit(ReadOnlySpan<byte> escape, out char unit)
    {
        unit = default;
        if (escape.Length < 6 || escape[0] != '\\' || escape[1] != 'u') return false;
        // Utf8Parser would stop early at a byte that is no digit: all four must have been taken.
        if (!Utf8Parser.TryParse(escape.Slice(2, 4), out ushort value, out var taken, 'x') || taken != 4) return false;
        unit = (char)value;
        return true;
    }
}
