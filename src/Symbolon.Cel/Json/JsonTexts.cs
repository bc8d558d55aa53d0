using System.Globalization;
using System.Text;

namespace Symbolon.Cel.Json;

/// <summary>Texts of JSON with escapes in them (RFC 8259 §7).</summary>
internal static class JsonTexts
{
    /// <param name="inside">Between the quotation marks; checked before.</param>
    public static string Decode(ReadOnlySpan<byte> inside)
    {
        var written = Encoding.UTF8.GetString(inside);
        var text = new StringBuilder(written.Length);
        for (var i = 0; i < written.Length; i++)
        {
            if (written[i] != '\\')
            {
                text.Append(written[i]);
                continue;
            }
            switch (written[++i])
            {
                case 'b': text.Append('\b'); break;
                case 'f': text.Append('\f'); break;
                case 'n': text.Append('\n'); break;
                case 'r': text.Append('\r'); break;
                case 't': text.Append('\t'); break;
                case 'u':
                    text.Append((char)int.Parse(written.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                    i += 4;
                    break;
                default: text.Append(written[i]); break;
            }
        }
        return text.ToString();
    }

    /// <summary>Whether every escape is one, and no surrogate stands alone.</summary>
    public static bool AreEscapesValid(ReadOnlySpan<byte> inside)
    {
        var isHigh = false;
        for (var i = 0; i < inside.Length; i++)
        {
            if (inside[i] != '\\')
            {
                if (isHigh) return false;
                continue;
            }
            if (++i == inside.Length) return false;
            if (inside[i] == 'u')
            {
                if (i + 4 >= inside.Length || !int.TryParse(inside.Slice(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)) return false;
                if (isHigh != char.IsLowSurrogate((char)code)) return false;
                isHigh = char.IsHighSurrogate((char)code);
                i += 4;
                continue;
            }
            if (isHigh || !"\"\\/bfnrt"u8.Contains(inside[i])) return false;
        }
        return !isHigh;
    }
}
