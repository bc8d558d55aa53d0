using System.Collections.Concurrent;
using Symbolon.Core.Identity;
using Symbolon.Core.Snapshot;
using Symbolon.Core.Tools;

namespace Symbolon.Testing.Fakes;

/// <summary>What sessions have done, in memory.</summary>
public sealed class FakeSessionFlags : ISessionFlags
{
    private readonly ConcurrentDictionary<(OrganisationId, string), (ToolFlags Flags, long Until)> sessions = new();

    /// <summary>No answer comes.</summary>
    public bool IsDown { get; set; }

    public Task<ToolFlags> FindAsync(OrganisationId organisation, string session, long now, CancellationToken cancellation) =>
        IsDown ? throw new StoreUnavailableException("down") : Task.FromResult(sessions.TryGetValue((organisation, session), out var known) && known.Until > now ? known.Flags : ToolFlags.None);

    public Task AddAsync(OrganisationId organisation, string session, ToolFlags flags, long now, long until, CancellationToken cancellation)
    {
        if (IsDown) throw new StoreUnavailableException("down");
        sessions.AddOrUpdate((organisation, session), (flags, until), (_, known) => (known.Until > now ? known.Flags | flags : flags, Math.Max(known.Until, until)));
        return Task.CompletedTask;
    }
}
