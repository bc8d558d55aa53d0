using Symbolon.Cel.Values;

namespace Symbolon.Cel.Functions;

/// <summary>The extension sets: lists without regard to order and repetition. doc/extensions, Sets.</summary>
internal static class Sets
{
    public static IEnumerable<CelFunction> All =>
    [
        new CelFunction("sets.contains").Add((in CelValue all, in CelValue some, CelMeter meter) => HasAll(all, some, meter), "(list<A>, list<A>) bool"),
        new CelFunction("sets.equivalent").Add((in CelValue a, in CelValue b, CelMeter meter) => HasAll(a, b, meter) is { IsTrue: false } no ? no : HasAll(b, a, meter), "(list<A>, list<A>) bool"),
        new CelFunction("sets.intersects").Add(Meet, "(list<A>, list<A>) bool"),
    ];

    private static CelValue HasAll(in CelValue all, in CelValue some, CelMeter meter)
    {
        if (all.Kind != CelKind.List || some.Kind != CelKind.List) return CelValue.Of(CelError.NoOverload);
        for (var i = 0; i < Items.Count(some); i++)
            if (Containers.In(Items.At(some, i), all, meter) is { IsTrue: false } no) return no;
        return CelValue.True;
    }

    private static CelValue Meet(in CelValue a, in CelValue b, CelMeter meter)
    {
        if (a.Kind != CelKind.List || b.Kind != CelKind.List) return CelValue.Of(CelError.NoOverload);
        for (var i = 0; i < Items.Count(a); i++)
            if (Containers.In(Items.At(a, i), b, meter) is var found && (found.IsTrue || found.IsFault)) return found;
        return CelValue.False;
    }
}
