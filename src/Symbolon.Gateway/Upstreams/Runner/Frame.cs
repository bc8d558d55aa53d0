using System.Buffers.Binary;

namespace Symbolon.Gateway.Upstreams.Runner;

/// <summary>What stands before the raw bytes of a server, each way once: four bytes of length, big-endian, and so many bytes of JSON.</summary>
internal static class Frame
{
    public static async Task WriteAsync(Stream to, byte[] json, CancellationToken cancellation)
    {
        var frame = new byte[4 + json.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, json.Length);
        json.CopyTo(frame, 4);
        await to.WriteAsync(frame, cancellation);
    }

    /// <returns>Null when it is longer than allowed, or empty.</returns>
    /// <exception cref="EndOfStreamException">The other side is gone before its end.</exception>
    public static async Task<byte[]?> ReadAsync(Stream from, int mostBytes, CancellationToken cancellation)
    {
        var length = new byte[4];
        await from.ReadExactlyAsync(length, cancellation);
        if (BinaryPrimitives.ReadInt32BigEndian(length) is not (> 0 and var bytes) || bytes > mostBytes) return null;
        var json = new byte[bytes];
        await from.ReadExactlyAsync(json, cancellation);
        return json;
    }
}
