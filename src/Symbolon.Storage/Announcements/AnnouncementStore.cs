using System.Globalization;
using Dapper;
using Symbolon.Core;
using Symbolon.Core.Announcements;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Storage.Databases;
using Symbolon.Storage.Writing;

namespace Symbolon.Storage.Announcements;

/// <summary>
/// The waiting events: a row each. A claim moves the time at which the row is due behind its own end, by the clock that all nodes share, and counts the
/// attempt; by that number the one who holds it is told from one whose claim has passed.
/// </summary>
internal sealed class AnnouncementStore(StoreWriter writer, Database database, TimeProvider clock) : IAnnouncementStore
{
    private const int MostGivenUp = 256;

    private string IsDue => $"due_at <= (SELECT {database.Dialect.Now}) AND (type='ping' OR NOT EXISTS (SELECT 1 FROM announcement_state WHERE gone=@endpoint))";

    public async Task<Announcement?> ClaimAsync(TimeSpan hold, string endpoint, CancellationToken cancellation)
    {
        // Looked for first: while nothing waits, nothing is written.
        if (!await IsAnyDueAsync(endpoint, cancellation)) return null;
        return await writer.RunAsync(transaction =>
        {
            var claimed = transaction.Connection.Query<(string Organisation, string Id, string Type, string Server, string Body, long CreatedAt, long Attempts)>($"""
                UPDATE announcement SET due_at={database.Dialect.Now} + @hold, attempts=attempts + 1
                WHERE (organisation, id) = (
                    SELECT organisation, id FROM announcement WHERE {IsDue} ORDER BY due_at, created_at, organisation, id LIMIT 1)
                AND due_at <= (SELECT {database.Dialect.Now})
                RETURNING organisation, id, type, server, body, created_at, attempts
                """, new { hold = Microseconds(hold), endpoint, now = clock.Microseconds() }).AsList();
            return claimed is [var one]
                ? (new Announcement(new OrganisationId(one.Organisation), one.Id, one.Type, one.Server, one.Body, one.CreatedAt, (int)one.Attempts), true)
                : ((Announcement?)null, false);
        });
    }

    public Task DeliveredAsync(Announcement claimed, CancellationToken cancellation) => writer.RunAsync(transaction =>
    {
        var row = new { organisation = claimed.Organisation.Value, id = claimed.Id, type = claimed.Type, at = clock.Microseconds() };
        // Whoever holds it now: it was told.
        transaction.Connection.Execute("DELETE FROM announcement WHERE organisation=@organisation AND id=@id", row);
        transaction.Connection.Execute("""
            INSERT INTO announcement_state (organisation, delivered_id, delivered_type, delivered_at) VALUES (@organisation, @id, @type, @at)
            ON CONFLICT (organisation) DO UPDATE SET delivered_id=excluded.delivered_id, delivered_type=excluded.delivered_type, delivered_at=excluded.delivered_at, gone=NULL
            """, row);
        NoteTest(transaction, claimed, null);
        return (true, true);
    });

    public Task FailedAsync(Announcement claimed, string why, TimeSpan pause, string? gone, CancellationToken cancellation) => writer.RunAsync(transaction =>
    {
        var row = new
        {
            organisation = claimed.Organisation.Value, id = claimed.Id, type = claimed.Type, attempts = claimed.Attempts, at = clock.Microseconds(), now = clock.Microseconds(),
            pause = Microseconds(pause), why, gone,
        };
        transaction.Connection.Execute(claimed.Type == AnnouncementType.Ping
            ? "DELETE FROM announcement WHERE organisation=@organisation AND id=@id"
            : $"UPDATE announcement SET due_at={database.Dialect.Now} + @pause WHERE organisation=@organisation AND id=@id AND attempts=@attempts", row);
        transaction.Connection.Execute("""
            INSERT INTO announcement_state (organisation, failed_id, failed_type, failed_at, failure, gone) VALUES (@organisation, @id, @type, @at, @why, @gone)
            ON CONFLICT (organisation) DO UPDATE SET failed_id=excluded.failed_id, failed_type=excluded.failed_type, failed_at=excluded.failed_at,
            failure=excluded.failure, gone=coalesce(excluded.gone, announcement_state.gone)
            """, row);
        NoteTest(transaction, claimed, why);
        return (true, true);
    });

