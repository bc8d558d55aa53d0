using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Symbolon.Admin.Console.Forms;
using Symbolon.Admin.Console.Layout;
using Symbolon.Admin.Console.SignIn;
using Symbolon.Core.Changes;

namespace Symbolon.Admin.Console;

/// <summary>Renders pages under the console's headers.</summary>
internal static class ConsolePages
{
    private const string ContentPolicy =
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public static IResult Page<TPage>(HttpContext http, IAntiforgery forms, Dictionary<string, object?>? values = null, int status = StatusCodes.Status200OK)
        where TPage : IComponent
    {
        var headers = http.Response.Headers;
        // It warns in the log where the header is there already.
        headers.Remove("Cache-Control");
        var token = forms.GetAndStoreTokens(http);
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.XFrameOptions = "DENY";
        // Under no-referrer a browser sends a form's Origin as null, which the allow-list refuses.
        headers["Referrer-Policy"] = "same-origin";
        var frame = new PageFrame(
            new FormToken(token.FormFieldName, token.RequestToken!),
            http.Request.Cookies["theme"] is "light" or "dark" ? http.Request.Cookies["theme"] : null,
            http.Features.Get<Requester>()?.By);
        return new RazorComponentResult<TPage>(new Dictionary<string, object?>(values ?? []) { ["Frame"] = frame }) { StatusCode = status };
    }

    public static IResult SignIn(HttpContext http, IAntiforgery forms, int status, string? fault = null) =>
        Page<SignInPage>(http, forms, new() { ["Fault"] = fault }, status);
}
