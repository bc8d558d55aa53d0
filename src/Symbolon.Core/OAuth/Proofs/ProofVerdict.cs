using Symbolon.Jose;
using Symbolon.Jose.Proofs;

namespace Symbolon.Core.OAuth.Proofs;

/// <summary>What <see cref="ProofValidator"/> found.</summary>
public abstract record ProofVerdict
{
    private ProofVerdict() { }

    /// <summary>
    /// Every check of RFC 9449 §4.3 has passed but one: that no other node, and no earlier life of this one, has seen the proof. Nothing may be done on
    /// it before <paramref name="Use"/> is durable in one of the three ways that <see cref="ProofUse"/> names.
    /// </summary>
    /// <param name="Key">Thumbprint of the key (RFC 7638): what a token is bound to by <c>cnf.jkt</c>.</param>
    /// <param name="NextNonce">To be sent as <c>DPoP-Nonce</c> with the answer, since the one in the proof will soon be too old; null for none (RFC 9449 §8.2).</param>
    public sealed record Accepted(Sha256Value Key, ProofUse Use, string? NextNonce) : ProofVerdict;

    public sealed record Refused(ProofRefusal Refusal) : ProofVerdict;
}
