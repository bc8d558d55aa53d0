using System.Collections.Immutable;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Registry;

namespace Symbolon.AuthorizationServer.PastedTokens;

/// <summary>A token that an administrator asks for, already read and well formed.</summary>
public sealed record TokenOrder
{
    public required Holder Holder { get; init; }

    /// <summary>At most one entry a server.</summary>
    public required ImmutableArray<ServerAccess> Servers { get; init; }

    /// <summary>Null: 8 h where an agent or workflow is named, 30 d for a person alone, or the ceiling where that is less.</summary>
    public long? TtlSeconds { get; init; }
    public string? Note { get; init; }
    public string? Reason { get; init; }

    /// <summary>Creates a grant for exactly this holder and the tools that this means today in the same commit.</summary>
    public NewGrant? CreateGrant { get; init; }

    /// <summary>Creates the agent of the holder in the same commit; its owner.</summary>
    public UserEmail? CreateAgentOwner { get; init; }

    /// <summary>The same for its workflow.</summary>
    public UserEmail? CreateWorkflowOwner { get; init; }
}

/// <param name="Expires">Its last day, UTC. Null: the day up to which a token that is issued now could live at most, unless it <paramref name="NeverEnds"/>.</param>
/// <param name="MaxTtlSeconds">Null: as long as the token that comes with it.</param>
public sealed record NewGrant(GrantName Name, DateOnly? Expires, long? MaxTtlSeconds, bool NeverEnds = false);

/// <summary>What an order comes to.</summary>
/// <param name="Grant">Created in the same commit.</param>
/// <param name="Seconds">How long the token lives.</param>
public sealed record IssuePlan(GrantObject? Grant, long Seconds);

/// <summary>An issued or rotated token. <see cref="Secret"/> exists nowhere else and is shown once.</summary>
public sealed record IssuedToken(TokenRecord Token, string Secret)
{
    /// <summary>Leaves the secret out: a record's own text would print it.</summary>
    public override string ToString() => $"IssuedToken {{ {Token.Id} }}";
}
