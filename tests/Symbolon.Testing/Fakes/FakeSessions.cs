using System.Collections.Concurrent;
using Symbolon.Core.Identity;
using Symbolon.Core.Snapshot;

namespace Symbolon.Testing.Fakes;

/// <summary>Sessions in memory; keeps no bound.</summary>
public sealed class FakeSessions : ISessionStore
{
    private readonly ConcurrentDictionary<TokenHash, StoredSession> open = new();

    public Task OpenAsync(OrganisationId organisation, StoredSession session, int most, CancellationToken cancellation)
    {
        open[session.Id] = session;
        return Task.CompletedTask;
    }

    public Task<StoredSession?> FindAsync(OrganisationId organisation, TokenHash id, long now, CancellationToken cancellation) =>
        Task.FromResult(open.TryGetValue(id, out var found) && found.ExpiresAt > now ? found : null);

    public Task EndAsync(OrganisationId organisation, TokenHash id, CancellationToken cancellation)
    {
        open.TryRemove(id, out _);
        return Task.CompletedTask;
    }

    public Task EndOfNodeAsync(string node, CancellationToken cancellation)
    {
        foreach (var session in open.Values.Where(each => each.Node == node)) open.TryRemove(session.Id, out _);
        return Task.CompletedTask;
    }
}
