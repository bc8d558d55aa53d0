namespace Symbolon.Core.OAuth;

/// <summary>What an OAuth token hangs on beyond its holder; each part can be revoked alone.</summary>
/// <param name="KeyId">The key that signed it.</param>
public sealed record OAuthBinding(ClientId Client, AuthorizationId Authorization, string KeyId);
