using Symbolon.Core.Identity;
using Symbolon.Jose;

namespace Symbolon.Core.OAuth;

/// <summary>A token of ours by which an API fetches its security events, verified: good at that one address and nowhere else.</summary>
/// <param name="KeyId">Thumbprint of the key of ours that signed it.</param>
/// <param name="IssuedAt">Microseconds since the Unix epoch.</param>
/// <param name="ExpiresAt">Microseconds since the Unix epoch.</param>
public sealed record EventsToken(OrganisationId Organisation, TokenId Id, ClientId Client, string KeyId, long IssuedAt, long ExpiresAt)
{
    public const string Path = "/oauth/events";
    public const string Scope = "ssf.read";

    /// <summary>Thumbprint of the key that it is bound to; null for a bearer token.</summary>
    public Sha256Value? Key { get; init; }

    /// <summary>Thumbprint of the key by which the client proved itself for it; null for one that did otherwise.</summary>
    public Sha256Value? ClientKey { get; init; }
}
