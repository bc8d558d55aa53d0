using System.Buffers;

namespace Symbolon.Jose.Json;

/// <summary>A list that starts in room which the caller lends it, usually of its stack, and goes on in the pool's arrays.</summary>
internal ref struct PooledList<T>(Span<T> lent)
{
    private Span<T> items = lent;
    private T[]? rented;

    public int Count { get; private set; }

    /// <summary>Whether everything still lies in the room that was lent.</summary>
    public readonly bool IsLent => rented is null;

    public readonly Span<T> From(int first) => items[first..Count];

    public void Add(T item)
    {
        if (Count == items.Length) Grow(1);
        items[Count++] = item;
    }

    public void Append(scoped ReadOnlySpan<T> range)
    {
        range.CopyTo(Room(range.Length));
        Count += range.Length;
    }

    /// <summary>Free room of at least this size behind the last item; <see cref="Advance"/> says how much of it was used.</summary>
    public Span<T> Room(int least)
    {
        if (items.Length - Count < least) Grow(least);
        return items[Count..];
    }

    public void Advance(int used) => Count += used;

    public void Truncate(int count) => Count = count;

    public readonly void Dispose()
    {
        if (rented is not null) ArrayPool<T>.Shared.Return(rented);
    }

    private void Grow(int least)
    {
        var more = ArrayPool<T>.Shared.Rent(Math.Max(items.Length * 2, Count + least));
        items[..Count].CopyTo(more);
        Dispose();
        items = rented = more;
    }
}
