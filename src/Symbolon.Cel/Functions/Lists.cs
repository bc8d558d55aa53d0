using Symbolon.Cel.Values;

namespace Symbolon.Cel.Functions;

/// <summary>The extension lists. doc/extensions, Lists.</summary>
internal static class Lists
{
    private const int MostItems = 100_000;
    private static readonly CelValue NoOverload = CelValue.Of(CelError.NoOverload);
    private static readonly CelValue Cost = CelValue.Of(CelError.Cost);

    public static IEnumerable<CelFunction> All =>
    [
        new CelFunction("slice").Add(Slice, "list<A>.(int, int) list<A>"),
        new CelFunction("flatten").Add((in CelValue list, CelMeter meter) => Flatten(list, 1, meter), "list<list<A>>.() list<A>", "list<dyn>.() list<dyn>")
            .Add((in CelValue list, in CelValue depth, CelMeter meter) => depth.Kind != CelKind.Int ? NoOverload : depth.AsInt < 0 ? CelValue.Error("level must be non-negative") : Flatten(list, depth.AsInt, meter),
                "list<dyn>.(int) list<dyn>"),
        new CelFunction("lists.range").Add(Range, "(int) list<int>"),
        new CelFunction("distinct").Add(Distinct, "list<A>.() list<A>"),
        new CelFunction("reverse").Add(Reverse, "list<A>.() list<A>", "string.() string"),
        new CelFunction("sort").Add((in CelValue list, CelMeter meter) => Sort(list, list, meter), "list<A>.() list<A>"),
        new CelFunction("@sortByKeys").Add(Sort, "(list<A>, list<B>) list<A>"),
        new CelFunction("first").Add((in CelValue list, CelMeter meter) => End(list, isFirst: true), "list<A>.() optional<A>"),
        new CelFunction("last").Add((in CelValue list, CelMeter meter) => End(list, isFirst: false), "list<A>.() optional<A>"),
    ];

    private static CelValue Slice(in CelValue list, in CelValue from, in CelValue to, CelMeter meter)
    {
        if (list.Kind != CelKind.List || from.Kind != CelKind.Int || to.Kind != CelKind.Int) return NoOverload;
        var count = Items.Count(list);
        if (from.AsInt < 0 || to.AsInt < 0) return CelValue.Error($"cannot slice({from.AsInt}, {to.AsInt}), negative indexes not supported");
        if (from.AsInt > to.AsInt) return CelValue.Error($"cannot slice({from.AsInt}, {to.AsInt}), start index must be less than or equal to end index");
        if (to.AsInt > count) return CelValue.Error($"cannot slice({from.AsInt}, {to.AsInt}), list is length {count}");
        return meter.Charge(to.AsInt - from.AsInt) ? CelValue.ListOf(Items.Of(list)[(int)from.AsInt..(int)to.AsInt]) : Cost;
    }

    private static CelValue Flatten(in CelValue list, long depth, CelMeter meter)
    {
        if (list.Kind != CelKind.List) return NoOverload;
        var found = new List<CelValue>();
        return Collect(list, depth, found, meter) ? CelValue.ListOf([.. found]) : Cost;
    }

    private static bool Collect(in CelValue list, long depth, List<CelValue> found, CelMeter meter)
    {
        for (var i = 0; i < Items.Count(list); i++)
        {
            if (!meter.Charge(1)) return false;
            var item = Items.At(list, i);
            if (item.Kind != CelKind.List || depth == 0) found.Add(item);
            else if (!Collect(item, depth - 1, found, meter)) return false;
        }
        return true;
    }

    private static CelValue Range(in CelValue count, CelMeter meter)
    {
        if (count.Kind != CelKind.Int) return NoOverload;
        if (count.AsInt is < 0 or > MostItems) return count.AsInt < 0 ? CelValue.Of(CelArray.Empty) : CelValue.Error($"a range has at most {MostItems} items");
        return meter.Charge(count.AsInt) ? CelValue.ListOf([.. Enumerable.Range(0, (int)count.AsInt).Select(each => CelValue.Of((long)each))]) : Cost;
    }

    private static CelValue Distinct(in CelValue list, CelMeter meter)
    {
        if (list.Kind != CelKind.List) return NoOverload;
        var kept = new List<CelValue>();
        foreach (var item in Items.Of(list))
        {
            var isNew = true;
            foreach (var other in kept)
            {
                if (!meter.Charge(1)) return Cost;
                var same = Sameness.Of(item, other, meter);
                if (same.IsFault) return same;
                if (!same.AsBool) continue;
                isNew = false;
                break;
            }
            if (isNew) kept.Add(item);
        }
        return CelValue.ListOf([.. kept]);
    }

    private static CelValue Reverse(in CelValue value, CelMeter meter)
    {
        if (value.Kind == CelKind.String) return meter.ChargeBytes(CelText.Size(value)) ? CelValue.Of(string.Concat(new CodePoints(value.AsText()).Each().Reverse())) : Cost;
        if (value.Kind != CelKind.List) return NoOverload;
        if (!meter.Charge(Items.Count(value))) return Cost;
        var items = Items.Of(value);
        Array.Reverse(items);
        return CelValue.ListOf(items);
    }

    /// <summary>Stable, by keys of one kind that have an order.</summary>
    private static CelValue Sort(in CelValue list, in CelValue by, CelMeter meter)
    {
        if (list.Kind != CelKind.List || by.Kind != CelKind.List) return NoOverload;
        var (items, keys) = (Items.Of(list), Items.Of(by));
        if (!meter.Charge(items.Length * (1L + items.Length.ToString(System.Globalization.CultureInfo.InvariantCulture).Length * 4))) return Cost;
        for (var i = 0; i < keys.Length; i++)
        {
            if (keys[i].IsFault) return keys[i];
            if (keys[i].Kind != keys[0].Kind) return CelValue.Error("list elements must have the same type");
            if (keys[i].Kind is not (CelKind.Bool or CelKind.Int or CelKind.Uint or CelKind.Double or CelKind.String or CelKind.Bytes or CelKind.Timestamp or CelKind.Duration))
                return CelValue.Error("list elements must be comparable");
        }
        var order = Enumerable.Range(0, items.Length).ToArray();
        Array.Sort(order, (a, b) =>
            Comparison.Order(keys[a], keys[b], meter, less: true, equal: false).IsTrue ? -1 : Comparison.Order(keys[a], keys[b], meter, less: false, equal: false).IsTrue ? 1 : a.CompareTo(b));
        return meter.IsSpent ? Cost : CelValue.ListOf([.. order.Select(place => items[place])]);
    }

    private static CelValue End(in CelValue list, bool isFirst) =>
        list.Kind != CelKind.List ? NoOverload : Items.Count(list) is var count && count == 0 ? CelValue.OptionalOf(null) : CelValue.OptionalOf(Items.At(list, isFirst ? 0 : count - 1));
}
