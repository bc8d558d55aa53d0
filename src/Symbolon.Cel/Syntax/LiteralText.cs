using System.Globalization;
using System.Text;

namespace Symbolon.Cel.Syntax;

/// <summary>What stands between the quotation marks of a literal, its escapes decoded. langdef.md, String and Bytes Values.</summary>
internal readonly struct LiteralText(string text, int start, int end)
{
    public string ToText(bool isRaw)
    {
        var written = Lines(text[start..end]);
        if (!isRaw && written.Contains('\\', StringComparison.Ordinal))
        {
            var decoded = new StringBuilder(written.Length);
            for (var i = 0; i < written.Length;)
                if (written[i] != '\\') decoded.Append(written[i++]);
                else decoded.Append(new Rune(Escape(written, ref i, isBytes: false)).ToString());
            written = decoded.ToString();
        }
        for (var i = 0; i < written.Length; i++)
        {
            if (!char.IsSurrogate(written[i])) continue;
            if (!char.IsHighSurrogate(written[i]) || i + 1 == written.Length || !char.IsLowSurrogate(written[++i])) throw SyntaxFault.Of(start, "A string holds half of a surrogate pair.");
        }
        return written;
    }

    public byte[] ToBytes(bool isRaw)
    {
        var written = Lines(text[start..end]);
        if (isRaw || !written.Contains('\\', StringComparison.Ordinal)) return Encoding.UTF8.GetBytes(written);
        using var decoded = new MemoryStream();
        for (var i = 0; i < written.Length;)
        {
            if (written[i] == '\\')
            {
                decoded.WriteByte((byte)Escape(written, ref i, isBytes: true));
                continue;
            }
            var next = written.IndexOf('\\', i) is var found and >= 0 ? found : written.Length;
            decoded.Write(Encoding.UTF8.GetBytes(written[i..next]));
            i = next;
        }
        return decoded.ToArray();
    }

    private static string Lines(string written) => written.Contains('\r', StringComparison.Ordinal) ? written.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n') : written;

    /// <returns>A code point, or for bytes an octet.</returns>
    private int Escape(string written, ref int i, bool isBytes)
    {
        var c = written[i + 1];
        i += 2;
        switch (c)
        {
            case 'a': return 7;
            case 'b': return 8;
            case 'f': return 12;
            case 'n': return 10;
            case 'r': return 13;
            case 't': return 9;
            case 'v': return 11;
            case '\\' or '?' or '"' or '\'' or '`': return c;
            case 'x' or 'X': return Digits(written, ref i, 2, 16);
            case 'u' when !isBytes: return CodePoint(Digits(written, ref i, 4, 16));
            case 'U' when !isBytes: return CodePoint(Digits(written, ref i, 8, 16));
            case >= '0' and <= '3':
                i--;
                return Digits(written, ref i, 3, 8);
            default:
                throw SyntaxFault.Of(start, isBytes && c is 'u' or 'U' ? "Bytes have no \\u and \\U: they stand for characters." : $"\\{c} is no escape.");
        }
    }

    private int Digits(string written, ref int i, int count, int radix)
    {
        long value = 0;
        for (var k = 0; k < count; k++, i++)
        {
            if (i >= written.Length || !int.TryParse(written.AsSpan(i, 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var digit) || digit >= radix)
                throw SyntaxFault.Of(start, $"An escape needs {count} digits.");
            value = value * radix + digit;
        }
        if (value > int.MaxValue) throw SyntaxFault.Of(start, "An escape stands for no character.");
        return (int)value;
    }

    private int CodePoint(int value) => Rune.IsValid(value) ? value : throw SyntaxFault.Of(start, "An escape stands for no character.");
}
