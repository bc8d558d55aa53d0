using Symbolon.Core.Identity;

namespace Symbolon.Core.OAuth.Authorizations;

/// <summary>One refresh token of a family as the store knows it. Times are microseconds since the Unix epoch.</summary>
/// <param name="Key">Thumbprint of the key whose proof has to come with it (RFC 9449 §5, public clients); null where it is bound to none.</param>
/// <param name="ExpiresAt">When it is dead for not being used.</param>
/// <param name="UsedAt">When its successor was issued; null while it is the newest.</param>
public sealed record RefreshToken(TokenHash Hash, AuthorizationId Authorization, string? Key, long IssuedAt, long ExpiresAt, long? UsedAt = null);
