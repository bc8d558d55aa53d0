using Symbolon.Client.Callers;

namespace Symbolon.Client.Verification;

/// <summary>Whether an identity header says who asks.</summary>
public abstract record IdentityVerdict
{
    private IdentityVerdict() { }

    public sealed record Accepted(IdentifiedCaller Caller) : IdentityVerdict;

    /// <param name="Description">For the developer. Holds nothing of what was sent.</param>
    public sealed record Refused(IdentityFault Fault, string Description) : IdentityVerdict;
}

/// <summary>Why an identity header is not taken.</summary>
public enum IdentityFault
{
    /// <summary>There is no such header: nobody has told who asks.</summary>
    Missing,

    /// <summary>The header is there more than once.</summary>
    Several,

    /// <summary>Larger than 8 KiB.</summary>
    TooLarge,

    /// <summary>No compact JWS in exactly its form.</summary>
    Malformed,

    /// <summary>A token of another kind (<c>typ</c>), such as an access token.</summary>
    WrongType,

    /// <summary>Signed by another algorithm than ES256, or not at all.</summary>
    WrongAlgorithm,

    /// <summary>Signed by no key that Symbolon publishes.</summary>
    UnknownKey,

    /// <summary>The signature is not of the key that it names.</summary>
    WrongSignature,

    /// <summary>A claim is missing, or has not its form.</summary>
    WrongClaims,

    /// <summary>Of another issuer.</summary>
    WrongIssuer,

    /// <summary>For another server.</summary>
    WrongAudience,

    /// <summary>Over. Five seconds of tolerance.</summary>
    Expired,

    /// <summary>From the future. Five seconds of tolerance.</summary>
    NotYetValid,

    /// <summary>Good for longer than the gateway ever says.</summary>
    LivesTooLong,

    /// <summary>The keys cannot be had at this moment: to be answered with 503, not as somebody unknown.</summary>
    KeysUnavailable,
}
