using Symbolon.Core.Audit;
using Symbolon.Core.Identity;

namespace Symbolon.Core.Snapshot;

/// <summary>What must be taken only once: the id of an assertion, of a proof. On every node of one store, and across restarts.</summary>
public interface IOnceStore
{
    /// <summary>Uses it, and appends the records in the same transaction.</summary>
    /// <returns>False when it was used before: nothing is written then, the records are not appended.</returns>
    /// <exception cref="StoreUnavailableException">Nothing is known: it counts as used.</exception>
    Task<bool> TryUseAsync(OrganisationId organisation, OnceUse use, IReadOnlyList<AuditEvent> records, CancellationToken cancellation);
}

/// <summary>One use.</summary>
/// <param name="Kind">What it is the id of, e.g. <c>assertion</c>.</param>
/// <param name="Value">SHA-256 over who sent it and its id.</param>
/// <param name="Until">Microseconds since the Unix epoch up to which it could be taken again; it is remembered an hour longer, in case a clock goes back.</param>
public sealed record OnceUse(string Kind, TokenHash Value, long Until);
