using Symbolon.Core.Identity;

namespace Symbolon.Core.Snapshot;

/// <summary>How many tokens there are, from indexes: asking costs little however many there are.</summary>
public interface ITokenCounts
{
    /// <param name="now">Microseconds since the Unix epoch.</param>
    /// <param name="soon">A live token that ends by then is counted as expiring.</param>
    Task<TokenCounts> CountAsync(OrganisationId organisation, long now, long soon, CancellationToken cancellation);
}

/// <param name="Live">Neither expired nor revoked, by itself, with its holder or with the organisation; a revoked server is not looked at.</param>
/// <param name="Expiring">Of those, the ones that end soon.</param>
/// <param name="NeverUsed">Of those that live, the ones that never made a request.</param>
public sealed record TokenCounts(long Live, long Expiring, long NeverUsed);
