using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Symbolon.Jose.Json;

/// <summary>
/// One walk over an accepted text that writes each value where it stands, and puts an object's members in order when it closes,
/// if they were not. So no part is walked twice, however deep it lies.
/// </summary>
internal ref struct CanonicalWalk(
    ReadOnlySpan<byte> text, NumberForm numbers, PooledList<byte> output, PooledList<char> keys, PooledList<CanonicalMember> members)
{
    private readonly ReadOnlySpan<byte> text = text;
    private readonly NumberForm numbers = numbers;
    private PooledList<byte> output = output;
    private PooledList<char> keys = keys;
    private PooledList<CanonicalMember> members = members;
    private int position;

    public bool Run()
    {
        position = JsonSkip.WhiteSpace(text, 0);
        return WriteValue();
    }

    /// <param name="writer">The one whose free room <c>output</c> was lent.</param>
    public readonly void CommitTo(IBufferWriter<byte> writer)
    {
        if (output.IsLent) writer.Advance(output.Count);
        else writer.Write(output.From(0));
    }

    public readonly void Dispose()
    {
        output.Dispose();
        keys.Dispose();
        members.Dispose();
    }

    private bool WriteValue()
    {
        switch (text[position])
        {
            case (byte)'{': return WriteObject();
            case (byte)'[': return WriteArray();
            case (byte)'"': WriteString(); return true;
            case (byte)'t' or (byte)'f' or (byte)'n': output.Append(Take(JsonSkip.Value(text, position))); return true;
            default: return WriteNumber();
        }
    }

    private bool WriteObject()
    {
        var firstMember = members.Count;
        var firstKey = keys.Count;
        var ordered = true;
        output.Add((byte)'{');
        var start = output.Count;
        for (position = JsonSkip.WhiteSpace(text, position + 1); text[position] != '}'; position = JsonSkip.Comma(text, position))
        {
            if (output.Count > start) output.Add((byte)',');
            if (!WriteMember()) return false;
            var written = members.From(firstMember);
            ordered = ordered && (written.Length < 2 || written[^2].CompareTo(written[^1], keys.From(0)) <= 0);
        }
        position++;
        if (!ordered) Reorder(start, members.From(firstMember));
        members.Truncate(firstMember);
        keys.Truncate(firstKey);
        output.Add((byte)'}');
        return true;
    }

    private bool WriteMember()
    {
        var start = output.Count;
        var key = keys.Count;
        AddKey(WriteString());
        var keyLength = keys.Count - key;
        output.Add((byte)':');
        position = JsonSkip.WhiteSpace(text, JsonSkip.WhiteSpace(text, position) + 1);
        if (!WriteValue()) return false;
        members.Add(new(key, keyLength, start, output.Count - start));
        return true;
    }

    private bool WriteArray()
    {
        output.Add((byte)'[');
        var start = output.Count;
        for (position = JsonSkip.WhiteSpace(text, position + 1); text[position] != ']'; position = JsonSkip.Comma(text, position))
        {
            if (output.Count > start) output.Add((byte)',');
            if (!WriteValue()) return false;
        }
        position++;
        output.Add((byte)']');
        return true;
    }

    /// <returns>The inside of its quotation marks, as it stood in the text.</returns>
    private ReadOnlySpan<byte> WriteString()
    {
        var whole = Take(JsonSkip.String(text, position));
        var raw = whole[1..^1];
        if (!raw.Contains((byte)'\\'))
        {
            output.Append(whole);
            return raw;
        }
        output.Add((byte)'"');
        var runes = new JsonRunes(raw);
        while (runes.MoveNext()) output.Advance(CanonicalText.Write(runes.Current, output.Room(CanonicalText.LongestRune)));
        output.Add((byte)'"');
        return raw;
    }

    private bool WriteNumber()
    {
        var number = Take(JsonSkip.Value(text, position));
        if (numbers == NumberForm.AsWritten)
        {
            output.Append(number);
            return true;
        }
        if (!Utf8Parser.TryParse(number, out double value, out _) || !double.IsFinite(value)) return false;
        output.Advance(EcmaNumber.Write(value, output.Room(EcmaNumber.Longest)));
        return true;
    }

    private void AddKey(ReadOnlySpan<byte> raw)
    {
        if (!raw.Contains((byte)'\\'))
        {
            keys.Advance(Encoding.UTF8.GetChars(raw, keys.Room(raw.Length)));
            return;
        }
        var runes = new JsonRunes(raw);
        while (runes.MoveNext()) keys.Advance(runes.Current.EncodeToUtf16(keys.Room(2)));
    }

    private void Reorder(int start, Span<CanonicalMember> written)
    {
        CanonicalMember.Sort(written, keys.From(0));
        var length = output.Count - start;
        var copy = ArrayPool<byte>.Shared.Rent(length);
        output.From(start).CopyTo(copy);
        output.Truncate(start);
        foreach (var member in written)
        {
            if (output.Count > start) output.Add((byte)',');
            output.Append(copy.AsSpan(member.Start - start, member.Length));
        }
        ArrayPool<byte>.Shared.Return(copy);
    }

    private ReadOnlySpan<byte> Take(int end)
    {
        var taken = text[position..end];
        position = end;
        return taken;
    }
}
