using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using Symbolon.Admin.Console.Forms;
using Symbolon.Admin.Console.Sessions;
using Symbolon.Core.Changes;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Console.Layout;

/// <summary>Renders pages under the console's headers, and ends what a form asked for.</summary>
internal static class ConsolePages
{
    private const string FormTarget = "form-action 'self'";

    private const string ContentPolicy =
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <param name="leadsTo">An origin of another program to which the answer of the page's form leads; Chromium follows to no other.</param>
    public static IResult Page<TPage>(HttpContext http, IAntiforgery forms, Dictionary<string, object?>? values = null, int status = StatusCodes.Status200OK, string? leadsTo = null)
        where TPage : IComponent
    {
        // It warns in the log where the header is there already.
        http.Response.Headers.Remove("Cache-Control");
        var token = forms.GetAndStoreTokens(http);
        Harden(http, leadsTo);
        var session = http.Features.Get<ConsoleSession>();
        var frame = new PageFrame(
            new FormToken(token.FormFieldName, token.RequestToken!),
            ThemeOf(http),
            http.Features.Get<Requester>()?.By,
            session is null ? null : http.RequestServices.GetRequiredService<Notices>().Take(session))
        {
            IsAdministrator = session is null or { IsAdministrator: true },
            IsPerson = session?.Person is not null,
            OpenReviews = http.Features.Get<Requester>() is { } requester ? OpenReviews(http.RequestServices.GetRequiredService<Configuration>(), requester) : 0,
            ServesConsole = http.RequestServices.GetRequiredService<IPublicAddresses>().ServesConsole(http),
        };
        return new RazorComponentResult<TPage>(new Dictionary<string, object?>(values ?? []) { ["Frame"] = frame }) { StatusCode = status };
    }

    /// <summary>From memory: the number stands on every page.</summary>
    private static int OpenReviews(Configuration configuration, Requester requester) =>
        configuration.Servers(requester.Organisation).Sum(server => (server.PendingReview is null ? 0 : 1) + (server.DriftReview is null ? 0 : 1));

    /// <summary>A page whose form carries a token of its own, or has none.</summary>
    /// <param name="form">The hidden field of its form.</param>
    /// <param name="leadsTo">Where the answer to its form may lead besides this server: one origin, or one scheme with its colon; null for nowhere.</param>
    public static IResult Apart<TPage>(HttpContext http, FormToken form, Dictionary<string, object?> values, int status, string? leadsTo = null)
        where TPage : IComponent
    {
        Harden(http, leadsTo);
        return new RazorComponentResult<TPage>(new Dictionary<string, object?>(values) { ["Frame"] = new PageFrame(form, ThemeOf(http), null, null) { ServesConsole = http.RequestServices.GetRequiredService<IPublicAddresses>().ServesConsole(http) } }) { StatusCode = status };
    }

    private static void Harden(HttpContext http, string? leadsTo = null)
    {
        var headers = http.Response.Headers;
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = leadsTo is null ? ContentPolicy : ContentPolicy.Replace(FormTarget, $"{FormTarget} {leadsTo}", StringComparison.Ordinal);
        headers.XFrameOptions = "DENY";
        // Under no-referrer a browser sends a form's Origin as null, which the allow-list refuses.
        headers["Referrer-Policy"] = "same-origin";
    }

    private static string? ThemeOf(HttpContext http) => http.Request.Cookies["theme"] is "light" or "dark" ? http.Request.Cookies["theme"] : null;

    /// <summary>There is no such thing.</summary>
    /// <param name="what">As a sentence names it: <c>server x</c>.</param>
    /// <param name="back">Where there are others, and what that page is called.</param>
    public static IResult Missing(HttpContext http, IAntiforgery forms, string what, (string Path, string Name) back) => Page<PlainPage>(http, forms, new()
    {
        ["Title"] = "Nothing here",
        ["Text"] = $"There is no {what}.",
        ["Back"] = back,
    }, StatusCodes.Status404NotFound);

    /// <summary>A form that misses what its page puts into it.</summary>
    public static IResult NotWhole(HttpContext http, IAntiforgery forms) => Page<PlainPage>(http, forms, new()
    {
        ["Title"] = "Nothing was changed",
        ["Text"] = "This form is not whole. Go back, load its page again, and send it once more.",
    }, StatusCodes.Status400BadRequest);

    /// <summary>Shows the page at <paramref name="path"/> with what was just done said on it once. A form's answer is never a page of its own, so loading it again sends nothing twice.</summary>
    public static IResult Done(HttpContext http, string path, Notice notice)
    {
        http.RequestServices.GetRequiredService<Notices>().Leave(http.Features.Get<ConsoleSession>()!, notice);
        return SeeOther(http, path);
    }

    public static IResult SeeOther(HttpContext http, string path)
    {
        http.Response.Headers.Location = path;
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }
}
