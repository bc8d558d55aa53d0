using Dapper;
using Symbolon.Core.Accounts;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Storage.Databases;
using Symbolon.Storage.Documents;
using Symbolon.Storage.Writing;

namespace Symbolon.Storage.Accounts;

/// <summary>Command lines that act for administrators. There are few, and they go a day after their end.</summary>
internal sealed class AdminTokenStore(StoreWriter writer, Database database) : IAdminTokenStore
{
    private const long Kept = 24 * 3_600_000_000L;
    private const string Columns = "id, email, label, issued_at AS issuedAt, expires_at AS expiresAt, revoked_at AS revokedAt";

    public Task AddAsync(OrganisationId organisation, AdminToken token, AdminCode code, AuditEvent record, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return writer.RunAsync(transaction =>
        {
            transaction.Connection.Execute("DELETE FROM admin_token WHERE organisation=@organisation AND expires_at <= @past",
                new { organisation = organisation.Value, past = token.IssuedAt - Kept });
            transaction.Connection.Execute("""
                INSERT INTO admin_token (organisation, id, email, label, code, challenge, code_ends_at, issued_at, expires_at)
                VALUES (@organisation, @id, @email, @label, @code, @challenge, @codeEndsAt, @issuedAt, @expiresAt)
                """, new
            {
                organisation = organisation.Value, id = token.Id.Value, email = token.Email.Value, label = StorableText.Require(token.Label, "a label"),
                code = code.Secret.ToBytes(), challenge = StorableText.Require(code.Challenge, "a challenge"), codeEndsAt = code.EndsAt, issuedAt = token.IssuedAt, expiresAt = token.ExpiresAt,
            });
            transaction.Append(organisation, record);
            return (true, true);
        });
    }

    public Task<AdminToken?> RedeemAsync(
        OrganisationId organisation, TokenHash code, string challenge, TokenHash secret, long now, AuditEvent record, AuditEvent reuse, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var given = new { organisation = organisation.Value, code = code.ToBytes(), challenge, secret = secret.ToBytes(), now };
        return writer.RunAsync(transaction =>
        {
            var found = transaction.Connection.QuerySingleOrDefault<Row>($"""
                UPDATE admin_token SET secret=@secret WHERE organisation=@organisation AND code=@code AND challenge=@challenge AND code_ends_at > @now
                AND secret IS NULL AND revoked_at IS NULL RETURNING {Columns}
                """, given);
            if (found is null)
            {
                // Whoever has the code too may have the token: it ends, as a code of OAuth does that is used twice (RFC 6749 §4.1.2).
                var ended = transaction.Connection.QuerySingleOrDefault<Row>($"""
                    UPDATE admin_token SET revoked_at=@now WHERE organisation=@organisation AND code=@code AND secret IS NOT NULL AND revoked_at IS NULL RETURNING {Columns}
                    """, given);
                if (ended is not null) Append(ended, reuse);
                return ((AdminToken?)null, ended is not null);
            }
            Append(found, record);
            return (found.ToToken(), true);

            void Append(Row row, AuditEvent of)
            {
                (of.By, of.Target) = (row.Email, $"CommandLine/{row.Id}");
                transaction.Append(organisation, of);
            }
        });
    }

    public async Task<AdminToken?> FindAsync(OrganisationId organisation, TokenHash secret, CancellationToken cancellation)
    {
        var found = await database.ReadAsync(connection => connection.QuerySingleOrDefaultAsync<Row>(
            $"SELECT {Columns} FROM admin_token WHERE organisation=@organisation AND secret=@secret", new { organisation = organisation.Value, secret = secret.ToBytes() }), cancellation);
        return found?.ToToken();
    }

    public async Task<IReadOnlyList<AdminToken>> ListAsync(OrganisationId organisation, UserEmail? email, long now, CancellationToken cancellation)
    {
        var found = await database.ReadAsync(connection => connection.QueryAsync<Row>($"""
            SELECT {Columns} FROM admin_token WHERE organisation=@organisation AND email=coalesce(@email, email) AND secret IS NOT NULL AND revoked_at IS NULL AND expires_at > @now
            ORDER BY issued_at DESC, id
            """, new { organisation = organisation.Value, email = email?.Value, now }), cancellation);
        return [.. found.Select(row => row.ToToken())];
    }

    public Task<bool> RevokeAsync(OrganisationId organisation, AdminTokenId id, UserEmail? email, long now, AuditEvent record, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return writer.RunAsync(transaction =>
        {
            var ended = transaction.Connection.Execute("""
                UPDATE admin_token SET revoked_at=@now WHERE organisation=@organisation AND id=@id AND email=coalesce(@email, email) AND revoked_at IS NULL AND expires_at > @now
                """, new { organisation = organisation.Value, id = id.Value, email = email?.Value, now }) > 0;
            if (ended) transaction.Append(organisation, record);
            return (ended, ended);
        }, isUrgent: true);
    }

    /// <summary>As Dapper fills it.</summary>
    private sealed class Row
    {
        public string Id { get; init; } = "";
        public string Email { get; init; } = "";
        public string Label { get; init; } = "";
        public long IssuedAt { get; init; }
        public long ExpiresAt { get; init; }
        public long? RevokedAt { get; init; }

        public AdminToken ToToken() => new()
        {
            Id = new AdminTokenId(Id), Email = UserEmail.Parse(Email), Label = Label, IssuedAt = IssuedAt, ExpiresAt = ExpiresAt, RevokedAt = RevokedAt,
        };
    }
}
