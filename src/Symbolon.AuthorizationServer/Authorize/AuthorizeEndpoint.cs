using System.Net;
using Microsoft.AspNetCore.Http;
using Symbolon.AuthorizationServer.Clients;
using Symbolon.AuthorizationServer.Consent;
using Symbolon.AuthorizationServer.Login;
using Symbolon.AuthorizationServer.Par;
using Symbolon.AuthorizationServer.Requests;
using Symbolon.Core;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Policy;
using Symbolon.Core.Snapshot;

namespace Symbolon.AuthorizationServer.Authorize;

/// <summary>
/// The authorization endpoint (RFC 6749 §3.1, OAuth 2.1 §4.1): request, person, consent, code. Whoever is not signed in is sent there and comes back
/// with the same request.
/// </summary>
internal sealed class AuthorizeEndpoint(
    AuthorizeReader reader, PushedRequests pushed, ConsentDesk desk, ConsentEndpoint consent, IPersonSessions sessions, IConsentPages pages, IPublicOrigins origins, IRefusalLog refusals,
    SignInStamp stamps, Freshness freshness, TimeProvider clock)
{
    public const string Path = "/oauth/authorize";

    /// <summary>Ours, on the way back from the sign-in: since when a sign-in counts for this request, sealed.</summary>
    public const string SinceParameter = "signed_in_since";

    /// <summary>Characters that the sign-in can carry and lead back with.</summary>
    private const int MostOnTheWay = 1500;

    private const long PerSecond = 1_000_000;

    private static readonly OAuthError NobodySignedIn = new("login_required", "Nobody is signed in, or not lately enough.");
    private static readonly OAuthError NotConsented = new("consent_required", "The person has to be asked.");
    private static readonly OAuthError NotNow = OAuthError.TemporarilyUnavailable("This server cannot answer at this moment. Try again.");

    public async Task HandleAsync(HttpContext http)
    {
        if (origins.Selected(http.Request.Host.Value) is not { } origin)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        await (await AnswerAsync(http, origin)).ExecuteAsync(http);
    }

    private async Task<IResult> AnswerAsync(HttpContext http, string origin)
    {
        if (!freshness.IsCurrent) return Stop(http, NotNow);
        try
        {
            return await reader.ReadAsync(http, OrganisationId.Default, origin) switch
            {
                ReadRequest.Good(var request, var again) => Lead(http, request.Answer, await AnswerAsync(http, request, again)),
                ReadRequest.Bad(var answer, var why, var isVouchedFor) => await MayLeaveAsync(http, answer, isVouchedFor) ? Lead(http, answer, answer.Error(why)) : Stay(http, answer, why),
                ReadRequest.Stopped(var why) => Stop(http, why),
                var other => throw new InvalidOperationException($"Unknown outcome {other}"),
            };
        }
        catch (StoreUnavailableException)
        {
            return Stop(http, NotNow);
        }
    }

    /// <summary>Who comes from the sign-in is led on by a page: a browser follows the answers to that form to no other site.</summary>
    private IResult Lead(HttpContext http, RedirectAnswer answer, IResult result) =>
        result is LeaveResult leave && !leave.Address.StartsWith('/') && http.Request.Query.ContainsKey(SinceParameter)
            ? pages.Leave(http, leave.Address, RedirectUri.HostOf(answer.RedirectUri)) : result;

    private async Task<IResult> AnswerAsync(HttpContext http, AuthorizationRequest request, string again)
    {
        var since = SignInSince(http, request);
        var stamp = desk.Stamp();
        if (await sessions.FindAsync(http, http.RequestAborted) is not { } person || person.SignedInAt < since)
        {
            if (request.IsSilent) return await MayLeaveAsync(http, request.Answer, request.Client.IsVouchedFor) ? await RefuseAsync(request, NobodySignedIn) : Stay(http, request.Answer, NobodySignedIn);
            return await SignInAsync(request, again, since, http.Connection.RemoteIpAddress);
        }
        if (desk.Offered(request, person).Failed(out var why, out var offer)) return await RefuseAsync(request, why);
        if (await desk.RememberedAsync(request, person, offer, http.RequestAborted) is { } known)
        {
            var code = await desk.GiveAgainAsync(request, person, known, offer, stamp, http.Connection.RemoteIpAddress?.ToString());
            return code is not null ? request.Answer.Code(code) : request.Pushed is null ? request.Answer.Error(NotNow) : Stop(http, PushedRequests.Gone);
        }
        return request.IsSilent ? await RefuseAsync(request, NotConsented) : consent.Ask(http, request, person, offer);
    }

    private async Task<IResult> RefuseAsync(AuthorizationRequest request, OAuthError why)
    {
        await pushed.RefuseAsync(OrganisationId.Default, request);
        return request.Answer.Error(why);
    }

    /// <summary>Whether a browser may be sent away unasked. With a client that anybody can make and nobody signed in, this address would be one that leads anywhere (RFC 9700 §4.11.2).</summary>
    private async Task<bool> MayLeaveAsync(HttpContext http, RedirectAnswer answer, bool isVouchedFor) =>
        isVouchedFor || RedirectUri.IsLoopback(answer.RedirectUri) || await sessions.FindAsync(http, http.RequestAborted) is not null;

    private IResult Stay(HttpContext http, RedirectAnswer answer, OAuthError why) =>
        Stop(http, OAuthError.InvalidRequest($"{why.Description} Nobody is signed in, and the program that asks is not registered here, so nothing leads on to {RedirectUri.HostOf(answer.RedirectUri)}."));

    private async Task<IResult> SignInAsync(AuthorizationRequest request, string again, long since, IPAddress? peer)
    {
        if (again.Length > MostOnTheWay)
        {
            if (await pushed.KeepAsync(OrganisationId.Default, request.Client.Id, again, peer) is not { } reference) return request.Answer.Error(NotNow);
            again = $"{OAuthParameter.ClientId}={Uri.EscapeDataString(request.Client.Id.Value)}&{OAuthParameter.RequestUri}={Uri.EscapeDataString(reference)}";
        }
        return new LeaveResult(sessions.SignInAddress($"{Path}?{again}&{SinceParameter}={stamps.Seal(request, since)}"));
    }

    /// <summary>
    /// Microseconds since the Unix epoch, before which a sign-in is too old. A request that wants a new one is stamped at its first visit, and comes back
    /// with the stamp.
    /// </summary>
    private long SignInSince(HttpContext http, AuthorizationRequest request)
    {
        var now = clock.Microseconds();
        if (request.NeedsSignIn) return stamps.Open(request, http.Request.Query[SinceParameter], now) ?? now;
        return request.MaxAge is { } age ? now - age * PerSecond : 0;
    }

    /// <summary>Answers the person, since no client is known to whom an answer may go.</summary>
    private IResult Stop(HttpContext http, OAuthError why)
    {
        refusals.Record(OrganisationId.Default, http.Connection.RemoteIpAddress, ReasonCode.MalformedRequest);
        return why.Code == NotNow.Code
            ? pages.Stop(http, StatusCodes.Status503ServiceUnavailable, "Not at this moment", why.Description)
            : pages.Stop(http, StatusCodes.Status400BadRequest, "This request cannot be answered", why.Description);
    }
}
