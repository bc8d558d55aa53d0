using Dapper;
using Symbolon.Core.Identity;
using Symbolon.Core.Snapshot;
using Symbolon.Storage.Databases;

namespace Symbolon.Storage.Reading;

/// <summary>Counts over the index of expiries alone; those that ended with their holder, which are few, are counted by themselves and taken off.</summary>
internal sealed class TokenCounting(Database database) : ITokenCounts
{
    public Task<TokenCounts> CountAsync(OrganisationId organisation, long now, long soon, CancellationToken cancellation) =>
        database.ScanAsync(async connection =>
        {
            var since = await connection.QuerySingleAsync<long>(EndedTokens.Since, new { organisation = organisation.Value });
            var given = new { organisation = organisation.Value, now, soon, since };
            var (live, expiring) = await connection.QuerySingleAsync<(long, long)>(Sql(EndedTokens.Live), given);
            var (unused, _) = await connection.QuerySingleAsync<(long, long)>(Sql(EndedTokens.Live + " AND last_used_at IS NULL"), given);
            return new TokenCounts(live, expiring, unused);
        }, cancellation);

    private static string Sql(string which)
    {
        const string Counts = "SELECT count(*) AS live, count(CASE WHEN expires_at <= @soon THEN 1 END) AS expiring FROM ";
        return $"""
            {EndedTokens.Sql} SELECT counted.live - gone.live, counted.expiring - gone.expiring
            FROM ({Counts}token WHERE {which}) AS counted, ({Counts}ended CROSS JOIN token WHERE token.id=ended.id AND {which}) AS gone
            """;
    }
}
