using Symbolon.Cel.Syntax;
using Symbolon.Cel.Values;

namespace Symbolon.Cel.Functions;

/// <summary><c>== != &lt; &lt;= &gt; &gt;=</c>. Numbers of all kinds lie on one line. langdef.md, Equality and Ordering.</summary>
internal static class Comparison
{
    private static readonly string[] Ordered =
    [
        "(bool, bool) bool", "(int, int) bool", "(uint, uint) bool", "(double, double) bool", "(string, string) bool", "(bytes, bytes) bool", "(timestamp, timestamp) bool", "(duration, duration) bool",
        "(int, uint) bool", "(int, double) bool", "(uint, int) bool", "(uint, double) bool", "(double, int) bool", "(double, uint) bool",
    ];

    /// <summary>What people compare without a thought: a JSON number and a literal.</summary>
    private static readonly string[] Equal =
    [
        "(A, A) bool", "(int, uint) bool", "(int, double) bool", "(uint, int) bool", "(uint, double) bool", "(double, int) bool", "(double, uint) bool",
    ];

    public static IEnumerable<CelFunction> All =>
    [
        new CelFunction(Operators.Equal).Add(Sameness.Of, Equal),
        new CelFunction(Operators.NotEqual).Add(Differ, Equal),
        new CelFunction(Operators.Less).Add((in CelValue a, in CelValue b, CelMeter meter) => Order(a, b, meter, less: true, equal: false), Ordered),
        new CelFunction(Operators.LessOrEqual).Add((in CelValue a, in CelValue b, CelMeter meter) => Order(a, b, meter, less: true, equal: true), Ordered),
        new CelFunction(Operators.Greater).Add((in CelValue a, in CelValue b, CelMeter meter) => Order(a, b, meter, less: false, equal: false), Ordered),
        new CelFunction(Operators.GreaterOrEqual).Add((in CelValue a, in CelValue b, CelMeter meter) => Order(a, b, meter, less: false, equal: true), Ordered),
    ];

    public static CelValue Differ(in CelValue a, in CelValue b, CelMeter meter)
    {
        var same = Sameness.Of(a, b, meter);
        return same.IsFault ? same : CelValue.Of(!same.AsBool);
    }

    /// <param name="less">Asks for less, else for greater.</param>
    public static CelValue Order(in CelValue a, in CelValue b, CelMeter meter, bool less, bool equal)
    {
        int order;
        if (CelNumbers.IsNumber(a) && CelNumbers.IsNumber(b))
        {
            order = CelNumbers.Compare(a, b);
            if (order == CelNumbers.Unordered) return CelValue.False;
        }
        else if (a.Kind != b.Kind)
        {
            return CelValue.Of(CelError.NoOverload);
        }
        else
        {
            switch (a.Kind)
            {
                case CelKind.Bool: order = a.AsBool.CompareTo(b.AsBool); break;
                case CelKind.String:
                    if (!meter.ChargeBytes(CelText.Size(a))) return CelValue.Of(CelError.Cost);
                    order = CelText.Compare(a, b);
                    break;
                case CelKind.Bytes:
                    if (!meter.ChargeBytes(a.AsBytes().Length)) return CelValue.Of(CelError.Cost);
                    order = a.AsBytes().AsSpan().SequenceCompareTo(b.AsBytes());
                    break;
                case CelKind.Timestamp: order = a.Seconds != b.Seconds ? a.Seconds.CompareTo(b.Seconds) : a.Nanoseconds.CompareTo(b.Nanoseconds); break;
                case CelKind.Duration: order = a.Nanoseconds.CompareTo(b.Nanoseconds); break;
                default: return CelValue.Of(CelError.NoOverload);
            }
        }
        return CelValue.Of(order == 0 ? equal : order < 0 == less);
    }
}
