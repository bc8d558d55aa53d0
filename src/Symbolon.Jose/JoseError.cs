namespace Symbolon.Jose;

/// <summary>Why a token or key was refused. <see cref="None"/> alone means accepted.</summary>
public enum JoseError
{
    None,

    /// <summary>Over the bound of the profile, the key or the set.</summary>
    TooLarge,

    /// <summary>Not three parts of strict base64url (RFC 7515 §3.1 and §7.1).</summary>
    Malformed,

    /// <summary>A text that <see cref="Json.StrictJson"/> refuses, or that is no object.</summary>
    InvalidJson,

    /// <summary>A header parameter of the wrong type (RFC 7515 §4.1).</summary>
    InvalidHeader,

    /// <summary>No algorithm that the profile admits: <c>none</c>, HMACs and everything unknown are among these (RFC 8725 §3.1).</summary>
    AlgorithmNotAllowed,

    /// <summary>A <c>typ</c> that is missing or of another kind of token (RFC 8725 §3.11).</summary>
    WrongType,

    /// <summary>A parameter that names or carries a key, or another envelope: <c>jku</c>, <c>x5u</c>, <c>x5c</c>, <c>jwk</c>, <c>zip</c>, <c>enc</c>, <c>cty</c>.</summary>
    ForbiddenHeader,

    /// <summary><c>crit</c> or <c>b64</c>: there is no extension that must be understood and is (RFC 7515 §4.1.11, RFC 7797 §6).</summary>
    CriticalHeader,

    /// <summary>The header's algorithm is not the key's (RFC 8725 §3.1).</summary>
    KeyMismatch,

    /// <summary>The signature has the wrong length or does not verify.</summary>
    InvalidSignature,

    /// <summary>A key that lacks a member, or has one out of range (RFC 7518 §6).</summary>
    InvalidKey,

    /// <summary>A kind, curve or algorithm of key that is not supported.</summary>
    UnsupportedKey,

    /// <summary>A private or symmetric key where a public one is meant.</summary>
    PrivateKey,

    /// <summary><c>use</c> or <c>key_ops</c> do not allow verifying (RFC 7517 §4.2 and §4.3).</summary>
    KeyUseNotAllowed,

    /// <summary>Two keys of a set with the same <c>kid</c> (RFC 7517 §4.5).</summary>
    DuplicateKeyId,

    /// <summary>A claim of the wrong type, or out of range (RFC 7519 §4.1).</summary>
    InvalidClaims,
}
