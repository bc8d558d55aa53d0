using Symbolon.Core.Identity;
using Symbolon.Core.Tools;

namespace Symbolon.Core.Snapshot;

/// <summary>What sessions have done: the flags of the tools that were called in them, on whichever node.</summary>
public interface ISessionFlags
{
    /// <param name="session">Whose it is, by no secret.</param>
    /// <param name="now">Microseconds since the Unix epoch: what ended before it is forgotten.</param>
    /// <exception cref="StoreUnavailableException">Nothing is known.</exception>
    Task<ToolFlags> FindAsync(OrganisationId organisation, string session, long now, CancellationToken cancellation);

    /// <summary>Adds flags to those that are there. When it returns they are durable.</summary>
    /// <param name="until">Microseconds since the Unix epoch: when they are forgotten, if nothing is added any more.</param>
    /// <exception cref="StoreUnavailableException">Nothing is known.</exception>
    Task AddAsync(OrganisationId organisation, string session, ToolFlags flags, long now, long until, CancellationToken cancellation);
}
