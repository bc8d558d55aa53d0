using System.Buffers;
using System.Globalization;
using System.Text;

namespace Symbolon.Jose.Json;

/// <summary>
/// Writes one canonical object by hand. The caller gives the members in the order of RFC 8785 §3.2.3, which is the order of
/// their bytes for ASCII names (<see cref="CanonicalJson.IsCanonical"/> checks it in tests), and closes all that it opens;
/// until the outermost object has closed, the output is the writer's alone. Numbers are integers only. Names that are given as
/// bytes are our own words: plain ASCII with nothing to escape, which is not looked at again for each record.
/// </summary>
public ref struct CanonicalJsonWriter(IBufferWriter<byte> output)
{
    /// <summary>2^53 - 1: up to here RFC 8785's double and the integer have one text.</summary>
    public const long GreatestInteger = 9_007_199_254_740_991;

    private const int LongestInteger = 20;
    private const int Step = 256;

    private readonly IBufferWriter<byte> output = output;
    private Span<byte> room = default;
    private int used;
    private int depth;
    private bool comma;

    public void StartObject() => Open((byte)'{');

    public void StartObject(scoped ReadOnlySpan<byte> name)
    {
        Name(name);
        Open((byte)'{');
    }

    public void StartArray(scoped ReadOnlySpan<byte> name)
    {
        Name(name);
        Open((byte)'[');
    }

    /// <summary>As the next item of an array, or the value of a <see cref="Name(ReadOnlySpan{char})"/>.</summary>
    public void StartArray() => Open((byte)'[');

    public void EndObject() => Close((byte)'}');

    public void EndArray() => Close((byte)']');

    /// <param name="text">Half a surrogate pair becomes U+FFFD, so that what is written is always valid.</param>
    public void Member(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<char> text)
    {
        Name(name);
        Item(text);
    }

    /// <param name="utf8">Bytes that are no UTF-8 become U+FFFD, so that what is written is always valid.</param>
    public void Member(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> utf8)
    {
        Name(name);
        Item(utf8);
    }

    /// <exception cref="ArgumentOutOfRangeException">Beyond ±<see cref="GreatestInteger"/>, where RFC 8785 would write another number.</exception>
    public void Member(scoped ReadOnlySpan<byte> name, long value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, GreatestInteger);
        ArgumentOutOfRangeException.ThrowIfLessThan(value, -GreatestInteger);
        Name(name);
        value.TryFormat(Room(LongestInteger), out var written, default, CultureInfo.InvariantCulture);
        used += written;
        comma = true;
    }

    public void Member(scoped ReadOnlySpan<byte> name, bool value)
    {
        Name(name);
        Raw(value ? "true"u8 : "false"u8);
        comma = true;
    }

    /// <param name="canonical">A value that is canonical already, for example another record.</param>
    public void MemberRaw(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> canonical)
    {
        Name(name);
        Raw(canonical);
        comma = true;
    }

    /// <summary>A string as the next item of an array; as for a member, it is always valid.</summary>
    public void Item(scoped ReadOnlySpan<char> text)
    {
        Separate();
        Put((byte)'"');
        while (true)
        {
            var plain = CanonicalText.PlainLength(text);
            Ascii.FromUtf16(text[..plain], Room(plain), out _);
            used += plain;
            text = text[plain..];
            if (text.IsEmpty) break;
            Rune.DecodeFromUtf16(text, out var rune, out var consumed);
            Put(rune);
            text = text[consumed..];
        }
        Put((byte)'"');
        comma = true;
    }

    /// <summary>A string as the next item of an array; as for a member, it is always valid.</summary>
    public void Item(scoped ReadOnlySpan<byte> utf8)
    {
        Separate();
        Quoted(utf8);
        comma = true;
    }

    public void Item(long value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, GreatestInteger);
        ArgumentOutOfRangeException.ThrowIfLessThan(value, -GreatestInteger);
        Separate();
        value.TryFormat(Room(LongestInteger), out var written, default, CultureInfo.InvariantCulture);
        used += written;
        comma = true;
    }

    public void Item(bool value)
    {
        Separate();
        Raw(value ? "true"u8 : "false"u8);
        comma = true;
    }

    public void ItemNull()
    {
        Separate();
        Raw("null"u8);
        comma = true;
    }

    /// <summary>A member's name; its value is the next thing written, as an item would be.</summary>
    public void Name(scoped ReadOnlySpan<char> name)
    {
        Item(name);
        Put((byte)':');
        comma = false;
    }

    private void Name(scoped ReadOnlySpan<byte> name)
    {
        Separate();
        var at = Room(name.Length + 3);
        at[0] = (byte)'"';
        name.CopyTo(at[1..]);
        at[name.Length + 1] = (byte)'"';
        at[name.Length + 2] = (byte)':';
        used += name.Length + 3;
        comma = false;
    }

    private void Quoted(scoped ReadOnlySpan<byte> utf8)
    {
        Put((byte)'"');
        while (true)
        {
            var plain = CanonicalText.PlainLength(utf8);
            Raw(utf8[..plain]);
            utf8 = utf8[plain..];
            if (utf8.IsEmpty) break;
            Rune.DecodeFromUtf8(utf8, out var rune, out var consumed);
            Put(rune);
            utf8 = utf8[consumed..];
        }
        Put((byte)'"');
    }

    private void Open(byte bracket)
    {
        Separate();
        Put(bracket);
        depth++;
        comma = false;
    }

    private void Close(byte bracket)
    {
        Put(bracket);
        comma = true;
        if (--depth > 0) return;
        output.Advance(used);
        (used, comma) = (0, false);
        room = default;
    }

    private void Separate()
    {
        if (comma) Put((byte)',');
    }

    private void Put(byte one)
    {
        Room(1)[0] = one;
        used++;
    }

    private void Put(Rune rune)
    {
        // Not in one line: making room may set the count back, and += would have read it before.
        var written = CanonicalText.Write(rune, Room(CanonicalText.LongestRune));
        used += written;
    }

    private void Raw(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        used += bytes.Length;
    }

    private Span<byte> Room(int least)
    {
        if (room.Length - used < least) Grow(least);
        return room[used..];
    }

    private void Grow(int least)
    {
        output.Advance(used);
        used = 0;
        room = output.GetSpan(Math.Max(least, Step));
    }
}
