using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Symbolon.Jose;

/// <summary>
/// A SHA-256 value as a key of tables: what knows a token or a public key by its hash looks it up without an allocation. Equality is
/// not of fixed time: it is for hashes of what was presented, which say nothing about a secret that differs.
/// </summary>
public readonly record struct Sha256Value
{
    private const int Size = SHA256.HashSizeInBytes;

    private readonly ulong first;
    private readonly ulong second;
    private readonly ulong third;
    private readonly ulong fourth;

    private Sha256Value(ReadOnlySpan<byte> hash)
    {
        first = BinaryPrimitives.ReadUInt64BigEndian(hash);
        second = BinaryPrimitives.ReadUInt64BigEndian(hash[8..]);
        third = BinaryPrimitives.ReadUInt64BigEndian(hash[16..]);
        fourth = BinaryPrimitives.ReadUInt64BigEndian(hash[24..]);
    }

    /// <summary>The hash of exactly these bytes. Allocates nothing.</summary>
    public static Sha256Value Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[Size];
        SHA256.HashData(bytes, hash);
        return new(hash);
    }

    /// <returns>False unless the text is strict base64url of 32 bytes: the form of <c>jkt</c> (RFC 9449 §6.1) and of <c>ath</c> (§4.2).</returns>
    public static bool TryParse(ReadOnlySpan<byte> digits, out Sha256Value value)
    {
        Span<byte> hash = stackalloc byte[Size];
        var valid = digits.Length == Base64Url.EncodedLength(Size) && Base64Url.TryDecode(digits, hash, out _);
        value = valid ? new(hash) : default;
        return valid;
    }

    /// <summary>Writes the 32 bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The destination is smaller.</exception>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, first);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], second);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], third);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], fourth);
    }

    public byte[] ToBytes()
    {
        var bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>The order of the bytes, as databases sort them.</summary>
    public int CompareTo(Sha256Value other) => (first, second, third, fourth).CompareTo((other.first, other.second, other.third, other.fourth));

    /// <summary>Base64url, 43 characters.</summary>
    public override string ToString()
    {
        Span<byte> hash = stackalloc byte[Size];
        Span<byte> digits = stackalloc byte[Base64Url.EncodedLength(Size)];
        CopyTo(hash);
        Base64Url.Encode(hash, digits);
        return Encoding.ASCII.GetString(digits);
    }
}
