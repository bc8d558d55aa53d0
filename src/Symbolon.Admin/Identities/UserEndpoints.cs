using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;

namespace Symbolon.Admin.Identities;

/// <summary>People. They come from grants and tokens; nobody is made here.</summary>
internal static class UserEndpoints
{
    public static void MapUsers(this RouteGroupBuilder api)
    {
        api.MapGet("/users", ListAsync).Describe("ListUsers", "users:read", "People whom live grants or tokens name, by address; q is a part of it.").Pages("q").Produces<UserResponse[]>();
        api.MapGet("/users/{email}", GetAsync).Describe("GetUser", "users:read", "A person.")
            .Produces<UserResponse>().Produces<ProblemResponse>(StatusCodes.Status404NotFound, Answers.ProblemType);
    }

    private static async Task<IResult> ListAsync(HttpContext context, IdentityReads identities)
    {
        var (page, refusal) = Page.Read(context);
        if (page is null) return refusal!;
        var found = await identities.PeopleAsync(context.Requester().Organisation, context.Request.Query["q"], page.After, page.Limit, context.RequestAborted);
        if (found.Count > page.Limit) Page.LinkTo(context, "next", found[page.Limit - 1].Email);
        return Answers.Json(context, found.Take(page.Limit).ToArray());
    }

    private static async Task<IResult> GetAsync(string email, HttpContext context, IdentityReads identities) =>
        await identities.FindPersonAsync(context.Requester().Organisation, email, context.RequestAborted) is { } person
            ? Answers.Json(context, person)
            : Answers.NotFound("such person");
}
