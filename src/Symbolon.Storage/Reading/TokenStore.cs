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
    public const string Columns = "document, revoked_at AS revokedAt, rotated_at AS rotatedAt, last_used_at AS lastUsedAt";

    public Task<TokenRecord?> FindBySecretAsync(TokenHash secret, CancellationToken cancellation) =>
        FindAsync($"SELECT {Columns} FROM token WHERE secret=@secret", new { secret = secret.ToBytes() }, cancellation);

    public async Task<TokenRecord?> FindAsync(OrganisationId organisation, TokenId id, CancellationToken cancellation) =>
        !StorableText.CanBeStored(id.Value) ? null : await FindAsync($"SELECT {Columns} FROM token WHERE organisation=@organisation AND id=@id",
            new { organisation = organisation.Value, id = id.Value }, cancellation);

    public async Task<IReadOnlyList<TokenRecord>> ListAsync(
        OrganisationId organisation, TokenQuery query, TokenMark? after, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, 1001);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.TextServers.Count, 100);
        if (!StorableText.CanBeStored(query.User + query.Agent + query.Workflow + query.Server + query.Text + after?.Id.Value)) return [];
        var rows = await database.ScanAsync(connection => connection.QueryAsync<Row>(
            TokenListSql.Of(query, after is not null, database.Dialect),
            new
            {
                organisation = organisation.Value, id = after?.Id.Value, key = after?.Key, user = query.User, agent = query.Agent, workflow = query.Workflow,
                server = query.Server, text = query.Text, pattern = query.Text is { } text ? LikePattern.Containing(text) : null, textServers = query.TextServers.ToArray(),
                liveAt = query.LiveAt, unexpiredAt = query.UnexpiredAt, expiredAt = query.ExpiredAt, expiresBefore = query.ExpiresBefore, limit = (long)limit,
            }), cancellation);
        return [.. rows.Select(row => row.ToRecord())];
    }

    public async Task<IReadOnlyList<TokenRecord>> NextToEndAsync(OrganisationId organisation, long now, long until, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, 1000);
        var rows = await database.ScanAsync(connection => connection.QueryAsync<Row>($"""
            {EndedTokens.Sql}
            SELECT {Columns} FROM token WHERE organisation=@organisation AND expires_at > @now AND expires_at <= @until AND revoked_at IS NULL AND {EndedTokens.NotEnded}
            ORDER BY expires_at, id LIMIT @limit
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
