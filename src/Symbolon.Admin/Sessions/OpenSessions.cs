using Symbolon.AuthorizationServer.Accounts;
using Symbolon.Core;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Sessions;

/// <summary>Who is signed in to the console, on every node of the store, and how that is ended.</summary>
internal sealed class OpenSessions(ISessionStore store, LivePeople people, TimeProvider clock)
{
    private const int IdBytes = 12;

    /// <summary>A part of the hash of the cookie's secret: enough to name a session, and nothing that opens one.</summary>
    public static string IdOf(TokenHash session) => "ses_" + Convert.ToHexStringLower(session.ToBytes().AsSpan(0, IdBytes));

    /// <returns>The newest first; at most as many as there can be, 1000.</returns>
    /// <exception cref="StoreUnavailableException">It cannot be read.</exception>
    public async Task<IReadOnlyList<SessionResponse>> ListAsync(OrganisationId organisation, CancellationToken cancellation)
    {
        var open = new List<SessionResponse>();
        foreach (var session in await store.ListAsync(organisation, clock.Microseconds(), cancellation))
        {
            // What a suspension or a reset ended is refused, and only its row is left.
            if (UserEmail.TryParse(session.By, out var person) && await people.FindAsync(organisation, person, session.OpenedAt, cancellation) is null) continue;
            open.Add(Shown(session));
        }
        return open;
    }

    /// <summary>Ends one, with its record. When it returns, no node takes its cookie, and its live pages end.</summary>
    /// <returns>What it was; null where there is none, which is not recorded here.</returns>
    /// <exception cref="StoreUnavailableException">It still lives.</exception>
    public async Task<SessionResponse?> EndAsync(Requester who, string id, string? reason, CancellationToken cancellation)
    {
        var found = (await store.ListAsync(who.Organisation, clock.Microseconds(), cancellation)).FirstOrDefault(session => IdOf(session.Id) == id);
        if (found is null) return null;
        var record = SessionRecords.Of(who, "end", clock, $"Session/{id}", reason);
        return await store.EndAsync(who.Organisation, found.Id, record, cancellation) ? Shown(found) : null;
    }

    private static SessionResponse Shown(StoredSession session) => new(
        IdOf(session.Id), session.By, session.Node.Length == 0 ? null : session.Node, UnixTime.FromMicroseconds(session.OpenedAt), UnixTime.FromMicroseconds(session.ExpiresAt));
}
