using Symbolon.Cel.Values;

namespace Symbolon.Cel.Functions;

/// <summary>The bits of integers. doc/extensions, Math.</summary>
internal static class BitFunctions
{
    private static readonly CelValue NoOverload = CelValue.Of(CelError.NoOverload);

    public static IEnumerable<CelFunction> All =>
    [
        Of("math.bitAnd", (a, b) => a & b),
        Of("math.bitOr", (a, b) => a | b),
        Of("math.bitXor", (a, b) => a ^ b),
        new CelFunction("math.bitNot").Add((in CelValue a, CelMeter meter) => a.Kind is CelKind.Int or CelKind.Uint ? Like(a, ~a.AsUint) : NoOverload, "(int) int", "(uint) uint"),
        Shift("math.bitShiftLeft", (bits, by) => bits << by),
        Shift("math.bitShiftRight", (bits, by) => bits >> by),
    ];

    private static CelFunction Of(string name, Func<ulong, ulong, ulong> of) => new CelFunction(name).Add((in CelValue a, in CelValue b, CelMeter meter) =>
        a.Kind is CelKind.Int or CelKind.Uint && a.Kind == b.Kind ? Like(a, of(a.AsUint, b.AsUint)) : NoOverload, "(int, int) int", "(uint, uint) uint");

    /// <summary>No sign is shifted in, and what is shifted out is gone.</summary>
    private static CelFunction Shift(string name, Func<ulong, int, ulong> of) => new CelFunction(name).Add((in CelValue a, in CelValue by, CelMeter meter) =>
        a.Kind is not (CelKind.Int or CelKind.Uint) || by.Kind != CelKind.Int ? NoOverload
        : by.AsInt < 0 ? CelValue.Error($"{name}() negative offset: {by.AsInt}")
        : Like(a, by.AsInt > 63 ? 0 : of(a.AsUint, (int)by.AsInt)), "(int, int) int", "(uint, int) uint");

    private static CelValue Like(in CelValue kind, ulong bits) => kind.Kind == CelKind.Int ? CelValue.Of((long)bits) : CelValue.Of(bits);
}
