using Dapper;
using Symbolon.Core;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Snapshot;
using Symbolon.Storage.Databases;
using Symbolon.Storage.Writing;

namespace Symbolon.Storage;

/// <summary>Sessions of the console and the links that open them. There are few, and a page reads one by its key.</summary>
internal sealed class SessionStore(StoreWriter writer, Database database, TimeProvider clock) : ISessionStore
{
    public Task<bool> OpenAsync(OrganisationId organisation, StoredSession session, TokenHash? link, int most, AuditEvent record, CancellationToken cancellation) => writer.RunAsync(transaction =>
    {
        var connection = transaction.Connection;
        var node = session.Node;
        if (link is { } used)
        {
            var madeBy = connection.QuerySingleOrDefault<string?>(
                "DELETE FROM sign_in_link WHERE organisation=@organisation AND id=@id AND expires_at > @now RETURNING node",
                new { organisation = organisation.Value, id = used.ToBytes(), now = clock.Microseconds() });
            if (madeBy is null) return (false, false);
            node = madeBy;
        }
        var given = new
        {
            organisation = organisation.Value, id = session.Id.ToBytes(), by = session.By, node, opened = session.OpenedAt, expires = session.ExpiresAt, rest = most - 1L, now = clock.Microseconds(),
        };
        connection.Execute("DELETE FROM console_session WHERE organisation=@organisation AND expires_at <= @now", given);
        connection.Execute("""
            DELETE FROM console_session WHERE organisation=@organisation AND id IN (
                SELECT id FROM console_session WHERE organisation=@organisation ORDER BY expires_at, id LIMIT (
                    SELECT CASE WHEN count(*) > @rest THEN count(*) - @rest ELSE 0 END FROM console_session WHERE organisation=@organisation))
            """, given);
        connection.Execute("""
            INSERT INTO console_session (organisation, id, signed_in_by, node, opened_at, expires_at) VALUES (@organisation, @id, @by, @node, @opened, @expires)
            """, given);
        transaction.Append(organisation, record);
        return (true, true);
    });

    public async Task<StoredSession?> FindAsync(OrganisationId organisation, TokenHash id, long now, CancellationToken cancellation)
    {
        var found = await database.ReadAsync(connection => connection.QuerySingleOrDefaultAsync<(string By, string Node, long Opened, long Expires)>(
            "SELECT signed_in_by, node, opened_at, expires_at FROM console_session WHERE organisation=@organisation AND id=@id AND expires_at > @now",
            new { organisation = organisation.Value, id = id.ToBytes(), now }), cancellation);
        return found.By is null ? null : new StoredSession(id, found.By, found.Node, found.Opened, found.Expires);
    }

    public async Task<IReadOnlyList<StoredSession>> ListAsync(OrganisationId organisation, long now, CancellationToken cancellation)
    {
        var found = await database.ReadAsync(connection => connection.QueryAsync<(byte[] Id, string By, string Node, long Opened, long Expires)>("""
            SELECT id, signed_in_by, node, opened_at, expires_at FROM console_session WHERE organisation=@organisation AND expires_at > @now ORDER BY opened_at DESC, id
            """, new { organisation = organisation.Value, now }), cancellation);
        return [.. found.Select(row => new StoredSession(new TokenHash(row.Id), row.By, row.Node, row.Opened, row.Expires))];
    }

    public Task<bool> EndAsync(OrganisationId organisation, TokenHash id, AuditEvent record, CancellationToken cancellation) => writer.RunAsync(transaction =>
    {
        var given = new { organisation = organisation.Value, id = id.ToBytes(), now = clock.Microseconds() };
        if (transaction.Connection.Execute("DELETE FROM console_session WHERE organisation=@organisation AND id=@id AND expires_at > @now", given) == 0) return (false, false);
        transaction.Append(organisation, record);
        return (true, true);
    });

    public Task EndOfNodeAsync(string node, CancellationToken cancellation) => writer.RunAsync(transaction =>
        (true, transaction.Connection.Execute("DELETE FROM console_session WHERE node=@node", new { node }) > 0));

    public Task PutLinkAsync(OrganisationId organisation, StoredLink link, CancellationToken cancellation) => writer.RunAsync(transaction =>
    {
        var given = new { organisation = organisation.Value, node = link.Node, id = link.Id.ToBytes(), expires = link.ExpiresAt, now = clock.Microseconds() };
        transaction.Connection.Execute("DELETE FROM sign_in_link WHERE organisation=@organisation AND expires_at <= @now", given);
        transaction.Connection.Execute("""
            INSERT INTO sign_in_link (organisation, node, id, expires_at) VALUES (@organisation, @node, @id, @expires)
            ON CONFLICT (organisation, node) DO UPDATE SET id=excluded.id, expires_at=excluded.expires_at
            """, given);
        return (true, true);
    });

    public Task<long?> FindLinkAsync(OrganisationId organisation, TokenHash id, long now, CancellationToken cancellation) =>
        database.ReadAsync(connection => connection.QuerySingleOrDefaultAsync<long?>(
            "SELECT expires_at FROM sign_in_link WHERE organisation=@organisation AND id=@id AND expires_at > @now",
            new { organisation = organisation.Value, id = id.ToBytes(), now }), cancellation);
}
