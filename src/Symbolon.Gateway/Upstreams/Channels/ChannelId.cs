using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Symbolon.Gateway.Upstreams.Channels;

/// <summary>An id of a channel's own space: what a request and its progress token are called on the channel.</summary>
internal static class ChannelId
{
    private const int MostDigits = 18;

    public static byte[] Write(long id) => Encoding.ASCII.GetBytes(id.ToString(CultureInfo.InvariantCulture));

    /// <summary>Only exactly what <see cref="Write"/> wrote is that id: not <c>1.0</c>, not <c>"1"</c>, not <c>01</c>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> raw, out long id)
    {
        id = 0;
        return raw.Length is > 0 and <= MostDigits && raw[0] is >= (byte)'1' and <= (byte)'9'
            && Utf8Parser.TryParse(raw, out id, out var taken) && taken == raw.Length;
    }

    /// <summary>
    /// The id of a response of which only the ends were kept. Found where it stands at the very start or the very end, as all servers
    /// write it: there no text of a result can imitate it.
    /// </summary>
    public static bool TryFind(ReadOnlySpan<byte> head, ReadOnlySpan<byte> tail, out long id)
    {
        if (head.StartsWith("{\"jsonrpc\":\"2.0\",\"id\":"u8)) head = head[22..];
        else if (head.StartsWith("{\"id\":"u8)) head = head[6..];
        else return TryFindLast(tail, out id);
        return TryRead(head[..Math.Max(0, head.IndexOf((byte)','))], out id);
    }

    private static bool TryFindLast(ReadOnlySpan<byte> tail, out long id)
    {
        id = 0;
        tail = tail.TrimEnd(" \t\r"u8);
        if (!tail.EndsWith("}"u8)) return false;
        tail = tail[..^1];
        if (tail.EndsWith(",\"jsonrpc\":\"2.0\""u8)) tail = tail[..^16];
        var name = tail.LastIndexOf(",\"id\":"u8);
        return name >= 0 && TryRead(tail[(name + 6)..], out id);
    }
}
