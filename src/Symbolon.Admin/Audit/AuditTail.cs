using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Symbolon.Admin.Api;
using Symbolon.Core.Audit;

namespace Symbolon.Admin.Audit;

/// <summary>
/// The audit as it grows, as server-sent events whose id is the record's number: a client that comes back with
/// <c>Last-Event-ID</c> misses nothing. A comment goes out after 15 s of silence.
/// </summary>
internal static class AuditTail
{
    public static async Task<IResult> GetAsync(HttpContext context, IAuditStore store, TimeProvider clock, IHostApplicationLifetime lifetime)
    {
        var (page, refusal) = Page.Read(context);
        if (page is null) return refusal!;
        var (query, decision, refused) = AuditFilters.Read(context);
        if (query is null) return refused!;
        if (!AuditEndpoints.TrySeq(page.After ?? context.Request.Headers["Last-Event-ID"], out var after)) return Answers.Malformed("after must be the number of a record.");

        var organisation = context.Requester().Organisation;
        var seen = after ?? (await store.HeadAsync(organisation, context.RequestAborted)).Seq;
        return await new AuditFeed(context, store, clock, lifetime).SendAsync(organisation, query, seen, new AuditFeedForm { WriteAsync = WriteAsync });

        async Task WriteAsync(IReadOnlyList<StoredAuditRecord> records, CancellationToken cancellation)
        {
            foreach (var record in records.Where(record => decision is null || AuditDecision.Of(record) == decision))
            {
                await context.Response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"id: {record.Seq}\ndata: "), Encoding.UTF8, cancellation);
                await context.Response.BodyWriter.WriteAsync(record.Json, cancellation);
                await context.Response.WriteAsync("\n\n", Encoding.UTF8, cancellation);
            }
        }
    }
}
