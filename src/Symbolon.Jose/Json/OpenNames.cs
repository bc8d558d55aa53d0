namespace Symbolon.Jose.Json;

/// <summary>
/// The names of the objects that are open, as a stack; those of one object are compared when it closes. Few names are searched
/// for by vector, many are sorted by hash, so that the cost stays about linear.
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
        error = default;
        if (keys.Length > Few) keys.Sort(items);
        for (var i = 0; i + 1 < keys.Length; i++)
        {
            // Sorted, equal hashes are neighbours, and one look at the next tells that there is none.
            var rest = keys[(i + 1)..];
            if (keys.Length > Few && rest[0] != keys[i]) continue;
            for (var at = rest.IndexOf(keys[i]); at >= 0; at = NextEqual(rest, at))
                if (!Differ(text, items[i], items[i + 1 + at], out error)) return false;
        }
        return true;
    }

    public readonly void Dispose()
    {
        hashes.Dispose();
        places.Dispose();
    }

    private static int NextEqual(ReadOnlySpan<ulong> keys, int at)
    {
        var next = keys[(at + 1)..].IndexOf(keys[at]);
        return next < 0 ? -1 : at + 1 + next;
    }

    private static bool Differ(ReadOnlySpan<byte> text, NamePlace one, NamePlace other, out StrictJsonError error)
    {
        var kind = NameComparison.Of(one.In(text), other.In(text));
        error = kind == StrictJsonErrorKind.None ? default : new(kind, Math.Max(one.Start, other.Start));
        return error.Accepted;
    }
}
