using System.Buffers.Text;
using System.Globalization;
using Symbolon.Cel.Values;

namespace Symbolon.Cel.Json;

/// <summary>Numbers of JSON: an int where it is whole and fits, else a double that stands for the same decimal number; any other is an error, since no two readers would take it for the same.</summary>
internal static class JsonNumbers
{
    private const int MostDigits = 19;

    public static CelValue Read(ReadOnlySpan<byte> text)
    {
        if (text.IndexOfAny((byte)'.', (byte)'e', (byte)'E') < 0)
        {
            // The zero with a sign is none of the integers.
            if (text.SequenceEqual("-0"u8)) return CelValue.Of(-0.0);
            if (Utf8Parser.TryParse(text, out long whole, out var taken) && taken == text.Length) return CelValue.Of(whole);
        }
        Span<byte> shortest = stackalloc byte[32];
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            && value.TryFormat(shortest, out var length, "R", CultureInfo.InvariantCulture) && Decimals(text, out var mine) && Decimals(shortest[..length], out var carried) && mine == carried
            ? CelValue.Of(value) : CelValue.Of(CelError.Inexact);
    }

    /// <summary>The digits without zeros at either end, and where the point is.</summary>
    private static bool Decimals(ReadOnlySpan<byte> text, out (UInt128 Digits, long Exponent) number)
    {
        number = default;
        UInt128 digits = 0;
        var (count, exponent, zeros, isFraction) = (0, 0L, 0L, false);
        var at = text[0] == '-' ? 1 : 0;
        for (; at < text.Length && (text[at] | 0x20) != 'e'; at++)
        {
            if (text[at] == '.')
            {
                isFraction = true;
                continue;
            }
            if (isFraction) exponent--;
            if (text[at] == '0')
            {
                zeros++;
                continue;
            }
            // Zeros count as digits once another one follows.
            for (; digits != 0 && zeros > 0; zeros--, count++)
                if (count > MostDigits) return false;
                else digits *= 10;
            zeros = 0;
            digits = digits * 10 + (uint)(text[at] - '0');
            if (++count > MostDigits) return false;
        }
        if (digits == 0)
        {
            number = (0, 0);
            return true;
        }
        if (at < text.Length)
        {
            var written = text[(at + 1)..];
            if (written[0] == '+') written = written[1..];
            if (!Utf8Parser.TryParse(written, out int power, out var taken) || taken != written.Length) return false;
            exponent += power;
        }
        number = (digits, exponent + zeros);
        return true;
    }
}
