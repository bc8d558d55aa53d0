using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;
using Symbolon.Admin.Revocations;
using Symbolon.AuthorizationServer.PastedTokens;
using Symbolon.AuthorizationServer.Revocation;
using Symbolon.Core;
using Symbolon.Core.Changes;
using Symbolon.Core.OAuth;
using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Tokens;

internal static class TokenEndpoints
{
    public static void MapTokens(this RouteGroupBuilder api)
    {
        api.MapPost("/tokens", IssueAsync).Describe("IssueToken", "tokens:write", "Issues a pasted token. Its secret is in this answer and nowhere else.")
            .Accepts<IssueTokenRequest>("application/json").Produces<IssuedTokenResponse>(StatusCodes.Status201Created)
            .Produces<ProblemResponse>(StatusCodes.Status403Forbidden, Answers.ProblemType).Changes();
        api.MapGet("/tokens", TokenListEndpoint.GetAsync).Describe("ListTokens", "tokens:read",
                "Tokens in order=id, expires, issued or lastUsed (reverse=true for the other way round); filters user, agent, workflow, server, kind (user, agent, workflow), "
                + "state (live, expired, revoked), q (part of a holder's or server's name, or an id), expiresBefore.")
            .Pages(TokenListEndpoint.Parameters).Produces<ListedTokenResponse[]>();
        api.MapGet("/tokens/{id}", GetAsync).Describe("GetToken", "tokens:read", "A token, without its secret.")
            .Produces<ListedTokenResponse>().Produces<ProblemResponse>(StatusCodes.Status404NotFound, Answers.ProblemType);
        api.MapGet("/tokens/{id}/tools", ToolsAsync).Describe("ListTokenTools", "tokens:read", "The tools that a token names: whether it may call them at this moment, and whether it does.")
            .Produces<TokenToolResponse[]>().Produces<ProblemResponse>(StatusCodes.Status404NotFound, Answers.ProblemType);
        api.MapPost("/tokens/{id}/rotate", RotateAsync).Describe("RotateToken", "tokens:write", "Gives it another secret; the old one dies at once.")
            .Accepts<ReasonRequest>(isOptional: true, "application/json").Produces<IssuedTokenResponse>().Changes();
        api.MapPost("/tokens/{id}/revoke", RevokeAsync).Describe("RevokeToken", "tokens:write", "Kills it. Success means that it is durable.")
            .Accepts<ReasonRequest>(isOptional: true, "application/json").Produces<RevocationResponse>().Changes();
    }

    private static async Task<IResult> IssueAsync(HttpContext context, TokenIssuer issuer, EpochTable epochs, IPublicAddresses known, TimeProvider clock)
    {
        var body = await AdminBody.ReadAsync<IssueTokenRequest>(context);
        if (body.Value is not { } request) return body.Refusal!;
        var (order, errors) = TokenOrders.Read(request);
        if (order is null) return Answers.Problem(ChangeError.Invalid(errors));
        var issued = await issuer.IssueAsync(context.Requester(), order, context.RequestAborted);
        return Answers.Of(issued, token => Answers.Json(context, TokenResponses.Of(token, epochs, clock.Microseconds(), known), StatusCodes.Status201Created));
    }

    private static async Task<IResult> GetAsync(string id, HttpContext context, TokenReads tokens) =>
        await tokens.FindAsync(context.Requester().Organisation, id, context.RequestAborted) is { } token ? Answers.Json(context, token) : Answers.NotFound("such token");

    private static async Task<IResult> ToolsAsync(string id, HttpContext context, ITokenStore tokens, TokenTools tools) =>
        TokenId.IsValid(id) && await tokens.FindAsync(context.Requester().Organisation, new TokenId(id), context.RequestAborted) is { } token
            ? Answers.Json(context, (await tools.ReadAsync(token, context.RequestAborted)).ToArray())
            : Answers.NotFound("such token");

    private static async Task<IResult> RotateAsync(string id, HttpContext context, TokenRotator rotator, EpochTable epochs, IPublicAddresses known, TimeProvider clock)
    {
        if (!TokenId.IsValid(id)) return Answers.NotFound("such token");
        var (reason, refusal) = await StepOrder.ReadReasonAsync(context);
        if (refusal is not null) return refusal;
        var rotated = await rotator.RotateAsync(context.Requester(), new TokenId(id), reason, context.RequestAborted);
        return Answers.Of(rotated, token => Answers.Json(context, TokenResponses.Of(token, epochs, clock.Microseconds(), known)));
    }

    private static async Task<IResult> RevokeAsync(string id, HttpContext context, Revoker revoker)
    {
        if (!TokenId.IsValid(id)) return Answers.NotFound("such token");
        var (reason, refusal) = await StepOrder.ReadReasonAsync(context);
        if (refusal is not null) return refusal;
        var revoked = await revoker.RevokeAsync(context.Requester(), new RevocationOrder(RevocationLevel.Token, id, reason), context.RequestAborted);
        return Answers.Of(revoked, done => Answers.Json(context, RevocationEndpoints.Of(done)));
    }
}
