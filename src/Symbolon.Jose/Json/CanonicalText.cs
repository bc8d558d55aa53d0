using System.Buffers;
using System.Text;

namespace Symbolon.Jose.Json;

/// <summary>Characters of a string as RFC 8785 §3.2.2.2 wants them: escaped only where JSON demands it, in the one way it names.</summary>
internal static class CanonicalText
{
    /// <summary>Bytes of the longest form of one character, <c>\u001f</c>.</summary>
    public const int LongestRune = 6;

    private const string PlainAscii =
        " !#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~\u007F";

    private static readonly SearchValues<char> PlainChars = SearchValues.Create(PlainAscii);
    private static readonly SearchValues<byte> PlainBytes = SearchValues.Create(Encoding.ASCII.GetBytes(PlainAscii));

    /// <returns>How many of the first characters are their own canonical form, one byte each.</returns>
    public static int PlainLength(ReadOnlySpan<char> text)
    {
        var length = text.IndexOfAnyExcept(PlainChars);
        return length < 0 ? text.Length : length;
    }

    /// <returns>How many of the first bytes are their own canonical form.</returns>
    public static int PlainLength(ReadOnlySpan<byte> utf8)
    {
        var length = utf8.IndexOfAnyExcept(PlainBytes);
        return length < 0 ? utf8.Length : length;
    }

    public static int Write(Rune rune, Span<byte> destination)
    {
        if (rune.Value >= ' ' && rune.Value is not ('"' or '\\')) return rune.EncodeToUtf8(destination);
        destination[0] = (byte)'\\';
        var letter = rune.Value switch
        {
            '"' or '\\' => (byte)rune.Value,
            '\b' => (byte)'b',
            '\t' => (byte)'t',
            '\n' => (byte)'n',
            '\f' => (byte)'f',
            '\r' => (byte)'r',
            _ => (byte)'u',
        };
        destination[1] = letter;
        if (letter != 'u') return 2;
        "00"u8.CopyTo(destination[2..]);
        destination[4] = (byte)('0' + (rune.Value >> 4));
        destination[5] = (byte)"0123456789abcdef"[rune.Value & 0xF];
        return 6;
    }
}
