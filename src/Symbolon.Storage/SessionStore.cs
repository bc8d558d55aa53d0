using Dapper;
using Symbolon.Core.Identity;
using Symbolon.Core.Snapshot;
using Symbolon.Storage.Databases;
using Symbolon.Storage.Writing;

namespace Symbolon.Storage;

/// <summary>Sessions of the console. There are few, and a page reads one by its key.</summary>
internal sealed class SessionStore(StoreWriter writer, Database database, TimeProvider clock) : ISessionStore
{
    public Task OpenAsync(OrganisationId organisation, StoredSession session, int most, CancellationToken cancellation) => writer.RunAsync(transaction =>
    {
        var connection = transaction.Connection;
        var given = new
        {
            organisation = organisation.Value, id = session.Id.ToBytes(), by = session.By, node = session.Node, expires = session.ExpiresAt, rest = most - 1L,
            now = (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond,
        };
        connection.Execute("DELETE FROM console_session WHERE organisation=@organisation AND expires_at <= @now", given);
        connection.Execute("""
            DELETE FROM console_session WHERE organisation=@organisation AND id IN (
                SELECT id FROM console_session WHERE organisation=@organisation ORDER BY expires_at, id LIMIT (
                    SELECT CASE WHEN count(*) > @rest THEN count(*) - @rest ELSE 0 END FROM console_session WHERE organisation=@organisation))
            """, given);
        connection.Execute("""
            INSERT INTO console_session (organisation, id, signed_in_by, node, expires_at) VALUES (@organisation, @id, @by, @node, @expires)
            """, given);
        return (true, true);
    });

    public async Task<StoredSession?> FindAsync(OrganisationId organisation, TokenHash id, long now, CancellationToken cancellation)
    {
        var found = await database.ReadAsync(connection => connection.QuerySingleOrDefaultAsync<(string By, string Node, long Expires)>(
            "SELECT signed_in_by, node, expires_at FROM console_session WHERE organisation=@organisation AND id=@id AND expires_at > @now",
            new { organisation = organisation.Value, id = id.ToBytes(), now }), cancellation);
        return found.By is null ? null : new StoredSession(id, found.By, found.Node, found.Expires);
    }

    public Task EndAsync(OrganisationId organisation, TokenHash id, CancellationToken cancellation) => writer.RunAsync(transaction =>
    {
        transaction.Connection.Execute("DELETE FROM console_session WHERE organisation=@organisation AND id=@id", new { organisation = organisation.Value, id = id.ToBytes() });
        return (true, true);
    });

    public Task EndOfNodeAsync(string node, CancellationToken cancellation) => writer.RunAsync(transaction =>
        (true, transaction.Connection.Execute("DELETE FROM console_session WHERE node=@node", new { node }) > 0));
}
