using System.Collections.Immutable;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Jose;
using Symbolon.Jose.Keys;

namespace Symbolon.AuthorizationServer.Clients;

/// <summary>A client that we know, with what it can prove itself by, and where it may have people sent back to.</summary>
internal sealed record RegisteredClient
{
    public required ClientId Id { get; init; }

    /// <summary>Whom it is when it acts for itself, and who acts beside the person when it acts for one; null where it only acts for people and is nobody itself.</summary>
    public Holder? Self { get; init; }

    /// <summary>The server that it is; null for any other client.</summary>
    public ServerName? Server { get; init; }

    /// <summary>The API that it is: it is told about tokens for that audience. Null for any other client.</summary>
    public string? Audience { get; init; }

    /// <summary>It is told security events, and fetches them.</summary>
    public bool FetchesEvents { get; init; }

    /// <summary>Its public keys; one of them has signed its assertions (RFC 7523 §2.2).</summary>
    public ImmutableArray<Jwk> Keys { get; init; } = [];

    /// <summary>When keys end that do, by their thumbprints; microseconds since the Unix epoch.</summary>
    public ImmutableDictionary<Sha256Value, long> KeyEnds { get; init; } = ImmutableDictionary<Sha256Value, long>.Empty;

    /// <summary>SHA-256 of the secret of a client that is marked legacy; null for all others.</summary>
    public byte[]? SecretHash { get; init; }

    /// <summary>Its platform can say who it is; then it needs no key that lasts.</summary>
    public bool IsFederated { get; init; }

    /// <summary>What it is called. Only an administrator's word makes that more than a claim: <see cref="IsVouchedFor"/>.</summary>
    public required string Name { get; init; }

    /// <summary>An administrator has registered it.</summary>
    public bool IsVouchedFor { get; init; }

    /// <summary>Where its authorization answers may go; empty for one that never acts for people.</summary>
    public ImmutableArray<string> Redirects { get; init; } = [];

    /// <summary>It gets no token but those that are bound to its key (RFC 9449 §5.2, <c>dpop_bound_access_tokens</c>).</summary>
    public bool MustProveKey { get; init; }

    /// <summary>Its requests count only where it has pushed them (RFC 9126 §5, <c>require_pushed_authorization_requests</c>).</summary>
    public bool MustPush { get; init; }

    /// <summary>It can prove itself by nothing (RFC 6749 §2.1): who it is, is only what it says.</summary>
    public bool IsPublic => Keys.IsEmpty && SecretHash is null && !IsFederated;

    /// <summary>Anybody can act as it: it proves nothing, or it is one that anybody can make. What it does may fill neither disk nor anybody else's place.</summary>
    public bool IsAnybodys => IsPublic || !IsVouchedFor;

    /// <summary>Who a person is at our servers when this client acts for them.</summary>
    public Holder For(UserEmail person) => new() { User = person, Agent = Self?.Agent, Workflow = Self?.Workflow };
}
