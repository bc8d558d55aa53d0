using System.Collections.Concurrent;
using Symbolon.Core.Audit;
using Symbolon.Core.OAuth.Proofs;
using Symbolon.Core.Snapshot;

namespace Symbolon.Testing.Fakes;

/// <summary>Remembers uses in memory, for good; it can be broken.</summary>
public sealed class FakeProofUses : IProofUses
{
    private readonly ConcurrentDictionary<ProofUse, bool> used = new(ProofUse.SameProof);

    public bool IsBroken { get; set; }

    /// <summary>Records that were appended with their uses, in order.</summary>
    public ConcurrentQueue<AuditEvent> Records { get; } = new();

    public int Count => used.Count;

    /// <summary>As another node would find them in the store.</summary>
    public IEnumerable<ProofUse> Used => used.Keys;

    public Task<bool> TryUseAsync(IReadOnlyList<ProofUse> uses, IReadOnlyList<AuditEvent> records, CancellationToken cancellation)
    {
        if (IsBroken) throw new StoreUnavailableException("The test broke the store.");
        foreach (var use in uses)
            if (!used.TryAdd(use, true)) use.Reject();
        if (uses.Any(use => use.IsReplay)) return Task.FromResult(false);
        foreach (var record in records)
        {
            record.Complete(durable: true);
            Records.Enqueue(record);
        }
        return Task.FromResult(true);
    }
}
