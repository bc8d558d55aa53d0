namespace Symbolon.Jose.Proofs;

/// <summary>
/// A refused proof, as both kinds of endpoint answer it. The authorization server: 400 with <see cref="Error"/> and <see cref="Description"/> (RFC 9449
/// §5, §8). A resource server: 401 with <see cref="ChallengeText"/> (§7.1, §9). Both send <see cref="Nonce"/> as the header <c>DPoP-Nonce</c> where it is not null.
/// </summary>
/// <param name="Nonce">The nonce for the next proof.</param>
public sealed record ProofRefusal(ProofFault Fault, string? Nonce = null)
{
    public const string Invalid = "invalid_dpop_proof";
    public const string UseNonce = "use_dpop_nonce";

    /// <summary><see cref="UseNonce"/> or <see cref="Invalid"/>.</summary>
    public string Error => Fault == ProofFault.NonceNeeded ? UseNonce : Invalid;

    /// <summary>For the developer of the client. Within the characters of RFC 6749 §5.2.</summary>
    public string Description => Fault switch
    {
        ProofFault.Missing => "A DPoP proof is needed.",
        ProofFault.Several => "Send exactly one DPoP header.",
        ProofFault.TooLarge => "The proof is larger than 4 KiB.",
        ProofFault.Malformed => "The proof is not a compact JWS of base64url without padding and of strict JSON.",
        ProofFault.WrongType => "The proof's typ is not dpop+jwt.",
        ProofFault.WrongAlgorithm => "The proof's alg is not ES256.",
        ProofFault.ForbiddenHeader => "The proof has a header parameter that is not allowed in one.",
        ProofFault.BadKey => "The proof's jwk is not one public P-256 key for signatures.",
        ProofFault.BadSignature => "The proof is not signed by the key in it.",
        ProofFault.WrongKey => "The proof is of another key than the one that is expected.",
        ProofFault.BadClaim => "The proof needs jti and htm and htu as texts and iat in whole seconds.",
        ProofFault.WrongMethod => "The proof's htm is not this request's method.",
        ProofFault.WrongUrl => "The proof's htu is not this address, without query and fragment.",
        ProofFault.TooOld => "The proof is too old, or the client's clock is slow.",
        ProofFault.TooNew => "The proof is of the future: the client's clock is fast.",
        ProofFault.WrongToken => "The proof's ath is not the hash of this access token.",
        ProofFault.NonceNeeded => "Make a proof with the nonce in the header DPoP-Nonce.",
        ProofFault.Replayed => "The proof was used before: make one for each request.",
        _ => throw new InvalidOperationException($"No text for {Fault}."),
    };

    /// <summary>The value of <c>WWW-Authenticate</c>.</summary>
    /// <param name="scope">Scopes to ask for, separated by blanks; null for none.</param>
    /// <param name="resourceMetadata">Address of the metadata of RFC 9728; null for none.</param>
    public string ChallengeText(string? scope, string? resourceMetadata) => ProofChallenge.Write(Error, Description, scope, resourceMetadata);
}
