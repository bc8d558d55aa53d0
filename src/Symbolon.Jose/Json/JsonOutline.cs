namespace Symbolon.Jose.Json;

/// <summary>
/// The members of a text's outer objects, written down by the scan in passing: the root's members, those of their objects, and
/// those of their objects; nothing inside arrays. For a JSON-RPC request that is the message, <c>params</c>, and <c>_meta</c> and
/// <c>arguments</c>. It holds places, not text: it may be kept across awaits and used for one text after another, by one
/// caller at a time. Allocates only when it grows.
/// </summary>
/// <param name="mostMembers">Members that are written down; a text with more in its outer objects has no root here. At least 1.</param>
public sealed class JsonOutline(int mostMembers = int.MaxValue)
{
    /// <summary>Levels of objects that are written down.</summary>
    public const int Depth = 3;

    private const int UsualMembers = 32;
    private const int KeptMembers = 1024;

    private MemberSlot[] slots = new MemberSlot[UsualMembers];
    private bool rootIsObject;
    private bool isFull;

    internal int Count { get; private set; }

    /// <summary>The root of the text last scanned with this outline; false when it was refused, its root is no object, or it has too many members.</summary>
    /// <param name="text">The same text.</param>
    public bool TryGetRoot(ReadOnlySpan<byte> text, out OutlinedObject root)
    {
        var found = rootIsObject && !isFull;
        root = found ? new(text, this, depth: 1, first: 0, end: Count) : default;
        return found;
    }

    internal ref readonly MemberSlot this[int index] => ref slots[index];

    internal void Begin(bool withObject) => rootIsObject = withObject;

    internal int Open(NamePlace name, bool escaped, int valueStart)
    {
        if (Count == mostMembers)
        {
            isFull = true;
            return -1;
        }
        if (Count == slots.Length) Array.Resize(ref slots, slots.Length * 4);
        ref var slot = ref slots[Count];
        slot.Name = name;
        slot.Escaped = escaped;
        slot.ValueStart = valueStart;
        return Count++;
    }

    internal void Close(int index, int valueEnd)
    {
        if (index < 0) return;
        ref var slot = ref slots[index];
        slot.ValueEnd = valueEnd;
        slot.Next = Count;
    }

    internal void Clear()
    {
        // One huge request must not make its connection's outline huge for ever.
        if (slots.Length > KeptMembers) slots = new MemberSlot[UsualMembers];
        Count = 0;
        rootIsObject = isFull = false;
    }
}

/// <summary>One member in the outline; its own members follow it, up to <see cref="Next"/>.</summary>
internal struct MemberSlot
{
    public NamePlace Name;
    public bool Escaped;
    public int ValueStart;
    public int ValueEnd;
    public int Next;
}
