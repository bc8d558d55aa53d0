using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Text;
using Symbolon.Cel.Values;

namespace Symbolon.Cel.Functions;

/// <summary><c>"%d of %s".format([…])</c>. doc/extensions, Strings, Format.</summary>
internal static class TextFormat
{
    private const int MostDigits = 1000;
    private const int UsualDigits = 6;

    public static CelValue Format(in CelValue text, in CelValue arguments, CelMeter meter)
    {
        if (text.Kind != CelKind.String || arguments.Kind != CelKind.List) return CelValue.Of(CelError.NoOverload);
        var (format, result, next) = (text.AsText(), new StringBuilder(), 0);
        if (!meter.ChargeBytes(format.Length)) return CelValue.Of(CelError.Cost);
        for (var at = 0; at < format.Length; at++)
        {
            if (format[at] != '%')
            {
                result.Append(format[at]);
                continue;
            }
            if (++at == format.Length) return Unreadable("unexpected end of string");
            if (format[at] == '%')
            {
                result.Append('%');
                continue;
            }
            var digits = -1;
            if (format[at] == '.')
            {
                var start = ++at;
                while (at < format.Length && char.IsAsciiDigit(format[at])) at++;
                if (at == format.Length || at == start || !int.TryParse(format.AsSpan(start, at - start), NumberStyles.None, CultureInfo.InvariantCulture, out digits) || digits > MostDigits)
                    return Unreadable("the precision is no number up to 1000");
            }
            if (!"sdfebxXo".Contains(format[at], StringComparison.Ordinal)) return Unreadable($"unrecognized formatting clause \"{format[at]}\"");
            if (next >= Items.Count(arguments)) return CelValue.Error($"error during formatting: index {next} out of range");
            var argument = Items.At(arguments, next++);
            if (argument.IsFault) return argument;
            var (one, fault) = One(format[at], digits, argument, meter);
            if (fault is not null) return CelValue.Error($"error during formatting: {fault}, was given {TypeNames.Of(argument)}");
            if (one is null || !meter.ChargeBytes(one.Length)) return CelValue.Of(CelError.Cost);
            result.Append(one);
        }
        return CelValue.Of(result.ToString());
    }

    private static CelValue Unreadable(string why) => CelValue.Error($"could not parse formatting clause: {why}");

    /// <returns>The text, or what such a clause can be used on; neither where it costs too much.</returns>
    private static (string? Text, string? Fault) One(char clause, int digits, in CelValue value, CelMeter meter) => clause switch
    {
        's' => (new TextOfValue(meter).Of(value), null),
        'd' => value.Kind is CelKind.Int or CelKind.Uint ? (TextForm.Of(value), null)
            : value.Kind == CelKind.Double && !double.IsFinite(value.AsDouble) ? (Endless(value.AsDouble), null) : (null, "decimal clause can only be used on integers"),
        'f' => value.Kind == CelKind.String && Endless(value.AsText()) is { } same ? (same, null)
            : CelNumbers.IsNumber(value) ? (Fixed(value, digits < 0 ? UsualDigits : digits), null) : (null, "fixed-point clause can only be used on doubles"),
        'e' => value.Kind == CelKind.String && Endless(value.AsText()) is { } same2 ? (same2, null)
            : CelNumbers.IsNumber(value) ? (Scientific(value, digits < 0 ? UsualDigits : digits), null) : (null, "scientific clause can only be used on doubles"),
        'b' => Radix(value, 2) is { } binary ? (binary, null) : value.Kind == CelKind.Bool ? (value.AsBool ? "1" : "0", null) : (null, "only integers and bools can be formatted as binary"),
        'o' => Radix(value, 8) is { } octal ? (octal, null) : (null, "octal clause can only be used on integers"),
        'x' => Hex(value)?.ToLowerInvariant() is { } lower ? (lower, null) : (null, "only integers, byte buffers, and strings can be formatted as hex"),
        _ => Hex(value)?.ToUpperInvariant() is { } upper ? (upper, null) : (null, "only integers, byte buffers, and strings can be formatted as hex"),
    };

    internal static string Endless(double value) => double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";

    private static string? Endless(string text) => text is "NaN" or "Infinity" or "-Infinity" ? text : null;

    private static string? Hex(in CelValue value) => value.Kind switch
    {
        CelKind.String => Convert.ToHexString(Encoding.UTF8.GetBytes(value.AsText())),
        CelKind.Bytes => Convert.ToHexString(value.AsBytes()),
        _ => Radix(value, 16),
    };

    private static string? Radix(in CelValue value, uint radix)
    {
        if (value.Kind is not (CelKind.Int or CelKind.Uint)) return null;
        var isNegative = value.Kind == CelKind.Int && value.AsInt < 0;
        var rest = isNegative ? 0 - value.AsUint : value.AsUint;
        var text = new StringBuilder();
        do
        {
            text.Insert(0, "0123456789abcdef"[(int)(rest % radix)]);
            rest /= radix;
        }
        while (rest != 0);
        return isNegative ? "-" + text : text.ToString();
    }

    private static string Fixed(in CelValue value, int digits)
    {
        var number = CelNumbers.ToDouble(value);
        if (!double.IsFinite(number)) return Endless(number);
        var (scaled, isNegative) = Scaled(number, digits);
        var text = scaled.ToString(CultureInfo.InvariantCulture).PadLeft(digits + 1, '0');
        return (isNegative ? "-" : "") + (digits == 0 ? text : $"{text[..^digits]}.{text[^digits..]}");
    }

    private static string Scientific(in CelValue value, int digits)
    {
        var number = CelNumbers.ToDouble(value);
        if (!double.IsFinite(number)) return Endless(number);
        var (mantissa, exponent) = number == 0 ? (new string('0', digits + 1), 0) : Normal(number, digits);
        return string.Create(CultureInfo.InvariantCulture,
            $"{(double.IsNegative(number) ? "-" : "")}{mantissa[0]}{(digits == 0 ? "" : ".")}{mantissa[1..]}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
    }

    /// <summary>The digits of a number that is not zero, and the power of ten of the first.</summary>
    private static (string Mantissa, int Exponent) Normal(double number, int digits)
    {
        // The logarithm may be one off next to a power of ten, and rounding may carry.
        var estimate = (int)Math.Floor(Math.Log10(Math.Abs(number)));
        for (var exponent = estimate - 1; exponent <= estimate + 2; exponent++)
        {
            var mantissa = Scaled(number, digits - exponent).Value.ToString(CultureInfo.InvariantCulture);
            if (mantissa.Length == digits + 1) return (mantissa, exponent);
        }
        throw new UnreachableException();
    }

    /// <summary>The number by a power of ten, exactly, rounded to the nearest whole number, and of two to the even one.</summary>
    private static (BigInteger Value, bool IsNegative) Scaled(double number, int power)
    {
        var bits = BitConverter.DoubleToInt64Bits(number);
        var exponent = (int)((bits >> 52) & 0x7FF);
        BigInteger over = exponent == 0 ? bits & 0xFFFFFFFFFFFFF : (bits & 0xFFFFFFFFFFFFF) | 1L << 52;
        var shift = Math.Max(exponent, 1) - 1075;
        BigInteger under = 1;
        if (shift >= 0) over <<= shift;
        else under <<= -shift;
        if (power >= 0) over *= BigInteger.Pow(10, power);
        else under *= BigInteger.Pow(10, -power);
        var whole = BigInteger.DivRem(over, under, out var rest);
        var half = (rest * 2).CompareTo(under);
        if (half > 0 || (half == 0 && !whole.IsEven)) whole++;
        return (whole, double.IsNegative(number));
    }
}
