using System.Buffers;

namespace Symbolon.Jose.Json;

/// <summary>Passes over parts of a text that the scan accepted: no check is made twice.</summary>
internal static class JsonSkip
{
    private static readonly SearchValues<byte> Structure = SearchValues.Create("\"[]{}"u8);
    private static readonly SearchValues<byte> Delimiters = SearchValues.Create(",]} \n\r\t"u8);

    public static int WhiteSpace(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && text[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t') at++;
        return at;
    }

    /// <returns>The start of the next member or item, or the closing bracket.</returns>
    public static int Comma(ReadOnlySpan<byte> text, int at)
    {
        at = WhiteSpace(text, at);
        return text[at] == ',' ? WhiteSpace(text, at + 1) : at;
    }

    /// <param name="at">The opening quotation mark.</param>
    /// <returns>The byte after the closing one.</returns>
    public static int String(ReadOnlySpan<byte> text, int at)
    {
        for (at++; ; at += 2)
        {
            at += Found(text[at..].IndexOfAny((byte)'"', (byte)'\\'));
            if (text[at] == '"') return at + 1;
        }
    }

    public static int Value(ReadOnlySpan<byte> text, int at)
    {
        if (text[at] == '"') return String(text, at);
        if (text[at] is (byte)'{' or (byte)'[') return Container(text, at);
        var length = text[at..].IndexOfAny(Delimiters);
        return length < 0 ? text.Length : at + length;
    }

    private static int Container(ReadOnlySpan<byte> text, int at)
    {
        var open = 0;
        while (true)
        {
            at += Found(text[at..].IndexOfAny(Structure));
            switch (text[at])
            {
                case (byte)'"': at = String(text, at); continue;
                case (byte)'{' or (byte)'[': open++; break;
                default: open--; break;
            }
            at++;
            if (open == 0) return at;
        }
    }

    // An accepted text always has what is looked for; any other one must not make the walk run in circles.
    private static int Found(int index) => index >= 0 ? index : throw new InvalidOperationException("Not an accepted text.");
}
