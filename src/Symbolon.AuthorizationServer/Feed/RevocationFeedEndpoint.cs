using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Symbolon.AuthorizationServer.Entry;
using Symbolon.AuthorizationServer.Forms;
using Symbolon.Core.OAuth;

namespace Symbolon.AuthorizationServer.Feed;

/// <summary>
/// <c>POST /oauth/revocations</c>: an API that proves itself as a client is told what is revoked for as long as it listens, so that it can look at each call in its
/// own memory. Events of <c>text/event-stream</c>: <c>state</c> first, then <c>epoch</c>, <c>inactive</c>, <c>active</c>, and <c>current</c> each second.
/// </summary>
internal sealed class RevocationFeedEndpoint(ClientEntry entry, ProofLog proofs, RevocationFeed feed, FeedSeats seats, IHostApplicationLifetime lifetime)
{
    public const string Path = "/oauth/revocations";

    private static readonly OAuthError NoApi = OAuthError.UnauthorizedClient("Only a client that is registered as an API (audience) is told what is revoked.");
    private static readonly OAuthError TooMany = OAuthError.TemporarilyUnavailable($"There are {FeedSeats.MostOfOne} streams of this client on this node already, or {FeedSeats.Most} of all.");

    public async Task HandleAsync(HttpContext http)
    {
        if (await entry.OpenAsync(http, allowsPublic: false) is not { } request) return;
        if ((await proofs.UseAsync(request, record: null) ?? (request.Client.Audience is null ? NoApi : null)) is { } refused)
        {
            await OAuthAnswer.WriteAsync(http, refused);
            return;
        }
        if (!seats.TryTake(request))
        {
            await OAuthAnswer.WriteAsync(http, TooMany);
            return;
        }
        try
        {
            await StreamAsync(http, request);
        }
        finally
        {
            seats.Free(request);
        }
    }

    private async Task StreamAsync(HttpContext http, ClientRequest request)
    {
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        // The server waits for open answers when it stops; this one would never end by itself.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        var (state, events) = feed.Listen();
        try
        {
            await http.Response.Body.WriteAsync(state, end.Token);
            await http.Response.Body.FlushAsync(end.Token);
            while (await events.WaitToReadAsync(end.Token))
            {
                // One that is no client any more, or whose key was revoked, hears nothing more: it takes itself for stale within seconds.
                if (!seats.MayStay(request)) return;
                while (events.TryRead(out var text)) await http.Response.Body.WriteAsync(text, end.Token);
                await http.Response.Body.FlushAsync(end.Token);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested) { }
        finally
        {
            feed.Leave(events);
        }
    }
}
