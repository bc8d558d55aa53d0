using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;
using Symbolon.AuthorizationServer.Families;
using Symbolon.AuthorizationServer.Revocation;
using Symbolon.Core;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.OAuth.Authorizations;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Authorizations;

/// <summary>What people let clients call.</summary>
internal static class AuthorizationEndpoints
{
    public const string Live = "live";
    public const string Ended = "ended";

    public static void MapAuthorizations(this RouteGroupBuilder api)
    {
        api.MapGet("/authorizations", ListAsync).Describe("ListAuthorizations", "authorizations:read", "What people let clients call, the youngest first. A page may have fewer than its limit where there is a next one.")
            .Pages("user", "client", "server", "state").Produces<AuthorizationResponse[]>();
        api.MapGet("/authorizations/{id}", GetAsync).Describe("GetAuthorization", "authorizations:read", "What a person let a client call.")
            .Produces<AuthorizationResponse>().Produces<ProblemResponse>(StatusCodes.Status404NotFound, Answers.ProblemType);
        api.MapPost("/authorizations/{id}/end", EndAsync).Describe("EndAuthorization", "authorizations:write", "Ends it for good, with every code and token that came of it.")
            .Accepts<ReasonRequest>(isOptional: true, "application/json").Produces<EndedAuthorizationsResponse>().Changes();
        api.MapPost("/authorizations/end", EndAllAsync).Describe("EndAuthorizations", "authorizations:write", "Ends all of a person, of a client, or of both together.")
            .Accepts<EndAuthorizationsRequest>("application/json").Produces<EndedAuthorizationsResponse>().Changes();
    }

    public static AuthorizationResponse Shown(Authorization found, bool isLive) => new(
        found.Id.Value, isLive ? Live : Ended, found.Holder.User!.Value.Value, found.Holder.Agent?.Value, found.Holder.Workflow?.Value, found.Client.Value, found.ClientName, found.RedirectHost,
        found.Access.Server.Value, [.. found.Access.Tools.Select(tool => tool.Value)], found.Limits?.ToString(), UnixTime.FromMicroseconds(found.CreatedAt), UnixTime.FromMicroseconds(found.ExpiresAt),
        found.LastUsedAt is { } used ? UnixTime.FromMicroseconds(used) : null)
    {
        Prompts = found.Access.AllPrompts,
        Resources = found.Access.AllResources,
    };

    public static EndedAuthorizationsResponse Of(RevokedAll ended) => new(ended.Count, ended.UnconfirmedNodes, ended.Nodes, (long)ended.Took.TotalMilliseconds);

    private static async Task<IResult> ListAsync(HttpContext context, AuthorizationDesk desk)
    {
        var (page, refusal) = Page.Read(context);
        if (page is null) return refusal!;
        var given = new QueryReader(context);
        var state = given.OneOf("state", [Live, Ended]);
        if (given.Refusal is { } bad) return bad;
        if (QueryOf(given.Text("user"), given.Text("client"), given.Text("server")) is not { } query) return Answers.Json(context, Array.Empty<AuthorizationResponse>());
        AuthorizationMark? after = null;
        if (page.After is { } cursor)
        {
            if (!AuthorizationMark.TryParse(cursor, out var mark)) return Answers.Malformed("after must be taken from the Link of the page before.");
            after = mark;
        }
        var (found, next) = await desk.ListAsync(context.Requester().Organisation, query, state is null ? null : state == Live, after, page.Limit, context.RequestAborted);
        if (next is { } behind) Page.LinkTo(context, "next", behind.ToString());
        return Answers.Json(context, found.Select(each => Shown(each, desk.IsAlive(each))).ToArray());
    }

    private static async Task<IResult> GetAsync(string id, HttpContext context, AuthorizationDesk desk) =>
        await desk.FindAsync(context.Requester().Organisation, new AuthorizationId(id), context.RequestAborted) is { } found
            ? Answers.Json(context, Shown(found, desk.IsAlive(found))) : Answers.NotFound("such authorization");

    private static async Task<IResult> EndAsync(string id, HttpContext context, AuthorizationDesk desk)
    {
        var (reason, refusal) = await StepOrder.ReadReasonAsync(context);
        if (refusal is not null) return refusal;
        return await desk.FindAsync(context.Requester().Organisation, new AuthorizationId(id), context.RequestAborted) is { } found
            ? Answers.Of(await desk.EndAsync(context.Requester(), [found], reason), done => Answers.Json(context, Of(done))) : Answers.NotFound("such authorization");
    }

    private static async Task<IResult> EndAllAsync(HttpContext context, AuthorizationDesk desk)
    {
        var body = await AdminBody.ReadAsync<EndAuthorizationsRequest>(context);
        if (body.Value is not { } request) return body.Refusal!;
        if (ReasonText.Refuse(request.Reason) is { } refusal) return refusal;
        if (request is { User: null, Client: null }) return Answers.Problem(ChangeError.Invalid("", FieldErrorCode.BadValue, "Name a user, a client, or both."));
        if (QueryOf(request.User, request.Client, request.Server) is not { } query) return Answers.Problem(ChangeError.Invalid("", FieldErrorCode.BadValue, "user must be an e-mail address, and server a server's name."));
        // Not cancelled by who leaves: what was begun is ended whole.
        return Answers.Of(await desk.EndAsync(context.Requester(), query, request.Reason, CancellationToken.None), done => Answers.Json(context, Of(done)));
    }

    /// <returns>Null for names that nobody can have.</returns>
    private static AuthorizationQuery? QueryOf(string? user, string? client, string? server)
    {
        var email = default(UserEmail);
        if ((user is not null && !UserEmail.TryParse(user, out email)) || (server is not null && !ServerName.IsValid(server))) return null;
        return new AuthorizationQuery
        {
            User = user is null ? null : email, Client = client is null ? null : new ClientId(client), Server = server is null ? null : new ServerName(server),
        };
    }
}
