using Symbolon.Cel.Values;

namespace Symbolon.Cel.Functions;

/// <summary>The extension optionals, but for its macros and operators. doc/extensions, Optional Types.</summary>
internal static class Optionals
{
    private static readonly CelValue NoOverload = CelValue.Of(CelError.NoOverload);

    public static IEnumerable<CelFunction> All =>
    [
        new CelFunction("optional.of").Add((in CelValue a, CelMeter meter) => CelValue.OptionalOf(a), "(A) optional<A>"),
        new CelFunction("optional.ofNonZeroValue").Add((in CelValue a, CelMeter meter) => CelValue.OptionalOf(IsZero(a) ? null : a), "(A) optional<A>"),
        new CelFunction("optional.none").Add(() => CelValue.OptionalOf(null), "() optional<A>"),
        new CelFunction("optional.unwrap").Add(Unwrap, "(list<optional<A>>) list<A>"),
        new CelFunction("unwrapOpt").Add(Unwrap, "list<optional<A>>.() list<A>"),
        new CelFunction("hasValue").Add((in CelValue a, CelMeter meter) => a.Kind == CelKind.Optional ? CelValue.Of(a.AsOptional is not null) : NoOverload, "optional<A>.() bool"),
        new CelFunction("value").Add((in CelValue a, CelMeter meter) => a.Kind == CelKind.Optional ? a.AsOptional ?? CelValue.Error("optional.none() dereference") : NoOverload, "optional<A>.() A"),
        new CelFunction("or").Add((in CelValue a, in CelValue b, CelMeter meter) => a.Kind != CelKind.Optional || b.Kind != CelKind.Optional ? NoOverload : a.AsOptional is null ? b : a, "optional<A>.(optional<A>) optional<A>"),
        new CelFunction("orValue").Add((in CelValue a, in CelValue b, CelMeter meter) => a.Kind == CelKind.Optional ? a.AsOptional ?? b : NoOverload, "optional<A>.(A) A"),
    ];

    private static CelValue Unwrap(in CelValue list, CelMeter meter)
    {
        if (list.Kind != CelKind.List) return NoOverload;
        var found = new List<CelValue>();
        foreach (var item in Items.Of(list))
        {
            if (!meter.Charge(1)) return CelValue.Of(CelError.Cost);
            if (item.Kind != CelKind.Optional) return item.IsFault ? item : NoOverload;
            if (item.AsOptional is { } value) found.Add(value);
        }
        return CelValue.ListOf([.. found]);
    }

    private static bool IsZero(in CelValue value) => value.Kind switch
    {
        CelKind.Null => true,
        CelKind.Bool => !value.AsBool,
        CelKind.Int or CelKind.Uint => value.AsInt == 0,
        CelKind.Double => value.AsDouble == 0,
        CelKind.String => CelText.Size(value) == 0,
        CelKind.Bytes => value.AsBytes().Length == 0,
        CelKind.List => Items.Count(value) == 0,
        CelKind.Map => value.AsMap.Count(value.Node) == 0,
        CelKind.Duration => value.Nanoseconds == 0,
        CelKind.Timestamp => value.Seconds == 0 && value.Nanoseconds == 0,
        CelKind.Optional => value.AsOptional is null,
        _ => false,
    };
}
