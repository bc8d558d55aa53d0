using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Policy;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;
using Symbolon.Jose;
using Symbolon.Jose.Json;
using Symbolon.Jose.Signatures;
using Symbolon.Jose.Tokens;

namespace Symbolon.Core.AccessTokens;

/// <summary>
/// Verifies access tokens of our own: type, algorithm, key, signature, issuer, audience, times, and that every claim is one that we write
/// (RFC 9068 §4, RFC 8725). Whatever is not exactly so is refused. Reads no store.
/// </summary>
public sealed class AccessTokenReader(Configuration configuration, IPublicOrigins origins)
{
    /// <summary>Bytes of the longest token. DESIGN.md section 4, Scopes.</summary>
    public const int MostBytes = 8 * 1024;

    /// <summary>Clocks of nodes differ: taken so long after its end, and so long before its issue. Microseconds. DESIGN.md section 4, Tokens.</summary>
    public const long Tolerance = 5_000_000;

    private static readonly AccessTokenReading Unknown = new AccessTokenReading.Refused(ReasonCode.Unauthenticated);
    private static readonly AccessTokenReading Expired = new AccessTokenReading.Refused(ReasonCode.TokenExpired);
    private static readonly AccessTokenReading Elsewhere = new AccessTokenReading.Refused(ReasonCode.WrongAudience);

    private readonly OwnKeys keys = new(configuration);

    /// <summary>Whether a signature would have to be verified to say anything: what this refuses costs next to nothing.</summary>
    public bool LooksLikeOurs(ReadOnlySpan<byte> token)
    {
        if (token.Length > MostBytes) return false;
        Span<byte> scratch = stackalloc byte[token.Length];
        return Jws.Read(token, TokenProfiles.AccessToken, scratch, out var jws) == JoseError.None && keys.Find(OrganisationId.Default, jws) is not null;
    }

    /// <param name="now">Microseconds since the Unix epoch.</param>
    public AccessTokenReading Read(ReadOnlySpan<byte> token, long now)
    {
        if (token.Length > MostBytes) return Unknown;
        Span<byte> scratch = stackalloc byte[token.Length];
        if (Jws.Read(token, TokenProfiles.AccessToken, scratch, out var jws) != JoseError.None) return Unknown;
        var organisation = OrganisationId.Default;
        if (keys.Find(organisation, jws) is not { } key || jws.Verify(key, out var payload) != JoseError.None) return Unknown;
        if (JwtClaims.Read(payload, out var claims) != JoseError.None) return Unknown;
        return Judge(organisation, key.Thumbprint.ToString(), claims!, JsonValue.Root(payload), now);
    }

    private AccessTokenReading Judge(OrganisationId organisation, string key, JwtClaims claims, JsonValue root, long now)
    {
        if (claims is not { Issuer: { } issuer, Subject: { } subject, Id: { } id, ExpiresAt: { } expires, IssuedAt: { } issued, NotBefore: null }) return Unknown;
        if (!origins.Includes(issuer) || !TokenId.IsValid(id)) return Unknown;
        if (!JwtClaims.Text(root, "client_id"u8, out var client) || client is not { Length: <= ClientId.MostLength }) return Unknown;
        if (!JwtClaims.Text(root, "authorization_id"u8, out var authorization) || !AuthorizationId.IsValid(authorization)) return Unknown;
        // Signed by us as well, but not for us: what is shown to a server must never be good here, whatever the server's URL is.
        if (root.TryGetMember("may_act"u8, out _) || root.TryGetMember("origin_jti"u8, out _)) return Unknown;
        if (!OwnClaims.TryReadIssue(root, issued, out var issuedAt)) return Unknown;
        if (issuedAt > now + Tolerance || HolderClaims.Read(root, subject) is not { } holder) return Unknown;
        if (!OwnClaims.TryReadKey(root, out var bound) || !OwnClaims.TryReadLimits(root, AuthorizationDetails.Most, out var limits)) return Unknown;
        if (!AuthorizedAt(root, holder, issuedAt, out var authorizedAt)) return Unknown;
        if (claims is not { AudienceIsText: true, Audience: [var audience] }) return Elsewhere;
        if (!ProtectedResource.TryParse(audience, origins, out var resource) || resource.Text != audience) return Elsewhere;
        if (ReadScopes(root, resource.Server) is not { } access) return Unknown;
        var expiresAt = UnixTime.FromSeconds(expires);
        if (now >= expiresAt + Tolerance) return Expired;
        return new AccessTokenReading.Valid(new TokenRecord
        {
            Id = new TokenId(id),
            Organisation = organisation,
            Kind = holder.TokenKind,
            Holder = holder,
            Servers = [access],
            IssuedAt = issuedAt,
            ExpiresAt = expiresAt,
            IssuedBy = client,
            OAuth = new OAuthBinding(new ClientId(client), new AuthorizationId(authorization!), key, authorizedAt) { Key = bound, Limits = limits },
        }, resource, issuer);
    }

    /// <summary>Where a person is in it, the time of the consent is too, and nowhere else.</summary>
    private static bool AuthorizedAt(JsonValue root, Holder holder, long issuedAt, out long? authorizedAt)
    {
        authorizedAt = null;
        if (!root.TryGetMember("auth_us"u8, out var member)) return holder.User is null;
        if (holder.User is null || !member.Value.TryGetInt64(out var time) || time < 0 || time > issuedAt) return false;
        authorizedAt = time;
        return true;
    }

    /// <summary>Every scope is one of this server; a token without any reaches nothing and is none of ours.</summary>
    private static ServerAccess? ReadScopes(JsonValue root, ServerName server)
    {
        if (!root.TryGetMember("scope"u8, out var member) || !member.Value.TryGetString(out var text)) return null;
        var parts = new List<ServerAccess>();
        foreach (var scope in text.Split(' '))
        {
            if (!Scopes.TryParse(scope, out var part) || part!.Server != server) return null;
            parts.Add(part);
        }
        return Scopes.Union(server, parts);
    }
}
