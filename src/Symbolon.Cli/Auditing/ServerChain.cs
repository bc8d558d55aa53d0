using Symbolon.Admin.Audit;
using Symbolon.Cli.Api;

namespace Symbolon.Cli.Auditing;

/// <summary>Verifies what a server exports: recomputed here, and held against the head that the server named before.</summary>
internal static class ServerChain
{
    /// <param name="head">The hash that the last record must have; null: the head that the server names.</param>
    public static async Task<ChainReport> VerifyAsync(AdminClient client, string? head, CancellationToken cancellation)
    {
        // Asked first: the chain only grows, so the export must hold this head.
        var named = await client.GetAsync<AuditHeadResponse>("audit/head", cancellation);
        await using var export = await client.OpenAsync("audit/export", "application/x-ndjson", cancellation);
        var report = await ChainReport.OfAsync(export, head is null ? new KnownHead(named.Seq, named.Hash) : new KnownHead(null, head), cancellation);
        // All was asked for, and nothing ever takes records out of the audit.
        return report is { Verdict: ChainVerdict.Verified, FirstSeq: not 1 }
            ? report with { Verdict = ChainVerdict.Tampered, Message = $"The server's chain begins with record {report.FirstSeq}: those before it were taken away." }
            : report;
    }
}
