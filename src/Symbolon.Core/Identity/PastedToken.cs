using System.Text;

namespace Symbolon.Core.Identity;

/// <summary>
/// The text form of an opaque token: prefix, 43 base62 digits (0-9A-Za-z, 256 bits) and 6 base62 digits of the CRC-32 (IEEE)
/// over prefix and digits. The checksum lets a mistyped token be refused, and a leaked one be recognised, without a look-up.
/// DESIGN.md section 4, Tokens.
/// </summary>
public static class PastedToken
{
    public const int Length = 8 + Digits + CheckDigits;

    private const int Digits = 43;
    private const int CheckDigits = 6;

    /// <summary>Makes a new secret from the operating system's generator. Each digit is uniform.</summary>
    public static string Create(TokenKind kind) => Create(kind, Base62.Random(Digits));

    internal static string Create(TokenKind kind, string digits)
    {
        var body = kind.Prefix() + digits;
        return body + ChecksumText(Crc32.Of(Encoding.ASCII.GetBytes(body)));
    }

    /// <summary>Whether the text has one of our prefixes, the exact length and alphabet, and a right checksum. Says nothing about validity.</summary>
    public static bool TryRead(ReadOnlySpan<byte> token, out TokenKind kind)
    {
        kind = default;
        if (token.Length != Length || !TryReadPrefix(token[..8], out kind)) return false;
        foreach (var digit in token[8..])
            if (!char.IsAsciiLetterOrDigit((char)digit)) return false;
        Span<byte> expected = stackalloc byte[CheckDigits];
        WriteChecksum(Crc32.Of(token[..^CheckDigits]), expected);
        return token[^CheckDigits..].SequenceEqual(expected);
    }

    public static TokenHash Hash(string token) => TokenHash.Of(Encoding.ASCII.GetBytes(token));

    private static bool TryReadPrefix(ReadOnlySpan<byte> prefix, out TokenKind kind)
    {
        if (prefix.SequenceEqual("sym_usr_"u8)) kind = TokenKind.User;
        else if (prefix.SequenceEqual("sym_agt_"u8)) kind = TokenKind.Agent;
        else if (prefix.SequenceEqual("sym_wfl_"u8)) kind = TokenKind.Workflow;
        else if (prefix.SequenceEqual("sym_adm_"u8)) kind = TokenKind.Admin;
        else if (prefix.SequenceEqual("sym_enr_"u8)) kind = TokenKind.Enrolment;
        else { kind = default; return false; }
        return true;
    }

    private static string ChecksumText(uint value)
    {
        Span<byte> digits = stackalloc byte[CheckDigits];
        WriteChecksum(value, digits);
        return Encoding.ASCII.GetString(digits);
    }

    private static void WriteChecksum(uint value, Span<byte> digits)
    {
        for (var i = digits.Length - 1; i >= 0; i--, value /= 62) digits[i] = (byte)Base62.Alphabet[(int)(value % 62)];
    }
}
