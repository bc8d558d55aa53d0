using Symbolon.Jose.Proofs;

namespace Symbolon.Core.OAuth.Proofs;

/// <summary>
/// Whether a proof is of now. By its own clock from 60 s ago to 5 s ahead; up to 300 s either way with a nonce of ours, which says by our clock when it was
/// made. A client whose clock is that far off is asked for a nonce and need not be told what is wrong with it.
/// </summary>
/// <remarks>RFC 9449 §4.3 (10, 11), §8, §11.1; DESIGN.md section 4, Tokens.</remarks>
internal sealed class ProofAge(ProofNonces nonces, TimeProvider clock)
{
    private const long MostWithNonce = 300;
    private const int MostNonceBytes = 128;

    /// <param name="expiresAt">Microseconds since the Unix epoch from which on its age refuses the proof.</param>
    /// <param name="nextNonce">The nonce that the client should go over to, if any.</param>
    /// <returns>Null when it is of now.</returns>
    public ProofFault? Judge(in ProofClaims claims, in ProofRequest request, out long expiresAt, out string? nextNonce)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var issued = claims.IssuedAt;
        (expiresAt, nextNonce) = (0, null);
        if (issued < now - MostWithNonce || claims.Expires <= now) return ProofFault.TooOld;
        if (issued > now + MostWithNonce || claims.NotBefore > now + ProofWindow.MostAhead) return ProofFault.TooNew;
        if (claims.Nonce.Length > 0)
        {
            Span<byte> room = stackalloc byte[MostNonceBytes];
            var nonce = nonces.Judge(request.Organisation, ProofClaims.TextOf(claims.Nonce, room));
            (expiresAt, nextNonce) = (nonce.EndsAt, nonce.Next);
            return nonce.IsFresh ? null : ProofFault.NonceNeeded;
        }
        expiresAt = UnixTime.FromSeconds(issued + ProofWindow.MostAge + 1);
        return request.NeedsNonce || issued < now - ProofWindow.MostAge || issued > now + ProofWindow.MostAhead ? ProofFault.NonceNeeded : null;
    }
}
