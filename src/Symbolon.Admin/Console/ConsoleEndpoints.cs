using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Console.AuditPages;
using Symbolon.Admin.Console.ClientPages;
using Symbolon.Admin.Console.CommandLinePages;
using Symbolon.Admin.Console.Layout;
using Symbolon.Admin.Console.MyAccess;
using Symbolon.Admin.Console.OverviewPages;
using Symbolon.Admin.Console.PeoplePages;
using Symbolon.Admin.Console.PolicyPages;
using Symbolon.Admin.Console.ReviewPages;
using Symbolon.Admin.Console.ServerPages;
using Symbolon.Admin.Console.SessionPages;
using Symbolon.Admin.Console.SettingsPages;
using Symbolon.Admin.Console.TokenPages;
using Symbolon.Core.Policy;

namespace Symbolon.Admin.Console;

internal static class ConsoleEndpoints
{
    private static readonly RouteAccess.Anyone Assets = new("The same bytes in every installation, as the published source has them.");

    public static void MapAssets(this RouteGroupBuilder routes)
    {
        Map(ConsoleAssets.StylePath, ConsoleAssets.Style, "text/css; charset=utf-8");
        Map("/assets/icon.svg", ConsoleAssets.Mark, "image/svg+xml");
        Map(ConsoleAssets.ScriptPath, ConsoleAssets.Script, "text/javascript; charset=utf-8");

        void Map(string address, ReadOnlyMemory<byte> content, string type) => routes.MapGet(address.Split('?')[0], (HttpContext http) =>
        {
            // Only under the address of its version: who asks by the bare name may mean another one.
            if (http.Request.QueryString.HasValue && http.Request.Path + http.Request.QueryString.Value == address)
            {
                http.Response.Headers.Remove("Cache-Control");
                http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
            }
            return Results.Bytes(content, type);
        }).WithMetadata(Assets);
    }

    public static void MapPages(this RouteGroupBuilder routes)
    {
        // The page of a store that is away comes first: who is signed in is asked of the store too.
        var pages = routes.MapGroup("").AddEndpointFilter<StoreFaultPage>().AddEndpointFilter<ConsoleGate>().AddEndpointFilter<FormGate>();
        pages.MapOverviewPages();
        pages.MapServerPages();
        pages.MapReviewPages();
        pages.MapPolicyPages();
        pages.MapPeoplePages();
        pages.MapTokenPages();
        pages.MapAuditPages();
        pages.MapSessionPages();
        pages.MapCommandLinePages();
        pages.MapClientPages();
        pages.MapSettingsPages();
    }

    /// <summary>What is for everybody who is signed in, and about themselves alone.</summary>
    public static void MapOwnPages(this RouteGroupBuilder routes)
    {
        var pages = routes.MapGroup("").AddEndpointFilter<StoreFaultPage>().AddEndpointFilter<ConsoleGate>().AddEndpointFilter<FormGate>();
        pages.MapMyAccess();
        pages.MapPost("/sign-out", SignInEndpoints.SignOutAsync).WithMetadata(new RouteAccess.Person("Ends its session."));
    }
}
