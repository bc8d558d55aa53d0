using Symbolon.Core.Identity;
using Symbolon.Core.Registry;

namespace Symbolon.Core.Accounts;

/// <summary>The sign-in of a person here. What the person may call is decided by grants and tokens, which name the same address.</summary>
public sealed record Account
{
    public const int MostNameLength = 100;

    public required UserEmail Email { get; init; }

    /// <summary>As people are greeted; null where nobody said it. At most <see cref="MostNameLength"/> characters.</summary>
    public string? Name { get; init; }

    /// <summary>May use the whole console and the admin API; everybody else sees what is their own.</summary>
    public bool IsAdministrator { get; init; }

    public bool IsSuspended { get; init; }

    /// <summary>As the hasher made it; null until one is set by the link. Never shown, logged or recorded.</summary>
    public string? Password { get; init; }

    /// <summary>The one-time link by which a password is set; null where there is none.</summary>
    public SetPasswordLink? Link { get; init; }

    /// <summary>Microseconds since the Unix epoch: sessions and command lines that were signed in at or before it are dead.</summary>
    public long NotBefore { get; init; }

    /// <summary>Microseconds since the Unix epoch.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>Microseconds since the Unix epoch; null for never.</summary>
    public long? LastSignInAt { get; init; }

    /// <summary>The last change, the making of it at first.</summary>
    public required StateChange LastChange { get; init; }

    /// <summary>Grows with each change; a sign-in is none. 0 before it is stored.</summary>
    public long Version { get; init; }
}

/// <param name="Secret">SHA-256 of the link's secret, which is nowhere else than with who was given it.</param>
/// <param name="EndsAt">Microseconds since the Unix epoch; refused from this moment on.</param>
public sealed record SetPasswordLink(TokenHash Secret, long EndsAt);
