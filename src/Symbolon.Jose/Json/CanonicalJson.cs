using System.Buffers;

namespace Symbolon.Jose.Json;

/// <summary>The JSON Canonicalization Scheme, RFC 8785: one text for one value.</summary>
public static class CanonicalJson
{
    private const int UsualKeys = 256;
    private const int UsualMembers = 32;

    /// <summary>
    /// Writes the canonical form: no white space, the fewest escapes, members by the UTF-16 code units of their names.
    /// </summary>
    /// <param name="accepted">A text that <see cref="StrictJson"/> accepted under <see cref="MemberRule.EveryObject"/>.</param>
    /// <param name="numbers">With <see cref="NumberForm.AsWritten"/>, the result is never longer than the text.</param>
    /// <returns>
    /// False, with nothing written, when <see cref="NumberForm.Es6"/> was asked for and a number is too large for a double;
    /// never with <see cref="NumberForm.AsWritten"/>.
    /// </returns>
    public static bool TryWrite(ReadOnlySpan<byte> accepted, NumberForm numbers, IBufferWriter<byte> output)
    {
        var walk = new CanonicalWalk(
            accepted, numbers, new(output.GetSpan(accepted.Length)), new(stackalloc char[UsualKeys]), new(stackalloc CanonicalMember[UsualMembers]));
        try
        {
            if (!walk.Run()) return false;
            walk.CommitTo(output);
            return true;
        }
        finally
        {
            walk.Dispose();
        }
    }

    /// <summary>Whether a text is accepted by the strict scan and is, byte for byte, its own form under RFC 8785.</summary>
    public static bool IsCanonical(ReadOnlySpan<byte> utf8)
    {
        if (!StrictJson.Scan(utf8, new(JsonLimits.GreatestDepth, int.MaxValue)).Accepted) return false;
        var canonical = new ArrayBufferWriter<byte>(utf8.Length);
        return TryWrite(utf8, NumberForm.Es6, canonical) && canonical.WrittenSpan.SequenceEqual(utf8);
    }
}
