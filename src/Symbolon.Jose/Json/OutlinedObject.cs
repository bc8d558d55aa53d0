namespace Symbolon.Jose.Json;

/// <summary>An object of a <see cref="JsonOutline"/> together with its text. A default one has no members.</summary>
public readonly ref struct OutlinedObject
{
    private readonly ReadOnlySpan<byte> text;
    private readonly JsonOutline? outline;
    private readonly int depth;
    private readonly int first;
    private readonly int end;

    internal OutlinedObject(ReadOnlySpan<byte> text, JsonOutline outline, int depth, int first, int end)
    {
        this.text = text;
        this.outline = outline;
        this.depth = depth;
        this.first = first;
        this.end = end;
    }

    public Enumerator GetEnumerator() => new(this);

    /// <summary>Looks a member up by its decoded name. Where the scan did not compare this object's members, the first one counts.</summary>
    public bool TryGet(ReadOnlySpan<byte> name, out JsonValue value)
    {
        var index = Find(name);
        value = index < 0 ? default : Member(index).Value;
        return index >= 0;
    }

    /// <summary>Looks a member up whose value is an object; false when there is none, or it is another kind of value.</summary>
    /// <exception cref="InvalidOperationException">The outline does not reach that deep: walk <see cref="JsonValue.Members"/>.</exception>
    public bool TryGetObject(ReadOnlySpan<byte> name, out OutlinedObject inner)
    {
        inner = default;
        var index = Find(name);
        if (index < 0 || Member(index).Value.Kind != JsonKind.Object) return false;
        // An object beyond the outline would look empty, and what was decided on it would be wrong.
        if (depth == JsonOutline.Depth) throw new InvalidOperationException("The outline is not that deep.");
        inner = new(text, outline!, depth + 1, index + 1, outline![index].Next);
        return true;
    }

    private int Find(ReadOnlySpan<byte> name)
    {
        for (var index = first; index < end; index = outline![index].Next)
        {
            ref readonly var slot = ref outline![index];
            var raw = slot.Name.In(text);
            if (slot.Escaped ? JsonText.Equals(raw, name) : raw.SequenceEqual(name)) return index;
        }
        return -1;
    }

    private JsonMember Member(int index)
    {
        ref readonly var slot = ref outline![index];
        return new(text, slot.Name, slot.ValueStart, slot.ValueEnd - slot.ValueStart);
    }

    /// <summary>The members in the order of the text.</summary>
    public ref struct Enumerator
    {
        private readonly OutlinedObject of;
        private int index;
        private int next;

        internal Enumerator(OutlinedObject of)
        {
            this.of = of;
            index = -1;
            next = of.first;
        }

        public readonly JsonMember Current => of.Member(index);

        public bool MoveNext()
        {
            if (next >= of.end) return false;
            index = next;
            next = of.outline![index].Next;
            return true;
        }
    }
}
