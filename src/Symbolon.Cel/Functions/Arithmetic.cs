using Symbolon.Cel.Syntax;
using Symbolon.Cel.Values;

namespace Symbolon.Cel.Functions;

/// <summary><c>+ - * / %</c> and the sign. Integers do not wrap around. langdef.md, Standard Definitions.</summary>
internal static class Arithmetic
{
    private static readonly CelValue NoOverload = CelValue.Of(CelError.NoOverload);
    private static readonly CelValue Overflow = CelValue.Of(CelError.IntOverflow);

    public static IEnumerable<CelFunction> All =>
    [
        new CelFunction("_+_").Add(Add, "(int, int) int", "(uint, uint) uint", "(double, double) double", "(string, string) string", "(bytes, bytes) bytes", "(list<A>, list<A>) list<A>",
            "(timestamp, duration) timestamp", "(duration, timestamp) timestamp", "(duration, duration) duration"),
        new CelFunction("_-_").Add(Subtract, "(int, int) int", "(uint, uint) uint", "(double, double) double", "(timestamp, timestamp) duration", "(timestamp, duration) timestamp", "(duration, duration) duration"),
        new CelFunction("_*_").Add(Multiply, "(int, int) int", "(uint, uint) uint", "(double, double) double"),
        new CelFunction("_/_").Add(Divide, "(int, int) int", "(uint, uint) uint", "(double, double) double"),
        new CelFunction("_%_").Add(Modulo, "(int, int) int", "(uint, uint) uint"),
        new CelFunction(Operators.Negate).Add(Negate, "(int) int", "(double) double"),
    ];

    public static CelValue Add(in CelValue a, in CelValue b, CelMeter meter)
    {
        switch (a.Kind, b.Kind)
        {
            case (CelKind.Int, CelKind.Int): return Int((Int128)a.AsInt + b.AsInt);
            case (CelKind.Uint, CelKind.Uint): return Uint((Int128)a.AsUint + b.AsUint);
            case (CelKind.Double, CelKind.Double): return CelValue.Of(a.AsDouble + b.AsDouble);
            case (CelKind.String, CelKind.String):
                return meter.ChargeBytes(2L * (CelText.Size(a) + CelText.Size(b))) ? CelValue.Of(a.AsText() + b.AsText()) : CelValue.Of(CelError.Cost);
            case (CelKind.Bytes, CelKind.Bytes):
                return meter.ChargeBytes(a.AsBytes().LongLength + b.AsBytes().Length) ? CelValue.Of((byte[])[.. a.AsBytes(), .. b.AsBytes()]) : CelValue.Of(CelError.Cost);
            case (CelKind.List, CelKind.List): return Items.Join(a, b, meter);
            case (CelKind.Timestamp, CelKind.Duration): return CelTimes.Timestamp(CelTimes.Nanoseconds(a) + b.Nanoseconds);
            case (CelKind.Duration, CelKind.Timestamp): return CelTimes.Timestamp(CelTimes.Nanoseconds(b) + a.Nanoseconds);
            case (CelKind.Duration, CelKind.Duration): return CelTimes.Duration((Int128)a.Nanoseconds + b.Nanoseconds);
            default: return NoOverload;
        }
    }

    private static CelValue Subtract(in CelValue a, in CelValue b, CelMeter meter) => (a.Kind, b.Kind) switch
    {
        (CelKind.Int, CelKind.Int) => Int((Int128)a.AsInt - b.AsInt),
        (CelKind.Uint, CelKind.Uint) => Uint((Int128)a.AsUint - b.AsUint),
        (CelKind.Double, CelKind.Double) => CelValue.Of(a.AsDouble - b.AsDouble),
        (CelKind.Timestamp, CelKind.Timestamp) => CelTimes.Duration(CelTimes.Nanoseconds(a) - CelTimes.Nanoseconds(b)),
        (CelKind.Timestamp, CelKind.Duration) => CelTimes.Timestamp(CelTimes.Nanoseconds(a) - b.Nanoseconds),
        (CelKind.Duration, CelKind.Duration) => CelTimes.Duration((Int128)a.Nanoseconds - b.Nanoseconds),
        _ => NoOverload,
    };

    private static CelValue Multiply(in CelValue a, in CelValue b, CelMeter meter) => (a.Kind, b.Kind) switch
    {
        (CelKind.Int, CelKind.Int) => Int((Int128)a.AsInt * b.AsInt),
        (CelKind.Uint, CelKind.Uint) => (UInt128)a.AsUint * b.AsUint is var product && product <= ulong.MaxValue ? CelValue.Of((ulong)product) : Overflow,
        (CelKind.Double, CelKind.Double) => CelValue.Of(a.AsDouble * b.AsDouble),
        _ => NoOverload,
    };

    private static CelValue Divide(in CelValue a, in CelValue b, CelMeter meter) => (a.Kind, b.Kind) switch
    {
        (CelKind.Int, CelKind.Int) => b.AsInt == 0 ? CelValue.Of(CelError.DivideByZero) : Int((Int128)a.AsInt / b.AsInt),
        (CelKind.Uint, CelKind.Uint) => b.AsUint == 0 ? CelValue.Of(CelError.DivideByZero) : CelValue.Of(a.AsUint / b.AsUint),
        (CelKind.Double, CelKind.Double) => CelValue.Of(a.AsDouble / b.AsDouble),
        _ => NoOverload,
    };

    private static CelValue Modulo(in CelValue a, in CelValue b, CelMeter meter) => (a.Kind, b.Kind) switch
    {
        // The smallest integer by -1 does not fit as a quotient; go's rule, which the others follow.
        (CelKind.Int, CelKind.Int) => b.AsInt == 0 ? CelValue.Of(CelError.ModulusByZero) : b.AsInt == -1 ? (a.AsInt == long.MinValue ? Overflow : CelValue.Of(0L)) : CelValue.Of(a.AsInt % b.AsInt),
        (CelKind.Uint, CelKind.Uint) => b.AsUint == 0 ? CelValue.Of(CelError.ModulusByZero) : CelValue.Of(a.AsUint % b.AsUint),
        _ => NoOverload,
    };

    private static CelValue Negate(in CelValue a, CelMeter meter) => a.Kind switch
    {
        CelKind.Int => Int(-(Int128)a.AsInt),
        CelKind.Double => CelValue.Of(-a.AsDouble),
        _ => NoOverload,
    };

    private static CelValue Int(Int128 value) => value < long.MinValue || value > long.MaxValue ? Overflow : CelValue.Of((long)value);

    private static CelValue Uint(Int128 value) => value < 0 || value > ulong.MaxValue ? Overflow : CelValue.Of((ulong)value);
}
