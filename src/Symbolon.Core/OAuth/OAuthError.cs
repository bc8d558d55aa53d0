using Symbolon.Jose.Proofs;


namespace Symbolon.Core.OAuth;

/// <summary>
/// An error as OAuth names it, and what to do about it in words. The words are ours alone, never what was sent, and printable ASCII without
/// quotation marks and backslashes (RFC 6749 §5.2).
/// </summary>
/// <param name="Code">One of the codes of the RFC in question.</param>
public sealed record OAuthError(string Code, string Description)
{
    public const string InvalidClientCode = "invalid_client";


    public bool IsInvalidClient => Code == InvalidClientCode;

    /// <summary>No proof came, and one was needed: told apart from one that is wrong, which has the same code.</summary>
    public bool LacksProof { get; init; }

    /// <summary>It is on record already, so it is not counted besides.</summary>
    public bool IsRecorded { get; init; }

    /// <summary>RFC 6749 §5.2: malformed, a parameter missing or given twice.</summary>
    public static OAuthError InvalidRequest(string description) => new("invalid_request", description);

    /// <summary>RFC 6749 §5.2; 401. One text for everything that can be wrong, so that nobody learns which clients exist.</summary>
    public static OAuthError InvalidClient(string description) => new(InvalidClientCode, description);

    /// <summary>RFC 6749 §5.2: this client may not use this grant type.</summary>
    public static OAuthError UnauthorizedClient(string description) => new("unauthorized_client", description);

    public static OAuthError UnsupportedGrantType(string description) => new("unsupported_grant_type", description);

    public static OAuthError InvalidScope(string description) => new("invalid_scope", description);

    /// <summary>RFC 8707 §2.</summary>
    public static OAuthError InvalidTarget(string description) => new("invalid_target", description);

    /// <summary>RFC 9396 §5.</summary>
    public static OAuthError InvalidAuthorizationDetails(string description) => new("invalid_authorization_details", description);

    /// <summary>RFC 9449 §5 and §8: <c>invalid_dpop_proof</c> or <c>use_dpop_nonce</c>.</summary>
    public static OAuthError InvalidProof(ProofRefusal refusal) => new(refusal.Error, refusal.Description) { LacksProof = refusal.Fault == ProofFault.Missing };

    /// <summary>RFC 9449 §5.2: what was asked for is given to a key alone.</summary>
    public static OAuthError ProofNeeded(string description) => new(ProofRefusal.Invalid, description) { LacksProof = true };

    /// <summary>RFC 6749 §5.2: a code or refresh token that is unknown, over, revoked, used before, or another client's.</summary>
    public static OAuthError InvalidGrant(string description) => new("invalid_grant", description);

    /// <summary>RFC 6749 §4.1.2.1: the person said no, or may not.</summary>
    public static OAuthError AccessDenied(string description) => new("access_denied", description);

    /// <summary>RFC 6749 §5.2 has no code for it; §4.1.2.1 does. 503.</summary>
    public static OAuthError TemporarilyUnavailable(string description) => new("temporarily_unavailable", description);
}
