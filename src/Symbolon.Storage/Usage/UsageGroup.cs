using System.Collections.Frozen;
using System.Text.Json;
using Dapper;
using Symbolon.Core.Audit;
using Symbolon.Core.Policy;
using Symbolon.Storage.Databases;

namespace Symbolon.Storage.Usage;

/// <summary>Decisions of one stretch of the audit that were alike within one hour.</summary>
internal sealed record UsageGroup(string Kind, string? Code, string? Server, string? Tool, string? Token, long HourNumber, long Count, long LastAt)
{
    private const long HourLength = 3600L * 1_000_000;

    private static readonly string Intent = AuditKind.CallIntent.ToText();

    /// <summary>What is refused for these is a tool that exists. Under other codes the name is the caller's word, and anybody could fill the table with it.</summary>
    private static readonly FrozenSet<string> OfKnownTools = new[]
    {
        ReasonCode.NotGranted, ReasonCode.InsufficientScope, ReasonCode.ToolSuspended, ReasonCode.ArgumentNotAllowed, ReasonCode.DeniedByPolicy,
        ReasonCode.PolicyError, ReasonCode.LimitReached, ReasonCode.ApprovalRequired, ReasonCode.ApprovalDenied, ReasonCode.ApprovalExpired,
    }.Select(code => code.ToText()).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>An upstream that failed decided nothing.</summary>
    private static readonly FrozenSet<string> OfUpstreams = new[] { ReasonCode.UpstreamUnreachable, ReasonCode.UpstreamTimeout, ReasonCode.UpstreamInvalid }
        .Select(code => code.ToText()).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>A call that was refused has an intent as well, and its code is in it; one that was let through may have failed before it went out.</summary>
    public bool IsAllowed => Kind == Intent && (Code is null || OfUpstreams.Contains(Code));

    public bool IsDecision => IsAllowed || !OfUpstreams.Contains(Code!);

    /// <summary>Why it was refused; empty for what was allowed.</summary>
    public string Refusal => IsAllowed ? "" : Code!;

    public bool IsOfTool => Server is not null && Tool is not null && (IsAllowed || OfKnownTools.Contains(Code!));

    public long Hour => HourNumber * HourLength;

    public long Day => HourNumber / 24 * 24 * HourLength;

    /// <summary>A call is one intent, with a code where it was refused; any other refused request is one record with a code, or a count of those before anybody was known.</summary>
    public static Task<IReadOnlyList<UsageGroup>> ReadAsync(Database database, long first, long last, CancellationToken cancellation) =>
        database.ScanAsync<IReadOnlyList<UsageGroup>>(async connection =>
        {
            var alike = await connection.QueryAsync<(string Kind, string? Code, string? Server, string? Tool, string? Token, long Hour, long Count, long LastAt)>($"""
                SELECT kind, code, server, tool, token, time / {HourLength}, count(*), max(time)
                FROM audit WHERE place BETWEEN @first AND @last AND (kind='call_intent' OR (kind='request' AND code IS NOT NULL))
                GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
                """, new { first, last });
            var counted = await connection.QueryAsync<(string Code, long Time, byte[] Record)>(
                "SELECT code, time, record FROM audit WHERE place BETWEEN @first AND @last AND kind='refusals' AND code IS NOT NULL ORDER BY place", new { first, last });
            return
            [
                .. alike.Select(row => new UsageGroup(row.Kind, row.Code, row.Server, row.Tool, row.Token, row.Hour, row.Count, row.LastAt)),
                .. counted.GroupBy(row => (row.Code, Hour: row.Time / HourLength)).Select(rows => new UsageGroup(
                "refusals", rows.Key.Code, null, null, null, rows.Key.Hour, rows.Sum(row => CountOf(row.Record)), rows.Max(row => row.Time))),
            ];
        }, cancellation);

    private static long CountOf(byte[] record)
    {
        using var document = JsonDocument.Parse(record);
        return document.RootElement.GetProperty("event").TryGetProperty("count", out var count) ? count.GetInt64() : 1;
    }
}
