using System.Collections.Concurrent;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Snapshot;

namespace Symbolon.Testing.Fakes;

/// <summary>Sessions and links in memory; keeps no bound.</summary>
public sealed class FakeSessions : ISessionStore
{
    private readonly ConcurrentDictionary<TokenHash, StoredSession> open = new();
    private readonly ConcurrentDictionary<string, StoredLink> links = new();

    /// <summary>Records that came with an opened or ended session, in order.</summary>
    public ConcurrentQueue<AuditEvent> Records { get; } = new();

    public Task<bool> OpenAsync(OrganisationId organisation, StoredSession session, TokenHash? link, int most, AuditEvent record, CancellationToken cancellation)
    {
        if (link is { } used)
        {
            var found = links.Values.FirstOrDefault(each => each.Id == used && each.ExpiresAt > session.OpenedAt);
            if (found is null || !links.TryRemove(found.Node, out _)) return Task.FromResult(false);
            session = session with { Node = found.Node };
        }
        open[session.Id] = session;
        Keep(record);
        return Task.FromResult(true);
    }

    public Task<StoredSession?> FindAsync(OrganisationId organisation, TokenHash id, long now, CancellationToken cancellation) =>
        Task.FromResult(open.TryGetValue(id, out var found) && found.ExpiresAt > now ? found : null);

    public Task<IReadOnlyList<StoredSession>> ListAsync(OrganisationId organisation, long now, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<StoredSession>>([.. open.Values.Where(each => each.ExpiresAt > now).OrderByDescending(each => each.OpenedAt)]);

    public Task<bool> EndAsync(OrganisationId organisation, TokenHash id, AuditEvent record, CancellationToken cancellation)
    {
        if (!open.TryRemove(id, out _)) return Task.FromResult(false);
        Keep(record);
        return Task.FromResult(true);
    }

    public Task EndOfNodeAsync(string node, CancellationToken cancellation)
    {
        foreach (var session in open.Values.Where(each => each.Node == node)) open.TryRemove(session.Id, out _);
        return Task.CompletedTask;
    }

    public Task PutLinkAsync(OrganisationId organisation, StoredLink link, CancellationToken cancellation)
    {
        links[link.Node] = link;
        return Task.CompletedTask;
    }

    public Task<long?> FindLinkAsync(OrganisationId organisation, TokenHash id, long now, CancellationToken cancellation) =>
        Task.FromResult(links.Values.FirstOrDefault(each => each.Id == id && each.ExpiresAt > now)?.ExpiresAt);

    private void Keep(AuditEvent record)
    {
        record.Complete(durable: true);
        Records.Enqueue(record);
    }
}
