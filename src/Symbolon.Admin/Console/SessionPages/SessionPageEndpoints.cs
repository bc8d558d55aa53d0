using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;
using Symbolon.Admin.Console.Layout;
using Symbolon.Admin.Console.Sessions;
using Symbolon.Admin.Sessions;
using Symbolon.Core.Policy;

namespace Symbolon.Admin.Console.SessionPages;

internal static class SessionPageEndpoints
{
    private const string Path = "/sessions";

    public static void MapSessionPages(this RouteGroupBuilder pages)
    {
        pages.MapGet(Path, ListAsync).WithMetadata(new RouteAccess.Administrator("sessions:read"));
        pages.MapPost(Path + "/{id}/end", EndAsync).WithMetadata(new RouteAccess.Administrator("sessions:write"));
    }

    private static async Task<IResult> ListAsync(HttpContext http, IAntiforgery forms, OpenSessions sessions, TimeProvider clock) => ConsolePages.Page<SessionsPage>(http, forms, new()
    {
        ["Sessions"] = await sessions.ListAsync(http.Requester().Organisation, http.RequestAborted),
        ["Own"] = OpenSessions.IdOf(http.Features.Get<ConsoleSession>()!.Id),
        ["Now"] = clock.GetUtcNow(),
    });

    private static async Task<IResult> EndAsync(string id, HttpContext http, OpenSessions sessions) =>
        ConsolePages.Done(http, Path, await sessions.EndAsync(http.Requester(), id, null, http.RequestAborted) is { } ended
            ? new Notice($"{ended.By} is signed out", "Every node refuses that session from now on.")
            : new Notice("That session had ended already"));
}
