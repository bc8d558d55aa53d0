using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Symbolon.Core.Audit;

/// <summary>
/// Ids of calls: UUIDs of version 7 (RFC 9562 §5.7). Their random bits are drawn from the system in pieces of 64, since each draw costs
/// a system call.
/// </summary>
internal static class CallId
{
    private const int RandomBytes = 10;

    [ThreadStatic]
    private static byte[]? drawn;

    [ThreadStatic]
    private static int used;

    /// <param name="time">Milliseconds since the Unix epoch.</param>
    public static Guid New(long time)
    {
        var random = drawn ??= new byte[64 * RandomBytes];
        if (used == 0) RandomNumberGenerator.Fill(random);
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, time << 16);
        random.AsSpan(used, RandomBytes).CopyTo(bytes[6..]);
        bytes[6] = (byte)(0x70 | bytes[6] & 0x0F);
        bytes[8] = (byte)(0x80 | bytes[8] & 0x3F);
        used = (used + RandomBytes) % random.Length;
        return new Guid(bytes, bigEndian: true);
    }
}
