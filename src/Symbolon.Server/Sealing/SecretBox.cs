using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Symbolon.Core.Identity;
using Symbolon.Core.Sealing;

namespace Symbolon.Server.Sealing;

/// <summary>
/// AES-256-GCM with a random 96-bit nonce. The sealed form is: one byte that names the generation of the key, nonce, ciphertext,
/// 16 bytes of tag. That byte and the place (organisation, kind, id, version; texts length-prefixed) are authenticated with it.
/// </summary>
/// <remarks>NIST SP 800-38D §8.2.2: random nonces hold for 2^32 secrets under one key, far beyond what a registry stores.</remarks>
internal sealed class SecretBox(MasterKey master) : ISecretBox
{
    private const byte Generation = 1;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int Overhead = 1 + NonceLength + TagLength;

    private readonly byte[] sealingKey = master.Derive("symbolon", "seal", "1");

    public byte[] Seal(SecretPlace place, ReadOnlySpan<byte> secret)
    {
        var sealedSecret = new byte[Overhead + secret.Length];
        sealedSecret[0] = Generation;
        var nonce = sealedSecret.AsSpan(1, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        // One instance a use: the platform's context behind it is not safe for two threads.
        using var aes = new AesGcm(sealingKey, TagLength);
        aes.Encrypt(nonce, secret, sealedSecret.AsSpan(1 + NonceLength, secret.Length), sealedSecret.AsSpan(^TagLength..), Bind(place));
        return sealedSecret;
    }

    public byte[]? Open(SecretPlace place, ReadOnlySpan<byte> sealedSecret)
    {
        if (sealedSecret.Length < Overhead || sealedSecret[0] != Generation) return null;
        var secret = new byte[sealedSecret.Length - Overhead];
        using var aes = new AesGcm(sealingKey, TagLength);
        try
        {
            aes.Decrypt(
                sealedSecret.Slice(1, NonceLength), sealedSecret[(1 + NonceLength)..^TagLength], sealedSecret[^TagLength..], secret, Bind(place));
            return secret;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    public byte[] Fingerprint(OrganisationId organisation, ReadOnlySpan<byte> secret) =>
        HMACSHA256.HashData(DeriveKey(organisation, "fingerprint"), secret);

    public byte[] DeriveKey(OrganisationId organisation, string purpose) => master.Derive("symbolon", "derive", organisation.Value, purpose);

    private static byte[] Bind(SecretPlace place)
    {
        using var bound = new MemoryStream();
        bound.WriteByte(Generation);
        WriteText(bound, place.Organisation.Value);
        WriteText(bound, place.Kind);
        WriteText(bound, place.Id);
        Span<byte> version = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(version, place.Version);
        bound.Write(version);
        return bound.ToArray();
    }

    private static void WriteText(MemoryStream bound, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        bound.Write(length);
        bound.Write(bytes);
    }
}
