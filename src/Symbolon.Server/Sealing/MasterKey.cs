using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Symbolon.Server.Sealing;

/// <summary>
/// The one key outside the database, 32 bytes. It encrypts nothing itself: each use has a key of its own, derived by HKDF-SHA-256
/// (RFC 5869), so that a key lost in one place opens nothing in another.
/// </summary>
public sealed class MasterKey
{
    public const int Length = 32;

    private readonly byte[] key;

    /// <exception cref="ArgumentException">The key is not exactly 32 bytes.</exception>
    public MasterKey(ReadOnlySpan<byte> key)
    {
        if (key.Length != Length) throw new ArgumentException($"A master key is {Length} bytes.", nameof(key));
        this.key = key.ToArray();
    }

    /// <summary>32 bytes for this purpose. The parts are length-prefixed: no two lists of parts give the same key.</summary>
    internal byte[] Derive(params ReadOnlySpan<string> parts)
    {
        using var info = new MemoryStream();
        Span<byte> length = stackalloc byte[4];
        foreach (var part in parts)
        {
            var text = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32BigEndian(length, text.Length);
            info.Write(length);
            info.Write(text);
        }
        return HKDF.DeriveKey(HashAlgorithmName.SHA256, key, Length, salt: null, info.ToArray());
    }
}
