using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Symbolon.Admin.Api;
using Symbolon.Admin.Console.Sessions;
using Symbolon.Core.OAuth;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Console.TokenPages;

/// <summary>
/// Tells a page when its token's first call has come, as server-sent events, and ends with it. The audit's end is looked at every
/// 250 ms; a comment goes out after 15 s of silence. It lives no longer than the session that opened it.
/// </summary>
internal static class FirstCallEvents
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    public static async Task<IResult> GetAsync(string id, HttpContext http, FirstCalls calls, ConsoleSessions sessions, TimeProvider clock, IHostApplicationLifetime lifetime)
    {
        // A page of another site could not read it, but would keep it open.
        if (http.Request.Headers["Sec-Fetch-Site"] is [{ } site] && site is not ("same-origin" or "none")) return Results.StatusCode(StatusCodes.Status403Forbidden);
        if (!TokenId.IsValid(id)) return Results.NotFound();
        // A browser that comes back after a break says what it saw last.
        var from = http.Request.Headers["Last-Event-ID"] is [{ } last] ? last : http.Request.Query["after"].ToString();
        if (!long.TryParse(from, NumberStyles.None, CultureInfo.InvariantCulture, out var after)) return Answers.Malformed("after must be the number of a record.");

        http.Response.ContentType = "text/event-stream";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.Body.FlushAsync(http.RequestAborted);
        // The server waits for open answers when it stops; this one might never end by itself.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            await FollowAsync(http, calls, new TokenId(id), new FirstCall(null, after), () => sessions.IsOpenAsync(http.Features.Get<ConsoleSession>()!, end.Token), clock, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The page was left, or the server stops.
        }
        return Results.Empty;
    }

    private static async Task FollowAsync(
        HttpContext http, FirstCalls calls, TokenId token, FirstCall known, Func<Task<bool>> isSignedInAsync, TimeProvider clock, CancellationToken cancellation)
    {
        var organisation = http.Requester().Organisation;
        var spokenAt = clock.GetTimestamp();
        while (await isSignedInAsync())
        {
            var found = await LookAsync();
            var isNews = found.Seen != known.Seen;
            known = found;
            if (isNews) await http.Response.WriteAsync($"id: {known.Head.ToString(CultureInfo.InvariantCulture)}\ndata: {Told(known)}\n\n", cancellation);
            else if (clock.GetElapsedTime(spokenAt) >= Silence) await http.Response.WriteAsync(": still here\n\n", cancellation);
            else { await Task.Delay(Poll, clock, cancellation); continue; }
            await http.Response.Body.FlushAsync(cancellation);
            if (known.IsCalled) return;
            spokenAt = clock.GetTimestamp();
        }

        // While the store is away there is nothing to tell.
        async Task<FirstCall> LookAsync()
        {
            try
            {
                return await calls.ReadAsync(organisation, token, known, cancellation);
            }
            catch (StoreUnavailableException)
            {
                return known;
            }
        }
    }

    private static string Told(FirstCall first) => new JsonObject
    {
        ["colour"] = first.Colour,
        ["title"] = first.Title,
        ["text"] = first.Text,
        ["href"] = first.IsCalled ? $"/audit/{first.Seen!.Seq.ToString(CultureInfo.InvariantCulture)}" : null,
    }.ToJsonString();
}
