using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Console.Layout;
using Symbolon.Core.Policy;

namespace Symbolon.Admin.Console.ReasonPages;

internal static class ReasonPageEndpoints
{
    private static readonly RouteAccess.Anyone Open = new("The same words in every installation, as the published source has them; whoever is refused must be able to read why.");

    public static void MapReasonPages(this RouteGroupBuilder pages)
    {
        pages.MapGet("/reasons", (HttpContext http, IAntiforgery forms) => ConsolePages.Page<ReasonsPage>(http, forms)).WithMetadata(Open);
        pages.MapGet("/reasons/{code}", Show).WithMetadata(Open);
    }

    private static IResult Show(string code, HttpContext http, IAntiforgery forms) => ReasonCodes.TryParse(code, out var known)
        ? ConsolePages.Page<ReasonPage>(http, forms, new() { ["Code"] = known })
        : ConsolePages.Page<ReasonsPage>(http, forms, new() { ["Unknown"] = true }, StatusCodes.Status404NotFound);
}
