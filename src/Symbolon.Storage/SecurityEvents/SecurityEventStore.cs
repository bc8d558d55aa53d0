using System.Data.Common;
using System.Globalization;
using Dapper;
using Symbolon.Core;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Revocation;
using Symbolon.Core.SecurityEvents;
using Symbolon.Storage.Databases;
using Symbolon.Storage.Writing;

namespace Symbolon.Storage.SecurityEvents;

/// <summary>
/// Events as rows, and a row for each client that is told some. A claim moves the time at which the client is due behind its own end, by the clock that all nodes share, and counts
/// the attempt; by that number the one who holds it is told from one whose claim has passed.
/// </summary>
internal sealed class SecurityEventStore(StoreWriter writer, Database database, TimeProvider clock) : ISecurityEventStore
{
    private const int MostGivenUp = 256;
    private const string Columns = "organisation, client, id, revision, level, target, not_before AS NotBefore, changed_by AS ChangedBy, created_at AS CreatedAt";
    private const string InOrder = "ORDER BY revision, ordinal";

    private string IsDue => $"pushes=1 AND waiting > 0 AND due_at <= (SELECT {database.Dialect.Now})";

    public async Task<ClaimedEvent?> ClaimAsync(TimeSpan hold, CancellationToken cancellation)
    {
        // Looked for first: while nothing waits, nothing is written.
        if (!await IsAnyDueAsync(cancellation)) return null;
        return await writer.RunAsync(transaction =>
        {
            var connection = transaction.Connection;
            var claimed = connection.Query<(string Organisation, string Client, long Attempts)>($"""
                UPDATE event_stream SET due_at={database.Dialect.Now} + @hold, attempts=attempts + 1
                WHERE (organisation, client) = (SELECT organisation, client FROM event_stream WHERE {IsDue} ORDER BY due_at, organisation, client LIMIT 1)
                AND {IsDue} RETURNING organisation, client, attempts
                """, new { hold = Microseconds(hold), now = clock.Microseconds() }).AsList();
            if (claimed is not [var one]) return ((ClaimedEvent?)null, false);
            var oldest = connection.Query<Row>($"SELECT {Columns} FROM security_event WHERE organisation=@Organisation AND client=@Client {InOrder} LIMIT 1", new { one.Organisation, one.Client }).AsList();
            return oldest is [var row] ? (new ClaimedEvent(Of(row), (int)one.Attempts), true) : (null, false);
        });
    }

    public Task DeliveredAsync(ClaimedEvent claimed, CancellationToken cancellation) => writer.RunAsync(transaction =>
    {
        // Whoever holds the client now: this one was told.
        if (Remove(transaction, claimed, "delivered_id=@id, delivered_at=@at", new DynamicParameters()) == 0) return (false, false);
        return (true, true);
    });

    public Task FailedAsync(ClaimedEvent claimed, string why, TimeSpan pause, CancellationToken cancellation) => writer.RunAsync(transaction =>
    {
        transaction.Connection.Execute($"""
            UPDATE event_stream SET due_at={database.Dialect.Now} + @pause, failed_id=@id, failed_at=@at, failure=@why
            WHERE organisation=@organisation AND client=@client AND attempts=@attempts
            """, new
        {
            organisation = claimed.Event.Organisation.Value, client = claimed.Event.Client, id = claimed.Event.Id, attempts = claimed.Attempts, at = clock.Microseconds(),
            now = clock.Microseconds(), pause = Microseconds(pause), why,
        });
        return (true, true);
    });

    public Task RefusedAsync(ClaimedEvent claimed, string why, CancellationToken cancellation) => writer.RunAsync(transaction =>
    {
        var values = new DynamicParameters(new { why });
        if (Remove(transaction, claimed, "refused=refused+1, failed_id=@id, failed_at=@at, failure=@why", values) == 0) return (false, false);
        Record(transaction, claimed.Event.Organisation.Value, claimed.Event.Client, 1, "refused by the receiver", why);
        return (true, true);
    });

