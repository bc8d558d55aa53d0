using System.Buffers;

namespace Symbolon.Gateway.Upstreams.Channels;

/// <summary>
/// Looks through a message that is too long to be kept, for whose it is: the members of its outermost object, wherever they stand. What
/// stands in a string or in an inner object cannot imitate them. Keeps a few bytes, whatever comes.
/// </summary>
internal sealed class LongMessage
{
    /// <summary>Bytes of a name or a value that are kept: more than any that matters has.</summary>
    private const int Longest = 24;

    private static readonly SearchValues<byte> EndsText = SearchValues.Create("\"\\"u8);
    private static readonly SearchValues<byte> Structure = SearchValues.Create("\"{}[]"u8);

    private readonly byte[] word = new byte[Longest];
    private int length;
    private int depth;
    private bool inText;
    private bool afterBackslash;
    private bool inValue;
    private bool isId;
    private bool hasEnded;
    private bool isBroken;

    /// <summary>The id on this channel that it was sent under; null where it has none, or it did not come yet.</summary>
    public long? Id { get; private set; }

    /// <summary>It has an id, of whatever form.</summary>
    public bool HasId { get; private set; }

    /// <summary>It is a request or a notification: nobody waits for it.</summary>
    public bool HasMethod { get; private set; }

    /// <summary>It is one object to its end, so that what it does not have is not there.</summary>
    public bool IsWhole => hasEnded && !isBroken;

    /// <summary>Begins with the next message.</summary>
    public void Reset()
    {
        (length, depth, Id) = (0, 0, null);
        inText = afterBackslash = inValue = isId = hasEnded = isBroken = HasId = HasMethod = false;
    }

    public void Take(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && !isBroken)
        {
            var skipped = Uninteresting(bytes);
            if (skipped > 0) bytes = bytes[skipped..];
            else
            {
                if (inText) TakeText(bytes[0]);
                else TakeMark(bytes[0]);
                bytes = bytes[1..];
            }
        }
    }

    /// <returns>How many of the first bytes change nothing.</returns>
    private int Uninteresting(ReadOnlySpan<byte> bytes)
    {
        if (afterBackslash || (depth <= 1 && !(inText && inValue))) return 0;
        var next = bytes.IndexOfAny(inText ? EndsText : Structure);
        return next < 0 ? bytes.Length : next;
    }

    private void TakeText(byte one)
    {
        if (depth == 1) Keep(one);
        if (afterBackslash) afterBackslash = false;
        else if (one == '\\') afterBackslash = true;
        else if (one == '"') inText = false;
    }

    private void TakeMark(byte one)
    {
        switch (one)
        {
            case (byte)'"' when depth > 0:
                if (depth == 1) Keep(one);
                inText = true;
                break;
            case (byte)'{' or (byte)'[':
                isBroken = hasEnded || (depth == 0 && one != '{') || (depth == 1 && !inValue);
                if (depth++ == 1) Keep(one);
                break;
            case (byte)'}' or (byte)']':
                isBroken = --depth < 0;
                if (depth > 0) break;
                FinishMember();
                hasEnded = true;
                break;
            case (byte)' ' or (byte)'\t' or (byte)'\r':
                if (depth == 1 && length > 0) Keep(one);
                break;
            default:
                if (depth == 1) TakeMember(one);
                else isBroken = depth == 0;
                break;
        }
    }

    private void TakeMember(byte one)
    {
        if (one == ',') FinishMember();
        else if (one == ':' && !inValue)
        {
            var name = Word;
            isId = name.SequenceEqual("\"id\""u8);
            HasMethod |= name.SequenceEqual("\"method\""u8);
            (inValue, length) = (true, 0);
        }
        else Keep(one);
    }

    /// <summary>Of two ids nobody knows which counts: then it is nobody's answer.</summary>
    private void FinishMember()
    {
        if (isId)
        {
            isBroken |= HasId;
            Id = !HasId && ChannelId.TryRead(Word, out var id) ? id : null;
            HasId = true;
        }
        isId = inValue = false;
        length = 0;
    }

    private ReadOnlySpan<byte> Word => word.AsSpan(0, length).TrimEnd(" \t\r"u8);

    private void Keep(byte one)
    {
        if (length < Longest) word[length++] = one;
    }
}
