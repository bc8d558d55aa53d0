using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Symbolon.Admin.Api;
using Symbolon.Admin.Audit;
using Symbolon.Admin.Console.Sessions;
using Symbolon.Core;
using Symbolon.Core.Audit;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Console.AuditPages;

/// <summary>
/// The list as it grows: each event is a row, made by the component that makes the page's rows. It ends with the session. A browser that
/// comes back with <c>Last-Event-ID</c> gets what it missed; where that is more than a page is for, it is told so instead.
/// </summary>
internal sealed class AuditLive(
    IAuditStore store, AuditListing listing, Configuration configuration, ConsoleSessions sessions, TimeProvider clock, IHostApplicationLifetime lifetime,
    IServiceProvider services, ILoggerFactory logs)
{
    /// <summary>Records that a page fills in; beyond that it is loaded again.</summary>
    private const int MostMissed = 5_000;

    public async Task<IResult> SendAsync(HttpContext http)
    {
        // A page of another origin gets no stream, whatever cookies its browser sends.
        if (http.Request.Headers["Sec-Fetch-Site"] is [not "same-origin"]) return Results.StatusCode(StatusCodes.Status403Forbidden);
        var organisation = http.Requester().Organisation;
        var session = http.Features.Get<ConsoleSession>()!;
        var filter = AuditFilter.Read(http.Request.Query, configuration, organisation);
        var (head, _) = await store.HeadAsync(organisation, http.RequestAborted);
        var known = AuditEndpoints.TrySeq(http.Request.Headers["Last-Event-ID"], out var last) ? last ?? filter.After : filter.After;
        var isTooFar = known is { } far && head - far > MostMissed;
        var form = new AuditFeedForm
        {
            WriteAsync = (records, cancellation) => WriteAsync(http, filter, records, cancellation),
            LifeSign = static seen => string.Create(CultureInfo.InvariantCulture, $"event: seen\nid: {seen}\ndata: {seen}\n\n"),
            GoesOnAsync = cancellation => sessions.IsOpenAsync(session, cancellation),
            Farewell = "event: ended\ndata: signed out\n\n",
        };
        http.Response.Headers.CacheControl = "no-store";
        return await new AuditFeed(http, store, clock, lifetime).SendAsync(
            organisation, filter.ToQuery(clock.Microseconds()), isTooFar ? head : Math.Min(known ?? head, head), form, isTooFar ? "event: gap\ndata: too far\n\n" : ": live\n\n");
    }

    private async Task WriteAsync(HttpContext http, AuditFilter filter, IReadOnlyList<StoredAuditRecord> records, CancellationToken cancellation)
    {
        var lines = records.Select(AuditLine.Of).Where(filter.Takes).Where(line => !line.IsIntent || filter.Kind is not null).ToList();
        // The address of a row opens it over the list as it is now, not as of this position.
        var plain = filter with { Before = null, After = null };
        // A renderer keeps what it rendered until its end: each batch has its own.
        await using var renderer = new HtmlRenderer(services, logs);
        foreach (var line in lines)
        {
            var entry = await listing.CompleteAsync(http.Requester().Organisation, filter, new AuditEntry(line), cancellation) ?? new AuditEntry(line);
            var html = await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<AuditRow>(ParameterView.FromDictionary(new Dictionary<string, object?>
            {
                ["Entry"] = entry,
                ["Filter"] = plain,
                ["Now"] = clock.GetUtcNow(),
            }))).ToHtmlString());
            await http.Response.WriteAsync(EventOf(line.Seq, html), Encoding.UTF8, cancellation);
        }
    }

    private static string EventOf(long seq, string html)
    {
        var text = new StringBuilder(html.Length + 64);
        text.Append(CultureInfo.InvariantCulture, $"id: {seq}\n");
        foreach (var line in html.Split('\n')) text.Append("data: ").Append(line.TrimEnd('\r')).Append('\n');
        return text.Append('\n').ToString();
    }
}
