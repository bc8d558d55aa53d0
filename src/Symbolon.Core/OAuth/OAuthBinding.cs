using Symbolon.Jose;

namespace Symbolon.Core.OAuth;

/// <summary>What an OAuth token hangs on beyond its holder; each part can be revoked alone.</summary>
/// <param name="KeyId">The key that signed it.</param>
public sealed record OAuthBinding(ClientId Client, AuthorizationId Authorization, string KeyId)
{
    /// <summary>Thumbprint of the key that must be proved with each use (<c>cnf.jkt</c>, RFC 9449 §6.1); null for a bearer token.</summary>
    public Sha256Value? Key { get; init; }
}
