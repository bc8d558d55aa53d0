using Symbolon.Core.Audit;
using Symbolon.Core.OAuth.Proofs;
using Symbolon.Jose.Proofs;

namespace Symbolon.Core.Snapshot;

/// <summary>
/// Uses of what is good for one time: proofs, assertions, codes. For requests that leave no record, or whose record comes only at their end, and for
/// those that used several things which are to be used up together with the records.
/// </summary>
public interface IProofUses
{
    /// <summary>
    /// Makes the uses durable, all of them whatever comes of it, and the records in the same transaction if each of them is the first of its kind.
    /// Requests that wait at the same time share a commit.
    /// </summary>
    /// <returns>False when one of them is a replay, which <see cref="ProofUse.IsReplay"/> says: no record is appended, and the request must be refused.</returns>
    /// <remarks>Throws <c>StoreUnavailableException</c> when the store cannot be written: the request must be refused, and the next one needs proofs of its own.</remarks>
    Task<bool> TryUseAsync(IReadOnlyList<ProofUse> uses, IReadOnlyList<AuditEvent> records, CancellationToken cancellation);

    /// <summary>One use without a record.</summary>
    /// <returns>False for a replay: the request must be refused with <see cref="ProofFault.Replayed"/>.</returns>
    Task<bool> TryUseAsync(ProofUse use, CancellationToken cancellation) => TryUseAsync([use], [], cancellation);
}
