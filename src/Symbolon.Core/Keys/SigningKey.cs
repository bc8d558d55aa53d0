using System.Text.Json.Serialization;

namespace Symbolon.Core.Keys;

/// <summary>Where a signing key is in its life, which its times say alone.</summary>
public enum SigningKeyState
{
    /// <summary>Published, not used yet, so that every cache of the key set has it before the first token.</summary>
    Prepared,

    /// <summary>Signs.</summary>
    Active,

    /// <summary>Signs no more; published until the last token that it signed has ended.</summary>
    Retired,

    /// <summary>Lost: what it signed is refused.</summary>
    Revoked,
}

/// <summary>One signing key of an organisation, its public half. The private one rests sealed as a secret of the same name.</summary>
public sealed record SigningKey
{
    /// <summary><c>kid</c>: the thumbprint of the key (RFC 7638).</summary>
    public required string Id { get; init; }

    /// <summary>The public key, one JSON object (RFC 7517).</summary>
    public required string Jwk { get; init; }

    /// <summary>Microseconds since the Unix epoch, as all times here.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>From then on it signs, unless a later one does.</summary>
    public required long ActiveFrom { get; init; }

    public long? RevokedAt { get; init; }

    [JsonIgnore]
    public bool IsRevoked => RevokedAt is not null;
}
