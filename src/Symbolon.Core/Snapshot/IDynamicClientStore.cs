using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;

namespace Symbolon.Core.Snapshot;

/// <summary>Clients that registered themselves. One that nobody ever consented to is forgotten after a day, any other ninety days after the last consent.</summary>
public interface IDynamicClientStore
{
    /// <param name="peer">The network that it came from: at most twenty that nobody consented to come from one, and a thousand in all.</param>
    /// <returns>False when there are as many.</returns>
    /// <exception cref="StoreUnavailableException">It is not registered.</exception>
    Task<bool> TryAddAsync(OrganisationId organisation, DynamicClient client, string peer, IReadOnlyList<AuditEvent> records, CancellationToken cancellation);

    /// <param name="now">Microseconds since the Unix epoch.</param>
    /// <exception cref="StoreUnavailableException">It cannot be looked up.</exception>
    Task<DynamicClient?> FindAsync(OrganisationId organisation, ClientId id, long now, CancellationToken cancellation);
}
