using Symbolon.Core.Accounts;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;

namespace Symbolon.Storage.Accounts;

/// <summary>A row of <c>account</c> as Dapper fills it.</summary>
internal sealed class AccountRow
{
    public string Email { get; init; } = "";
    public long Version { get; init; }
    public string? Name { get; init; }
    public long Administrator { get; init; }
    public long Suspended { get; init; }
    public string? Password { get; init; }
    public byte[]? Link { get; init; }
    public long? LinkEndsAt { get; init; }
    public long NotBefore { get; init; }
    public long CreatedAt { get; init; }
    public long? LastSignInAt { get; init; }
    public long ChangedAt { get; init; }
    public string ChangedBy { get; init; } = "";
    public string? Reason { get; init; }

    public Account ToAccount() => new()
    {
        Email = UserEmail.Parse(Email),
        Version = Version,
        Name = Name,
        IsAdministrator = Administrator != 0,
        IsSuspended = Suspended != 0,
        Password = Password,
        Link = Link is not null && LinkEndsAt is { } ends ? new SetPasswordLink(new TokenHash(Link), ends) : null,
        NotBefore = NotBefore,
        CreatedAt = CreatedAt,
        LastSignInAt = LastSignInAt,
        LastChange = new StateChange { By = ChangedBy, At = ChangedAt, Reason = Reason },
    };
}
