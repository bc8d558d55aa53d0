using System.Runtime.CompilerServices;

namespace Symbolon.Jose.Json;

/// <summary>RFC 8259 §2 by recursive descent over text that is known to be UTF-8. Its depth is bounded by the limits.</summary>
internal ref struct JsonScanner(
    ReadOnlySpan<byte> text, JsonLimits limits, MemberRule rule, JsonOutline? outline, OpenNames names)
{
    private readonly ReadOnlySpan<byte> text = text;
    private readonly JsonLimits limits = limits;
    private readonly MemberRule rule = rule;
    private readonly JsonOutline? outline = outline;
    private OpenNames names = names;
    private int position;
    private int members;
    private bool rootIsArray;
    private StrictJsonError error;

    public StrictJsonError Run()
    {
        SkipWhiteSpace();
        var first = position < text.Length ? text[position] : default;
        rootIsArray = first == '[';
        outline?.Begin(withObject: first == '{');
        if (!ReadValue(0, outline is not null)) return error;
        SkipWhiteSpace();
        if (position < text.Length) Fail(StrictJsonErrorKind.TrailingContent);
        return error;
    }

    public readonly void Dispose() => names.Dispose();

    private bool ReadValue(int depth, bool outlined)
    {
        if (position >= text.Length) return Fail(StrictJsonErrorKind.Malformed);
        switch (text[position])
        {
            case (byte)'"': return ReadString(out _);
            case (byte)'{': return ReadObject(depth + 1, outlined);
            case (byte)'[': return ReadArray(depth + 1);
            case (byte)'t': return ReadLiteral("true"u8);
            case (byte)'f': return ReadLiteral("false"u8);
            case (byte)'n': return ReadLiteral("null"u8);
            default: return ReadNumber();
        }
    }

    private bool ReadObject(int depth, bool outlined)
    {
        if (depth > limits.Depth) return Fail(StrictJsonErrorKind.TooDeep);
        outlined &= depth <= JsonOutline.Depth;
        var compared = rule == MemberRule.EveryObject || depth == 1 || (depth == 2 && rootIsArray);
        var firstName = names.Count;
        position++;
        SkipWhiteSpace();
        if (TryTake((byte)'}')) return true;
        do
        {
            SkipWhiteSpace();
            if (!ReadMember(depth, outlined, compared)) return false;
            SkipWhiteSpace();
        }
        while (TryTake((byte)','));
        if (!TryTake((byte)'}')) return Fail(StrictJsonErrorKind.Malformed);
        return !compared || names.Close(text, firstName, out error);
    }

    private bool ReadMember(int depth, bool outlined, bool compared)
    {
        if (position >= text.Length || text[position] != '"') return Fail(StrictJsonErrorKind.Malformed);
        if (++members > limits.Members) return Fail(StrictJsonErrorKind.TooManyMembers);
        var start = position + 1;
        if (!ReadString(out var escaped)) return false;
        var name = new NamePlace(start, position - 1 - start);
        if (compared) names.Add(text, name, escaped);
        SkipWhiteSpace();
        if (!TryTake((byte)':')) return Fail(StrictJsonErrorKind.Malformed);
        SkipWhiteSpace();
        if (!outlined) return ReadValue(depth, outlined: false);

        var slot = outline!.Open(name, escaped, position);
        if (!ReadValue(depth, outlined: true)) return false;
        outline.Close(slot, position);
        return true;
    }

    private bool ReadArray(int depth)
    {
        if (depth > limits.Depth) return Fail(StrictJsonErrorKind.TooDeep);
        position++;
        SkipWhiteSpace();
        if (TryTake((byte)']')) return true;
        do
        {
            SkipWhiteSpace();
            if (!ReadValue(depth, outlined: false)) return false;
            SkipWhiteSpace();
        }
        while (TryTake((byte)','));
        return TryTake((byte)']') || Fail(StrictJsonErrorKind.Malformed);
    }

    private bool ReadString(out bool escaped)
    {
        var end = JsonStringScan.FindEnd(text, position + 1, out escaped, out var fault);
        position = end;
        return fault == StrictJsonErrorKind.None || Fail(fault);
    }

    private bool ReadNumber()
    {
        var length = JsonNumberScan.Length(text[position..]);
        position += length;
        return length > 0 || Fail(StrictJsonErrorKind.Malformed);
    }

    private bool ReadLiteral(ReadOnlySpan<byte> literal)
    {
        if (!text[position..].StartsWith(literal)) return Fail(StrictJsonErrorKind.Malformed);
        position += literal.Length;
        return true;
    }

    private bool TryTake(byte expected)
    {
        if (position >= text.Length || text[position] != expected) return false;
        position++;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SkipWhiteSpace()
    {
        // Between tokens there is usually none.
        if (position < text.Length && text[position] <= ' ') SkipSomeWhiteSpace();
    }

    private void SkipSomeWhiteSpace()
    {
        while (position < text.Length && text[position] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t') position++;
    }

    private bool Fail(StrictJsonErrorKind kind)
    {
        error = new(kind, position);
        return false;
    }
}
