using Symbolon.Core.Resources;
using Symbolon.Jose;

namespace Symbolon.Core.OAuth;

/// <summary>What an OAuth token hangs on beyond its holder; each part can be revoked alone.</summary>
/// <param name="KeyId">The key that signed it.</param>
/// <param name="AuthorizedAt">When a person consented, in microseconds since the Unix epoch; null for a client that acts for itself. What was consented to before a revocation is dead with it, whenever the token itself was issued.</param>
public sealed record OAuthBinding(ClientId Client, AuthorizationId Authorization, string KeyId, long? AuthorizedAt = null)
{
    /// <summary>Thumbprint of the key that must be proved with each use (<c>cnf.jkt</c>, RFC 9449 §6.1); null for a bearer token.</summary>
    public Sha256Value? Key { get; init; }

    /// <summary>All that a call may need behind the server (<c>authorization_details</c>, RFC 9396 §9.1); null for no such limit.</summary>
    public ResourceSet? Limits { get; init; }
}
