using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry.Files;

namespace Symbolon.Admin.Access;

internal static class AccessEndpoints
{
    private static readonly string[] Filters = ["user", "agent", "workflow", "server", "by"];

    public static void MapAccess(this RouteGroupBuilder api) =>
        api.MapGet("/access", ListAsync).Describe("ListAccess", "tokens:read",
            "Who may call what and why: live grants by name, then live tokens by id, with the tools that each opens now. Name exactly one of user, agent, workflow and server; by=grant or token leaves the other out.")
            .Pages(Filters).Produces<AccessResponse[]>().Produces<ProblemResponse>(StatusCodes.Status422UnprocessableEntity, Answers.ProblemType);

    private static async Task<IResult> ListAsync(HttpContext context, AccessReads access)
    {
        var (page, refusal) = Page.Read(context);
        if (page is null) return refusal!;
        var query = context.Request.Query;
        var subject = new AccessSubject { User = query["user"] is [{ } user] ? NormalUser(user) : null, Agent = query["agent"], Workflow = query["workflow"], Server = query["server"] };
        if (!subject.IsOne) return Answers.Problem(ChangeError.Invalid("", FieldErrorCode.BadValue, "Name exactly one of user, agent, workflow and server."));
        string? by = query["by"];
        if (by is not (null or AccessReads.ByGrant or AccessReads.ByToken)) return Answers.Malformed("by must be grant or token.");
        var found = await access.ListAsync(context.Requester().Organisation, subject, by, page.After, page.Limit, context.RequestAborted);
        if (found.Count > page.Limit) Page.LinkTo(context, "next", AccessReads.CursorOf(found[page.Limit - 1]));
        return Answers.Json(context, found.Take(page.Limit).ToArray());
    }

    private static string NormalUser(string text) => UserEmail.TryParse(text, out var email) ? email.Value : text;
}
