using System.Security.Cryptography;

namespace Symbolon.Core.Identity;

/// <summary>Digits, capital and small letters: what our secrets and public ids are written in.</summary>
public static class Base62
{
    public const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>Digits of a public id behind its prefix.</summary>
    public const int IdDigits = 22;

    /// <summary>So many digits of a cryptographic generator, 5.95 bits each.</summary>
    public static string Random(int digits) => RandomNumberGenerator.GetString(Alphabet, digits);

    /// <param name="prefix">What kind of thing it names, e.g. <c>tok_</c>.</param>
    public static string NewId(string prefix) => prefix + Random(IdDigits);

    /// <summary>Whether it has the form of <see cref="NewId"/>; not whether there is such a thing.</summary>
    public static bool IsId(string prefix, ReadOnlySpan<char> text)
    {
        if (text.Length != prefix.Length + IdDigits || !text.StartsWith(prefix, StringComparison.Ordinal)) return false;
        foreach (var digit in text[prefix.Length..])
            if (!char.IsAsciiLetterOrDigit(digit)) return false;
        return true;
    }
}
