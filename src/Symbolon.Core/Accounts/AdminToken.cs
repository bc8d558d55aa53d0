using Symbolon.Core.Identity;

namespace Symbolon.Core.Accounts;

/// <summary>A command line that acts for an administrator, who let it at the browser.</summary>
public sealed record AdminToken
{
    /// <summary>Public name, never secret.</summary>
    public required AdminTokenId Id { get; init; }

    /// <summary>Whom it acts for; it can do no more than this person can at that moment.</summary>
    public required UserEmail Email { get; init; }

    /// <summary>Where it is, as the command line said: a host's name.</summary>
    public required string Label { get; init; }

    /// <summary>Microseconds since the Unix epoch: when the person let it.</summary>
    public required long IssuedAt { get; init; }

    /// <summary>Microseconds since the Unix epoch; refused from this moment on.</summary>
    public required long ExpiresAt { get; init; }

    /// <summary>Microseconds since the Unix epoch; null while nobody ended it.</summary>
    public long? RevokedAt { get; init; }
}

/// <summary><c>cmd_</c> and 22 base62 digits.</summary>
public readonly record struct AdminTokenId(string Value)
{
    private const string Prefix = "cmd_";

    public static AdminTokenId New() => new(Base62.NewId(Prefix));

    public static bool IsValid(ReadOnlySpan<char> text) => Base62.IsId(Prefix, text);

    public override string ToString() => Value;
}
