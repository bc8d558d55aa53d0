using System.Text.Json;
using Symbolon.Admin.Api;

namespace Symbolon.Admin.OAuthClients;

/// <summary>A registered OAuth client.</summary>
public record OAuthClientResponse
{
    /// <summary>Its <c>client_id</c>.</summary>
    public required string Name { get; init; }
    public required string Owner { get; init; }

    /// <summary><c>active</c>, <c>suspended</c> or <c>retired</c>; while it is not active it gets no token.</summary>
    public required string State { get; init; }

    /// <summary>Whom it is when it acts for itself, and who acts beside the person when it acts for one.</summary>
    public string? Agent { get; init; }
    public string? Workflow { get; init; }

    /// <summary><c>private_key_jwt</c>, <c>client_secret</c> for one that is marked legacy, or <c>none</c> for a public one, which acts for people alone.</summary>
    public required string Method { get; init; }

    /// <summary>Thumbprints of its public keys (RFC 7638).</summary>
    public required IReadOnlyList<string> Keys { get; init; }

    /// <summary>Where people may be sent back to; empty for a client that acts for itself alone.</summary>
    public required IReadOnlyList<string> Redirects { get; init; }

    /// <summary>It gets no token but those that are bound to a key that it proves (DPoP).</summary>
    public bool DpopBound { get; init; }

    /// <summary>Its authorization requests count only where it has pushed them (RFC 9126).</summary>
    public bool PushedOnly { get; init; }

    /// <summary>The API that it is: it may ask about tokens for it, and is told what is revoked. Absent for any other client.</summary>
    public string? Audience { get; init; }

    /// <summary>How an API is told security events: <c>poll</c> or <c>push</c>. Absent where it is told none.</summary>
    public string? Events { get; init; }
    public StateChangeResponse? LastChange { get; init; }

    /// <summary>Version of the object, also its <c>ETag</c>; absent in lists and while the store cannot be asked.</summary>
    public long? Version { get; init; }
}

/// <summary>A client that was just registered, with its secret where it got one: it is in no other answer.</summary>
public sealed record CreatedOAuthClientResponse : OAuthClientResponse
{
    public string? Secret { get; init; }
}

/// <summary>Registers a client.</summary>
public sealed record CreateOAuthClientRequest
{
    public required string Name { get; init; }

    /// <summary>E-mail address of whoever answers for it.</summary>
    public required string Owner { get; init; }
    public string? Agent { get; init; }
    public string? Workflow { get; init; }

    /// <summary>Where people may be sent back to: https, http on the loopback (any port), or a scheme of the program's own. With neither keys nor secret the client is public.</summary>
    public IReadOnlyList<string>? Redirects { get; init; }

    /// <summary>Public keys, JWKs.</summary>
    public IReadOnlyList<JsonElement>? Keys { get; init; }

    /// <summary>For a client that can sign nothing: it gets a secret instead of having keys.</summary>
    public bool LegacySecret { get; init; }

    /// <summary>It shall get no token but those that are bound to a key that it proves (DPoP).</summary>
    public bool DpopBound { get; init; }

    /// <summary>Its authorization requests shall count only where it has pushed them (RFC 9126).</summary>
    public bool PushedOnly { get; init; }

    /// <summary>
    /// The API that it is, as servers' files name it (<c>spec.credential.audience</c>): then it has keys, and is neither agent nor workflow, nor does it act for people.
    /// </summary>
    public string? Audience { get; init; }

    /// <summary>How it shall be told security events, where it is an API; absent for not at all.</summary>
    public ClientEventsRequest? Events { get; init; }

    /// <summary>Why, for the record; at most 1024 characters.</summary>
    public string? Reason { get; init; }
}
