using System.Globalization;
using Dapper;
using Symbolon.Core.Identity;
using Symbolon.Core.Snapshot;
using Symbolon.Storage.Databases;
using Symbolon.Storage.Documents;

namespace Symbolon.Storage.Reading;

/// <summary>Holders by the indexes of tokens, so that one page of people costs what it shows.</summary>
internal sealed class HolderStore(Database database) : IHolderStore
{
    private const int Most = 1001;

    public async Task<IReadOnlyList<string>> PeopleAsync(OrganisationId organisation, string? part, string? after, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, Most);
        if (!StorableText.CanBeStored(part) || !StorableText.CanBeStored(after)) return [];
        // From one person to the next: somebody with ten thousand tokens is one step.
        var next = "SELECT min(\"user\") FROM token WHERE organisation=@organisation AND \"user\" > {0}" + (part is null ? "" : $" AND \"user\" LIKE @pattern {LikePattern.Escape}");
        var found = await database.ScanAsync(connection => connection.QueryAsync<string>($"""
            WITH RECURSIVE one(name, place) AS (
                SELECT ({string.Format(CultureInfo.InvariantCulture, next, "@after")}), 1
                UNION ALL SELECT ({string.Format(CultureInfo.InvariantCulture, next, "one.name")}), place + 1 FROM one WHERE one.name IS NOT NULL AND place < @limit)
            SELECT name FROM one WHERE name IS NOT NULL ORDER BY name
            """, new { organisation = organisation.Value, after = after ?? "", pattern = part is null ? null : LikePattern.Containing(part), limit = (long)limit }), cancellation);
        return [.. found];
    }

    public async Task<IReadOnlyList<HolderTokens>> TokensAsync(
        OrganisationId organisation, HolderKind kind, IReadOnlyCollection<string> names, long now, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(names.Count, Most);
        var asked = names.Where(StorableText.CanBeStored).ToArray();
        if (asked.Length == 0) return [];
        var column = kind switch { HolderKind.User => "\"user\"", HolderKind.Agent => "agent", HolderKind.Workflow => "workflow", _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null) };
        return await database.ScanAsync(async connection =>
        {
            var since = await connection.QuerySingleAsync<long>(EndedTokens.Since, new { organisation = organisation.Value });
            var given = new { organisation = organisation.Value, now, since, asked };
            var counts = await connection.QueryAsync<(string Name, long Live, long? LastUsedAt)>($"""
                SELECT {column}, count(CASE WHEN {EndedTokens.Live} THEN 1 END), max(last_used_at)
                FROM token WHERE organisation=@organisation AND {column} {database.Dialect.In("asked")} GROUP BY {column} ORDER BY {column}
                """, given);
            var ended = (await connection.QueryAsync<(string Name, long Count)>($"""
                {EndedTokens.Sql} SELECT {column}, count(*) FROM ended CROSS JOIN token
                WHERE token.id=ended.id AND {EndedTokens.Live} AND {column} {database.Dialect.In("asked")} GROUP BY {column} ORDER BY {column}
                """, given)).ToDictionary(row => row.Name, row => row.Count);
            // Read one after the other: what was revoked in between may be in the second alone.
            return counts.Select(row => new HolderTokens(row.Name, Math.Max(0, row.Live - ended.GetValueOrDefault(row.Name)), row.LastUsedAt)).ToList();
        }, cancellation);
    }
}
