using Microsoft.AspNetCore.Http;
using Symbolon.Admin.Api;
using Symbolon.Core.Audit;

namespace Symbolon.Admin.Audit;

/// <summary>The audit as a file: the chained texts in order of their numbers, one a line. What is picked by filters has gaps, and cannot be verified as a chain.</summary>
internal static class AuditExport
{
    public const string MediaType = "application/x-ndjson";
    private const int AtOnce = 1_000;
    private static readonly byte[] LineEnd = [(byte)'\n'];

    public static async Task<IResult> GetAsync(HttpContext context, IAuditStore store)
    {
        var (page, refusal) = Page.Read(context);
        if (page is null) return refusal!;
        var (query, decision, refused) = AuditFilters.Read(context);
        if (query is null) return refused!;
        if (!AuditEndpoints.TrySeq(page.After, out var after)) return Answers.Malformed("after must be the number of a record.");

        // The first page is read before the answer starts, so that a broken store is still told as an error.
        var organisation = context.Requester().Organisation;
        var (last, _) = await store.HeadAsync(organisation, context.RequestAborted);
        var records = await store.ReadAsync(organisation, query, after ?? 0, descending: false, AtOnce, context.RequestAborted);
        context.Response.ContentType = MediaType;
        while (records.Count > 0)
        {
            foreach (var record in records)
            {
                // The chain grows meanwhile; the file ends where it was when it was asked for.
                if (record.Seq > last) return Results.Empty;
                if (decision is not null && AuditDecision.Of(record) != decision) continue;
                await context.Response.BodyWriter.WriteAsync(record.Json, context.RequestAborted);
                await context.Response.BodyWriter.WriteAsync(LineEnd, context.RequestAborted);
            }
            if (records.Count < AtOnce) break;
            records = await store.ReadAsync(organisation, query, records[^1].Seq, descending: false, AtOnce, context.RequestAborted);
        }
        return Results.Empty;
    }
}
