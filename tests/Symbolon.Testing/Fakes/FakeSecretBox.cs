using System.Security.Cryptography;
using System.Text;
using Symbolon.Core.Identity;
using Symbolon.Core.Sealing;

namespace Symbolon.Testing.Fakes;

/// <summary>Binds a secret to its place as the real box does, and hides it from a search for its text; protects nothing.</summary>
public sealed class FakeSecretBox : ISecretBox
{
    private static readonly byte[] Key = Encoding.ASCII.GetBytes("a key that only tests know, 32 b");

    public byte[] Seal(SecretPlace place, ReadOnlySpan<byte> secret) => [.. Mark(place), .. Flip(secret)];

    public byte[]? Open(SecretPlace place, ReadOnlySpan<byte> sealedSecret) =>
        sealedSecret.Length >= 32 && sealedSecret[..32].SequenceEqual(Mark(place)) ? Flip(sealedSecret[32..]) : null;

    public byte[] Fingerprint(OrganisationId organisation, ReadOnlySpan<byte> secret) =>
        HMACSHA256.HashData(Key, (byte[])[.. Encoding.UTF8.GetBytes(organisation.Value), 0, .. secret]);

    public byte[] DeriveKey(OrganisationId organisation, string purpose) =>
        HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes($"{organisation}\n{purpose}"));

    private static byte[] Mark(SecretPlace place) => HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes(place.ToString()));

    private static byte[] Flip(ReadOnlySpan<byte> bytes)
    {
        var flipped = bytes.ToArray();
        for (var i = 0; i < flipped.Length; i++) flipped[i] ^= 0xA5;
        return flipped;
    }
}
