using Symbolon.Gateway.Mcp;

namespace Symbolon.Gateway.Upstreams.Channels;

/// <summary>Puts other bytes in one or two places of an accepted message; all others stay as they are.</summary>
internal static class Splicing
{
    /// <param name="second">Absent, or apart from the first, before or behind it.</param>
    /// <returns>The message on one line: a raw line break stands between two tokens only, where it says as much as a space.</returns>
    public static byte[] Replace(
        ReadOnlySpan<byte> message, Slice first, ReadOnlySpan<byte> firstBy, Slice second = default, ReadOnlySpan<byte> secondBy = default)
    {
        if (!second.IsPresent)
        {
            second = new Slice(message.Length, 0);
            secondBy = default;
        }
        if (second.Offset < first.Offset) return Replace(message, second, secondBy, first, firstBy);
        var between = message[(first.Offset + first.Length)..second.Offset];
        var after = message[(second.Offset + second.Length)..];
        var spliced = new byte[first.Offset + firstBy.Length + between.Length + secondBy.Length + after.Length];
        var rest = Copy(message[..first.Offset], spliced);
        rest = Copy(firstBy, rest);
        rest = Copy(between, rest);
        rest = Copy(secondBy, rest);
        Copy(after, rest);
        JoinLines(spliced);
        return spliced;
    }

    /// <summary>Replaces raw line breaks by spaces. In an accepted JSON text they are white space: a string has them escaped.</summary>
    public static void JoinLines(Span<byte> message)
    {
        while (message.IndexOfAny((byte)'\r', (byte)'\n') is var at and >= 0)
        {
            message[at] = (byte)' ';
            message = message[(at + 1)..];
        }
    }

    private static Span<byte> Copy(ReadOnlySpan<byte> from, Span<byte> to)
    {
        from.CopyTo(to);
        return to[from.Length..];
    }
}
