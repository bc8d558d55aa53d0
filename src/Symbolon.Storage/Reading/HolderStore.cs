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
        var found = await database.ScanAsync(connection => connection.QueryAsync<string>($"""
            SELECT DISTINCT "user" FROM token WHERE organisation=@organisation AND "user" > @after{(part is null ? "" : """ AND "user" LIKE @pattern ESCAPE '\'""")}
            ORDER BY "user" LIMIT @limit
            """, new { organisation = organisation.Value, after = after ?? "", pattern = part is null ? null : $"%{Escaped(part)}%", limit = (long)limit }), cancellation);
        return [.. found];
    }

    public async Task<IReadOnlyList<HolderTokens>> TokensAsync(
        OrganisationId organisation, HolderKind kind, IReadOnlyCollection<string> names, long now, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(names.Count, Most);
        var asked = names.Where(StorableText.CanBeStored).ToArray();
        if (asked.Length == 0) return [];
        var column = kind switch { HolderKind.User => "\"user\"", HolderKind.Agent => "agent", HolderKind.Workflow => "workflow", _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null) };
        var rows = await database.ScanAsync(connection => connection.QueryAsync<(string Name, long Live, long? LastUsedAt)>($"""
            SELECT {column}, count(CASE WHEN revoked_at IS NULL AND expires_at > @now AND NOT EXISTS (
                SELECT 1 FROM epoch WHERE epoch.organisation=token.organisation AND epoch.not_before >= token.issued_at AND (
                    (epoch.level='Token' AND epoch.target=token.id) OR (epoch.level='User' AND epoch.target=token."user")
                    OR (epoch.level='Agent' AND epoch.target=token.agent) OR (epoch.level='Workflow' AND epoch.target=token.workflow)
                    OR (epoch.level='Organisation' AND epoch.target=token.organisation))) THEN 1 END), max(last_used_at)
            FROM token WHERE organisation=@organisation AND {column} {database.Dialect.In("asked")} GROUP BY {column} ORDER BY {column}
            """, new { organisation = organisation.Value, now, asked }), cancellation);
        return [.. rows.Select(row => new HolderTokens(row.Name, row.Live, row.LastUsedAt))];
    }

    private static string Escaped(string part) =>
        part.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal);
}
