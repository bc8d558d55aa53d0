using System.Globalization;
using System.Text;
using Symbolon.Cel.Values;

namespace Symbolon.Cel.Functions;

/// <summary>From one type to another, each by the name of what comes out. langdef.md, Standard Definitions.</summary>
internal static class Conversions
{
    private const double TwoTo63 = 9223372036854775808.0;
    private const double TwoTo64 = 18446744073709551616.0;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly CelValue NoOverload = CelValue.Of(CelError.NoOverload);
    private static readonly CelValue Range = CelValue.Of(CelError.Range);

    public static IEnumerable<CelFunction> All =>
    [
        new CelFunction("int").Add(ToInt, "(int) int", "(uint) int", "(double) int", "(string) int", "(timestamp) int", "(duration) int"),
        new CelFunction("uint").Add(ToUint, "(uint) uint", "(int) uint", "(double) uint", "(string) uint"),
        new CelFunction("double").Add(ToDouble, "(double) double", "(int) double", "(uint) double", "(string) double"),
        new CelFunction("bool").Add(ToBool, "(bool) bool", "(string) bool"),
        new CelFunction("string").Add(ToText, "(string) string", "(bool) string", "(int) string", "(uint) string", "(double) string", "(bytes) string", "(timestamp) string", "(duration) string", "(ip) string", "(cidr) string"),
        new CelFunction("bytes").Add(ToBytes, "(bytes) bytes", "(string) bytes"),
        new CelFunction("dyn").Add((in CelValue a, CelMeter meter) => a, "(A) dyn"),
        new CelFunction("type").Add((in CelValue a, CelMeter meter) => CelValue.TypeNamed(TypeNames.Of(a)), "(A) type<A>"),
    ];

    private static CelValue ToInt(in CelValue a, CelMeter meter) => a.Kind switch
    {
        CelKind.Int => a,
        CelKind.Uint => a.AsUint <= long.MaxValue ? CelValue.Of((long)a.AsUint) : Range,
        CelKind.Double => a.AsDouble is > -TwoTo63 and < TwoTo63 ? CelValue.Of((long)a.AsDouble) : Range,
        CelKind.Timestamp => CelValue.Of(a.Seconds),
        CelKind.Duration => CelValue.Of(a.Nanoseconds),
        CelKind.String => long.TryParse(a.AsText(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? CelValue.Of(value) : NotOf(a, "int"),
        _ => NoOverload,
    };

    private static CelValue ToUint(in CelValue a, CelMeter meter) => a.Kind switch
    {
        CelKind.Uint => a,
        CelKind.Int => a.AsInt >= 0 ? CelValue.Of((ulong)a.AsInt) : Range,
        CelKind.Double => a.AsDouble is >= 0 and < TwoTo64 ? CelValue.Of((ulong)a.AsDouble) : Range,
        CelKind.String => ulong.TryParse(a.AsText(), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? CelValue.Of(value) : NotOf(a, "uint"),
        _ => NoOverload,
    };

    private static CelValue ToDouble(in CelValue a, CelMeter meter) => a.Kind switch
    {
        CelKind.Double => a,
        CelKind.Int => CelValue.Of((double)a.AsInt),
        CelKind.Uint => CelValue.Of((double)a.AsUint),
        CelKind.String => a.AsText() switch
        {
            "NaN" => CelValue.Of(double.NaN),
            "Infinity" or "+Infinity" or "Inf" or "+Inf" => CelValue.Of(double.PositiveInfinity),
            "-Infinity" or "-Inf" => CelValue.Of(double.NegativeInfinity),
            var text => double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
                ? CelValue.Of(value) : NotOf(a, "double"),
        },
        _ => NoOverload,
    };

    private static CelValue ToBool(in CelValue a, CelMeter meter) => a.Kind switch
    {
        CelKind.Bool => a,
        CelKind.String => a.AsText() switch
        {
            "1" or "t" or "T" or "true" or "TRUE" or "True" => CelValue.True,
            "0" or "f" or "F" or "false" or "FALSE" or "False" => CelValue.False,
            _ => NotOf(a, "bool"),
        },
        _ => NoOverload,
    };

    private static CelValue ToText(in CelValue a, CelMeter meter)
    {
        switch (a.Kind)
        {
            case CelKind.String: return a;
            case CelKind.Bool or CelKind.Int or CelKind.Uint or CelKind.Double or CelKind.Timestamp or CelKind.Duration or CelKind.Ip or CelKind.Cidr: return CelValue.Of(TextForm.Of(a));
            case CelKind.Bytes:
                if (!meter.ChargeBytes(a.AsBytes().Length)) return CelValue.Of(CelError.Cost);
                try
                {
                    return CelValue.Of(Strict.GetString(a.AsBytes()));
                }
                catch (DecoderFallbackException)
                {
                    return CelValue.Error("invalid UTF-8 in bytes, cannot convert to string");
                }
            default: return NoOverload;
        }
    }

    private static CelValue ToBytes(in CelValue a, CelMeter meter) => a.Kind switch
    {
        CelKind.Bytes => a,
        CelKind.String => meter.ChargeBytes(CelText.Size(a)) ? CelValue.Of(a.IsUtf8 ? a.AsUtf8.ToArray() : Encoding.UTF8.GetBytes(a.AsText())) : CelValue.Of(CelError.Cost),
        _ => NoOverload,
    };

    /// <summary>What could not be read is not repeated: it may be long, or none of the reader's business.</summary>
    private static CelValue NotOf(in CelValue text, string type) => CelValue.Error($"Type conversion error: a string of {CelText.Size(text)} characters is no {type}");
}
