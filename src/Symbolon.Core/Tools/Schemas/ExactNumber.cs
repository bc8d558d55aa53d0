using System.Globalization;

namespace Symbolon.Core.Tools.Schemas;

/// <summary>
/// A decimal number as it is written, compared exactly: 2^53 and 2^53+1 differ, 1, 1.0 and 10e-1 do not. Only numbers that an int64 or the shortest text of
/// a double carries have one: another reader would take any other for a number that nobody decided on. DESIGN.md section 4, Bytes.
/// </summary>
internal readonly record struct ExactNumber : IComparable<ExactNumber>
{
    private const int MostDigits = 19;

    /// <summary>Beyond the exponents of a double, whatever the digits.</summary>
    private const int FarExponent = 1_000;

    private readonly bool isNegative;

    /// <summary>Without zeros at its end; zero has the exponent 0 and no sign, so that equal numbers are equal values.</summary>
    private readonly ulong digits;
    private readonly int exponent;

    private ExactNumber(bool isNegative, ulong digits, int exponent)
    {
        if (digits == 0) (isNegative, exponent) = (false, 0);
        for (; digits != 0 && digits % 10 == 0; digits /= 10) exponent++;
        (this.isNegative, this.digits, this.exponent) = (isNegative, digits, exponent);
    }

    public bool IsInteger => exponent >= 0;

    public bool IsPositive => !isNegative && digits != 0;

    /// <param name="text">By the grammar of RFC 8259 §6.</param>
    /// <returns>False for a number that neither an int64 nor a double carries.</returns>
    public static bool TryRead(ReadOnlySpan<byte> text, out ExactNumber number) =>
        TryReadDecimal(text, out number) && (number.IsInt64 || number.IsDouble(text));

    /// <summary>A whole number from 0 on, as lengths and counts are.</summary>
    public bool TryGetCount(out int count)
    {
        count = 0;
        if (isNegative || exponent is < 0 or > 9 || digits * (UInt128)PowerOfTen(exponent) > int.MaxValue) return false;
        count = (int)(digits * (ulong)PowerOfTen(exponent));
        return true;
    }

    /// <param name="divisor">Positive.</param>
    public bool IsMultipleOf(ExactNumber divisor)
    {
        if (digits == 0) return true;
        var shift = exponent - divisor.exponent;
        // Such a multiple would end in zeros, and these digits do not.
        if (shift < 0) return false;
        UInt128 rest = digits % divisor.digits;
        for (; shift > 0 && rest != 0; shift--) rest = rest * 10 % divisor.digits;
        return rest == 0;
    }

    public int CompareTo(ExactNumber other)
    {
        if (isNegative != other.isNegative) return isNegative ? -1 : 1;
        var size = CompareSize(other);
        return isNegative ? -size : size;
    }

    private bool IsInt64 => exponent is >= 0 and < MostDigits && digits * PowerOfTen(exponent) <= (UInt128)long.MaxValue + (isNegative ? 1u : 0u);

    private bool IsDouble(ReadOnlySpan<byte> text)
    {
        Span<byte> shortest = stackalloc byte[32];
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            && value.TryFormat(shortest, out var length, "R", CultureInfo.InvariantCulture)
            && TryReadDecimal(shortest[..length], out var carried) && carried == this;
    }

    private static bool TryReadDecimal(ReadOnlySpan<byte> text, out ExactNumber number)
    {
        number = default;
        var isNegative = text[0] == '-';
        var (digits, exponent, zeros, at) = (0ul, 0L, 0, isNegative ? 1 : 0);
        var isFraction = false;
        for (; at < text.Length && (text[at] | 0x20) != 'e'; at++)
        {
            if (text[at] == '.')
            {
                isFraction = true;
                continue;
            }
            if (isFraction) exponent--;
            // Zeros are held back until a digit follows them, so that those at the end count for the exponent alone.
            zeros++;
            if (text[at] == '0') continue;
            for (; zeros > 1 && digits != 0; zeros--)
                if (!TryAppend(ref digits, 0)) return false;
            zeros = 0;
            if (!TryAppend(ref digits, (uint)(text[at] - '0'))) return false;
        }
        if (digits == 0)
        {
            number = new ExactNumber(false, 0, 0);
            return true;
        }
        var written = 0L;
        if (at < text.Length && !TryReadExponent(text[(at + 1)..], out written)) return false;
        exponent += written + zeros;
        if (exponent is < -FarExponent or > FarExponent) return false;
        number = new ExactNumber(isNegative, digits, (int)exponent);
        return true;
    }

    private static bool TryAppend(ref ulong digits, uint digit)
    {
        var more = (UInt128)digits * 10 + digit;
        if (more > 9_999_999_999_999_999_999) return false;
        digits = (ulong)more;
        return true;
    }

    private static bool TryReadExponent(ReadOnlySpan<byte> text, out long exponent)
    {
        var isNegative = text[0] == '-';
        exponent = 0;
        foreach (var digit in text[(text[0] is (byte)'-' or (byte)'+' ? 1 : 0)..])
            if ((exponent = exponent * 10 + digit - '0') > int.MaxValue) return false;
        if (isNegative) exponent = -exponent;
        return true;
    }

    private int CompareSize(ExactNumber other)
    {
        if (digits == 0 || other.digits == 0) return digits.CompareTo(other.digits);
        var (mine, theirs) = (exponent + Length(digits), other.exponent + Length(other.digits));
        if (mine != theirs) return mine.CompareTo(theirs);
        // As long as each other, so that the exponents are no further apart than there are digits.
        return exponent >= other.exponent
            ? (digits * PowerOfTen(exponent - other.exponent)).CompareTo(other.digits)
            : ((UInt128)digits).CompareTo(other.digits * PowerOfTen(other.exponent - exponent));
    }

    private static int Length(ulong digits)
    {
        var length = 1;
        for (; digits >= 10; digits /= 10) length++;
        return length;
    }

    private static UInt128 PowerOfTen(int power)
    {
        UInt128 result = 1;
        for (; power > 0; power--) result *= 10;
        return result;
    }
}
