using Dapper;
using Symbolon.Core.Identity;
using Symbolon.Core.Snapshot;
using Symbolon.Storage.Databases;

namespace Symbolon.Storage.Reading;

/// <summary>Counts over the index of expiries. What a holder's epoch ended is looked for from the epochs, which are few, and not from the tokens.</summary>
internal sealed class TokenCounting(Database database) : ITokenCounts
{
    private const string Sql = """
        WITH ended AS (
            SELECT token.id FROM epoch JOIN token ON token.organisation=epoch.organisation AND token."user"=epoch.target
            WHERE epoch.organisation=@organisation AND epoch.level='User' AND token.issued_at <= epoch.not_before
            UNION SELECT token.id FROM epoch JOIN token ON token.organisation=epoch.organisation AND token.agent=epoch.target
            WHERE epoch.organisation=@organisation AND epoch.level='Agent' AND token.issued_at <= epoch.not_before
            UNION SELECT token.id FROM epoch JOIN token ON token.organisation=epoch.organisation AND token.workflow=epoch.target
            WHERE epoch.organisation=@organisation AND epoch.level='Workflow' AND token.issued_at <= epoch.not_before)
        SELECT count(*), count(CASE WHEN expires_at <= @soon THEN 1 END) FROM token
        WHERE organisation=@organisation AND expires_at > @now AND revoked_at IS NULL AND issued_at > @since AND id NOT IN (SELECT id FROM ended)
        """;

    private const string Since =
        "SELECT coalesce(max(not_before), -1) FROM epoch WHERE organisation=@organisation AND level='Organisation' AND target=@organisation";

    public Task<TokenCounts> CountAsync(OrganisationId organisation, long now, long soon, CancellationToken cancellation) =>
        database.ScanAsync(async connection =>
        {
            var since = await connection.QuerySingleAsync<long>(Since, new { organisation = organisation.Value });
            var given = new { organisation = organisation.Value, now, soon, since };
            var (live, expiring) = await connection.QuerySingleAsync<(long, long)>(Sql, given);
            var (unused, _) = await connection.QuerySingleAsync<(long, long)>(Sql + " AND last_used_at IS NULL", given);
            return new TokenCounts(live, expiring, unused);
        }, cancellation);
}
