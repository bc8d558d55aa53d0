using Symbolon.Core.Identity;

namespace Symbolon.Core.Snapshot;

/// <summary>Who holds tokens, from the tokens themselves.</summary>
public interface IHolderStore
{
    /// <summary>People who hold or held a token, by address, after <paramref name="after"/>; at most <paramref name="limit"/> (1 to 1001).</summary>
    /// <param name="part">A part of the address, lower-cased; null for any.</param>
    Task<IReadOnlyList<string>> PeopleAsync(OrganisationId organisation, string? part, string? after, int limit, CancellationToken cancellation);

    /// <summary>The tokens of these holders, counted; a holder without any is left out.</summary>
    /// <param name="names">At most 1001.</param>
    /// <param name="now">Microseconds since the Unix epoch.</param>
    Task<IReadOnlyList<HolderTokens>> TokensAsync(OrganisationId organisation, HolderKind kind, IReadOnlyCollection<string> names, long now, CancellationToken cancellation);
}

public enum HolderKind
{
    User,
    Agent,
    Workflow,
}

/// <param name="Live">Neither expired nor revoked, by itself or with its holder; a revoked server is not looked at.</param>
/// <param name="LastUsedAt">Microseconds since the Unix epoch; of any of them, also one that has ended. Null for never.</param>
public sealed record HolderTokens(string Name, long Live, long? LastUsedAt);
