using Symbolon.Core.Identity;
using Symbolon.Core.Audit;
using Symbolon.Core.OAuth.Proofs;

namespace Symbolon.Storage.Databases;

/// <summary>The audit's rows on the writer's connection, by prepared statements. Used by the writer thread alone.</summary>
internal interface IAuditTable : IDisposable
{
    /// <summary>Reads the end of the organisation's chain; a first one is made.</summary>
    AuditChain LoadChain(OrganisationId organisation);

    /// <summary>The hash of one record, or null when there is none.</summary>
    byte[]? FindHash(OrganisationId organisation, long seq);

    /// <summary>Uses one proof in the transaction that is open.</summary>
    /// <returns>False for a replay, which the use then says as well.</returns>
    bool TryUse(ProofUse use);

    /// <summary>Adds the batch in the transaction that is open.</summary>
    /// <returns>False when another node has written to one of the chains meanwhile, or a proof turned out to be a replay: the caller rolls back, reloads and builds anew.</returns>
    bool Append(AuditBatch batch);

    /// <summary>Adds the batch in a transaction of its own.</summary>
    /// <returns>False as for <see cref="Append"/>, and when another node has ended the batch's lease; then nothing was written.</returns>
    bool Commit(AuditBatch batch);
}