    public Task<SecurityEventPage> ReadAsync(OrganisationId organisation, string client, int most, CancellationToken cancellation) => database.ReadAsync(async connection =>
    {
        var rows = (await connection.QueryAsync<Row>($"SELECT {Columns} FROM security_event WHERE organisation=@organisation AND client=@client {InOrder} LIMIT @limit",
            new { organisation = organisation.Value, client, limit = most + 1 })).AsList();
        return new SecurityEventPage([.. rows.Take(most).Select(Of)], rows.Count > most);
    }, cancellation);

    public Task AcknowledgeAsync(OrganisationId organisation, string client, IReadOnlyCollection<string> taken, IReadOnlyDictionary<string, string> refused, CancellationToken cancellation) =>
        writer.RunAsync(transaction =>
        {
            var of = (organisation.Value, client);
            var good = Delete(transaction.Connection, of, taken);
            var bad = Delete(transaction.Connection, of, [.. refused.Keys]);
            if (good.Count + bad.Count == 0) return (false, false);
            var row = new { organisation = organisation.Value, client, at = clock.Microseconds(), good = good.LastOrDefault(), bad = bad.LastOrDefault(), gone = good.Count + bad.Count, count = bad.Count, why = bad.LastOrDefault() is { } last ? refused[last] : null };
            transaction.Connection.Execute("UPDATE event_stream SET waiting=waiting-@gone WHERE organisation=@organisation AND client=@client", row);
            if (good.Count > 0) transaction.Connection.Execute("UPDATE event_stream SET delivered_id=@good, delivered_at=@at WHERE organisation=@organisation AND client=@client", row);
            if (bad.Count == 0) return (true, true);
            transaction.Connection.Execute("UPDATE event_stream SET refused=refused+@count, failed_id=@bad, failed_at=@at, failure=@why WHERE organisation=@organisation AND client=@client", row);
            Record(transaction, organisation.Value, client, bad.Count, "refused by the receiver", row.why!);
            return (true, true);
        });

    public async Task<IReadOnlyList<(string Client, int Count)>> GiveUpAsync(TimeSpan age, CancellationToken cancellation)
    {
        var before = clock.Microseconds() - Microseconds(age);
        var isAny = await database.ReadAsync(connection => connection.QuerySingleAsync<long>(
            "SELECT count(*) FROM (SELECT 1 FROM security_event WHERE created_at < @before LIMIT 1) AS found", new { before }), cancellation);
        if (isAny == 0) return [];
        return await writer.RunAsync(transaction =>
        {
            var dropped = transaction.Connection.Query<(string Organisation, string Client)>("""
                DELETE FROM security_event WHERE (organisation, client, id) IN (
                    SELECT organisation, client, id FROM security_event WHERE created_at < @before ORDER BY created_at, organisation, client, id LIMIT @most)
                RETURNING organisation, client
                """, new { before, most = MostGivenUp }).GroupBy(row => row).OrderBy(group => group.Key.Organisation, StringComparer.Ordinal).ThenBy(group => group.Key.Client, StringComparer.Ordinal).ToList();
            foreach (var lost in dropped)
            {
                transaction.Connection.Execute("UPDATE event_stream SET waiting=waiting-@count, given_up=given_up+@count, attempts=0, due_at=0 WHERE organisation=@Organisation AND client=@Client",
                    new { lost.Key.Organisation, lost.Key.Client, count = lost.Count() });
                Record(transaction, lost.Key.Organisation, lost.Key.Client, lost.Count(), "given up", string.Create(CultureInfo.InvariantCulture, $"{lost.Count()} security events were not taken in time"));
            }
            IReadOnlyList<(string, int)> counts = [.. dropped.Select(lost => (lost.Key.Client, lost.Count()))];
            return (counts, counts.Count > 0);
        });
    }

