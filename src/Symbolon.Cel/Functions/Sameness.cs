using Symbolon.Cel.Values;

namespace Symbolon.Cel.Functions;

/// <summary>Whether two values are the same: numbers by value, lists and maps by what is in them, values of different kinds never. langdef.md, Equality.</summary>
internal static class Sameness
{
    /// <returns>True, false, or an error where it cannot be told.</returns>
    public static CelValue Of(in CelValue a, in CelValue b, CelMeter meter)
    {
        if (a.Kind != b.Kind) return CelValue.Of(CelNumbers.IsNumber(a) && CelNumbers.IsNumber(b) && CelNumbers.Compare(a, b) == 0);
        switch (a.Kind)
        {
            case CelKind.Null: return CelValue.True;
            case CelKind.Bool: return CelValue.Of(a.AsBool == b.AsBool);
            case CelKind.Int or CelKind.Uint or CelKind.Double: return CelValue.Of(CelNumbers.Compare(a, b) == 0);
            case CelKind.String: return meter.ChargeBytes(CelText.Size(a)) ? CelValue.Of(CelText.Same(a, b)) : CelValue.Of(CelError.Cost);
            case CelKind.Bytes: return meter.ChargeBytes(a.AsBytes().Length) ? CelValue.Of(a.AsBytes().AsSpan().SequenceEqual(b.AsBytes())) : CelValue.Of(CelError.Cost);
            case CelKind.List: return OfLists(a, b, meter);
            case CelKind.Map: return OfMaps(a, b, meter);
            case CelKind.Timestamp: return CelValue.Of(a.Seconds == b.Seconds && a.Nanoseconds == b.Nanoseconds);
            case CelKind.Duration: return CelValue.Of(a.Nanoseconds == b.Nanoseconds);
            case CelKind.Type: return CelValue.Of(a.AsTypeName == b.AsTypeName);
            case CelKind.Optional: return a.AsOptional is { } x && b.AsOptional is { } y ? Of(x, y, meter) : CelValue.Of(a.AsOptional is null && b.AsOptional is null);
            case CelKind.Ip: return CelValue.Of(a.AsAddress == b.AsAddress);
            case CelKind.Cidr: return CelValue.Of(a.AsNetwork == b.AsNetwork);
            default: return a;
        }
    }

    private static CelValue OfLists(in CelValue a, in CelValue b, CelMeter meter)
    {
        var count = Items.Count(a);
        if (count != Items.Count(b)) return CelValue.False;
        for (var i = 0; i < count; i++)
        {
            if (!meter.Charge(1)) return CelValue.Of(CelError.Cost);
            var (x, y) = (Items.At(a, i), Items.At(b, i));
            if (x.IsFault) return x;
            if (y.IsFault) return y;
            var same = Of(x, y, meter);
            if (!same.IsTrue) return same;
        }
        return CelValue.True;
    }

    private static CelValue OfMaps(in CelValue a, in CelValue b, CelMeter meter)
    {
        var count = a.AsMap.Count(a.Node);
        if (count != b.AsMap.Count(b.Node)) return CelValue.False;
        for (var i = 0; i < count; i++)
        {
            if (!meter.Charge(1)) return CelValue.Of(CelError.Cost);
            if (!b.AsMap.TryGet(b.Node, a.AsMap.KeyAt(a.Node, i), out var other)) return CelValue.False;
            var mine = a.AsMap.ValueAt(a.Node, i);
            if (mine.IsFault) return mine;
            if (other.IsFault) return other;
            var same = Of(mine, other, meter);
            if (!same.IsTrue) return same;
        }
        return CelValue.True;
    }
}
