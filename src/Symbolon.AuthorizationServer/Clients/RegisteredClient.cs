using System.Collections.Immutable;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Jose.Keys;

namespace Symbolon.AuthorizationServer.Clients;

/// <summary>A client that we know, with what it can prove itself by.</summary>
internal sealed record RegisteredClient
{
    public required ClientId Id { get; init; }

    /// <summary>Whom it is when it acts for itself; null where it only acts for people.</summary>
    public Holder? Self { get; init; }

    /// <summary>Its public keys; one of them has signed its assertions (RFC 7523 §2.2).</summary>
    public ImmutableArray<Jwk> Keys { get; init; } = [];

    /// <summary>SHA-256 of the secret of a client that is marked legacy; null for all others.</summary>
    public byte[]? SecretHash { get; init; }
}
