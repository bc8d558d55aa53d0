using System.Text.Json.Serialization;
using Symbolon.Core.Identity;

namespace Symbolon.Core.OAuth.Authorizations;

/// <summary>A code as the store knows it: what it is bound to, never its text (RFC 6749 §4.1.2, RFC 7636 §4.4).</summary>
public sealed record AuthorizationCode
{
    [JsonIgnore]
    public TokenHash Hash { get; init; }
    public required AuthorizationId Authorization { get; init; }
    public required ClientId Client { get; init; }

    /// <summary>The redirect URI that it was sent to, byte for byte.</summary>
    public required string RedirectUri { get; init; }

    /// <summary>SHA-256 of the verifier in base64url, 43 characters.</summary>
    public required string Challenge { get; init; }

    /// <summary>Thumbprint of the key whose proof redeems it (RFC 9449 §10); null where none was named.</summary>
    public string? Key { get; init; }

    /// <summary>Microseconds since the Unix epoch.</summary>
    public required long ExpiresAt { get; init; }

    /// <summary>Microseconds since the Unix epoch; null while it is good. In a column of its own.</summary>
    public long? UsedAt { get; init; }
}
