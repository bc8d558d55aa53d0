namespace Symbolon.Jose.Json;

/// <summary>The grammar of RFC 8259 §6.</summary>
internal static class JsonNumberScan
{
    /// <returns>Bytes of the number at the start of the text; 0 when there is none, or it stops short of being one.</returns>
    public static int Length(ReadOnlySpan<byte> text)
    {
        var at = text is [(byte)'-', ..] ? 1 : 0;
        var digits = Digits(text, at);
        if (digits == 0) return 0;
        // A zero starts no longer number: what follows it must be a delimiter, and the caller looks for one.
        at += text[at] == '0' ? 1 : digits;
        if (at < text.Length && text[at] == '.')
        {
            digits = Digits(text, at + 1);
            if (digits == 0) return 0;
            at += 1 + digits;
        }
        if (at >= text.Length || (text[at] | 0x20) != 'e') return at;
        at++;
        if (at < text.Length && text[at] is (byte)'+' or (byte)'-') at++;
        digits = Digits(text, at);
        return digits == 0 ? 0 : at + digits;
    }

    private static int Digits(ReadOnlySpan<byte> text, int start)
    {
        var at = start;
        while (at < text.Length && (uint)(text[at] - '0') <= 9) at++;
        return at - start;
    }
}
