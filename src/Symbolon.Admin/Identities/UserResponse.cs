using Symbolon.Admin.Api;

namespace Symbolon.Admin.Identities;

/// <summary>A person whom a live grant or a token names.</summary>
/// <param name="Email">Lower-cased.</param>
/// <param name="LiveTokens">Tokens that name this person, alone or with others, and are live; absent while the store cannot be asked.</param>
/// <param name="LastSeenAt">The last use of any of them, some seconds late; absent for never.</param>
/// <param name="Reach">Tools of active servers that live grants which name this person open, some of them only together with an agent or a workflow.</param>
public sealed record UserResponse(string Email, long? LiveTokens, DateTimeOffset? LastSeenAt, EffectCountsResponse Reach);