    public Task<SecurityEventState?> StateAsync(OrganisationId organisation, string client, CancellationToken cancellation)
    {
        var of = new { organisation = organisation.Value, client };
        return database.ReadSnapshotAsync(async connection =>
        {
            var oldest = await connection.QuerySingleAsync<long?>("SELECT min(created_at) FROM security_event WHERE organisation=@organisation AND client=@client", of);
            var found = await connection.QuerySingleOrDefaultAsync<StateRow>("""
                SELECT waiting, delivered_id AS DeliveredId, delivered_at AS DeliveredAt, failed_id AS FailedId, failed_at AS FailedAt, failure, refused, left_out AS LeftOut, given_up AS GivenUp
                FROM event_stream WHERE organisation=@organisation AND client=@client
                """, of);
            return found is null ? null : new SecurityEventState(found.Waiting, oldest,
                found.DeliveredAt is { } delivered ? new SecurityEventAttempt(found.DeliveredId!, delivered, null) : null,
                found.FailedAt is { } failed ? new SecurityEventAttempt(found.FailedId!, failed, found.Failure) : null, found.Refused, found.LeftOut, found.GivenUp);
        }, cancellation);
    }

    private Task<bool> IsAnyDueAsync(CancellationToken cancellation) => database.ReadAsync(async connection =>
        await connection.QuerySingleAsync<long>($"SELECT count(*) FROM (SELECT 1 FROM event_stream WHERE {IsDue} LIMIT 1) AS found", new { now = clock.Microseconds() }) > 0, cancellation);

    /// <summary>The event goes, and the client can be claimed again unless somebody has it by a later claim.</summary>
    /// <returns>0 where it was gone already: then nothing is changed.</returns>
    private int Remove(WriteTransaction transaction, ClaimedEvent claimed, string changes, DynamicParameters values)
    {
        values.AddDynamicParams(new
        {
            organisation = claimed.Event.Organisation.Value, client = claimed.Event.Client, id = claimed.Event.Id, attempts = claimed.Attempts, at = clock.Microseconds(), now = clock.Microseconds(),
        });
        var removed = transaction.Connection.Execute("DELETE FROM security_event WHERE organisation=@organisation AND client=@client AND id=@id", values);
        if (removed > 0)
            transaction.Connection.Execute($"""
                UPDATE event_stream SET waiting=waiting-1, {changes}, due_at=CASE WHEN attempts=@attempts THEN {database.Dialect.Now} ELSE due_at END,
                attempts=CASE WHEN attempts=@attempts THEN 0 ELSE attempts END WHERE organisation=@organisation AND client=@client
                """, values);
        return removed;
    }

    private List<string> Delete(DbConnection connection, (string Organisation, string Client) of, IReadOnlyCollection<string> ids) => ids.Count == 0 ? [] : connection.Query<string>(
        $"DELETE FROM security_event WHERE organisation=@organisation AND client=@client AND id {database.Dialect.In("ids")} RETURNING id",
        new { organisation = of.Organisation, client = of.Client, ids = ids.ToArray() }).AsList();

    private void Record(WriteTransaction transaction, string organisation, string client, int count, string action, string why) => transaction.Append(new OrganisationId(organisation), new AuditEvent
    {
        Kind = AuditKind.AnnouncementDropped,
        Time = clock.Microseconds(),
        By = "system",
        Action = action,
        Target = $"Client/{client}",
        Count = count,
        Reason = why,
    });

    private static SecurityEvent Of(Row row) => new(
        new OrganisationId(row.Organisation), row.Client, row.Id, row.Revision, row.Level.Length == 0 ? null : Enum.Parse<RevocationLevel>(row.Level), row.Target, row.NotBefore, row.ChangedBy, row.CreatedAt);

    private static long Microseconds(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond;

    private sealed record Row(string Organisation, string Client, string Id, long Revision, string Level, string Target, long NotBefore, string ChangedBy, long CreatedAt);

    private sealed class StateRow
    {
        public long Waiting { get; init; }
        public string? DeliveredId { get; init; }
        public long? DeliveredAt { get; init; }
        public string? FailedId { get; init; }
        public long? FailedAt { get; init; }
        public string? Failure { get; init; }
        public long Refused { get; init; }
        public long LeftOut { get; init; }
        public long GivenUp { get; init; }
    }
}
