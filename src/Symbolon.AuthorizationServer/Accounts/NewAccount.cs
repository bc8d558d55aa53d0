using Symbolon.AuthorizationServer.Revocation;
using Symbolon.Core.Accounts;

namespace Symbolon.AuthorizationServer.Accounts;

/// <summary>What an administrator asks for when making an account.</summary>
/// <param name="Password">Null makes a link by which the person sets it.</param>
public sealed record NewAccount(string Email, string? Name, bool IsAdministrator, string? Password, string? Reason);

/// <summary>An account as it is after a change.</summary>
/// <param name="LinkSecret">The secret of the link by which a password is set, where one was made: it is never to be had again.</param>
public sealed record AccountChange(Account Account, string? LinkSecret)
{
    /// <summary>What a suspension or a reset revoked.</summary>
    public Revoked? Revoked { get; init; }
}
