using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Symbolon.Admin.Api;

namespace Symbolon.Admin.Tokens;

/// <summary>A token, never its secret.</summary>
public record TokenResponse
{
    [JsonPropertyOrder(-2)]
    public required string Id { get; init; }

    /// <summary><c>live</c>, <c>expired</c> or <c>revoked</c>.</summary>
    public required string State { get; init; }
    public string? User { get; init; }
    public string? Agent { get; init; }
    public string? Workflow { get; init; }
    public required IReadOnlyList<ServerAccessResponse> Servers { get; init; }
    public required DateTimeOffset IssuedAt { get; init; }
    public required string IssuedBy { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? RotatedAt { get; init; }
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Written in batches, so up to some seconds late.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }
    public string? Note { get; init; }
}

/// <summary>A token that was just issued or rotated.</summary>
public sealed record IssuedTokenResponse : TokenResponse
{
    public IssuedTokenResponse() { }

    [SetsRequiredMembers]
    internal IssuedTokenResponse(TokenResponse token, string secret, IReadOnlyList<string> addresses) : base(token) => (Token, Addresses) = (secret, addresses);

    /// <summary>The secret. Shown once: it is stored as a hash.</summary>
    [JsonPropertyOrder(-1)]
    public required string Token { get; init; }

    /// <summary>Where its holder connects: the MCP endpoint of each of its servers, under each of the public origins. Built from the settings alone.</summary>
    public required IReadOnlyList<string> Addresses { get; init; }

    /// <summary>Leaves the secret out: a record's own text would print it.</summary>
    public override string ToString() => $"{nameof(IssuedTokenResponse)} {{ {Id} }}";
}
