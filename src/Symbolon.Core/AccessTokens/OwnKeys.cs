using System.Text;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Resources;
using Symbolon.Core.Snapshot;
using Symbolon.Jose;
using Symbolon.Jose.Json;
using Symbolon.Jose.Keys;
using Symbolon.Jose.Signatures;
using Symbolon.Jose.Tokens;

namespace Symbolon.Core.AccessTokens;

/// <summary>The keys that sign our tokens, as verifiers find them. A revoked one is none.</summary>
internal sealed class OwnKeys(Configuration configuration)
{
    private readonly VerificationKeyCache keys = new(capacity: 64);

    public VerificationKey? Find(OrganisationId organisation, Jws jws)
    {
        Span<char> id = stackalloc char[64];
        if (jws.Header.KeyId.Length > id.Length || Ascii.ToUtf16(jws.Header.KeyId, id, out var length) != System.Buffers.OperationStatus.Done) return null;
        foreach (var known in configuration.SigningKeys(organisation).Keys)
        {
            if (known.IsRevoked || !id[..length].SequenceEqual(known.Id)) continue;
            return Jwk.Parse(Encoding.UTF8.GetBytes(known.Jwk), out var jwk) == JoseError.None ? keys.Get(jwk!) : null;
        }
        return null;
    }

    /// <summary>Reads a token of ours that is asked about seldom enough to have its own memory.</summary>
    /// <param name="payload">Verified; what it says is the reader's to judge.</param>
    /// <returns>Its claims, with the thumbprint of the key that signed it; null for what is no token that one of our keys signed.</returns>
    public (JwtClaims Claims, string Key)? Verify(OrganisationId organisation, ReadOnlySpan<char> token, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        if (token.Length > AccessTokenReader.MostBytes || !Ascii.IsValid(token)) return null;
        var bytes = new byte[token.Length];
        Encoding.ASCII.GetBytes(token, bytes);
        if (Jws.Read(bytes, TokenProfiles.AccessToken, new byte[bytes.Length], out var jws) != JoseError.None) return null;
        if (Find(organisation, jws) is not { } key || jws.Verify(key, out payload) != JoseError.None) return null;
        return JwtClaims.Read(payload, out var claims) == JoseError.None ? (claims!, key.Thumbprint.ToString()) : null;
    }
}

/// <summary>Claims that all our tokens may have.</summary>
internal static class OwnClaims
{
    /// <summary>A key by its thumbprint and nothing besides: whoever does not know what a token is bound to must not take it (RFC 7800 §3.1).</summary>
    public static bool TryReadKey(JsonValue root, out Sha256Value? key)
    {
        key = null;
        if (!root.TryGetMember("cnf"u8, out var confirmation)) return true;
        if (confirmation.Value.Kind != JsonKind.Object) return false;
        foreach (var member in confirmation.Value.Members)
        {
            if (key is not null || !member.NameEquals("jkt"u8) || !member.Value.TryGetPlainText(out var text) || !Sha256Value.TryParse(text, out var found)) return false;
            key = found;
        }
        return key is not null;
    }

    /// <summary>Whoever does not understand what a token is limited to must not take it (RFC 9396 §9.1).</summary>
    /// <param name="most">Details that there may be.</param>
    public static bool TryReadLimits(JsonValue root, int most, out ResourceSet? limits)
    {
        limits = null;
        return !root.TryGetMember("authorization_details"u8, out var details) || (limits = AuthorizationDetails.Read(details.Value, out _, most)) is not null;
    }

    /// <summary>The time of issue to the microsecond, which must be that of <c>iat</c>.</summary>
    public static bool TryReadIssue(JsonValue root, long issued, out long issuedAt)
    {
        issuedAt = 0;
        return root.TryGetMember("iat_us"u8, out var exact) && exact.Value.TryGetInt64(out issuedAt) && issuedAt / 1_000_000 == issued;
    }
}
