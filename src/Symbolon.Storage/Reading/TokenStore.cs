using Dapper;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Snapshot;
using Symbolon.Storage.Databases;
using Symbolon.Storage.Documents;

namespace Symbolon.Storage.Reading;

/// <summary>Tokens as the store holds them: a document of what never changes, and columns for what does.</summary>
internal sealed class TokenStore(Database database) : ITokenStore
{
    private const string Columns = "document, revoked_at AS revokedAt, rotated_at AS rotatedAt, last_used_at AS lastUsedAt";

    public Task<TokenRecord?> FindBySecretAsync(TokenHash secret, CancellationToken cancellation) =>
        FindAsync($"SELECT {Columns} FROM token WHERE secret=@secret", new { secret = secret.ToBytes() }, cancellation);

    public async Task<TokenRecord?> FindAsync(OrganisationId organisation, TokenId id, CancellationToken cancellation) =>
        !StorableText.CanBeStored(id.Value) ? null : await FindAsync($"SELECT {Columns} FROM token WHERE organisation=@organisation AND id=@id",
            new { organisation = organisation.Value, id = id.Value }, cancellation);

    public async Task<IReadOnlyList<TokenRecord>> ListAsync(
        OrganisationId organisation, TokenQuery query, TokenId? after, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, 1000);
        if (!StorableText.CanBeStored(query.User + query.Agent + query.Workflow + query.Server + after?.Value)) return [];
        var where = new List<string> { "organisation=@organisation" };
        if (after is not null) where.Add("id > @after");
        if (query.User is not null) where.Add("\"user\"=@user");
        if (query.Agent is not null) where.Add("agent=@agent");
        if (query.Workflow is not null) where.Add("workflow=@workflow");
        if (query.LiveAt is not null) where.Add("revoked_at IS NULL AND expires_at > @liveAt");
        if (query.Server is not null)
            where.Add("EXISTS (SELECT 1 FROM token_server AS named WHERE named.organisation=token.organisation AND named.server=@server AND named.token=token.id)");
        var rows = await database.ScanAsync(connection => connection.QueryAsync<Row>(
            $"SELECT {Columns} FROM token WHERE {string.Join(" AND ", where)} ORDER BY id LIMIT @limit",
            new { organisation = organisation.Value, after = after?.Value, user = query.User, agent = query.Agent, workflow = query.Workflow,
                server = query.Server, liveAt = query.LiveAt, limit = (long)limit }), cancellation);
        return [.. rows.Select(row => row.ToRecord())];
    }

    public async Task<IReadOnlyList<TokenRecord>> NextToEndAsync(OrganisationId organisation, long now, long until, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, 1000);
        var rows = await database.ScanAsync(connection => connection.QueryAsync<Row>($"""
            SELECT {Columns} FROM token WHERE organisation=@organisation AND expires_at > @now AND expires_at <= @until AND revoked_at IS NULL ORDER BY expires_at, id LIMIT @limit
            """, new { organisation = organisation.Value, now, until, limit = (long)limit }), cancellation);
        return [.. rows.Select(row => row.ToRecord())];
    }

    private async Task<TokenRecord?> FindAsync(string sql, object parameters, CancellationToken cancellation) =>
        (await database.ReadAsync(connection => connection.QuerySingleOrDefaultAsync<Row>(sql, parameters), cancellation))?.ToRecord();

    private sealed record Row(string Document, long? RevokedAt, long? RotatedAt, long? LastUsedAt)
    {
        public TokenRecord ToRecord() =>
            StoredDocument.ReadToken(Document) with { RevokedAt = RevokedAt, RotatedAt = RotatedAt, LastUsedAt = LastUsedAt };
    }
}
