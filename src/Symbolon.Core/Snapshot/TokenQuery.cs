using Symbolon.Core.OAuth;

namespace Symbolon.Core.Snapshot;

/// <summary>Filters and order of a token list; null means any. Times are microseconds since the Unix epoch.</summary>
public sealed record TokenQuery
{
    public string? User { get; init; }
    public string? Agent { get; init; }
    public string? Workflow { get; init; }
    public string? Server { get; init; }

    /// <summary>Who starts what the token does: the workflow, else the agent, else the person.</summary>
    public HolderKind? Initiator { get; init; }

    /// <summary>Part of the name of its person, agent or workflow, in lower case, or a whole id.</summary>
    public string? Text { get; init; }

    /// <summary>With <see cref="Text"/>: tokens that name one of these servers fit it as well. At most 100.</summary>
    public IReadOnlyList<string> TextServers { get; init; } = [];

    /// <summary>Leave out tokens that were revoked, ended with their holder or organisation, or have expired at this time. One all of whose servers were revoked is not found out.</summary>
    public long? LiveAt { get; init; }

    /// <summary>Leave out tokens that were revoked by themselves or have expired at this time, but not those that ended with their holder, organisation or servers.</summary>
    public long? UnexpiredAt { get; init; }

    /// <summary>Only tokens that have expired at this time and did not end before by any of these.</summary>
    public long? ExpiredAt { get; init; }

    /// <summary>Only tokens that were revoked by themselves, or which an epoch of their holder, their organisation or one of their servers is aimed at.</summary>
    public bool Revoked { get; init; }

    /// <summary>Only tokens that end before this time.</summary>
    public long? ExpiresBefore { get; init; }

    public TokenSort Sort { get; init; }

    /// <summary>The other way round.</summary>
    public bool Descending { get; init; }
}

/// <summary>What a token list is sorted by, upwards; equal ones by id.</summary>
public enum TokenSort
{
    Id,
    Expires,
    Issued,

    /// <summary>One that was never used counts as used before all others.</summary>
    LastUsed,
}

/// <summary>The place of a token in a sorted list.</summary>
/// <param name="Key">What the list is sorted by, microseconds; 0 where that is the id, or for one that was never used.</param>
public readonly record struct TokenMark(TokenId Id, long Key = 0)
{
    public static implicit operator TokenMark(TokenId id) => new(id);

    public static TokenMark Of(TokenRecord token, TokenSort sort) => new(token.Id, sort switch
    {
        TokenSort.Expires => token.ExpiresAt,
        TokenSort.Issued => token.IssuedAt,
        TokenSort.LastUsed => token.LastUsedAt ?? 0,
        _ => 0,
    });
}
