using Symbolon.Cel.Values;

namespace Symbolon.Cel.Functions;

/// <summary>The items of a list, as functions look at them.</summary>
internal static class Items
{
    public static int Count(in CelValue list) => list.AsList.Count(list.Node);

    public static CelValue At(in CelValue list, int index) => list.AsList[list.Node, index];

    public static CelValue[] Of(in CelValue list)
    {
        var items = new CelValue[Count(list)];
        for (var i = 0; i < items.Length; i++) items[i] = At(list, i);
        return items;
    }

    public static CelValue Join(in CelValue a, in CelValue b, CelMeter meter) =>
        Count(a) == 0 ? b : Count(b) == 0 ? a
        : meter.Charge((long)Count(a) + Count(b)) ? CelValue.ListOf([.. Of(a), .. Of(b)]) : CelValue.Of(CelError.Cost);
}
