using Symbolon.Core.Identity;
using Symbolon.Core.Registry.Reviews;

namespace Symbolon.Core.Snapshot;

/// <summary>Reviews at rest. Writes go through <see cref="IChangeLog"/>, with the change of their server.</summary>
public interface IReviewStore
{
    /// <summary>One indexed read.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be looked up.</exception>
    Task<Review?> FindAsync(OrganisationId organisation, ReviewName name, CancellationToken cancellation);

    /// <summary>The open ones first, oldest first, then the others, newest first.</summary>
    /// <param name="state">Null for all.</param>
    /// <param name="server">Null for all.</param>
    /// <param name="after">The last one of the page before.</param>
    /// <param name="limit">1 to 1001.</param>
    /// <inheritdoc cref="FindAsync"/>
    Task<IReadOnlyList<Review>> ListAsync(OrganisationId organisation, ReviewState? state, ServerName? server, Review? after, int limit, CancellationToken cancellation);

    /// <summary>Open ones whose time is over, oldest first, of every organisation.</summary>
    /// <param name="now">Microseconds since the Unix epoch.</param>
    /// <inheritdoc cref="FindAsync"/>
    Task<IReadOnlyList<(OrganisationId Organisation, ReviewName Name)>> ExpiredAsync(long now, int limit, CancellationToken cancellation);

    /// <inheritdoc cref="FindAsync"/>
    Task<int> CountOpenAsync(OrganisationId organisation, CancellationToken cancellation);
}
