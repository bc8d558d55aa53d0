using System.Text;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Snapshot;
using Symbolon.Jose;
using Symbolon.Jose.Json;
using Symbolon.Jose.Tokens;

namespace Symbolon.Core.AccessTokens;

/// <summary>
/// Verifies the tokens by which APIs fetch their events. Whatever is not exactly as we write it is refused, and what this takes <see cref="AccessTokenReader"/> and
/// <see cref="DownstreamTokenReader"/> refuse: it is for no server and for no API. Reads no store, and does not ask what was revoked.
/// </summary>
public sealed class EventsTokenReader(Configuration configuration, IPublicOrigins origins)
{
    private static readonly byte[][] Names = [.. "iss sub aud client_id client_jkt jti iat iat_us exp scope cnf".Split(' ').Select(Encoding.ASCII.GetBytes)];

    private readonly OwnKeys keys = new(configuration);

    /// <param name="now">Microseconds since the Unix epoch.</param>
    /// <returns>Null for everything else, and for one that has ended.</returns>
    public EventsToken? Read(ReadOnlySpan<char> token, long now)
    {
        var organisation = OrganisationId.Default;
        if (keys.Verify(organisation, token, out var payload) is not var (claims, key)) return null;
        var read = Judge(organisation, key, claims, JsonValue.Root(payload));
        return read is not null && read.IssuedAt <= now + AccessTokenReader.Tolerance && now < read.ExpiresAt + AccessTokenReader.Tolerance ? read : null;
    }

    private EventsToken? Judge(OrganisationId organisation, string key, JwtClaims claims, JsonValue root)
    {
        foreach (var member in root.Members)
        {
            var isKnown = false;
            foreach (var name in Names) isKnown |= member.NameEquals(name);
            if (!isKnown) return null;
        }
        if (claims is not { Issuer: { } issuer, Subject: { } subject, Id: { } id, ExpiresAt: { } expires, IssuedAt: { } issued, NotBefore: null, AudienceIsText: true, Audience: [var audience] }) return null;
        if (!origins.Includes(issuer) || audience != issuer + EventsToken.Path || !TokenId.IsValid(id)) return null;
        if (!JwtClaims.Text(root, "client_id"u8, out var client) || client != subject || client.Length > ClientId.MostLength) return null;
        if (!JwtClaims.Text(root, "scope"u8, out var scope) || scope != EventsToken.Scope) return null;
        if (!OwnClaims.TryReadIssue(root, issued, out var issuedAt) || !OwnClaims.TryReadKey(root, out var bound)) return null;
        Sha256Value? provedBy = null;
        if (root.TryGetMember("client_jkt"u8, out var proved))
        {
            if (!proved.Value.TryGetPlainText(out var text) || !Sha256Value.TryParse(text, out var found)) return null;
            provedBy = found;
        }
        return new EventsToken(organisation, new TokenId(id), new ClientId(client), key, issuedAt, UnixTime.FromSeconds(expires)) { Key = bound, ClientKey = provedBy };
    }
}
