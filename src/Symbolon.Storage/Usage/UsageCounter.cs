using Dapper;
using Symbolon.Core.Identity;
using Symbolon.Storage.Databases;
using Symbolon.Storage.Writing;

namespace Symbolon.Storage.Usage;

/// <summary>
/// Adds what the audit has decided since the last time to the counts, and notes which values stand in its blocks. What is added and how far it came are one transaction that expects
/// the mark it began from: of several nodes one counts each record, and a node that is killed has counted all of a stretch or none.
/// </summary>
internal sealed class UsageCounter(StoreWriter writer, Database database)
{
    /// <summary>Records that are looked at together; fewer where they are so different that the writer would be busy with them for long.</summary>
    internal const int Window = 20_000;
    private const int SmallestWindow = 1_000;
    private const int MostGroups = 1_000;
    private const int MostNotes = 4_000;

    /// <summary>Days and hours older than this are forgotten. What tokens used is kept as long as the tokens are.</summary>
    private const long Kept = 400L * 24 * 3600 * 1_000_000;

    /// <summary>Counts one stretch of one organisation's records.</summary>
    /// <returns>Whether there may be more to count now.</returns>
    /// <exception cref="Symbolon.Core.Snapshot.StoreUnavailableException">The store cannot be read or written; nothing was counted.</exception>
    public async Task<bool> CountAsync(CancellationToken cancellation)
    {
        var behind = (await database.ScanAsync(connection => connection.QueryAsync<(string Organisation, long Chain, long Head, long Counted)>("""
            SELECT chain.organisation, chain.number, chain.seq, coalesce(mark.seq, 0)
            FROM audit_chain AS chain LEFT JOIN usage_mark AS mark ON mark.organisation=chain.organisation
            WHERE chain.seq > coalesce(mark.seq, 0) ORDER BY chain.organisation
            """), cancellation)).AsList();
        var isMore = behind.Count > 1;
        if (behind is [var (organisation, chain, head, counted), ..]) isMore |= await CountAsync(new Behind(organisation, chain, head, counted), cancellation);
        return isMore;
    }

    private async Task<bool> CountAsync(Behind at, CancellationToken cancellation)
    {
        for (var window = Window; ; window /= 4)
        {
            var last = Math.Min(at.Head, at.Counted + window);
            var (from, to) = (AuditPlace.Of(at.Chain, at.Counted + 1), AuditPlace.Of(at.Chain, last));
            var groups = await UsageGroup.ReadAsync(database, from, to, cancellation);
            var hits = await RuleHits.ReadAsync(database, from, to, cancellation);
            var notes = await BlockNote.ReadAsync(database, from, to, cancellation);
            if ((groups.Count + hits.Count > MostGroups || notes.Count > MostNotes) && window / 4 >= SmallestWindow) continue;
            await writer.RunAsync(transaction => (true, Write(transaction, new OrganisationId(at.Organisation), at.Counted, last, groups, hits, notes)));
            return last < at.Head;
        }
    }

    /// <returns>False, and nothing is kept, when another node was here.</returns>
    private static bool Write(WriteTransaction transaction, OrganisationId organisation, long from, long to, IReadOnlyList<UsageGroup> groups, IReadOnlyList<RuleHits> hits, IReadOnlyCollection<BlockNote> notes)
    {
        var connection = transaction.Connection;
        connection.Execute("INSERT INTO usage_mark (organisation, seq) VALUES (@organisation, 0) ON CONFLICT DO NOTHING", new { organisation = organisation.Value });
        var marked = connection.QuerySingleOrDefault<long?>(
            "UPDATE usage_mark SET seq=@to WHERE organisation=@organisation AND seq=@from RETURNING seq", new { organisation = organisation.Value, from, to });
        if (marked is null) return false;
        foreach (var group in groups.Where(group => group.IsOfTool))
            connection.Execute("""
                INSERT INTO usage_tool (organisation, server, tool, day, allowed, refused, last_at)
                VALUES (@organisation, @server, @tool, @day, @allowed, @refused, @last)
                ON CONFLICT (organisation, server, tool, day) DO UPDATE SET allowed=usage_tool.allowed + excluded.allowed,
                    refused=usage_tool.refused + excluded.refused,
                    last_at=CASE WHEN excluded.last_at > usage_tool.last_at THEN excluded.last_at ELSE usage_tool.last_at END
                """, new
            {
                organisation = organisation.Value, server = group.Server, tool = group.Tool, day = group.Day,
                allowed = group.IsAllowed ? group.Count : 0, refused = group.IsAllowed ? 0 : group.Count,
                // A tool that was only refused was not used.
                last = group.IsAllowed ? group.LastAt : 0,
            });
        foreach (var group in groups.Where(group => group is { IsAllowed: true, IsOfTool: true, Token: not null }))
            connection.Execute("""
                INSERT INTO usage_token (organisation, token, server, tool, calls, last_at) VALUES (@organisation, @token, @server, @tool, @calls, @last)
                ON CONFLICT (organisation, token, server, tool) DO UPDATE SET calls=usage_token.calls + excluded.calls,
                    last_at=CASE WHEN excluded.last_at > usage_token.last_at THEN excluded.last_at ELSE usage_token.last_at END
                """, new { organisation = organisation.Value, token = group.Token, server = group.Server, tool = group.Tool, calls = group.Count, last = group.LastAt });
        foreach (var decided in groups.Where(group => group.IsDecision).GroupBy(group => (group.Hour, Code: group.Refusal)))
            connection.Execute("""
                INSERT INTO usage_decision (organisation, hour, code, decisions) VALUES (@organisation, @hour, @code, @decisions)
                ON CONFLICT (organisation, hour, code) DO UPDATE SET decisions=usage_decision.decisions + excluded.decisions
                """, new { organisation = organisation.Value, hour = decided.Key.Hour, code = decided.Key.Code, decisions = decided.Sum(group => group.Count) });
        RuleHits.Write(transaction, organisation, hits);
        BlockNote.Write(transaction, organisation, notes);
        if (groups.Count > 0) Forget(transaction, organisation, groups.Max(group => group.LastAt) - Kept);
        return true;
    }

    private static void Forget(WriteTransaction transaction, OrganisationId organisation, long before)
    {
        // Once an hour, when an hour falls out: tools and rules have no index by day.
        transaction.Connection.Execute("""
            DELETE FROM usage_tool WHERE organisation=@organisation AND day < @before
            AND EXISTS (SELECT 1 FROM usage_decision WHERE organisation=@organisation AND hour < @before)
            """, new { organisation = organisation.Value, before });
        transaction.Connection.Execute("""
            DELETE FROM usage_rule WHERE organisation=@organisation AND day < @before
            AND EXISTS (SELECT 1 FROM usage_decision WHERE organisation=@organisation AND hour < @before)
            """, new { organisation = organisation.Value, before });
        transaction.Connection.Execute("DELETE FROM usage_decision WHERE organisation=@organisation AND hour < @before", new { organisation = organisation.Value, before });
    }

    private sealed record Behind(string Organisation, long Chain, long Head, long Counted);
}
