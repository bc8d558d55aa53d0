namespace Symbolon.Cel.Values;

/// <summary>Numbers of the three kinds on one line. langdef.md, Numbers.</summary>
internal static class CelNumbers
{
    /// <summary>Where a comparison has no answer: NaN.</summary>
    public const int Unordered = 2;

    private const double TwoTo63 = 9223372036854775808.0;
    private const double TwoTo64 = 18446744073709551616.0;

    public static bool IsNumber(in CelValue value) => value.Kind is CelKind.Int or CelKind.Uint or CelKind.Double;

    public static double ToDouble(in CelValue value) => value.Kind switch
    {
        CelKind.Int => value.AsInt,
        CelKind.Uint => value.AsUint,
        _ => value.AsDouble,
    };

    /// <returns>-1, 0, 1, or <see cref="Unordered"/>.</returns>
    public static int Compare(in CelValue a, in CelValue b) => (a.Kind, b.Kind) switch
    {
        (CelKind.Int, CelKind.Int) => a.AsInt.CompareTo(b.AsInt),
        (CelKind.Uint, CelKind.Uint) => a.AsUint.CompareTo(b.AsUint),
        (CelKind.Double, CelKind.Double) => Compare(a.AsDouble, b.AsDouble),
        (CelKind.Int, CelKind.Uint) => a.AsInt < 0 ? -1 : ((ulong)a.AsInt).CompareTo(b.AsUint),
        (CelKind.Uint, CelKind.Int) => b.AsInt < 0 ? 1 : a.AsUint.CompareTo((ulong)b.AsInt),
        (CelKind.Int, _) => Turned(Compare(b.AsDouble, a.AsInt)),
        (_, CelKind.Int) => Compare(a.AsDouble, b.AsInt),
        (CelKind.Uint, _) => Turned(Compare(b.AsDouble, a.AsUint)),
        _ => Compare(a.AsDouble, b.AsUint),
    };

    private static int Turned(int order) => order == Unordered ? Unordered : -order;

    private static int Compare(double a, double b) => a < b ? -1 : a > b ? 1 : a == b ? 0 : Unordered;

    private static int Compare(double a, long b)
    {
        if (double.IsNaN(a)) return Unordered;
        // The last ones round up to it, and are taken for it as other implementations do.
        if (a >= TwoTo63) return a == TwoTo63 && (double)b == TwoTo63 ? 0 : 1;
        if (a < -TwoTo63) return -1;
        var whole = (long)a;
        return whole != b ? whole.CompareTo(b) : Compare(a - Math.Truncate(a), 0.0);
    }

    private static int Compare(double a, ulong b)
    {
        if (double.IsNaN(a)) return Unordered;
        if (a >= TwoTo64) return a == TwoTo64 && (double)b == TwoTo64 ? 0 : 1;
        if (a < 0) return -1;
        var whole = (ulong)a;
        return whole != b ? whole.CompareTo(b) : Compare(a - Math.Truncate(a), 0.0);
    }
}
