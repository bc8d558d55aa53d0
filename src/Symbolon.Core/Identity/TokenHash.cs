using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Symbolon.Core.Identity;

/// <summary>
/// SHA-256 of a whole token text (ASCII). The only form in which a secret is kept. Comparing or hashing it leaks nothing
/// that helps to forge a token, since the attacker cannot choose the digest.
/// </summary>
public readonly record struct TokenHash
{
    private readonly ulong a, b, c, d;

    public TokenHash(ReadOnlySpan<byte> sha256)
    {
        if (sha256.Length != SHA256.HashSizeInBytes) throw new ArgumentException("Expected 32 bytes.", nameof(sha256));
        a = BinaryPrimitives.ReadUInt64BigEndian(sha256);
        b = BinaryPrimitives.ReadUInt64BigEndian(sha256[8..]);
        c = BinaryPrimitives.ReadUInt64BigEndian(sha256[16..]);
        d = BinaryPrimitives.ReadUInt64BigEndian(sha256[24..]);
    }

    public static TokenHash Of(ReadOnlySpan<byte> token)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(token, digest);
        return new TokenHash(digest);
    }

    public byte[] ToBytes()
    {
        var bytes = new byte[SHA256.HashSizeInBytes];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, a);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), b);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(16), c);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(24), d);
        return bytes;
    }

    public override int GetHashCode() => (int)a;
}
