using Dapper;
using Symbolon.Core;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Snapshot;
using Symbolon.Storage.Writing;

namespace Symbolon.Storage;

/// <summary>What was used once: a row each, until nobody can present it again.</summary>
internal sealed class OnceStore(StoreWriter writer, TimeProvider clock) : IOnceStore
{
    /// <summary>Microseconds for which a row outlives its end: a clock that jumps ahead and back must empty nothing.</summary>
    private const long Longer = 3_600_000_000;

    public Task<bool> TryUseAsync(OrganisationId organisation, OnceUse use, IReadOnlyList<AuditEvent> records, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        // From here on it is not cancelled: what was begun is answered.
        return writer.RunAsync(transaction =>
        {
            var connection = transaction.Connection;
            connection.Execute("DELETE FROM used_once WHERE expires_at <= @past", new { past = clock.Microseconds() - Longer });
            var written = connection.QuerySingleOrDefault<long?>("""
                INSERT INTO used_once (organisation, kind, value, expires_at) VALUES (@organisation, @kind, @value, @until)
                ON CONFLICT DO NOTHING RETURNING expires_at
                """, new { organisation = organisation.Value, kind = use.Kind, value = use.Value.ToBytes(), until = use.Until });
            if (written is null) return (false, false);
            foreach (var record in records) transaction.Append(organisation, record);
            return (true, true);
        });
    }
}
