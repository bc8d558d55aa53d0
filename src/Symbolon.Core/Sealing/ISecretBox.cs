using Symbolon.Core.Identity;

namespace Symbolon.Core.Sealing;

/// <summary>Names the place of a sealed secret; it is authenticated with it, so a ciphertext moved to another place does not open.</summary>
public readonly record struct SecretPlace(OrganisationId Organisation, string Kind, string Id, long Version);

/// <summary>Encrypts what rests in the store, under a key that is not in the database (AES-256-GCM). DESIGN.md section 5, promise 4.</summary>
public interface ISecretBox
{
    byte[] Seal(SecretPlace place, ReadOnlySpan<byte> secret);

    /// <returns>The secret, or null when the bytes were not sealed for this place under our key.</returns>
    byte[]? Open(SecretPlace place, ReadOnlySpan<byte> sealedSecret);

    /// <summary>Keyed fingerprint (HMAC-SHA-256), to tell whether two secrets are the same without keeping them.</summary>
    byte[] Fingerprint(OrganisationId organisation, ReadOnlySpan<byte> secret);

    /// <summary>A key of its own for a purpose of one organisation, derived from the master key (HKDF-SHA-256), 32 bytes.</summary>
    byte[] DeriveKey(OrganisationId organisation, string purpose);
}
