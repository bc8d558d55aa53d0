using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;
using Symbolon.Admin.Console.Layout;
using Symbolon.Admin.Console.Sessions;
using Symbolon.AuthorizationServer.CommandLine;
using Symbolon.Core.Policy;

namespace Symbolon.Admin.Console.CommandLinePages;

/// <summary>Where <c>symbolon login</c> sends the browser.</summary>
internal static class CommandLineEndpoints
{
    public static void MapCommandLinePages(this RouteGroupBuilder pages)
    {
        pages.MapGet(CommandLineOrder.Path, Show).WithMetadata(new RouteAccess.Administrator("logins:write"));
        pages.MapPost(CommandLineOrder.Path, LetAsync).WithMetadata(new RouteAccess.Administrator("logins:write"));
    }

    private static IResult Show(HttpContext http, IAntiforgery forms, TimeProvider clock)
    {
        if (CommandLineOrder.Read(http.Request.Query) is not { } order) return NotWhole(http, forms);
        return http.Features.Get<ConsoleSession>()?.Person is null ? NoPerson(http, forms)
            : ConsolePages.Page<CommandLinePage>(http, forms, new() { ["Order"] = order, ["Ends"] = clock.GetUtcNow() + AdminLogins.Lifetime, ["Now"] = clock.GetUtcNow() }, leadsTo: order.Origin);
    }

    private static async Task<IResult> LetAsync(HttpContext http, IAntiforgery forms, AdminLogins logins)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (CommandLineOrder.Read(form) is not { } order || form["answer"] is not [{ } answer] || answer is not ("let" or "refuse")) return NotWhole(http, forms);
        if (http.Features.Get<ConsoleSession>()?.Person is not { } person) return NoPerson(http, forms);
        return ConsolePages.SeeOther(http, answer == "refuse" ? order.Refused
            : order.Granted(await logins.LetAsync(http.Requester(), person.Email, order.Label, order.Challenge, http.RequestAborted)));
    }

    private static IResult NotWhole(HttpContext http, IAntiforgery forms) => ConsolePages.Page<PlainPage>(http, forms, new()
    {
        ["Title"] = "Not an address of a command line",
        ["Text"] = "symbolon login prints the address of this page, and it is not whole. Copy all of it, or start the command again.",
    }, StatusCodes.Status400BadRequest);

    private static IResult NoPerson(HttpContext http, IAntiforgery forms) => ConsolePages.Page<PlainPage>(http, forms, new()
    {
        ["Title"] = "Sign in as a person",
        ["Text"] = "You came with the admin token, which is no person that a command line could act for. Sign out and in with your account, or set SYMBOLON_TOKEN_FILE to the file admin-token.",
    }, StatusCodes.Status403Forbidden);
}
