using System.Collections.Concurrent;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Snapshot;

namespace Symbolon.Testing.Fakes;

/// <summary>Remembers uses in memory, for good; it can be broken.</summary>
public sealed class FakeOnceStore : IOnceStore
{
    private readonly ConcurrentDictionary<(OrganisationId, string, TokenHash), long> used = new();

    public bool IsBroken { get; set; }

    /// <summary>Records that were appended with a use, in order.</summary>
    public ConcurrentQueue<AuditEvent> Records { get; } = new();

    public int Count => used.Count;

    public Task<bool> TryUseAsync(OrganisationId organisation, OnceUse use, IReadOnlyList<AuditEvent> records, CancellationToken cancellation)
    {
        if (IsBroken) throw new StoreUnavailableException("The test broke the store.");
        if (!used.TryAdd((organisation, use.Kind, use.Value), use.Until)) return Task.FromResult(false);
        foreach (var record in records)
        {
            record.Complete(durable: true);
            Records.Enqueue(record);
        }
        return Task.FromResult(true);
    }
}
