using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Symbolon.AuthorizationServer.Clients;
using Symbolon.AuthorizationServer.Forms;
using Symbolon.Core.OAuth;
using Symbolon.Core.SecurityEvents;
using Symbolon.Core.Snapshot;

namespace Symbolon.AuthorizationServer.SecurityEvents;

/// <summary>
/// <c>POST /oauth/events</c>: an API fetches its security events and acknowledges those that it has (RFC 8936). What it does not acknowledge comes again. Where there is nothing, the answer waits
/// up to 30 s for something, unless it is asked for at once.
/// </summary>
internal sealed class EventsEndpoint(
    EventsAccess access, ISecurityEventStore store, EventPen pen, ClientDirectory clients, WaitingPolls waiting, EventSignal signal, IPublicOrigins origins, Freshness freshness, IHostApplicationLifetime lifetime,
    TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Other nodes are heard of sooner; whatever was missed is seen then.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private static readonly OAuthError NotNow = OAuthError.TemporarilyUnavailable("This node cannot look or sign at this moment. What is unacknowledged comes again.");

    public async Task HandleAsync(HttpContext http)
    {
        if (origins.Selected(http.Request.Host.Value) is not { } origin)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        if (!freshness.IsCurrent)
        {
            await OAuthAnswer.WriteAsync(http, NotNow);
            return;
        }
        try
        {
            if (await access.OpenAsync(http, origin) is not { } token) return;
            if (!http.Request.HasJsonContentType() || http.Request.Headers.ContentEncoding.Count > 0) await RefuseAsync(http, "The body has to be JSON: Content-Type application/json.");
            else if (PollRequest.Read(await ReadAsync(http)) is var (request, fault) && request is null) await RefuseAsync(http, fault!);
            else await AnswerAsync(http, token, request);
        }
        catch (StoreUnavailableException)
        {
            await OAuthAnswer.WriteAsync(http, NotNow);
        }
    }

    private async Task AnswerAsync(HttpContext http, EventsToken token, PollRequest request)
    {
        // Not cancelled by an API that leaves: what it has said, it has said.
        if (request.Taken.Count + request.Refused.Count > 0)
            await store.AcknowledgeAsync(token.Organisation, token.Client.Value, request.Taken, request.Refused, CancellationToken.None);
        if (await FindAsync(http, token, request) is not { } page) return;
        // It may have waited for half a minute.
        if (!access.IsLive(token) || clients.Find(token.Organisation, token.Client)?.Audience is not { } audience)
        {
            access.Refuse(http);
            return;
        }
        var signed = page.Events.Select(told => (told.Id, Text: pen.Sign(told, audience))).ToList();
        if (signed.Exists(each => each.Text is null))
        {
            await OAuthAnswer.WriteAsync(http, NotNow);
            return;
        }
        await OAuthAnswer.WriteAsync(http, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject("sets");
            foreach (var (id, text) in signed) json.WriteString(id, text);
            json.WriteEndObject();
            json.WriteBoolean("moreAvailable", page.HasMore);
        });
    }

    /// <returns>Null when it is answered already.</returns>
    private async Task<SecurityEventPage?> FindAsync(HttpContext http, EventsToken token, PollRequest request)
    {
        var next = signal.Next;
        var page = await ReadAsync(token, request.Most);
        if (page.Events.Count > 0 || request.ReturnsImmediately || request.Most == 0) return page;
        if (!waiting.TryEnter(token))
        {
            http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            http.Response.Headers.RetryAfter = "1";
            return null;
        }
        try
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
            var started = clock.GetTimestamp();
            while (page.Events.Count == 0 && clock.GetElapsedTime(started) < Patience && !end.IsCancellationRequested && access.IsLive(token))
            {
                await Task.WhenAny(next, Task.Delay(Pause, clock, end.Token));
                next = signal.Next;
                page = await ReadAsync(token, request.Most);
            }
            return page;
        }
        finally
        {
            waiting.Leave(token);
        }
    }

    private Task<SecurityEventPage> ReadAsync(EventsToken token, int most) => store.ReadAsync(token.Organisation, token.Client.Value, most, CancellationToken.None);

    /// <summary>RFC 8936 §2.6 takes the codes of RFC 8935 §2.4.</summary>
    private static Task RefuseAsync(HttpContext http, string why) => OAuthAnswer.WriteAsync(http, StatusCodes.Status400BadRequest, json =>
    {
        json.WriteString("err", "invalid_request");
        json.WriteString("description", why);
    });

    private static async Task<byte[]> ReadAsync(HttpContext http)
    {
        var reader = http.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(http.RequestAborted);
            if (read.IsCompleted || read.Buffer.Length > PollRequest.MostBytes)
            {
                // One byte more than may be is enough to be refused.
                var body = System.Buffers.BuffersExtensions.ToArray(read.Buffer.Slice(0, Math.Min(read.Buffer.Length, PollRequest.MostBytes + 1)));
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
