namespace Symbolon.Cel.Values;

/// <summary>A map of a host's. One object may stand for many maps: each value carries a number that tells which.</summary>
public abstract class CelMap
{
    public abstract int Count(long node);

    /// <summary>By a name that was known when the expression was compiled.</summary>
    public virtual bool TryGet(long node, CelName name, out CelValue value) => TryGet(node, name.Value, out value);

    /// <param name="key">A bool, int, uint, double or string; numbers of different kinds are the same key where they are equal.</param>
    public abstract bool TryGet(long node, in CelValue key, out CelValue value);

    /// <param name="index">From 0 to below <see cref="Count"/>, in an order that does not change.</param>
    public abstract CelValue KeyAt(long node, int index);

    public abstract CelValue ValueAt(long node, int index);
}

/// <summary>A map in memory, in the order in which it was made.</summary>
public sealed class CelTable : CelMap
{
    public static readonly CelTable Empty = new(0);

    /// <summary>So few entries are searched one by one.</summary>
    private const int FewEntries = 8;

    private readonly List<(CelValue Key, CelValue Value)> entries;
    private Dictionary<CelValue, int>? places;

    public CelTable(int capacity) => entries = new(capacity);

    /// <summary>A map with names as keys.</summary>
    public CelTable(params ReadOnlySpan<(string Name, CelValue Value)> members) : this(members.Length)
    {
        foreach (var (name, value) in members)
            if (!TryAdd(CelValue.Of(name), value)) throw new ArgumentException($"'{name}' is there twice.", nameof(members));
    }

    /// <summary>Only before anybody reads it.</summary>
    /// <returns>False when the key is there already.</returns>
    public bool TryAdd(in CelValue key, in CelValue value)
    {
        if (Find(key) >= 0) return false;
        places?.Add(key, entries.Count);
        entries.Add((key, value));
        if (places is not null || entries.Count <= FewEntries) return true;
        places = new Dictionary<CelValue, int>(CelKeys.Comparer);
        for (var i = 0; i < entries.Count; i++) places.Add(entries[i].Key, i);
        return true;
    }

    public override int Count(long node) => entries.Count;

    public override bool TryGet(long node, in CelValue key, out CelValue value)
    {
        var place = Find(key);
        value = place < 0 ? default : entries[place].Value;
        return place >= 0;
    }

    public override CelValue KeyAt(long node, int index) => entries[index].Key;

    public override CelValue ValueAt(long node, int index) => entries[index].Value;

    private int Find(in CelValue key)
    {
        if (places is not null) return places.TryGetValue(key, out var place) ? place : -1;
        for (var i = 0; i < entries.Count; i++)
            if (CelKeys.Same(entries[i].Key, key)) return i;
        return -1;
    }
}
