using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Audit;

/// <summary>How one kind of listener gets the records.</summary>
internal sealed record AuditFeedForm
{
    /// <summary>Writes these records as events whose id is the record's number.</summary>
    public required Func<IReadOnlyList<StoredAuditRecord>, CancellationToken, Task> WriteAsync { get; init; }

    /// <summary>What goes out after 15 s of silence, given the last number that was looked at.</summary>
    public Func<long, string> LifeSign { get; init; } = static _ => ": still here\n\n";

    /// <summary>Asked every 250 ms; once it says no, <see cref="Farewell"/> is the last event.</summary>
    public Func<CancellationToken, Task<bool>> GoesOnAsync { get; init; } = static _ => Task.FromResult(true);

    public string Farewell { get; init; } = "";
}

/// <summary>
/// Follows the audit as it grows and sends it as server-sent events. The store is asked every 250 ms; while it is away there is nothing to
/// show, and the numbers tell the listener that it missed nothing.
/// </summary>
internal sealed class AuditFeed(HttpContext context, IAuditStore store, TimeProvider clock, IHostApplicationLifetime lifetime)
{
    private const int AtOnce = 500;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    /// <param name="seen">The number behind which it starts.</param>
    /// <param name="opening">The first event, if any.</param>
    public async Task<IResult> SendAsync(OrganisationId organisation, AuditQuery query, long seen, AuditFeedForm form, string opening = "")
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        if (opening.Length > 0) await context.Response.WriteAsync(opening, Encoding.UTF8, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        // The server waits for open answers when it stops; this one would never end by itself.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            await FollowAsync(organisation, query, seen, form, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The client left, or the server stops: how every feed ends.
        }
        return Results.Empty;
    }

    private async Task FollowAsync(OrganisationId organisation, AuditQuery query, long seen, AuditFeedForm form, CancellationToken cancellation)
    {
        var spokenAt = clock.GetTimestamp();
        while (await form.GoesOnAsync(cancellation))
        {
            var (head, records) = await ReadAsync(organisation, query, seen, cancellation);
            if (records.Count > 0)
            {
                await form.WriteAsync(records, cancellation);
                seen = records[^1].Seq;
            }
            // All up to the head was looked at: what does not match is not looked at again.
            if (records.Count < AtOnce) seen = Math.Max(seen, head);
            if (records.Count == 0 && clock.GetElapsedTime(spokenAt) >= Silence) await context.Response.WriteAsync(form.LifeSign(seen), Encoding.UTF8, cancellation);
            else if (records.Count == 0) { await Task.Delay(Poll, clock, cancellation); continue; }
            await context.Response.Body.FlushAsync(cancellation);
            spokenAt = clock.GetTimestamp();
        }
        await context.Response.WriteAsync(form.Farewell, Encoding.UTF8, cancellation);
    }

    private async Task<(long Head, IReadOnlyList<StoredAuditRecord> Records)> ReadAsync(OrganisationId organisation, AuditQuery query, long seen, CancellationToken cancellation)
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
