namespace Symbolon.Cel.Values;

/// <summary>Which keys of maps are the same: numbers where they are equal, whatever their kinds.</summary>
internal static class CelKeys
{
    public static readonly IEqualityComparer<CelValue> Comparer = new KeyComparer();

    public static bool IsKey(in CelValue value) => value.Kind is CelKind.Bool or CelKind.Int or CelKind.Uint or CelKind.String;

    public static bool Same(in CelValue a, in CelValue b) =>
        a.Kind == CelKind.String ? b.Kind == CelKind.String && CelText.Same(a, b)
        : a.Kind == CelKind.Bool ? b.Kind == CelKind.Bool && a.AsBool == b.AsBool
        : CelNumbers.IsNumber(a) && CelNumbers.IsNumber(b) && CelNumbers.Compare(a, b) == 0;

    private sealed class KeyComparer : IEqualityComparer<CelValue>
    {
        public bool Equals(CelValue x, CelValue y) => Same(x, y);

        public int GetHashCode(CelValue key) => key.Kind switch
        {
            CelKind.String => string.GetHashCode(key.AsText(), StringComparison.Ordinal),
            CelKind.Bool => key.AsBool ? 1 : 0,
            // Equal numbers of different kinds have one double.
            _ => CelNumbers.ToDouble(key).GetHashCode(),
        };
    }
}
