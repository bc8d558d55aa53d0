using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;

namespace Symbolon.Admin.Audit;

/// <summary>Reads of the audit. Records are given out as the exact texts that are chained: every hash can be computed again from an answer.</summary>
internal static class AuditEndpoints
{
    /// <summary>What a page looks at to pick from: 50,000 records, in pieces.</summary>
    private const int MostAtOnce = 1_000;
    private const int MostRounds = 50;

    public static void MapAudit(this RouteGroupBuilder api)
    {
        api.MapGet("/audit", QueryAsync).Describe("QueryAudit", "audit:read", "Records, newest first (order=desc) or oldest first (order=asc), with links in both directions. With decision= a page may be short and still have a next one.")
            .Pages([.. AuditFilters.Parameters, "order"]).Produces<JsonElement[]>();
        api.MapGet("/audit/head", HeadAsync).Describe("GetAuditHead", "audit:read", "The end of the chain.").Produces<AuditHeadResponse>();
        api.MapGet("/audit/export", AuditExport.GetAsync).Describe("ExportAudit", "audit:read", "Records in order, one a line: all of them, or those that fit. Only a file without gaps can be verified.")
            .Pages(AuditFilters.Parameters).Produces(StatusCodes.Status200OK, contentType: AuditExport.MediaType);
        api.MapPost("/audit/verify", VerifyAsync).Describe("VerifyAudit", "audit:read", "Starts to verify the chain on this node.")
            .Produces<ChainCheckResponse>(StatusCodes.Status202Accepted);
        api.MapGet("/audit/verify", Verified).Describe("GetAuditVerification", "audit:read", "How far this node has verified the chain.").Produces<ChainCheckResponse>();
        api.MapGet("/audit/tail", AuditTail.GetAsync).Describe("TailAudit", "audit:read", "Records as they come, as server-sent events; after= fills in from there.")
            .Pages(AuditFilters.Parameters).Produces(StatusCodes.Status200OK, contentType: "text/event-stream");
    }

    /// <summary>Starts to verify the chain on this node; the answer says where it stands, and so does the GET later on.</summary>
    private static async Task<IResult> VerifyAsync(HttpContext context, ChainCheck check) =>
        Answers.Json(context, await check.StartAsync(context.Requester().Organisation, context.RequestAborted), StatusCodes.Status202Accepted);

    private static IResult Verified(HttpContext context, ChainCheck check) => Answers.Json(context, check.StateOf(context.Requester().Organisation));

    /// <summary>Sequence numbers in queries and headers.</summary>
    public static bool TrySeq(string? text, out long? seq)
    {
        seq = null;
        if (text is null) return true;
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        seq = number;
        return true;
    }

    private static async Task<IResult> QueryAsync(HttpContext context, IAuditStore store)
    {
        var (page, refusal) = Page.Read(context);
        if (page is null) return refusal!;
        var (query, decision, refused) = AuditFilters.Read(context);
        if (query is null) return refused!;
        if (context.Request.Query["order"] is [not ("asc" or "desc")]) return Answers.Malformed("order must be asc or desc.");
        if (!TrySeq(page.After, out var after)) return Answers.Malformed("after must be the number of a record.");
        var descending = context.Request.Query["order"] is not ["asc"];
        var (records, next) = await ReadAsync(store, new Search(context.Requester().Organisation, query, decision, descending, page.Limit), after, context.RequestAborted);
        if (next is { } last) Page.LinkTo(context, "next", Text(last), ("order", descending ? "desc" : "asc"));
        if (records.Count > 0) Page.LinkTo(context, "prev", Text(records[0].Seq), ("order", descending ? "asc" : "desc"));
        return new RawList(records.Select(record => record.Json));
    }

    /// <returns>The records, and behind which one the next page begins, if there may be one. A page that picks is short where what it may look at has nothing more.</returns>
    private static async Task<(IReadOnlyList<StoredAuditRecord> Records, long? Next)> ReadAsync(IAuditStore store, Search search, long? after, CancellationToken cancellation)
    {
        var atOnce = search.Decision is null ? search.Limit : MostAtOnce;
        var found = new List<StoredAuditRecord>();
        for (var round = 0; round < MostRounds; round++)
        {
            var read = await store.ReadAsync(search.Organisation, search.Query, after, search.Descending, atOnce, cancellation);
            foreach (var record in read.Where(record => search.Decision is null || AuditDecision.Of(record) == search.Decision))
            {
                found.Add(record);
                if (found.Count == search.Limit) return (found, record.Seq);
            }
            if (read.Count < atOnce) return (found, null);
            after = read[^1].Seq;
        }
        return (found, after);
    }

    private static async Task<IResult> HeadAsync(HttpContext context, IAuditStore store)
    {
        var (seq, hash) = await store.HeadAsync(context.Requester().Organisation, context.RequestAborted);
        return Answers.Json(context, new AuditHeadResponse(seq, Convert.ToHexStringLower(hash)));
    }

    private sealed record Search(OrganisationId Organisation, AuditQuery Query, string? Decision, bool Descending, int Limit);

    private static string Text(long seq) => seq.ToString(CultureInfo.InvariantCulture);
}
