using System.Text;
using Symbolon.AuthorizationServer.Forms;
using Symbolon.Core;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.OAuth.Proofs;
using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;
using Symbolon.Jose;
using Symbolon.Jose.Json;
using Symbolon.Jose.Keys;
using Symbolon.Jose.Signatures;
using Symbolon.Jose.Tokens;

namespace Symbolon.AuthorizationServer.Clients;

/// <summary>What an assertion says before anybody has vouched for it: whose key to ask.</summary>
/// <param name="Token">Its bytes.</param>
/// <param name="KeyId">Its <c>kid</c>; null for none.</param>
internal sealed record UnverifiedAssertion(ClientId Client, byte[] Token, JwtClaims Said, string? KeyId);

/// <summary>
/// <c>private_key_jwt</c>: a JWT that the client signed with a registered key (RFC 7523 §3, draft-ietf-oauth-rfc7523bis §4). Its one audience is our
/// issuer, so that no other server that got it can use it here; it ends within five minutes and is good for one request.
/// </summary>
internal sealed class ClientAssertion(Configuration configuration, TimeProvider clock)
{
    public const string Method = "private_key_jwt";
    public const string Type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private const int MostBytes = 8 * 1024;
    private const int MostIdLength = 256;

    /// <summary>Seconds from now to its end at most.</summary>
    private const long LongestLife = 300;

    /// <summary>Seconds by which a foreign clock may differ. DESIGN.md section 4, Tokens.</summary>
    private const long Tolerance = 60;

    /// <summary>One text whatever is wrong: which clients exist, and how they sign, is nobody's business.</summary>
    public static readonly OAuthError Refused = OAuthError.InvalidClient(
        "The client assertion is not accepted: iss and sub must be the client id, aud this issuer alone, exp at most five minutes ahead, jti new, signed with a registered key.");

    /// <summary>Somebody who is not registered costs as much time as somebody who is.</summary>
    private static readonly VerificationKey Nobodys = MakeNobodys();

    private readonly VerificationKeyCache keys = new(capacity: 4096);

    /// <returns>Null for what is none.</returns>
    public static UnverifiedAssertion? Read(string assertion)
    {
        if (assertion.Length > MostBytes || !Ascii.IsValid(assertion)) return null;
        var token = Encoding.ASCII.GetBytes(assertion);
        if (Jws.Read(token, TokenProfiles.ClientAssertion, new byte[token.Length], out var jws) != JoseError.None) return null;
        return JwtClaims.Read(jws.UnverifiedPayload, out var said) == JoseError.None && said is { Issuer: { Length: <= ClientId.MostLength } named }
            ? new UnverifiedAssertion(new ClientId(named), token, said, IdOf(jws.Header)) : null;
    }

    /// <param name="client">The one that the assertion names; null where there is none.</param>
    /// <param name="clientId">The parameter <c>client_id</c>, where it was sent (RFC 7521 §4.2).</param>
    /// <param name="issuer">Ours, as it was selected by this request.</param>
    public OAuthOutcome<AuthenticatedClient> Verify(OrganisationId organisation, RegisteredClient? client, UnverifiedAssertion assertion, string? clientId, string issuer)
    {
        var (named, token, said) = (assertion.Client.Value, assertion.Token, assertion.Said);
        if (Jws.Read(token, TokenProfiles.ClientAssertion, new byte[token.Length], out var jws) != JoseError.None) return Refused;
        var key = client is null ? null : KeyOf(client, jws.Header);
        if (key is null || configuration.Epochs.Find(organisation, RevocationLevel.Key, key.Thumbprint.ToString()) is not null)
        {
            Nobodys.Verify(token, token.AsSpan(0, Math.Min(64, token.Length)));
            return Refused;
        }
        // What was said stands in the very bytes that are signed.
        if (jws.Verify(key, out var payload) != JoseError.None) return Refused;
        return IsGood(said, named, clientId, issuer) ? new AuthenticatedClient(client!, UseOf(organisation, named, said)) { SignedBy = key.Thumbprint, VouchesFor = NamedKey(payload) } : Refused;
    }

    private static Sha256Value? NamedKey(ReadOnlySpan<byte> payload) =>
        JsonValue.Root(payload) is { Kind: JsonKind.Object } root && root.TryGetMember("cnf"u8, out var confirmed) && confirmed.Value.Kind == JsonKind.Object
        && confirmed.Value.TryGetMember("jkt"u8, out var thumbprint) && thumbprint.Value.TryGetString(out var text) && Sha256Value.TryParse(Encoding.UTF8.GetBytes(text), out var key) ? key : null;

    private VerificationKey? KeyOf(RegisteredClient client, JwsHeader header)
    {
        Jwk? found = null;
        var now = clock.Microseconds();
        var id = IdOf(header);
        foreach (var key in client.Keys)
        {
            if (key.Algorithm != header.Algorithm || (id is not null && key.KeyId != id && key.Thumbprint.ToString() != id)) continue;
            // Nobody has said for too long that its holder is still there.
            if (client.KeyEnds.TryGetValue(key.Thumbprint, out var end) && end <= now) continue;
            // Without a kid only where there is no choice: nobody tries key after key.
            if (found is not null) return null;
            found = key;
        }
        return found is null ? null : keys.Get(found);
    }

    private static string? IdOf(JwsHeader header) => header.KeyId.IsEmpty ? null : Encoding.UTF8.GetString(header.KeyId);

    private bool IsGood(JwtClaims claims, string named, string? clientId, string issuer)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        return claims.Issuer == named && claims.Subject == named && (clientId is null || clientId == named)
            && claims.Audience is [var audience] && audience == issuer
            && claims.ExpiresAt is { } expires && now < expires + Tolerance && expires <= now + LongestLife + Tolerance
            && !(claims.IssuedAt > now + Tolerance) && !(expires - claims.IssuedAt > LongestLife) && !(claims.NotBefore > now + Tolerance)
            && claims.Id is { Length: <= MostIdLength };
    }

    private static ProofUse UseOf(OrganisationId organisation, string client, JwtClaims claims) =>
        ProofUse.Of(organisation, client, claims.Id!, UnixTime.FromSeconds(claims.ExpiresAt!.Value + Tolerance));

    private static VerificationKey MakeNobodys()
    {
        using var key = Es256SigningKey.Generate();
        return VerificationKey.Import(key.PublicKey)!;
    }
}
