using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Symbolon.Admin.Console.Layout;

namespace Symbolon.Admin.Console.SignIn;

internal static class SignInAnswer
{
    /// <summary>The sign-in page, in the place of any page that needs a session.</summary>
    /// <param name="fault">Why the last attempt failed.</param>
    public static IResult Page(HttpContext http, IAntiforgery forms, int status, string? fault = null) =>
        ConsolePages.Page<SignInPage>(http, forms, new() { ["Fault"] = fault, ["To"] = SoughtPath.Of(http) }, status);

    /// <summary>The same, for a form whose session lives no more.</summary>
    public static IResult Ended(HttpContext http, IAntiforgery forms) =>
        Page(http, forms, StatusCodes.Status401Unauthorized, "Your session has ended, and nothing was changed. Sign in, go back to the form, and send it again.");
}
