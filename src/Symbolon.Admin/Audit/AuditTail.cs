using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Symbolon.Admin.Api;
using Symbolon.Core.Audit;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Audit;

/// <summary>
/// The audit as it grows, as server-sent events whose id is the record's number: a client that comes back with
/// <c>Last-Event-ID</c> misses nothing. The store is asked every 250 ms; a comment goes out after 15 s of silence.
/// </summary>
internal static class AuditTail
{
    private const int AtOnce = 500;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    public static async Task<IResult> GetAsync(HttpContext context, IAuditStore store, TimeProvider clock, IHostApplicationLifetime lifetime)
    {
        var (page, refusal) = Page.Read(context);
        if (page is null) return refusal!;
        var (query, refused) = AuditFilters.Read(context);
        if (query is null) return refused!;
        if (!AuditEndpoints.TrySeq(page.After ?? context.Request.Headers["Last-Event-ID"], out var after)) return Answers.Malformed("after must be the number of a record.");

        var organisation = context.Requester().Organisation;
        var seen = after ?? (await store.HeadAsync(organisation, context.RequestAborted)).Seq;
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        await context.Response.Body.FlushAsync(context.RequestAborted);
        // The server waits for open answers when it stops; this one would never end by itself.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            await FollowAsync(context.Response, store, organisation, query, seen, clock, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The client left, or the server stops: how every tail ends.
        }
        return Results.Empty;
    }

    private static async Task FollowAsync(
        HttpResponse response, IAuditStore store, Core.Identity.OrganisationId organisation, AuditQuery query, long seen, TimeProvider clock, CancellationToken cancellation)
    {
        var spokenAt = clock.GetTimestamp();
        while (true)
        {
            var (head, records) = await ReadAsync(store, organisation, query, seen, cancellation);
            foreach (var record in records)
            {
                seen = record.Seq;
                await response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"id: {record.Seq}\ndata: "), Encoding.UTF8, cancellation);
                await response.BodyWriter.WriteAsync(record.Json, cancellation);
                await response.WriteAsync("\n\n", Encoding.UTF8, cancellation);
            }
            // All up to the head was looked at: what does not match is not looked at again.
            if (records.Count < AtOnce) seen = Math.Max(seen, head);
            if (records.Count == 0 && clock.GetElapsedTime(spokenAt) >= Silence) await response.WriteAsync(": still here\n\n", Encoding.UTF8, cancellation);
            else if (records.Count == 0) { await Task.Delay(Poll, clock, cancellation); continue; }
            await response.Body.FlushAsync(cancellation);
            spokenAt = clock.GetTimestamp();
        }
    }

    /// <summary>While the store is away there is nothing to show; the numbers tell the client that it missed nothing.</summary>
    private static async Task<(long Head, IReadOnlyList<StoredAuditRecord> Records)> ReadAsync(
        IAuditStore store, Core.Identity.OrganisationId organisation, AuditQuery query, long seen, CancellationToken cancellation)
    {
        try
        {
            var (head, _) = await store.HeadAsync(organisation, cancellation);
            return (head, head <= seen ? [] : await store.ReadAsync(organisation, query, seen, descending: false, AtOnce, cancellation));
        }
        catch (StoreUnavailableException)
        {
            return (seen, []);
        }
    }
}
