using Symbolon.Admin.Api;
using Symbolon.Admin.Revocations;

namespace Symbolon.Admin.Identities;

/// <summary>A person who has an account, or whom a live grant or a token names.</summary>
/// <param name="Email">Lower-cased.</param>
/// <param name="LiveTokens">Tokens that name this person, alone or with others, and are live; absent while the store cannot be asked.</param>
/// <param name="LastSeenAt">The last use of any of them, some seconds late; absent for never.</param>
/// <param name="Reach">Tools of active servers that live grants which name this person open, some of them only together with an agent or a workflow.</param>
public record UserResponse(string Email, long? LiveTokens, DateTimeOffset? LastSeenAt, EffectCountsResponse Reach)
{
    /// <summary>The person's sign-in here; absent for who has none.</summary>
    public AccountResponse? Account { get; init; }
}

/// <summary>A person's sign-in here.</summary>
/// <param name="Name">As the person is greeted.</param>
/// <param name="Role"><c>admin</c> may use the whole console and this API; <c>member</c> sees what is their own.</param>
/// <param name="State"><c>active</c>, <c>suspended</c>, or <c>invited</c> while no password is set.</param>
/// <param name="LinkEndsAt">Until when the one-time link sets a password; absent where there is none, or it is over.</param>
/// <param name="Version">Also the <c>ETag</c>.</param>
public sealed record AccountResponse(
    string? Name, string Role, string State, DateTimeOffset CreatedAt, DateTimeOffset? LastSignInAt, DateTimeOffset? LinkEndsAt, StateChangeResponse LastChange, long Version);

/// <summary>A person whose account was just changed.</summary>
public sealed record ChangedUserResponse(string Email, long? LiveTokens, DateTimeOffset? LastSeenAt, EffectCountsResponse Reach) : UserResponse(Email, LiveTokens, LastSeenAt, Reach)
{
    /// <summary>Path and query of the one-time link by which the person sets a password, behind the console's origin: it is in no other answer.</summary>
    public string? SetPasswordPath { get; init; }

    /// <summary>What a suspension or a reset revoked.</summary>
    public RevocationResponse? Revocation { get; init; }
}
