using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Symbolon.AuthorizationServer.Clients;
using Symbolon.AuthorizationServer.Entry;
using Symbolon.AuthorizationServer.Forms;
using Symbolon.Core.OAuth;

namespace Symbolon.AuthorizationServer.Feed;

/// <summary>
/// <c>POST /oauth/revocations</c>: an API that proves itself as a client is told what is revoked for as long as it listens, so that it can look at each call in its
/// own memory. Events of <c>text/event-stream</c>: <c>state</c> first, then <c>epoch</c>, <c>inactive</c>, <c>active</c>, and <c>current</c> each second.
/// </summary>
internal sealed class RevocationFeedEndpoint(ClientEntry entry, ProofLog proofs, RevocationFeed feed, ClientDirectory clients, IHostApplicationLifetime lifetime)
{
    public const string Path = "/oauth/revocations";

    private const int MostListeners = 256;

    private static readonly OAuthError NoApi = OAuthError.UnauthorizedClient("Only a client that is registered as an API (audience) is told what is revoked.");
    private static readonly OAuthError TooMany = OAuthError.TemporarilyUnavailable($"{MostListeners} APIs listen to this node already.");

    private int listeners;

    public async Task HandleAsync(HttpContext http)
    {
        if (await entry.OpenAsync(http, allowsPublic: false) is not { } request) return;
        if ((await proofs.UseAsync(request, record: null) ?? (request.Client.Audience is null ? NoApi : null)) is { } refused)
        {
            await OAuthAnswer.WriteAsync(http, refused);
            return;
        }
        try
        {
            if (Interlocked.Increment(ref listeners) > MostListeners) await OAuthAnswer.WriteAsync(http, TooMany);
            else await StreamAsync(http, request);
        }
        finally
        {
            Interlocked.Decrement(ref listeners);
        }
    }

    private async Task StreamAsync(HttpContext http, ClientRequest request)
    {
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        // The server waits for open answers when it stops; this one would never end by itself.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        var events = feed.Listen();
        try
        {
            while (await events.WaitToReadAsync(end.Token))
            {
                // One that is no client any more hears nothing more: it takes itself for stale within seconds.
                if (clients.Find(request.Organisation, request.Id)?.Audience is null) return;
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
