using Symbolon.Cel.Values;

namespace Symbolon.Cel.Functions;

/// <summary>The extension math, but for bits. doc/extensions, Math.</summary>
internal static class MathFunctions
{
    private static readonly CelValue NoOverload = CelValue.Of(CelError.NoOverload);

    public static IEnumerable<CelFunction> All =>
    [
        Extreme("math.greatest", sign: 1),
        Extreme("math.least", sign: -1),
        Of("math.ceil", Math.Ceiling),
        Of("math.floor", Math.Floor),
        Of("math.round", value => Math.Round(value, MidpointRounding.AwayFromZero)),
        Of("math.trunc", Math.Truncate),
        Of("math.sqrt", Math.Sqrt).Add((in CelValue a, CelMeter meter) => CelNumbers.IsNumber(a) ? CelValue.Of(Math.Sqrt(CelNumbers.ToDouble(a))) : NoOverload, "(int) double", "(uint) double"),
        Test("math.isNaN", double.IsNaN),
        Test("math.isInf", double.IsInfinity),
        Test("math.isFinite", double.IsFinite),
        new CelFunction("math.abs").Add((in CelValue a, CelMeter meter) => a.Kind switch
        {
            CelKind.Int => a.AsInt == long.MinValue ? CelValue.Of(CelError.IntOverflow) : CelValue.Of(Math.Abs(a.AsInt)),
            CelKind.Uint => a,
            CelKind.Double => CelValue.Of(Math.Abs(a.AsDouble)),
            _ => NoOverload,
        }, "(int) int", "(uint) uint", "(double) double"),
        new CelFunction("math.sign").Add((in CelValue a, CelMeter meter) => a.Kind switch
        {
            CelKind.Int => CelValue.Of((long)Math.Sign(a.AsInt)),
            CelKind.Uint => CelValue.Of(a.AsUint == 0 ? 0ul : 1ul),
            CelKind.Double => CelValue.Of(double.IsNaN(a.AsDouble) ? double.NaN : Math.Sign(a.AsDouble)),
            _ => NoOverload,
        }, "(int) int", "(uint) uint", "(double) double"),
    ];

    private static CelFunction Of(string name, Func<double, double> of) =>
        new CelFunction(name).Add((in CelValue a, CelMeter meter) => a.Kind == CelKind.Double ? CelValue.Of(of(a.AsDouble)) : NoOverload, "(double) double");

    private static CelFunction Test(string name, Func<double, bool> test) =>
        new CelFunction(name).Add((in CelValue a, CelMeter meter) => a.Kind == CelKind.Double ? CelValue.Of(test(a.AsDouble)) : NoOverload, "(double) bool");

    /// <summary>Of numbers given one by one, or of a list; the first of equal ones.</summary>
    private static CelFunction Extreme(string name, int sign) => new CelFunction(name)
        .Add((in CelValue a, CelMeter meter) => a.Kind == CelKind.List ? Among(Items.Of(a), sign) : CelNumbers.IsNumber(a) ? a : NoOverload, OneOf())
        .Add((in CelValue a, in CelValue b, CelMeter meter) => Among([a, b], sign), TwoOf())
        .Add((in CelValue a, in CelValue b, in CelValue c, CelMeter meter) => Among([a, b, c], sign), "(dyn, dyn, dyn) dyn")
        .Add((operands, meter) => Among(operands, sign), [.. Enumerable.Range(4, 29).Select(count => $"({string.Join(", ", Enumerable.Repeat("dyn", count))}) dyn")]);

    private static string[] OneOf() => ["(int) int", "(uint) uint", "(double) double", "(list<int>) int", "(list<uint>) uint", "(list<double>) double", "(list<dyn>) dyn"];

    private static string[] TwoOf() =>
        ["(int, int) int", "(uint, uint) uint", "(double, double) double", "(int, uint) dyn", "(int, double) dyn", "(uint, int) dyn", "(uint, double) dyn", "(double, int) dyn", "(double, uint) dyn"];

    private static CelValue Among(ReadOnlySpan<CelValue> numbers, int sign)
    {
        if (numbers.IsEmpty) return CelValue.Error("math.greatest() and math.least() need at least one number: the list is empty");
        var best = numbers[0];
        foreach (var number in numbers)
        {
            if (number.IsFault) return number;
            if (!CelNumbers.IsNumber(number)) return NoOverload;
            if (CelNumbers.Compare(number, best) == sign) best = number;
        }
        return best;
    }
}
