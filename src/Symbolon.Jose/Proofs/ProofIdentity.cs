using System.Security.Cryptography;

namespace Symbolon.Jose.Proofs;

/// <summary>By what a proof is known again, whatever its spelling: a replay has the identity of the first use (RFC 9449 §11.1).</summary>
internal static class ProofIdentity
{
    private const int MostJtiBytes = 256;

    /// <returns>Null for a <c>jti</c> that is empty or longer than 256 bytes.</returns>
    public static Sha256Value? Of(Sha256Value key, ProofTarget target, ReadOnlySpan<byte> jti)
    {
        if (jti.Length is 0 or > MostJtiBytes) return null;
        Span<byte> parts = stackalloc byte[SHA256.HashSizeInBytes + CanonicalUri.MostWritten + 1 + MostJtiBytes];
        key.CopyTo(parts);
        var length = SHA256.HashSizeInBytes;
        target.Canonical.CopyTo(parts[length..]);
        length += target.Canonical.Length;
        // No URL holds a blank, so nothing can move between the two.
        parts[length++] = (byte)' ';
        jti.CopyTo(parts[length..]);
        return Sha256Value.Of(parts[..(length + jti.Length)]);
    }
}
