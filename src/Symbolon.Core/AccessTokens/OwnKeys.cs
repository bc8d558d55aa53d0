using System.Text;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Resources;
using Symbolon.Core.Snapshot;
using Symbolon.Jose;
using Symbolon.Jose.Json;
using Symbolon.Jose.Keys;
using Symbolon.Jose.Signatures;

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
