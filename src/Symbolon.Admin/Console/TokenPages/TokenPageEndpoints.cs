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
    }

    private static async Task<IResult> ListAsync(HttpContext http, IAntiforgery forms, TokenListing listing, TimeProvider clock)
    {
        var filter = TokenFilter.Read(http.Request.Query);
        var found = await listing.ReadAsync(http.Requester().Organisation, filter, http.RequestAborted);
        return ConsolePages.Page<TokensPage>(http, forms, new() { ["Found"] = found, ["Filter"] = filter, ["Now"] = clock.GetUtcNow() });
    }
}
