namespace Symbolon.Cel.Values;

/// <summary>A list of a host's. One object may stand for many lists: each value carries a number that tells which.</summary>
public abstract class CelList
{
    public abstract int Count(long node);

    /// <param name="index">From 0 to below <see cref="Count"/>.</param>
    public abstract CelValue this[long node, int index] { get; }
}

/// <summary>A list in an array.</summary>
public sealed class CelArray(CelValue[] items) : CelList
{
    public static readonly CelArray Empty = new([]);

    public override int Count(long node) => items.Length;

    public override CelValue this[long node, int index] => items[index];

    internal CelValue[] Items => items;
}
