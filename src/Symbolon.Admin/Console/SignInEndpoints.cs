using System.Text;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;
using Symbolon.Admin.Console.Layout;
using Symbolon.Admin.Console.Sessions;
using Symbolon.Admin.Console.SignIn;
using Symbolon.Core.Audit;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Policy;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Console;

/// <summary>The ways into the console and out of it.</summary>
internal static class SignInEndpoints
{
    /// <summary>Why a link lets nobody in.</summary>
    public const string DeadLink = "This link was used, or its ten minutes are over. The next start makes another.";

    public static readonly RouteAccess Open = new RouteAccess.Anyone("Whoever signs in is nobody yet; what counts is the secret in the form.");

    public static void MapSignIn(this RouteGroupBuilder routes)
    {
        var open = routes.MapGroup("").AddEndpointFilter<StoreFaultPage>().AddEndpointFilter<FormGate>();
        open.WithMetadata(Open);
        open.MapPost("/sign-in/link", WithLinkAsync);
        open.MapPost("/sign-in/token", WithTokenAsync);
    }

    /// <summary>Looking at a link does not use it up: previews of mail and chat programs look at links too.</summary>
    public static async Task<IResult> ShowAsync(HttpContext http, IAntiforgery forms, IPublicAddresses addresses, SignInLink links, string? link) =>
        link is null || !addresses.ServesConsole(http) ? SignInAnswer.Page(http, forms, StatusCodes.Status200OK)
        : await links.LookAsync(link, http.RequestAborted) is { } ends ? ConsolePages.Page<SignInPage>(http, forms, new() { ["Link"] = link, ["LinkEnds"] = ends })
        : SignInAnswer.Page(http, forms, StatusCodes.Status401Unauthorized, DeadLink);

    private static async Task<IResult> WithLinkAsync(HttpContext http, SignInDesk desk)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        return form["link"] is [{ } link] ? await desk.LetInAsync(http, AdminGate.Bootstrap, "signed in by link", SignInLink.IdOf(link)) : desk.Refuse(http, DeadLink);
    }

    private static async Task<IResult> WithTokenAsync(HttpContext http, SignInDesk desk, IAdminCredentials credentials)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        return form["token"] is [{ } token] && credentials.IsAdmin(Encoding.UTF8.GetBytes(token.Trim()))
            ? await desk.LetInAsync(http, AdminGate.Bootstrap, "signed in by token")
            : desk.Refuse(http, "This is not the admin token of this start.");
    }

    /// <summary>The cookie goes last: while the store cannot end the session, its browser can still try again.</summary>
    public static async Task<IResult> SignOutAsync(HttpContext http, ConsoleSessions sessions, SessionCookie cookie)
    {
        await sessions.EndAsync(http.Requester(), http.Features.Get<ConsoleSession>()!, CancellationToken.None);
        cookie.Remove(http);
        return ConsolePages.SeeOther(http, "/sign-in");
    }
}

/// <summary>Ends an attempt to sign in: with a session, once it is on record, or with the page again.</summary>
internal sealed class SignInDesk(ConsoleSessions sessions, SessionCookie cookie, IRefusalLog refusals, IPublicAddresses addresses, IAntiforgery forms)
{
    /// <param name="action">How, as the record says it.</param>
    /// <param name="link">The one-time link that is used up by it. Where nobody is let in, which is no fault of who asked, it stays good.</param>
    /// <param name="at">From when on the session counts; null for now.</param>
    public async Task<IResult> LetInAsync(HttpContext http, string by, string action, TokenHash? link = null, DateTimeOffset? at = null)
    {
        var who = new Requester(OrganisationId.Default, by, http.Connection.RemoteIpAddress?.ToString());
        try
        {
            var earlier = cookie.Read(http) is { } before ? await sessions.FindAsync(before, http.RequestAborted) : null;
            if (await sessions.OpenAsync(who, action, link, at, http.RequestAborted) is not { } secret) return Refuse(http, SignInEndpoints.DeadLink);
            // Whoever sat here before is signed out by it.
            if (earlier is not null) await sessions.EndAsync(who with { By = earlier.By }, earlier, http.RequestAborted);
            cookie.Write(http, secret);
        }
        catch (StoreUnavailableException)
        {
            return SignInAnswer.Page(http, forms, StatusCodes.Status503ServiceUnavailable, "The store cannot be written, and nobody signs in without a record. Try again.");
        }
        return ConsolePages.SeeOther(http, SoughtPath.Of(http.Request.Form[SoughtPath.Field], addresses.ServesConsole(http) ? "/" : Navigation.MyAccess));
    }

    public IResult Refuse(HttpContext http, string why)
    {
        refusals.Record(OrganisationId.Default, http.Connection.RemoteIpAddress, ReasonCode.Unauthenticated);
        return SignInAnswer.Page(http, forms, StatusCodes.Status401Unauthorized, why);
    }
}
