namespace Symbolon.Jose.Json;

/// <summary>
/// The names of the objects that are open, as a stack; those of one object are compared when it closes. Few names are told
/// apart by one bit each, many are sorted by hash, so that the cost stays about linear.
/// </summary>
internal ref struct OpenNames(Span<ulong> hashes, Span<NamePlace> places)
{
    private const int Few = 64;

    private PooledList<ulong> hashes = new(hashes);
    private PooledList<NamePlace> places = new(places);

    public readonly int Count => hashes.Count;

    public void Add(ReadOnlySpan<byte> text, NamePlace name, bool escaped)
    {
        hashes.Add(NameHash.Of(name.In(text), escaped));
        places.Add(name);
    }

    /// <summary>Takes the names from <paramref name="first"/> on off the stack; they are those of the object that closes.</summary>
    /// <returns>False, with the later of the two places, when two of them fold alike.</returns>
    public bool Close(ReadOnlySpan<byte> text, int first, out StrictJsonError error)
    {
        var keys = hashes.From(first);
        var items = places.From(first);
        hashes.Truncate(first);
        places.Truncate(first);
        return keys.Length <= Few ? CompareFew(text, keys, items, out error) : CompareMany(text, keys, items, out error);
    }

    public readonly void Dispose()
    {
        hashes.Dispose();
        places.Dispose();
    }

    private static bool CompareFew(
        ReadOnlySpan<byte> text, ReadOnlySpan<ulong> keys, ReadOnlySpan<NamePlace> items, out StrictJsonError error)
    {
        // One bit a name: as long as none is met twice, no two names can be alike.
        var seen = 0ul;
        for (var i = 0; i < keys.Length; i++)
        {
            var bit = 1ul << (int)(keys[i] & 63);
            for (var at = (seen & bit) == 0 ? i : 0; at < i; at++)
                if (keys[at] == keys[i] && !Differ(text, items[at], items[i], out error)) return false;
            seen |= bit;
        }
        error = default;
        return true;
    }

    private static bool CompareMany(
        ReadOnlySpan<byte> text, Span<ulong> keys, Span<NamePlace> items, out StrictJsonError error)
    {
        keys.Sort(items);
        for (var i = 1; i < keys.Length; i++)
            for (var at = i - 1; at >= 0 && keys[at] == keys[i]; at--)
                if (!Differ(text, items[at], items[i], out error)) return false;
        error = default;
        return true;
    }

    private static bool Differ(ReadOnlySpan<byte> text, NamePlace one, NamePlace other, out StrictJsonError error)
    {
        var kind = NameComparison.Of(one.In(text), other.In(text));
        error = kind == StrictJsonErrorKind.None ? default : new(kind, Math.Max(one.Start, other.Start));
        return error.Accepted;
    }
}
