using Dapper;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Storage.Databases;

namespace Symbolon.Storage.Usage;

/// <summary>Reads of the counts that <see cref="UsageCounter"/> keeps.</summary>
internal sealed class UsageStore(Database database) : IUsage
{
    private const long Hour = 3600L * 1_000_000;
    private const long Day = 24 * Hour;

    public async Task<IReadOnlyList<ToolUse>> ToolsAsync(OrganisationId organisation, string? server, long since, CancellationToken cancellation)
    {
        var rows = await database.ReadAsync(connection => connection.QueryAsync<(string Server, string Tool, long Allowed, long Refused, long LastAt)>($"""
            SELECT server, tool, {Sum("allowed")}, {Sum("refused")}, max(last_at) FROM usage_tool
            WHERE organisation=@organisation AND day >= @since{(server is null ? "" : " AND server=@server")} GROUP BY server, tool ORDER BY server, tool
            """, new { organisation = organisation.Value, server, since = since / Day * Day }), cancellation);
        return [.. rows.Select(row => new ToolUse(row.Server, row.Tool, row.Allowed, row.Refused, row.LastAt))];
    }

    public async Task<IReadOnlyList<ServerUse>> ServersAsync(OrganisationId organisation, IReadOnlyCollection<string> servers, long since, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(servers.Count, 1001);
        if (servers.Count == 0) return [];
        var rows = await database.ReadAsync(connection => connection.QueryAsync<(string Server, long Allowed, long Refused, long LastAt)>($"""
            SELECT server, {Sum("allowed")}, {Sum("refused")}, max(last_at) FROM usage_tool
            WHERE organisation=@organisation AND server {database.Dialect.In("servers")} AND day >= @since GROUP BY server ORDER BY server
            """, new { organisation = organisation.Value, servers = servers.ToArray(), since = since / Day * Day }), cancellation);
        return [.. rows.Select(row => new ServerUse(row.Server, row.Allowed, row.Refused, row.LastAt))];
    }

    public async Task<IReadOnlyList<TokenToolUse>> TokensAsync(OrganisationId organisation, IReadOnlyCollection<string> tokens, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tokens.Count, 1000);
        if (tokens.Count == 0) return [];
        var rows = await database.ReadAsync(connection => connection.QueryAsync<(string Token, string Server, string Tool, long Calls, long LastAt)>($"""
            SELECT token, server, tool, calls, last_at FROM usage_token
            WHERE organisation=@organisation AND token {database.Dialect.In("tokens")} ORDER BY token, server, tool
            """, new { organisation = organisation.Value, tokens = tokens.ToArray() }), cancellation);
        return [.. rows.Select(row => new TokenToolUse(row.Token, row.Server, row.Tool, row.Calls, row.LastAt))];
    }

    public async Task<IReadOnlyList<DecisionCount>> DecisionsAsync(OrganisationId organisation, long from, long to, CancellationToken cancellation)
    {
        var rows = await database.ReadAsync(connection => connection.QueryAsync<(long Hour, string Code, long Count)>("""
            SELECT hour, code, decisions FROM usage_decision WHERE organisation=@organisation AND hour >= @from AND hour < @to ORDER BY hour, code
            """, new { organisation = organisation.Value, from = from / Hour * Hour, to }), cancellation);
        return [.. rows.Select(row => new DecisionCount(row.Hour, row.Code.Length == 0 ? null : row.Code, row.Count))];
    }

    public async Task<IReadOnlyList<RuleUse>> RulesAsync(OrganisationId organisation, long since, CancellationToken cancellation)
    {
        var rows = await database.ReadAsync(connection => connection.QueryAsync<(string Rule, string Said, long Observed, long Count, long LastAt)>($"""
            SELECT rule, said, observed, {Sum("hits")}, max(last_at) FROM usage_rule
            WHERE organisation=@organisation AND day >= @since GROUP BY rule, said, observed ORDER BY rule, observed, said
            """, new { organisation = organisation.Value, since = since / Day * Day }), cancellation);
        return [.. rows.Select(row => new RuleUse(row.Rule, row.Said, row.Observed != 0, row.Count, row.LastAt))];
    }

    public Task<long> CountedToAsync(OrganisationId organisation, CancellationToken cancellation) => database.ReadAsync(connection =>
        connection.QuerySingleOrDefaultAsync<long>("SELECT seq FROM usage_mark WHERE organisation=@organisation", new { organisation = organisation.Value }), cancellation);

    /// <summary>PostgreSQL sums to numeric.</summary>
    private static string Sum(string column) => $"CAST(sum({column}) AS bigint)";
}
