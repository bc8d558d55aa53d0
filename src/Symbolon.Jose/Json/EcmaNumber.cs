using System.Buffers.Text;
using System.Globalization;

namespace Symbolon.Jose.Json;

/// <summary>A double as ECMAScript's Number::toString writes it (ECMA-262 §6.1.6.1.20), which RFC 8785 §3.2.2.3 prescribes.</summary>
internal static class EcmaNumber
{
    /// <summary>Bytes of the longest form, for example <c>-1.2345678901234567e-300</c>, with a margin.</summary>
    public const int Longest = 32;

    private const int MostDigits = 17;

    /// <param name="value">A finite number. Both zeros are <c>0</c>.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(double value, Span<byte> destination)
    {
        if (value == 0)
        {
            destination[0] = (byte)'0';
            return 1;
        }
        Span<byte> digits = stackalloc byte[MostDigits];
        var count = Shortest(Math.Abs(value), digits, out var point);
        var sign = value < 0 ? 1 : 0;
        if (sign == 1) destination[0] = (byte)'-';
        return sign + Layout(digits[..count], point, destination[sign..]);
    }

    /// <summary>The fewest digits that read back as the value, and where the decimal point stands: 0 is before the first digit.</summary>
    private static int Shortest(double value, Span<byte> digits, out int point)
    {
        // The framework finds the same digits, but turns to exponents elsewhere and writes them in another way.
        Span<byte> scientific = stackalloc byte[Longest];
        value.TryFormat(scientific, out var length, "R", CultureInfo.InvariantCulture);
        var text = scientific[..length];
        var exponentAt = text.IndexOf((byte)'E');
        var exponent = 0;
        if (exponentAt >= 0)
        {
            var signed = text[(exponentAt + 1)..];
            if (!Utf8Parser.TryParse(signed[0] == '+' ? signed[1..] : signed, out exponent, out _)) throw new FormatException();
            text = text[..exponentAt];
        }
        var dot = text.IndexOf((byte)'.');
        point = exponent + (dot < 0 ? text.Length : dot);
        var count = 0;
        foreach (var digit in text)
        {
            if (digit == '.') continue;
            if (count == 0 && digit == '0') point--;
            else digits[count++] = digit;
        }
        while (digits[count - 1] == '0') count--;
        return count;
    }

    private static int Layout(ReadOnlySpan<byte> digits, int point, Span<byte> destination)
    {
        if (point is > 21 or <= -6) return LayoutExponent(digits, point - 1, destination);
        if (point <= 0)
        {
            "0."u8.CopyTo(destination);
            destination.Slice(2, -point).Fill((byte)'0');
            digits.CopyTo(destination[(2 - point)..]);
            return 2 - point + digits.Length;
        }
        if (digits.Length <= point)
        {
            digits.CopyTo(destination);
            destination[digits.Length..point].Fill((byte)'0');
            return point;
        }
        return WithPoint(digits, point, destination);
    }

    private static int LayoutExponent(ReadOnlySpan<byte> digits, int exponent, Span<byte> destination)
    {
        var length = digits.Length == 1 ? 1 : WithPoint(digits, 1, destination);
        destination[0] = digits[0];
        destination[length++] = (byte)'e';
        destination[length++] = exponent < 0 ? (byte)'-' : (byte)'+';
        Utf8Formatter.TryFormat(Math.Abs(exponent), destination[length..], out var written);
        return length + written;
    }

    private static int WithPoint(ReadOnlySpan<byte> digits, int point, Span<byte> destination)
    {
        digits[..point].CopyTo(destination);
        destination[point] = (byte)'.';
        digits[point..].CopyTo(destination[(point + 1)..]);
        return digits.Length + 1;
    }
}
