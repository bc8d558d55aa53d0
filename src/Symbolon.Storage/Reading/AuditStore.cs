using System.Data.Common;
using Dapper;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Storage.Databases;

namespace Symbolon.Storage.Reading;

/// <summary>
/// Reads of the audit. Filters are compared with the columns beside the record; times with the time of chaining. No index serves them,
/// since every call would pay for it: the chain is looked through in stretches, each a short read of its own that others can go between
/// and after which a client that has left is noticed. What is noted behind the audit says which stretches can be left out.
/// </summary>
/// <param name="window">Records that one read looks at where nothing is noted.</param>
internal sealed class AuditStore(Database database, int window = 20_000) : IAuditStore
{
    private readonly AuditStretches stretches = new(database, window);

    public async Task<IReadOnlyList<StoredAuditRecord>> ReadAsync(
        OrganisationId organisation, AuditQuery query, long? after, bool descending, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, 1000);
        var sql = Sql(query, descending);
        var (chain, low, high) = await RangeAsync(organisation, query, cancellation);
        low = Math.Max(low, query.Lowest ?? low);
        high = Math.Min(high, query.Highest ?? high);
        // No record has a number outside; neither end must wrap around.
        if (after is { } seen && descending) high = Math.Min(high, Math.Max(seen, 1) - 1);
        else if (after is { } before) low = Math.Max(low, Math.Min(before, long.MaxValue - 1) + 1);
        var found = new List<StoredAuditRecord>();
        await foreach (var (first, last) in stretches.OfAsync(organisation, query, low, high, descending, cancellation))
        {
            found.AddRange(await WindowAsync(query, sql, AuditPlace.Of(chain, first), AuditPlace.Of(chain, last), limit - found.Count, cancellation));
            if (found.Count == limit) break;
        }
        return found;
    }

    public async Task<(long Seq, byte[] Hash)> HeadAsync(OrganisationId organisation, CancellationToken cancellation)
    {
        var head = await database.ScanAsync(connection => connection.QuerySingleOrDefaultAsync<(long Seq, byte[] Hash)>(
            "SELECT seq, hash FROM audit_chain WHERE organisation=@organisation", new { organisation = organisation.Value }), cancellation);
        return head.Hash is null ? (0, new byte[AuditChain.HashSize]) : head;
    }

    private static string Sql(AuditQuery query, bool descending)
    {
        var where = new List<string> { "place BETWEEN @first AND @last" };
        if (query.Kind is not null) where.Add("kind=@kind");
        if (query.User is not null) where.Add("\"user\"=@user");
        if (query.Agent is not null) where.Add("agent=@agent");
        if (query.Workflow is not null) where.Add("workflow=@workflow");
        if (query.Server is not null) where.Add("server=@server");
        if (query.Tool is not null) where.Add("tool=@tool");
        if (query.Token is not null) where.Add("token=@token");
        if (query.Code is not null) where.Add("code=@code");
        if (query.Call is not null) where.Add("call=@call");
        if (query.From is not null) where.Add("time >= @from");
        if (query.To is not null) where.Add("time < @to");
        return $"SELECT seq, time, record, hash FROM audit WHERE {string.Join(" AND ", where)} ORDER BY place {(descending ? "DESC" : "ASC")} LIMIT @limit";
    }

    private async Task<IEnumerable<StoredAuditRecord>> WindowAsync(
        AuditQuery query, string sql, long first, long last, int limit, CancellationToken cancellation)
    {
        var rows = await database.ScanAsync(connection => connection.QueryAsync<(long Seq, long Time, byte[] Record, byte[] Hash)>(sql, new
        {
            first, last, kind = query.Kind, user = AuditColumns.Text(query.User),
            agent = AuditColumns.Text(query.Agent), workflow = AuditColumns.Text(query.Workflow), server = AuditColumns.Text(query.Server),
            tool = AuditColumns.Text(query.Tool), token = AuditColumns.Text(query.Token), code = AuditColumns.Text(query.Code),
            call = AuditColumns.Call(query.Call), from = query.From, to = query.To, limit = (long)limit,
        }), cancellation);
        return rows.Select(row => new StoredAuditRecord(row.Seq, row.Time, row.Record, row.Hash));
    }

    /// <summary>The chain's number, and those between which the query's times lie.</summary>
    private Task<(long Chain, long Low, long High)> RangeAsync(OrganisationId organisation, AuditQuery query, CancellationToken cancellation) =>
        database.ScanAsync(async connection =>
        {
            var (chain, head) = await connection.QuerySingleOrDefaultAsync<(long, long)>(
                "SELECT number, seq FROM audit_chain WHERE organisation=@organisation", new { organisation = organisation.Value });
            var low = query.From is { } from ? await FirstAtAsync(connection, chain, from, head) : 1;
            return (chain, low, query.To is { } to ? await FirstAtAsync(connection, chain, to, head) - 1 : head);
        }, cancellation);

    /// <summary>The first number whose record was chained at this time or later, by halving: along the chain times do not go back.</summary>
    private static async Task<long> FirstAtAsync(DbConnection connection, long chain, long time, long head)
    {
        var (low, high) = (1L, head + 1);
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            var at = await connection.QueryFirstOrDefaultAsync<long?>(
                "SELECT time FROM audit WHERE place >= @middle AND place < @end ORDER BY place LIMIT 1",
                new { middle = AuditPlace.Of(chain, middle), end = AuditPlace.Of(chain + 1, 0) });
            if (at >= time || at is null) high = middle;
            else low = middle + 1;
        }
        return low;
    }
}
