using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;
using Symbolon.Admin.Console.Layout;
using Symbolon.Core.Policy;

namespace Symbolon.Admin.Console.TokenPages;

internal static class TokenPageEndpoints
{
    public static void MapTokenPages(this RouteGroupBuilder pages)
    {
        pages.MapGet("/tokens", ListAsync).WithMetadata(new RouteAccess.Administrator("tokens:read"));
        pages.MapTokenIssue();
        pages.MapGet("/tokens/{id}", ShowAsync).WithMetadata(new RouteAccess.Administrator("tokens:read"));
        pages.MapGet("/tokens/{id}/first-call", FirstCallEvents.GetAsync).WithMetadata(new RouteAccess.Administrator("tokens:read"));
        pages.MapPost("/tokens/{id}/rotate", TokenForms.RotateAsync).WithMetadata(new RouteAccess.Administrator("tokens:write"));
        pages.MapPost("/tokens/{id}/revoke", TokenForms.RevokeAsync).WithMetadata(new RouteAccess.Administrator("tokens:write"));
    }

    public static IResult Missing(HttpContext http, IAntiforgery forms) => ConsolePages.Missing(http, forms, "such token", ("/tokens", "All tokens"));

    private static async Task<IResult> ShowAsync(string id, HttpContext http, IAntiforgery forms, TokenPageReader reader) =>
        await reader.ReadAsync(http.Requester().Organisation, id, http.RequestAborted) is { } view
            ? ConsolePages.Page<TokenPage>(http, forms, new() { ["View"] = view })
            : Missing(http, forms);

    private static async Task<IResult> ListAsync(HttpContext http, IAntiforgery forms, TokenListing listing, TimeProvider clock)
    {
        var address = TokensAddress.Read(http.Request.Query);
        var found = await listing.ReadAsync(http.Requester().Organisation, address, http.RequestAborted);
        return ConsolePages.Page<TokensPage>(http, forms, new() { ["Found"] = found, ["Address"] = address, ["Now"] = clock.GetUtcNow() });
    }
}
