using Symbolon.Core.Identity;
using Symbolon.Jose;
using Symbolon.Jose.Proofs;

namespace Symbolon.Core.OAuth.Proofs;

/// <summary>The request that a proof came with.</summary>
public readonly record struct ProofRequest
{
    public required OrganisationId Organisation { get; init; }

    /// <summary>The HTTP method as it was received; compared with regard to case.</summary>
    public required string Method { get; init; }

    public required ProofTarget Target { get; init; }

    /// <summary>
    /// SHA-256 of the access token (ASCII) that came with the proof: it must be the proof's <c>ath</c>. Null at the authorization server's own
    /// endpoints, where no access token comes.
    /// </summary>
    public Sha256Value? AccessToken { get; init; }

    /// <summary>The key that the proof must be of: <c>cnf.jkt</c> of a token, <c>dpop_jkt</c> of an authorization. Null where a key is shown for the first time.</summary>
    public Sha256Value? BoundTo { get; init; }

    /// <summary>Whether a proof without a nonce of ours is refused. One that has a nonce is held to it in any case.</summary>
    public bool NeedsNonce { get; init; }
}
