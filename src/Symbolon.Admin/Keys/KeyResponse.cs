namespace Symbolon.Admin.Keys;

/// <summary>A key that signs tokens; its private half is in no answer.</summary>
/// <param name="Id">Its thumbprint (RFC 7638), the <c>kid</c> of what it signs.</param>
/// <param name="State"><c>prepared</c> (published, signs from <c>ActiveFrom</c> on), <c>active</c>, <c>retired</c> (published until no token of it can live) or <c>revoked</c>.</param>
/// <param name="RetiredAt">When another takes or took its place; absent while none is made.</param>
public sealed record KeyResponse(string Id, string State, DateTimeOffset CreatedAt, DateTimeOffset ActiveFrom, DateTimeOffset? RetiredAt, DateTimeOffset? RevokedAt);
