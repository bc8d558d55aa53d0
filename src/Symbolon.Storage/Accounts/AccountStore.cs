using Dapper;
using Symbolon.Core.Accounts;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;
using Symbolon.Storage.Databases;
using Symbolon.Storage.Documents;
using Symbolon.Storage.Reading;
using Symbolon.Storage.Writing;

namespace Symbolon.Storage.Accounts;

/// <summary>Accounts: a row each, changed by comparing its version.</summary>
internal sealed class AccountStore(StoreWriter writer, Database database, ChangeLog log) : IAccountStore
{
    private const int Most = 1001;

    private const string Columns =
        "email, version, name, administrator, suspended, password, link, link_ends_at AS linkEndsAt, not_before AS notBefore, created_at AS createdAt, last_sign_in_at AS lastSignInAt, changed_at AS changedAt, changed_by AS changedBy, reason";

    public async Task<Account?> FindAsync(OrganisationId organisation, UserEmail email, CancellationToken cancellation)
    {
        if (!StorableText.CanBeStored(email.Value)) return null;
        return (await database.ReadAsync(connection => connection.QuerySingleOrDefaultAsync<AccountRow>(
            $"SELECT {Columns} FROM account WHERE organisation=@organisation AND email=@email",
            new { organisation = organisation.Value, email = email.Value }), cancellation))?.ToAccount();
    }

    public async Task<Account?> FindByLinkAsync(OrganisationId organisation, TokenHash link, CancellationToken cancellation) =>
        (await database.ReadAsync(connection => connection.QuerySingleOrDefaultAsync<AccountRow>(
            $"SELECT {Columns} FROM account WHERE organisation=@organisation AND link=@link",
            new { organisation = organisation.Value, link = link.ToBytes() }), cancellation))?.ToAccount();

    public async Task<IReadOnlyList<Account>> ListAsync(OrganisationId organisation, string? part, string? after, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, Most);
        if (!StorableText.CanBeStored(part) || !StorableText.CanBeStored(after)) return [];
        var found = await database.ScanAsync(connection => connection.QueryAsync<AccountRow>($"""
            SELECT {Columns} FROM account WHERE organisation=@organisation AND email > @after{(part is null ? "" : $" AND email LIKE @pattern {LikePattern.Escape}")}
            ORDER BY email LIMIT @limit
            """, new { organisation = organisation.Value, after = after ?? "", pattern = part is null ? null : LikePattern.Containing(part), limit = (long)limit }), cancellation);
        return [.. found.Select(row => row.ToAccount())];
    }

    public async Task<long?> TryPutAsync(OrganisationId organisation, Account account, bool endsIssued, IReadOnlyList<AuditEvent> records, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var row = new
        {
            organisation = organisation.Value, email = StorableText.Require(account.Email.Value, "an address"), expected = account.Version, version = account.Version + 1,
            name = account.Name is { } name ? StorableText.Require(name, "a name") : null,
            administrator = account.IsAdministrator ? 1L : 0, suspended = account.IsSuspended ? 1L : 0, password = account.Password,
            link = account.Link?.Secret.ToBytes(), linkEndsAt = account.Link?.EndsAt, notBefore = account.NotBefore, createdAt = account.CreatedAt,
            changedAt = account.LastChange.At, changedBy = StorableText.Require(account.LastChange.By, "who made the change"),
            reason = account.LastChange.Reason is { } reason ? StorableText.Require(reason, "a reason") : null,
        };
        var revision = await writer.RunAsync<long?>(transaction =>
        {
            // The revision's row is locked first, as by every change of the configuration.
            var revoked = endsIssued ? Revoke(transaction, organisation, account) : 0;
            var written = transaction.Connection.QuerySingleOrDefault<long?>(account.Version == 0
                ? """
                  INSERT INTO account (organisation, email, version, name, administrator, suspended, password, link, link_ends_at, not_before, created_at, changed_at, changed_by, reason)
                  VALUES (@organisation, @email, @version, @name, @administrator, @suspended, @password, @link, @linkEndsAt, @notBefore, @createdAt, @changedAt, @changedBy, @reason)
                  ON CONFLICT (organisation, email) DO NOTHING RETURNING version
                  """
                : """
                  UPDATE account SET version=@version, name=@name, administrator=@administrator, suspended=@suspended, password=@password, link=@link,
                      link_ends_at=@linkEndsAt, not_before=@notBefore, changed_at=@changedAt, changed_by=@changedBy, reason=@reason
                  WHERE organisation=@organisation AND email=@email AND version=@expected RETURNING version
                  """, row);
            if (written is null) return (null, false);
            if (!account.IsAdministrator)
                transaction.Connection.Execute("UPDATE admin_token SET revoked_at=@changedAt WHERE organisation=@organisation AND email=@email AND revoked_at IS NULL", row);
            foreach (var record in records) transaction.Append(organisation, record);
            return (revoked, true);
        }, isUrgent: endsIssued);
        if (revision is > 0) await log.ShowAsync(revision.Value);
        return revision;
    }

    private static long Revoke(WriteTransaction transaction, OrganisationId organisation, Account account)
    {
        Change[] raise = [new Change.RaiseEpoch(RevocationLevel.User, account.Email.Value, account.NotBefore)];
        var written = (CommitResult.Committed)new ChangeWriter(transaction.Connection, organisation, account.LastChange.By, account.LastChange.At).Write(raise);
        transaction.Announce();
        return written.Revision;
    }

    public Task<bool> TrySignInAsync(OrganisationId organisation, Account account, string? rehashed, SignInAttempt attempt, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return writer.RunAsync(transaction =>
        {
            var written = transaction.Connection.QuerySingleOrDefault<long?>("""
                UPDATE account SET last_sign_in_at=@at, password=coalesce(@rehashed, password)
                WHERE organisation=@organisation AND email=@email AND version=@version RETURNING version
                """, new { organisation = organisation.Value, email = account.Email.Value, version = account.Version, at = attempt.At, rehashed });
            if (written is null) return (false, false);
            AttemptRows.TakeBack(transaction.Connection, organisation, attempt);
            return (true, true);
        });
    }
}