    public async Task<int> GiveUpAsync(TimeSpan age, CancellationToken cancellation)
    {
        var before = clock.Microseconds() - Microseconds(age);
        var isAny = await database.ReadAsync(connection => connection.QuerySingleAsync<long>(
            "SELECT count(*) FROM (SELECT 1 FROM announcement WHERE created_at < @before LIMIT 1) AS found", new { before }), cancellation);
        if (isAny == 0) return 0;
        return await writer.RunAsync(transaction =>
        {
            var dropped = transaction.Connection.Query<string>("""
                DELETE FROM announcement WHERE (organisation, id) IN (
                    SELECT organisation, id FROM announcement WHERE created_at < @before ORDER BY created_at, organisation, id LIMIT @most)
                AND created_at < @before RETURNING organisation
                """, new { before, most = MostGivenUp }).AsList();
            foreach (var lost in dropped.GroupBy(organisation => organisation).OrderBy(group => group.Key, StringComparer.Ordinal)) Record(transaction, lost.Key, lost.Count());
            return (dropped.Count, dropped.Count > 0);
        });
    }

    public async Task<AnnouncementState> StateAsync(OrganisationId organisation, CancellationToken cancellation)
    {
        var of = new { organisation = organisation.Value };
        return await database.ReadSnapshotAsync(async connection =>
        {
            var (waiting, oldest) = await connection.QuerySingleAsync<(long, long?)>("SELECT count(*), min(created_at) FROM announcement WHERE organisation=@organisation", of);
            var row = await connection.QuerySingleOrDefaultAsync<StateRow>("""
                SELECT delivered_id AS DeliveredId, delivered_type AS DeliveredType, delivered_at AS DeliveredAt, failed_id AS FailedId, failed_type AS FailedType,
                failed_at AS FailedAt, failure AS Failure, tested_id AS TestedId, tested_at AS TestedAt, test_failure AS TestFailure, lost AS Lost, gone AS Gone FROM announcement_state WHERE organisation=@organisation
                """, of) ?? new StateRow();
            return new AnnouncementState(waiting, oldest,
                row.DeliveredAt is { } delivered ? new AnnouncementAttempt(row.DeliveredId!, row.DeliveredType!, delivered, null) : null,
                row.FailedAt is { } failed ? new AnnouncementAttempt(row.FailedId!, row.FailedType!, failed, row.Failure) : null,
                row.TestedAt is { } tested ? new AnnouncementAttempt(row.TestedId!, AnnouncementType.Ping, tested, row.TestFailure) : null,
                row.Lost, row.Gone);
        }, cancellation);
    }

    private Task<bool> IsAnyDueAsync(string endpoint, CancellationToken cancellation) => database.ReadAsync(async connection =>
        await connection.QuerySingleAsync<long>(
            $"SELECT count(*) FROM (SELECT 1 FROM announcement WHERE {IsDue} LIMIT 1) AS found", new { endpoint, now = clock.Microseconds() }) > 0, cancellation);

    /// <summary>Beside the last of all: who waits for what came of a test finds it, whatever else is told meanwhile.</summary>
    private void NoteTest(WriteTransaction transaction, Announcement claimed, string? why)
    {
        if (claimed.Type == AnnouncementType.Ping)
            transaction.Connection.Execute("UPDATE announcement_state SET tested_id=@id, tested_at=@at, test_failure=@why WHERE organisation=@organisation",
                new { organisation = claimed.Organisation.Value, id = claimed.Id, at = clock.Microseconds(), why });
    }

    private void Record(WriteTransaction transaction, string organisation, int count)
    {
        transaction.Connection.Execute("""
            INSERT INTO announcement_state (organisation, lost) VALUES (@organisation, @count)
            ON CONFLICT (organisation) DO UPDATE SET lost=announcement_state.lost + excluded.lost
            """, new { organisation, count });
        transaction.Append(new OrganisationId(organisation), new AuditEvent
        {
            Kind = AuditKind.AnnouncementDropped,
            Time = clock.Microseconds(),
            By = "system",
            Action = "given up",
            Target = "Webhook",
            Count = count,
            Reason = string.Create(CultureInfo.InvariantCulture, $"{count} events could not be told in time"),
        });
    }

    private static long Microseconds(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond;

    private sealed class StateRow
    {
        public string? DeliveredId { get; init; }
        public string? DeliveredType { get; init; }
        public long? DeliveredAt { get; init; }
        public string? FailedId { get; init; }
        public string? FailedType { get; init; }
        public long? FailedAt { get; init; }
        public string? Failure { get; init; }
        public string? TestedId { get; init; }
        public long? TestedAt { get; init; }
        public string? TestFailure { get; init; }
        public long Lost { get; init; }
        public string? Gone { get; init; }
    }
}
