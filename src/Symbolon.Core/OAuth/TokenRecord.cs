using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;

namespace Symbolon.Core.OAuth;

/// <summary>Public name of a token, shown in lists and records; never secret. <c>tok_</c> and 22 base62 digits.</summary>
public readonly record struct TokenId(string Value)
{
    private const string Prefix = "tok_";

    public static TokenId New() => new(Base62.NewId(Prefix));

    public static bool IsValid(ReadOnlySpan<char> text) => Base62.IsId(Prefix, text);

    public override string ToString() => Value;
}

/// <summary>
/// A pasted token as the store knows it: who holds it, what it may reach, until when; never its secret.
/// What it may do at a given call is this, intersected with every grant that matches its holder at that moment.
/// </summary>
public sealed record TokenRecord
{
    public required TokenId Id { get; init; }
    public required OrganisationId Organisation { get; init; }
    public required TokenKind Kind { get; init; }
    public required Holder Holder { get; init; }
    public required ImmutableArray<ServerAccess> Servers { get; init; }

    /// <summary>Microseconds since the Unix epoch, UTC, as all times in the store. Rotation does not change it, so an epoch that killed a token keeps it dead.</summary>
    public required long IssuedAt { get; init; }

    /// <summary>Microseconds since the Unix epoch. The gateway adds the tolerance of 5 s for own tokens.</summary>
    public required long ExpiresAt { get; init; }

    public required string IssuedBy { get; init; }
    public string? Note { get; init; }
    public long? RevokedAt { get; init; }
    public long? RotatedAt { get; init; }
    public long? LastUsedAt { get; init; }

    /// <summary>What a token of OAuth hangs on; null for a pasted one. Never stored: such a token carries it itself.</summary>
    [JsonIgnore]
    public OAuthBinding? OAuth { get; init; }

    [JsonIgnore]
    public bool IsRevoked => RevokedAt is not null;
}
