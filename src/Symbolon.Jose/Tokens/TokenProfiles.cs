using Symbolon.Jose.Keys;
using Symbolon.Jose.Signatures;

namespace Symbolon.Jose.Tokens;

/// <summary>What each kind of token must look like. A token of one kind is never taken for another: the types differ (RFC 8725 §3.11).</summary>
public static class TokenProfiles
{
    /// <summary>An access token of ours (RFC 9068 §2.1): ES256, at most 8 KiB.</summary>
    public static JwsProfile AccessToken { get; } = new() { Type = "at+jwt", MostBytes = 8 * 1024 };

    /// <summary>What a server is shown that only wants to know who asks: ES256, at most 8 KiB. Gives nothing.</summary>
    public static JwsProfile Identity { get; } = new() { Type = "symbolon-identity+jwt", MostBytes = 8 * 1024 };

    /// <summary>What a foreign token endpoint is shown of a caller (draft-ietf-oauth-rfc7523bis §3): ES256, at most 8 KiB. Nothing of ours reads it.</summary>
    public static JwsProfile AuthorizationGrant { get; } = new() { Type = "authorization-grant+jwt", MostBytes = 8 * 1024 };

    /// <summary>What an API is told when something is revoked (RFC 8417 §2.3): ES256, at most 8 KiB. Gives nothing, and nobody takes it as a token.</summary>
    public static JwsProfile SecurityEvent { get; } = new() { Type = "secevent+jwt", MostBytes = 8 * 1024 };

    /// <summary>
    /// A client's assertion (RFC 7523 §2.2, draft-ietf-oauth-rfc7523bis §3): typed <c>client-authentication+jwt</c>, <c>JWT</c>, or not at all by
    /// clients that are older than the type. Signed by whatever the registered key is for.
    /// </summary>
    public static JwsProfile ClientAssertion { get; } = new()
    {
        Type = "client-authentication+jwt",
        OtherType = "JWT",
        TypeMayBeMissing = true,
        Algorithms = JwsAlgorithm.ES256 | JwsAlgorithm.ES384 | JwsAlgorithm.RS256 | JwsAlgorithm.PS256,
        MostBytes = 8 * 1024,
    };

    /// <summary>
    /// What a platform tells a workload about itself: a Kubernetes service account token, an ID token of a CI, a JWT-SVID. <c>JWT</c> or no type at all; whatever is typed as
    /// something of ours, or of anybody else, is none. At most 8 KiB.
    /// </summary>
    public static JwsProfile PlatformToken { get; } = new()
    {
        Type = "JWT",
        TypeMayBeMissing = true,
        Algorithms = JwsAlgorithm.ES256 | JwsAlgorithm.ES384 | JwsAlgorithm.RS256 | JwsAlgorithm.PS256,
        MostBytes = 8 * 1024,
    };

    /// <summary>A proof of possession (RFC 9449 §4.2), which carries its key; at most 4 KiB.</summary>
    public static JwsProfile DPoPProof { get; } = new() { Type = "dpop+jwt", CarriesKey = true, MostBytes = 4 * 1024 };
}
