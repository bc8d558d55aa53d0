using Symbolon.Jose.Json;

namespace Symbolon.Core.Tools.Schemas;

internal static class TextLength
{
    /// <summary>The characters of a string, as RFC 8259 §7 counts them: code points.</summary>
    public static int Of(JsonValue text)
    {
        if (text.TryGetPlainText(out var plain)) return Of(plain);
        text.TryGetString(out var decoded);
        return decoded!.EnumerateRunes().Count();
    }

    /// <summary>Bytes that begin a character.</summary>
    private static int Of(ReadOnlySpan<byte> utf8)
    {
        var count = 0;
        foreach (var each in utf8)
            if ((each & 0xC0) != 0x80) count++;
        return count;
    }
}
