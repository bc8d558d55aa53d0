using Dapper;
using Symbolon.Core;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Snapshot;
using Symbolon.Storage.Databases;
using Symbolon.Storage.Documents;
using Symbolon.Storage.Writing;

namespace Symbolon.Storage.Authorizations;

/// <summary>Clients that registered themselves, as documents. A consent moves their end on, in its own transaction.</summary>
internal sealed class DynamicClientStore(StoreWriter writer, Database database, TimeProvider clock) : IDynamicClientStore
{
    /// <summary>Microseconds.</summary>
    public const long UsedLife = 90 * Day;
    private const long Day = 86_400_000_000;

    public Task<bool> TryAddAsync(OrganisationId organisation, DynamicClient client, string peer, IReadOnlyList<AuditEvent> records, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return writer.RunAsync(transaction =>
        {
            var now = clock.Microseconds();
            transaction.Connection.Execute("DELETE FROM oauth_dynamic_client WHERE expires_at <= @now", new { now });
            var written = transaction.Connection.QuerySingleOrDefault<long?>("""
                INSERT INTO oauth_dynamic_client (organisation, id, peer, is_used, expires_at, document)
                SELECT @organisation, @id, @peer, 0, @expires, @document
                WHERE (SELECT count(*) FROM oauth_dynamic_client WHERE organisation=@organisation AND is_used=0) < 1000
                AND (SELECT count(*) FROM oauth_dynamic_client WHERE organisation=@organisation AND is_used=0 AND peer=@peer) < 20
                ON CONFLICT DO NOTHING RETURNING 1
                """, new
            {
                organisation = organisation.Value, id = client.Id.Value, peer = StorableText.Require(peer, "the peer"), expires = now + Day, document = StoredDocument.Write(client),
            });
            if (written is null) return (false, false);
            foreach (var record in records) transaction.Append(organisation, record);
            return (true, true);
        });
    }

    public async Task<DynamicClient?> FindAsync(OrganisationId organisation, ClientId id, long now, CancellationToken cancellation)
    {
        if (!StorableText.CanBeStored(id.Value)) return null;
        var document = await database.ReadAsync(connection => connection.QuerySingleOrDefaultAsync<string?>(
            "SELECT document FROM oauth_dynamic_client WHERE organisation=@organisation AND id=@id AND expires_at > @now",
            new { organisation = organisation.Value, id = id.Value, now }), cancellation);
        return document is null ? null : StoredDocument.ReadDynamicClient(document);
    }
}
