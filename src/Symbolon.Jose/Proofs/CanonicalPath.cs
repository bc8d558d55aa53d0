using System.Buffers;

namespace Symbolon.Jose.Proofs;

/// <summary>The path of a URI in one spelling: RFC 3986 §6.2.2.1 to §6.2.2.3.</summary>
internal static class CanonicalPath
{
    private static readonly SearchValues<byte> Unreserved = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"u8);
    private static readonly SearchValues<byte> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@"u8);

    /// <param name="path">Begins with a slash.</param>
    public static bool TryWrite(ReadOnlySpan<byte> path, Span<byte> canonical, ref int written)
    {
        var start = written;
        while (!path.IsEmpty)
        {
            path = path[1..];
            var end = path.IndexOf((byte)'/');
            var segment = end < 0 ? path : path[..end];
            path = end < 0 ? default : path[end..];
            if (IsDots(segment))
            {
                if (segment.Length == 2) written = start + Math.Max(0, canonical[start..written].LastIndexOf((byte)'/'));
                if (end < 0) canonical[written++] = (byte)'/';
                continue;
            }
            canonical[written++] = (byte)'/';
            if (!TryWriteSegment(segment, canonical, ref written)) return false;
        }
        return true;
    }

    /// <returns>False for a character that a path may not hold, half an escape, and dot segments in disguise.</returns>
    private static bool TryWriteSegment(ReadOnlySpan<byte> segment, Span<byte> canonical, ref int written)
    {
        var start = written;
        Span<byte> value = stackalloc byte[1];
        while (!segment.IsEmpty)
        {
            if (segment[0] != '%')
            {
                if (!Plain.Contains(segment[0])) return false;
                canonical[written++] = segment[0];
                segment = segment[1..];
                continue;
            }
            if (segment.Length < 3 || Convert.FromHexString(segment[1..3], value, out _, out _) != OperationStatus.Done) return false;
            if (Unreserved.Contains(value[0]))
            {
                canonical[written++] = value[0];
            }
            else
            {
                canonical[written++] = (byte)'%';
                Convert.TryToHexString(value, canonical[written..], out var digits);
                written += digits;
            }
            segment = segment[3..];
        }
        return !IsDots(canonical[start..written]);
    }

    private static bool IsDots(ReadOnlySpan<byte> segment) => segment.SequenceEqual("."u8) || segment.SequenceEqual(".."u8);
}
