using Dapper;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Storage.Databases;

namespace Symbolon.Storage.Reading;

/// <summary>Reads of the audit. Filters are compared with the columns beside the record; times with the time of chaining.</summary>
internal sealed class AuditStore(Database database) : IAuditStore
{
    public async Task<IReadOnlyList<StoredAuditRecord>> ReadAsync(
        OrganisationId organisation, AuditQuery query, long? after, bool descending, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, 1000);
        var where = new List<string> { "organisation=@organisation" };
        if (after is not null) where.Add(descending ? "seq < @after" : "seq > @after");
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
        var rows = await database.ReadAsync(connection => connection.QueryAsync<(long Seq, long Time, byte[] Record, byte[] Hash)>(
            $"SELECT seq, time, record, hash FROM audit WHERE {string.Join(" AND ", where)} ORDER BY seq {(descending ? "DESC" : "ASC")} LIMIT @limit",
            new
            {
                organisation = organisation.Value, after, kind = query.Kind, user = AuditColumns.Text(query.User),
                agent = AuditColumns.Text(query.Agent), workflow = AuditColumns.Text(query.Workflow), server = AuditColumns.Text(query.Server),
                tool = AuditColumns.Text(query.Tool), token = AuditColumns.Text(query.Token), code = AuditColumns.Text(query.Code),
                call = AuditColumns.Call(query.Call), from = query.From, to = query.To, limit = (long)limit,
            }), cancellation);
        return [.. rows.Select(row => new StoredAuditRecord(row.Seq, row.Time, row.Record, row.Hash))];
    }

    public async Task<(long Seq, byte[] Hash)> HeadAsync(OrganisationId organisation, CancellationToken cancellation)
    {
        var head = await database.ReadAsync(connection => connection.QuerySingleOrDefaultAsync<(long Seq, byte[] Hash)>(
            "SELECT seq, hash FROM audit_chain WHERE organisation=@organisation", new { organisation = organisation.Value }), cancellation);
        return head.Hash is null ? (0, new byte[AuditChain.HashSize]) : head;
    }
}
