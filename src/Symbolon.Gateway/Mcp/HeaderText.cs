using System.Text;

namespace Symbolon.Gateway.Mcp;

/// <summary>Header values that mirror a member of the body: plain ASCII, or <c>=?base64?…?=</c> around Base64 of UTF-8 (exactly these lower-case marks).</summary>
internal static class HeaderText
{
    private const string Start = "=?base64?";
    private const string End = "?=";

    /// <summary>As it is where that reads back as the same text; else in Base64 (2026-07-28, Value Encoding).</summary>
    public static string Encode(string text)
    {
        var isPlain = text.Length > 0 && !text.AsSpan().ContainsAnyExceptInRange(' ', '~') && text[0] != ' ' && text[^1] != ' '
            && !(text.StartsWith(Start, StringComparison.Ordinal) && text.EndsWith(End, StringComparison.Ordinal));
        return isPlain ? text : Start + Convert.ToBase64String(Encoding.UTF8.GetBytes(text)) + End;
    }

    /// <returns>False for a value that is marked as Base64 and is none, or with characters that a header may not carry.</returns>
    public static bool TryDecode(string value, out string text)
    {
        text = value;
        if (!value.StartsWith(Start, StringComparison.Ordinal) || !value.EndsWith(End, StringComparison.Ordinal) || value.Length < Start.Length + End.Length)
            return !value.AsSpan().ContainsAnyExceptInRange(' ', '~');
        var inside = value.AsSpan(Start.Length, value.Length - Start.Length - End.Length);
        var bytes = new byte[inside.Length];
        if (!Convert.TryFromBase64Chars(inside, bytes, out var length)) return false;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes, 0, length);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
