using System.Collections.Concurrent;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Snapshot;

namespace Symbolon.Testing.Fakes;

/// <summary>Clients that registered themselves, in memory, for good; the test can end them, and refuse more.</summary>
public sealed class FakeDynamicClients : IDynamicClientStore
{
    private readonly ConcurrentDictionary<ClientId, DynamicClient> clients = new();

    public bool IsFull { get; set; }

    public bool IsBroken { get; set; }

    public void Forget() => clients.Clear();

    public Task<bool> TryAddAsync(OrganisationId organisation, DynamicClient client, string peer, IReadOnlyList<AuditEvent> records, CancellationToken cancellation)
    {
        if (IsBroken) throw new StoreUnavailableException("The test broke the store.");
        if (IsFull) return Task.FromResult(false);
        clients[client.Id] = client;
        foreach (var record in records) record.Complete(durable: true);
        return Task.FromResult(true);
    }

    public Task<DynamicClient?> FindAsync(OrganisationId organisation, ClientId id, long now, CancellationToken cancellation)
    {
        if (IsBroken) throw new StoreUnavailableException("The test broke the store.");
        return Task.FromResult(clients.GetValueOrDefault(id));
    }
}
