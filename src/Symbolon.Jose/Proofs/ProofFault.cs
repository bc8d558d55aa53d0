namespace Symbolon.Jose.Proofs;

/// <summary>Why a proof was refused.</summary>
public enum ProofFault
{
    /// <summary>There is no <c>DPoP</c> header.</summary>
    Missing,

    /// <summary>More than one <c>DPoP</c> header (RFC 9449 §4.3, 1).</summary>
    Several,

    /// <summary>Over 4 KiB.</summary>
    TooLarge,

    /// <summary>No compact JWS of strict base64url with strict JSON in it (§4.3, 2).</summary>
    Malformed,

    /// <summary><c>typ</c> is not <c>dpop+jwt</c> (§4.3, 4).</summary>
    WrongType,

    /// <summary><c>alg</c> is not ES256 (§4.3, 5).</summary>
    WrongAlgorithm,

    /// <summary>A header parameter that no proof has, or that is marked critical (RFC 8725 §3.10, RFC 7515 §4.1.11).</summary>
    ForbiddenHeader,

    /// <summary><c>jwk</c> is not one public P-256 key for signatures (§4.3, 7).</summary>
    BadKey,

    /// <summary>The signature is not by the key in the proof (§4.3, 6).</summary>
    BadSignature,

    /// <summary>Another key than the token is bound to (§4.3, 12).</summary>
    WrongKey,

    /// <summary><c>jti</c>, <c>htm</c>, <c>htu</c> or <c>iat</c> is missing or of the wrong type or size (§4.3, 3).</summary>
    BadClaim,

    /// <summary><c>htm</c> is another method (§4.3, 8).</summary>
    WrongMethod,

    /// <summary><c>htu</c> is another URL (§4.3, 9).</summary>
    WrongUrl,

    /// <summary>Made too long ago (§4.3, 11).</summary>
    TooOld,

    /// <summary>Made in the future (§4.3, 11).</summary>
    TooNew,

    /// <summary><c>ath</c> is missing or another token's (§4.3, 12).</summary>
    WrongToken,

    /// <summary>A proof with the nonce that comes with the answer is needed (§8, §9).</summary>
    NonceNeeded,

    /// <summary>The proof was used before (§11.1).</summary>
    Replayed,
}
