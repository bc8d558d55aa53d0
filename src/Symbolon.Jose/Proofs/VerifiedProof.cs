using System.Buffers;
using System.Text;
using Symbolon.Jose.Keys;

namespace Symbolon.Jose.Proofs;

/// <summary>A proof that its key has signed. Whether it is of this request, of now, and used for the first time is still to be asked.</summary>
public readonly ref struct VerifiedProof
{
    private const int MostMethodBytes = 32;

    internal VerifiedProof(VerificationKey key, ProofClaims claims)
    {
        Key = key;
        Claims = claims;
    }

    public VerificationKey Key { get; }

    public ProofClaims Claims { get; }

    /// <summary>Whether it was made for this request (RFC 9449 §4.3, 8, 9 and 12).</summary>
    /// <param name="method">The HTTP method as it was received; compared with regard to case.</param>
    /// <param name="accessToken">SHA-256 of the access token (ASCII) that came with it; null where none came.</param>
    /// <returns>Null when it was.</returns>
    public ProofFault? Mismatch(string method, ProofTarget target, Sha256Value? accessToken)
    {
        if (!IsForMethod(method)) return ProofFault.WrongMethod;
        if (!IsFor(target)) return ProofFault.WrongUrl;
        return accessToken is { } token && !IsForToken(token) ? ProofFault.WrongToken : null;
    }

    /// <summary>What every spelling of this proof has in common: the SHA-256 over the key's thumbprint, the one spelling of the URL, and <c>jti</c> (§11.1).</summary>
    /// <param name="target">The one that <see cref="Mismatch"/> was asked with.</param>
    /// <returns>Null for a <c>jti</c> that is empty or longer than 256 bytes.</returns>
    public Sha256Value? Identify(ProofTarget target)
    {
        if (Claims.Jti.TryGetPlainText(out var plain)) return ProofIdentity.Of(Key.Thumbprint, target, plain);
        Span<byte> room = stackalloc byte[CanonicalUri.MostBytes];
        return ProofIdentity.Of(Key.Thumbprint, target, ProofClaims.TextOf(Claims.Jti, room));
    }

    private bool IsForMethod(string method)
    {
        Span<byte> expected = stackalloc byte[MostMethodBytes];
        return method.Length <= MostMethodBytes && Ascii.FromUtf16(method, expected, out var length) == OperationStatus.Done && Claims.Htm.TextEquals(expected[..length]);
    }

    private bool IsFor(ProofTarget target)
    {
        if (Claims.Htu.TryGetPlainText(out var plain)) return target.IsNamedBy(plain);
        Span<byte> room = stackalloc byte[CanonicalUri.MostBytes];
        return target.IsNamedBy(ProofClaims.TextOf(Claims.Htu, room));
    }

    private bool IsForToken(Sha256Value token) =>
        Claims.Ath.Length > 0 && Claims.Ath.TryGetPlainText(out var hash) && Sha256Value.TryParse(hash, out var named) && named == token;
}
