using Dapper;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry.Reviews;
using Symbolon.Core.Snapshot;
using Symbolon.Storage.Databases;
using Symbolon.Storage.Documents;

namespace Symbolon.Storage.Reading;

/// <summary>Reviews, each a document with the columns that lists are made by.</summary>
internal sealed class ReviewStore(Database database) : IReviewStore
{
    public async Task<Review?> FindAsync(OrganisationId organisation, ReviewName name, CancellationToken cancellation)
    {
        var found = await database.ReadAsync(connection => connection.QuerySingleOrDefaultAsync<(string Document, long Revision)>(
            "SELECT document, revision FROM review WHERE organisation=@organisation AND server=@server AND number=@number",
            new { organisation = organisation.Value, server = name.Server.Value, number = (long)name.Number }), cancellation);
        return found.Document is null ? null : StoredDocument.ReadReview(found.Document, found.Revision);
    }

    public async Task<IReadOnlyList<Review>> ListAsync(
        OrganisationId organisation, ReviewState? state, ServerName? server, Review? after, int limit, CancellationToken cancellation)
    {
        var open = state is null or ReviewState.Open && after is null or { State: ReviewState.Open }
            ? await ListAsync(organisation, "state='open'", isUpward: true, server, after, limit, cancellation)
            : [];
        if (state == ReviewState.Open || open.Count == limit) return open;
        var closed = await ListAsync(organisation, state is { } one ? $"state='{one.ToText()}'" : "state<>'open'", isUpward: false, server,
            after is { State: not ReviewState.Open } ? after : null, limit - open.Count, cancellation);
        return [.. open, .. closed];
    }

    public async Task<IReadOnlyList<(OrganisationId Organisation, ReviewName Name)>> ExpiredAsync(long now, int limit, CancellationToken cancellation)
    {
        var found = await database.ReadAsync(connection => connection.QueryAsync<(string Organisation, string Server, long Number)>(
            "SELECT organisation, server, number FROM review WHERE state='open' AND expires_at <= @now ORDER BY expires_at, organisation, server, number LIMIT @limit",
            new { now, limit }), cancellation);
        return [.. found.Select(row => (new OrganisationId(row.Organisation), new ReviewName(new ServerName(row.Server), (int)row.Number)))];
    }

    public async Task<int> CountOpenAsync(OrganisationId organisation, CancellationToken cancellation) =>
        (int)await database.ReadAsync(connection => connection.QuerySingleAsync<long>(
            "SELECT count(*) FROM review WHERE organisation=@organisation AND state='open'", new { organisation = organisation.Value }), cancellation);

    /// <param name="which">A condition of our own words.</param>
    private async Task<IReadOnlyList<Review>> ListAsync(
        OrganisationId organisation, string which, bool isUpward, ServerName? server, Review? after, int limit, CancellationToken cancellation)
    {
        var (beyond, order) = isUpward ? (">", "ASC") : ("<", "DESC");
        var found = await database.ReadAsync(connection => connection.QueryAsync<(string Document, long Revision)>($"""
            SELECT document, revision FROM review WHERE organisation=@organisation AND {which}
            {(server is null ? "" : "AND server=@server")}
            {(after is null ? "" : $"AND (opened_at, server, number) {beyond} (@opened, @afterServer, @afterNumber)")}
            ORDER BY opened_at {order}, server {order}, number {order} LIMIT @limit
            """, new
        {
            organisation = organisation.Value, server = server?.Value, limit,
            opened = after?.OpenedAt, afterServer = after?.Name.Server.Value, afterNumber = (long?)after?.Name.Number,
        }), cancellation);
        return [.. found.Select(row => StoredDocument.ReadReview(row.Document, row.Revision))];
    }
}
