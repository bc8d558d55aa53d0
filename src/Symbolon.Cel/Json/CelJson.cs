using System.Text;
using Symbolon.Cel.Values;

namespace Symbolon.Cel.Json;

/// <summary>
/// A JSON text as values: read once into a flat index that is used again, with no object for anything in it. Maps and lists are places in the index; texts are slices of
/// the buffer. Not to be used by two at a time.
/// </summary>
public sealed class CelJson : CelMap
{
    internal const byte EscapedName = 1;
    internal const byte EscapedText = 2;

    private readonly ItemsOf items;
    private byte[] buffer = [];
    private Place[] places = new Place[32];
    private int count;

    public CelJson() => items = new ItemsOf(this);

    /// <summary>Reads a text (RFC 8259); values of an earlier one are no longer good.</summary>
    /// <param name="text">Kept, not copied: nobody may write there while values are used.</param>
    /// <returns>The root; an error for what is no JSON, is deeper than 64 levels or has a member twice.</returns>
    public CelValue Read(byte[] text, int offset, int length)
    {
        buffer = text;
        count = 0;
        var reader = new JsonIndexer(this, text.AsSpan(0, offset + length), offset);
        return reader.TryRead(out var fault) ? At(0) : CelValue.Error(fault);
    }

    public CelValue Read(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        return Read(utf8, 0, utf8.Length);
    }

    /// <summary>Places in use.</summary>
    internal int Places => count;

    internal ref Place this[int place] => ref places[place];

    internal int Add(in Place place)
    {
        if (count == places.Length) Array.Resize(ref places, places.Length * 2);
        places[count] = place;
        return count++;
    }

    public override int Count(long node) => places[node].Items;

    public override bool TryGet(long node, CelName name, out CelValue value)
    {
        var end = places[node].Next;
        for (var i = (int)node + 1; i < end; i = places[i].Next)
        {
            ref readonly var member = ref places[i];
            if ((member.Flags & EscapedName) != 0 ? DecodeName(member) != name.Text : !Name(member).SequenceEqual(name.Utf8)) continue;
            value = At(i);
            return true;
        }
        value = default;
        return false;
    }

    public override bool TryGet(long node, in CelValue key, out CelValue value)
    {
        value = default;
        if (key.Kind != CelKind.String) return false;
        var end = places[node].Next;
        for (var i = (int)node + 1; i < end; i = places[i].Next)
        {
            if (!CelText.Same(KeyOf(places[i]), key)) continue;
            value = At(i);
            return true;
        }
        return false;
    }

    public override CelValue KeyAt(long node, int index) => KeyOf(places[Find((int)node, index)]);

    public override CelValue ValueAt(long node, int index) => At(Find((int)node, index));

    private int Find(int node, int index)
    {
        var at = node + 1;
        for (; index > 0; index--) at = places[at].Next;
        return at;
    }

    internal ReadOnlySpan<byte> Name(in Place member) => buffer.AsSpan(member.NameStart, member.NameLength);

    internal string DecodeName(in Place member) => JsonTexts.Decode(Name(member));

    private CelValue KeyOf(in Place member) =>
        (member.Flags & EscapedName) != 0 ? CelValue.Of(DecodeName(member)) : CelValue.OfUtf8(buffer, member.NameStart, member.NameLength);

    private CelValue At(int index)
    {
        ref readonly var place = ref places[index];
        return place.Kind switch
        {
            (byte)'{' => CelValue.Of(this, index),
            (byte)'[' => CelValue.Of(items, index),
            (byte)'"' => (place.Flags & EscapedText) != 0
                ? CelValue.Of(JsonTexts.Decode(buffer.AsSpan(place.Start + 1, place.Length - 2))) : CelValue.OfUtf8(buffer, place.Start + 1, place.Length - 2),
            (byte)'t' => CelValue.True,
            (byte)'f' => CelValue.False,
            (byte)'n' => CelValue.Null,
            _ => JsonNumbers.Read(buffer.AsSpan(place.Start, place.Length)),
        };
    }

    /// <summary>One value, its name where it is a member. What is in it follows, up to <see cref="Next"/>.</summary>
    internal struct Place
    {
        public int NameStart;
        public int NameLength;
        public int Start;
        public int Length;
        public int Next;
        public int Items;
        public byte Kind;
        public byte Flags;
    }

    private sealed class ItemsOf(CelJson json) : CelList
    {
        public override int Count(long node) => json.places[node].Items;

        public override CelValue this[long node, int index] => json.At(json.Find((int)node, index));
    }
}
