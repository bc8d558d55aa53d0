using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Symbolon.Admin.Sources;

/// <summary>
/// A plain scalar as the core schema of YAML 1.2 reads it (§10.3.2), written as a JSON token. A number keeps its own digits, so that
/// no size or precision is lost. Everything else is a text: <c>yes</c>, <c>on</c> and dates are texts.
/// </summary>
internal static class CoreScalar
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789");

    /// <returns>The JSON token, or null for <c>.inf</c> and <c>.nan</c>, which JSON cannot say.</returns>
    public static string? ToJson(string plain) => plain switch
    {
        "" or "~" or "null" or "Null" or "NULL" => "null",
        "true" or "True" or "TRUE" => "true",
        "false" or "False" or "FALSE" => "false",
        _ when IsInfinityOrNan(plain) => null,
        _ => Number(plain) ?? Quote(plain),
    };

    public static string Quote(string text) => JsonSerializer.Serialize(text);

    private static bool IsInfinityOrNan(string plain) =>
        plain.TrimStart('+', '-') is ".inf" or ".Inf" or ".INF" || plain is ".nan" or ".NaN" or ".NAN";

    private static string? Number(string plain)
    {
        if (plain.StartsWith("0x", StringComparison.Ordinal)) return Based(plain.AsSpan(2), 16);
        if (plain.StartsWith("0o", StringComparison.Ordinal)) return Based(plain.AsSpan(2), 8);

        var rest = plain.AsSpan();
        var sign = rest[0] == '-' ? "-" : "";
        if (rest[0] is '+' or '-') rest = rest[1..];
        var whole = Take(ref rest);
        ReadOnlySpan<char> fraction = [];
        if (rest is ['.', ..])
        {
            rest = rest[1..];
            fraction = Take(ref rest);
        }
        if (whole.IsEmpty && fraction.IsEmpty) return null;
        var exponent = "";
        if (rest is ['e' or 'E', ..])
        {
            rest = rest[1..];
            exponent = rest is ['-', ..] ? "e-" : "e";
            if (rest is ['+' or '-', ..]) rest = rest[1..];
            var power = Take(ref rest);
            if (power.IsEmpty) return null;
            exponent += power.ToString();
        }
        if (!rest.IsEmpty) return null;
        return $"{sign}{WithoutLeadingZeros(whole)}{(fraction.IsEmpty ? "" : ".")}{fraction}{exponent}";
    }

    private static ReadOnlySpan<char> Take(scoped ref ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOfAnyExcept(Digits);
        var taken = end < 0 ? rest : rest[..end];
        rest = rest[taken.Length..];
        return taken;
    }

    private static string WithoutLeadingZeros(ReadOnlySpan<char> digits)
    {
        var trimmed = digits.TrimStart('0');
        return trimmed.IsEmpty ? "0" : trimmed.ToString();
    }

    private static string? Based(ReadOnlySpan<char> digits, int radix)
    {
        if (digits.IsEmpty) return null;
        var value = BigInteger.Zero;
        // Bounded: the cost grows with the square of the length.
        if (digits.Length > 64) return null;
        foreach (var digit in digits)
        {
            if (!char.IsAsciiHexDigit(digit) || Convert.ToInt32(digit.ToString(), 16) is var worth && worth >= radix) return null;
            value = value * radix + worth;
        }
        return value.ToString(CultureInfo.InvariantCulture);
    }
}
