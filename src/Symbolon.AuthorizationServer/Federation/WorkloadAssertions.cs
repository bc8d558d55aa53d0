using System.Text;
using Symbolon.AuthorizationServer.Forms;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;
using Symbolon.Jose;
using Symbolon.Jose.Signatures;
using Symbolon.Jose.Tokens;

namespace Symbolon.AuthorizationServer.Federation;

/// <summary>
/// Tokens by which a platform says who a workload is (RFC 7523 §3; SPIFFE JWT-SVID §4). A file that a platform refreshes is read many times, so a token counts as often as it
/// comes, as long as it lives; what it gets is bound to a key that its bearer proves.
/// </summary>
internal sealed class WorkloadAssertions(Configuration configuration, IssuerKeys keys, TimeProvider clock)
{
    /// <summary>Seconds by which a foreign clock may differ. DESIGN.md section 4, Tokens.</summary>
    private const long Tolerance = 60;

    private const int MostSubject = 1024;

    /// <summary>One text as long as no signature of a trusted issuer is there: who is trusted here is nobody's business.</summary>
    public static readonly OAuthError Refused = OAuthError.InvalidGrant(
        "The assertion is not accepted: it has to be a JWT of at most 8 KiB, signed by ES256, ES384, RS256 or PS256 with a current key of an issuer that is trusted here.");

    private static readonly OAuthError Unreachable = OAuthError.TemporarilyUnavailable("The keys of the issuer cannot be fetched now.");
    private static readonly OAuthError OtherAudience = OAuthError.InvalidGrant("The assertion is for somebody else: aud has to be the one audience that is set for its issuer here, and no other beside it.");
    private static readonly OAuthError Expired = OAuthError.InvalidGrant("The assertion has expired, or has no exp.");
    private static readonly OAuthError NotYet = OAuthError.InvalidGrant("The assertion is issued or begins more than 60 seconds ahead.");
    private static readonly OAuthError NoIssueTime = OAuthError.InvalidGrant("The assertion has no iat, so nobody can tell how long it lives.");
    private static readonly OAuthError TooLong = OAuthError.InvalidGrant("The assertion lives longer than maxTtl of its issuer here allows. Ask the platform for a shorter one.");
    private static readonly OAuthError OtherDomain = OAuthError.InvalidGrant("The subject of the assertion is no SPIFFE ID of the trust domain.");
    private static readonly OAuthError OtherSubject = OAuthError.InvalidGrant("The issuer is not trusted for the subject of the assertion.");

    /// <returns>Whom the assertion speaks of; or <c>invalid_grant</c>, or <c>temporarily_unavailable</c>.</returns>
    public async ValueTask<OAuthOutcome<Workload>> VerifyAsync(OrganisationId organisation, string assertion, CancellationToken cancellation)
    {
        if (assertion.Length > TokenProfiles.PlatformToken.MostBytes || !Ascii.IsValid(assertion)) return Refused;
        var token = Encoding.ASCII.GetBytes(assertion);
        if (Read(token) is not var (said, keyId, algorithm) || IssuerOf(organisation, said) is not { } issuer) return Refused;
        var (key, isUnreachable) = await keys.FindAsync(organisation, issuer, keyId, algorithm, cancellation);
        if (key is null) return isUnreachable ? Unreachable : Refused;
        // What was said stands in the very bytes that are signed.
        if (Jws.Read(token, TokenProfiles.PlatformToken, new byte[token.Length], out var jws) != JoseError.None || jws.Verify(key, out _) != JoseError.None) return Refused;
        return Check(said, issuer) is { } why ? why : new Workload(issuer, said.Subject!, said.ExpiresAt!.Value);
    }

    private static (JwtClaims Said, string? KeyId, Jose.Keys.JwsAlgorithm Algorithm)? Read(byte[] token)
    {
        if (Jws.Read(token, TokenProfiles.PlatformToken, new byte[token.Length], out var jws) != JoseError.None) return null;
        if (JwtClaims.Read(jws.UnverifiedPayload, out var said) != JoseError.None || said is not { Subject: { Length: <= MostSubject } subject } || !subject.All(c => c is >= ' ' and <= '~')) return null;
        return (said, jws.Header.KeyId.IsEmpty ? null : Encoding.UTF8.GetString(jws.Header.KeyId), jws.Header.Algorithm);
    }

    /// <summary>The one that is trusted under the <c>iss</c>; JWT-SVIDs may come without, and are known by their trust domain. Null for none, and for several.</summary>
    private IssuerObject? IssuerOf(OrganisationId organisation, JwtClaims said)
    {
        var trusted = configuration.Issuers(organisation).Where(issuer => issuer.RetiredAt is null && (said.Issuer is { } named
            ? issuer.Issuer == named
            : issuer.SpiffePrefix is { } prefix && said.Subject!.StartsWith(prefix, StringComparison.Ordinal))).Take(2).ToList();
        return trusted is [var only] ? only : null;
    }

    private OAuthError? Check(JwtClaims said, IssuerObject issuer)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        // A second audience could use the token here, or we there (rfc7523bis §4).
        if (said.Audience is not [var audience] || audience != issuer.Audience) return OtherAudience;
        if (said.ExpiresAt is not { } expires || now >= expires + Tolerance) return Expired;
        if (said.IssuedAt is not { } issued) return NoIssueTime;
        if (issued > now + Tolerance || said.NotBefore > now + Tolerance) return NotYet;
        if (expires - issued > issuer.MaxTtlSeconds) return TooLong;
        if (issuer.SpiffePrefix is { } prefix && !said.Subject!.StartsWith(prefix, StringComparison.Ordinal)) return OtherDomain;
        return issuer.IsTrustedFor(said.Subject!) ? null : OtherSubject;
    }
}
