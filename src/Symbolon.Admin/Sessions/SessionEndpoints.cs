using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;

namespace Symbolon.Admin.Sessions;

internal static class SessionEndpoints
{
    public static void MapSessions(this RouteGroupBuilder api)
    {
        api.MapGet("/sessions", ListAsync).Describe("ListSessions", "sessions:read", "Who is signed in to the console, the newest first.").Produces<SessionResponse[]>();
        api.MapPost("/sessions/{id}/end", EndAsync).Describe("EndSession", "sessions:write", "Signs somebody out of the console, on every node at once.")
            .Accepts<ReasonRequest>(isOptional: true, "application/json").Produces<SessionResponse>().Changes();
    }

    private static async Task<IResult> ListAsync(HttpContext context, OpenSessions sessions) =>
        Answers.Json(context, (await sessions.ListAsync(context.Requester().Organisation, context.RequestAborted)).ToArray());

    private static async Task<IResult> EndAsync(string id, HttpContext context, OpenSessions sessions)
    {
        var (reason, refusal) = await StepOrder.ReadReasonAsync(context);
        if (refusal is not null) return refusal;
        return await sessions.EndAsync(context.Requester(), id, reason, context.RequestAborted) is { } ended ? Answers.Json(context, ended) : Answers.NotFound("such session");
    }
}
