using Dapper;
using Symbolon.Core;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.OAuth.Authorizations;
using Symbolon.Core.OAuth.Proofs;
using Symbolon.Core.Snapshot;
using Symbolon.Storage.Databases;
using Symbolon.Storage.Documents;
using Symbolon.Storage.Writing;

namespace Symbolon.Storage.Authorizations;

/// <summary>Authorizations as documents with columns for what changes; every look-up is by a key or an index.</summary>
internal sealed class AuthorizationStore(StoreWriter writer, Database database, TimeProvider clock) : IAuthorizationStore
{
    private const int Most = 1001;

    public Task<AuthorizationCommit> WriteAsync(
        OrganisationId organisation, AuthorizationWrite write, IReadOnlyList<ProofUse> uses, IReadOnlyList<AuditEvent> records, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        // In one order, so that two nodes cannot wait for each other.
        var sorted = uses.Order(Comparer<ProofUse>.Create((a, b) => a.CompareTo(b))).ToList();
        // From here on it is not cancelled: what was begun is answered.
        return writer.RunAsync(transaction =>
        {
            var isFirst = true;
            foreach (var use in sorted) isFirst &= transaction.TryUse(use);
            if (!isFirst) return (AuthorizationCommit.Replayed, true);
            if (!new AuthorizationWriter(transaction.Connection, organisation, clock.Microseconds()).Write(write)) return (AuthorizationCommit.Conflict, false);
            foreach (var record in records) transaction.Append(organisation, record);
            return (AuthorizationCommit.Done, true);
        });
    }

    public Task<PushedRequest?> OpenAsync(OrganisationId organisation, TokenHash request, ClientId client, TokenHash browser, long now, long until, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (!StorableText.CanBeStored(client.Value)) return Task.FromResult<PushedRequest?>(null);
        return writer.RunAsync(transaction =>
        {
            var (parameters, expires) = transaction.Connection.QuerySingleOrDefault<(string?, long)>("""
                UPDATE oauth_pushed SET expires_at=CASE WHEN browser IS NULL THEN @until ELSE expires_at END, browser=@browser
                WHERE organisation=@organisation AND request=@request AND client=@client AND expires_at > @now AND (browser IS NULL OR browser=@browser)
                RETURNING parameters, expires_at
                """, new { organisation = organisation.Value, request = request.ToBytes(), client = client.Value, browser = browser.ToBytes(), now, until });
            var found = parameters is null ? null : new PushedRequest(request, client, parameters, expires);
            return (found, found is not null);
        });
    }

    public async Task<(AuthorizationCode Code, Authorization Authorization)?> FindCodeAsync(OrganisationId organisation, TokenHash code, CancellationToken cancellation)
    {
        var (document, usedAt, authorization, lastUsed) = await database.ReadAsync(connection => connection.QuerySingleOrDefaultAsync<(string?, long?, string, long?)>("""
            SELECT code.document, code.used_at, found.document, found.last_used_at FROM oauth_code AS code
            JOIN oauth_authorization AS found ON found.organisation=code.organisation AND found.id=code.family
            WHERE code.organisation=@organisation AND code.code=@code
            """, new { organisation = organisation.Value, code = code.ToBytes() }), cancellation);
        return document is null ? null
            : (StoredDocument.ReadCode(document) with { Hash = code, UsedAt = usedAt }, StoredDocument.ReadAuthorization(authorization) with { LastUsedAt = lastUsed });
    }

    public async Task<(RefreshToken Token, Authorization Authorization)?> FindRefreshAsync(OrganisationId organisation, TokenHash token, CancellationToken cancellation)
    {
        var (family, key, issued, expires, used, document, lastUsed) = await database.ReadAsync(
            connection => connection.QuerySingleOrDefaultAsync<(string?, string?, long, long, long?, string, long?)>("""
                SELECT token.family, token.bound_to, token.issued_at, token.expires_at, token.used_at, found.document, found.last_used_at FROM oauth_refresh AS token
                JOIN oauth_authorization AS found ON found.organisation=token.organisation AND found.id=token.family
                WHERE token.organisation=@organisation AND token.token=@token
                """, new { organisation = organisation.Value, token = token.ToBytes() }), cancellation);
        return family is null ? null
            : (new RefreshToken(token, new AuthorizationId(family), key, issued, expires, used), StoredDocument.ReadAuthorization(document) with { LastUsedAt = lastUsed });
    }

    public async Task<Authorization?> FindAsync(OrganisationId organisation, AuthorizationId id, CancellationToken cancellation)
    {
        if (!AuthorizationId.IsValid(id.Value)) return null;
        var row = await database.ReadAsync(connection => connection.QuerySingleOrDefaultAsync<Row>(
            "SELECT document, last_used_at AS lastUsedAt FROM oauth_authorization WHERE organisation=@organisation AND id=@id",
            new { organisation = organisation.Value, id = id.Value }), cancellation);
        return row?.ToAuthorization();
    }

    public async Task<IReadOnlyList<Authorization>> ListAsync(
        OrganisationId organisation, AuthorizationQuery query, AuthorizationMark? after, long now, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, Most);
        if (!StorableText.CanBeStored(query.Client?.Value)) return [];
        var rows = await database.ScanAsync(connection => connection.QueryAsync<Row>($"""
            SELECT document, last_used_at AS lastUsedAt FROM oauth_authorization
            WHERE organisation=@organisation AND expires_at > @now{(query.User is null ? "" : " AND \"user\"=@user")}{(query.Client is null ? "" : " AND client=@client")}{(query.Server is null ? "" : " AND server=@server")}
            {(after is null ? "" : "AND (created_at < @created OR (created_at = @created AND id < @id))")} ORDER BY created_at DESC, id DESC LIMIT @limit
            """, new
        {
            organisation = organisation.Value, user = query.User?.Value, client = query.Client?.Value, server = query.Server?.Value, now, created = after?.CreatedAt, id = after?.Id.Value, limit = (long)limit,
        }), cancellation);
        return [.. rows.Select(row => row.ToAuthorization())];
    }

    private sealed record Row(string Document, long? LastUsedAt)
    {
        public Authorization ToAuthorization() => StoredDocument.ReadAuthorization(Document) with { LastUsedAt = LastUsedAt };
    }
}
