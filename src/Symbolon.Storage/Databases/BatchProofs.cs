using Symbolon.Core.Audit;
using Symbolon.Core.OAuth.Proofs;
using Symbolon.Core.Policy;

namespace Symbolon.Storage.Databases;

/// <summary>
/// The proofs that a batch's records came with. Taken before the records are chained, since the record of a replay says that it was one; a batch without
/// proofs costs a look at each record.
/// </summary>
internal sealed class BatchProofs
{
    private readonly HashSet<ProofUse> present = new(ProofUse.SameProof);

    /// <summary>What has to be written; the order is that of the records.</summary>
    public List<ProofUse> Uses { get; } = [];

    /// <summary>Of several uses of one proof the first is kept, as the database would have it.</summary>
    public void Take(ReadOnlySpan<AuditEvent> events)
    {
        Uses.Clear();
        present.Clear();
        foreach (var record in events)
        {
            if (record.Proof is not { } proof) continue;
            if (!proof.IsReplay && !present.Add(proof)) proof.Reject();
            if (!proof.IsReplay) Uses.Add(proof);
            else (record.Allowed, record.Code) = (false, ReasonCode.ProofInvalid);
        }
    }
}
