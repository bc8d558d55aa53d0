using System.Collections.Concurrent;
using Symbolon.Core;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Policy.Rules;
using Symbolon.Gateway.Sealing;

namespace Symbolon.Gateway.Authentication;

/// <summary>A token in memory, with what was found out about it on each server. Shared by all requests that show it.</summary>
/// <param name="bound">The key that must be proved with each use; null for a bearer token.</param>
internal sealed class CallerToken(TokenRecord record, BoundKey? bound = null)
{
    private const int MostServers = 256;

    /// <summary>Own tokens are taken for so long after their end, since clocks differ. Microseconds. DESIGN.md section 4, Tokens.</summary>
    private const long Tolerance = 5_000_000;

    private const int MostSessions = 64;

    private readonly ConcurrentDictionary<(ServerName, string), UpstreamSession> sessions = new();
    private readonly ConcurrentDictionary<string, Standing> standings = new(StringComparer.Ordinal);

    private volatile bool isReplaced;

    public TokenRecord Record => record;

    public BoundKey? Bound => bound;

    /// <summary>A rotation has put another secret in its place. A request that was let in at that moment is ended by the next sweep.</summary>
    public bool IsReplaced => isReplaced;

    public void Replace() => isReplaced = true;

    public string? User { get; } = record.Holder.User?.Value;
    public string? Agent { get; } = record.Holder.Agent?.Value;
    public string? Workflow { get; } = record.Holder.Workflow?.Value;
    public string Initiator { get; } = record.Holder.Initiator;

    /// <summary>As rules know who calls.</summary>
    public RuleCaller Rules { get; } = new(
        record.Organisation.Value, record.Holder.User?.Value, record.Holder.Agent?.Value, record.Holder.Workflow?.Value, record.OAuth?.Client.Value, groups: []);

    /// <summary>Microseconds since the Unix epoch from which it is refused.</summary>
    public long EndsAt { get; } = record.ExpiresAt > long.MaxValue - Tolerance ? long.MaxValue : record.ExpiresAt + Tolerance;

    /// <summary>Opens a session id once and remembers the answer; nothing is kept that the id does not say itself.</summary>
    /// <param name="now">Microseconds since the Unix epoch.</param>
    public UpstreamSession? SessionOf(string id, ServerName server, SessionSeal seal, long now)
    {
        var key = (server, id);
        if (sessions.TryGetValue(key, out var known) && UnixTime.ToMicroseconds(known.EndsAt) > now) return known;
        if (seal.Open(id, Record, server) is not { } opened) return null;
        if (sessions.Count >= MostSessions) sessions.Clear();
        return sessions[key] = opened;
    }

    public Standing? On(string server) => standings.GetValueOrDefault(server);

    public void Remember(ServerName server, Standing standing)
    {
        if (standings.Count >= MostServers) standings.Clear();
        standings[server.Value] = standing;
    }
}
