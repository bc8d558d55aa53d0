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
    /// <summary>The one administrator that there is until people can sign in.</summary>
    private const string Bootstrap = "admin-token";

    public static void MapSignIn(this RouteGroupBuilder routes)
    {
        var open = routes.MapGroup("").AddEndpointFilter<FormGate>();
        open.WithMetadata(new RouteAccess.Anyone("Whoever signs in is nobody yet; what counts is the secret in the form."));
        open.MapGet("/sign-in", Show);
        open.MapPost("/sign-in/link", WithLinkAsync);
        open.MapPost("/sign-in/token", WithTokenAsync);
    }

    /// <summary>Looking at a link does not use it up: previews of mail and chat programs look at links too.</summary>
    private static IResult Show(HttpContext http, IAntiforgery forms, SignInLink links, string? link) =>
        link is null ? SignInAnswer.Page(http, forms, StatusCodes.Status200OK)
        : links.Look(link) is { } ends ? ConsolePages.Page<SignInPage>(http, forms, new() { ["Link"] = link, ["LinkEnds"] = ends })
        : SignInAnswer.Page(http, forms, StatusCodes.Status401Unauthorized, "This link was used, or its ten minutes are over. The next start makes another.");

    private static async Task<IResult> WithLinkAsync(HttpContext http, SignInDesk desk, SignInLink links)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        return form["link"] is [{ } link] && links.TryTake(link)
            ? await desk.LetInAsync(http, Bootstrap, "signed in by link", ifNot: () => links.GiveBack(link))
            : desk.Refuse(http, "This link was used, or its ten minutes are over. The next start makes another.");
    }

    private static async Task<IResult> WithTokenAsync(HttpContext http, SignInDesk desk, IAdminCredentials credentials)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        return form["token"] is [{ } token] && credentials.IsAdmin(Encoding.UTF8.GetBytes(token.Trim()))
            ? await desk.LetInAsync(http, Bootstrap, "signed in by token")
            : desk.Refuse(http, "This is not the admin token of this start.");
    }

    /// <summary>The cookie goes last: while the store cannot end the session, its browser can still try again.</summary>
    public static async Task<IResult> SignOutAsync(HttpContext http, ConsoleSessions sessions, SessionCookie cookie, SignInRecord record)
    {
        await sessions.EndAsync(http.Features.Get<ConsoleSession>()!, CancellationToken.None);
        cookie.Remove(http);
        await record.WriteAsync(http.Requester(), "signed out");
        return ConsolePages.SeeOther(http, "/sign-in");
    }
}

/// <summary>Ends an attempt to sign in: with a session, once it is on record, or with the page again.</summary>
internal sealed class SignInDesk(ConsoleSessions sessions, SessionCookie cookie, SignInRecord record, IRefusalLog refusals, IAntiforgery forms)
{
    /// <param name="ifNot">Called where nobody was let in, which is no fault of who asked.</param>
    public async Task<IResult> LetInAsync(HttpContext http, string by, string action, Action? ifNot = null)
    {
        var who = new Requester(OrganisationId.Default, by, http.Connection.RemoteIpAddress?.ToString());
        if (!await record.WriteAsync(who, action)) return NotNow("The audit cannot be written, and nobody signs in without a record. Try again.");
        try
        {
            cookie.Write(http, await sessions.OpenAsync(by, http.RequestAborted));
        }
        catch (StoreUnavailableException)
        {
            return NotNow("The store cannot be written, and nobody is signed in. Try again.");
        }
        return ConsolePages.SeeOther(http, SoughtPath.Of(http.Request.Form[SoughtPath.Field]));

        IResult NotNow(string why)
        {
            ifNot?.Invoke();
            return SignInAnswer.Page(http, forms, StatusCodes.Status503ServiceUnavailable, why);
        }
    }

    public IResult Refuse(HttpContext http, string why)
    {
        refusals.Record(OrganisationId.Default, http.Connection.RemoteIpAddress, ReasonCode.Unauthenticated);
        return SignInAnswer.Page(http, forms, StatusCodes.Status401Unauthorized, why);
    }
}
