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
}
