using System.Text;
using Symbolon.Cel.Values;

namespace Symbolon.Cel.Json;

/// <summary>
/// A JSON text as values: read once into a flat index that is used again, with no object for anything in it. Maps and lists are places in the index; texts are slices of
/// the buffer. What is deep in a large map or list is found as fast as in a small one, so that nobody can make an expression slow by what is sent. Not to be used by two at a time.
/// </summary>
public sealed partial class CelJson : CelMap
{
    internal const byte EscapedName = 1;
    internal const byte EscapedText = 2;

    /// <summary>So few are passed one by one; of more there is a table.</summary>
    private const int Few = 16;

    /// <summary>Places that are kept for the next text.</summary>
    private const int MostKept = 65_536;

    private readonly ItemsOf items;
    private readonly Tables tables;
    private byte[] buffer = [];
    private Place[] places = new Place[32];
    private int count;

    public CelJson() => (items, tables) = (new ItemsOf(this), new Tables(this));

    /// <summary>Reads a text (RFC 8259); values of an earlier one are no longer good.</summary>
    /// <param name="text">Kept, not copied: nobody may write there while values are used.</param>
    /// <returns>The root; an error for what is no JSON, is deeper than 64 levels or has a member twice.</returns>
    public CelValue Read(byte[] text, int offset, int length)
    {
        buffer = text;
        count = 0;
        if (places.Length > MostKept) places = new Place[32];
        tables.Clear();
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
        var candidates = tables.Candidates((int)node, name.Utf8);
        while (candidates.MoveNext())
        {
            ref readonly var member = ref places[candidates.Current];
            if ((member.Flags & EscapedName) != 0 ? DecodeName(member) != name.Text : !Name(member).SequenceEqual(name.Utf8)) continue;
            value = At(candidates.Current);
            return true;
        }
        value = default;
        return false;
    }

    public override bool TryGet(long node, in CelValue key, out CelValue value)
    {
        value = default;
        if (key.Kind != CelKind.String) return false;
        var candidates = tables.Candidates((int)node, key);
        while (candidates.MoveNext())
        {
            if (!CelText.Same(KeyOf(places[candidates.Current]), key)) continue;
            value = At(candidates.Current);
            return true;
        }
        return false;
    }

    public override CelValue KeyAt(long node, int index) => KeyOf(places[Find((int)node, index)]);

    public override CelValue ValueAt(long node, int index) => At(Find((int)node, index));

    private int Find(int node, int index)
    {
        if (places[node].Items > Few) return tables.At(node, index);
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

        /// <summary>Where its table is, from 1; 0 where it has none yet.</summary>
        public int Table;
        public byte Kind;
        public byte Flags;
    }

    private sealed class ItemsOf(CelJson json) : CelList
    {
        public override int Count(long node) => json.places[node].Items;

        public override CelValue this[long node, int index] => json.At(json.Find((int)node, index));
    }
}
