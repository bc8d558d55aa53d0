using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;
using Symbolon.AuthorizationServer.CommandLine;
using Symbolon.Core;
using Symbolon.Core.Accounts;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Policy;

namespace Symbolon.Admin.Logins;

/// <summary>Command lines that act for administrators.</summary>
internal static class LoginEndpoints
{
    private const int MostBytes = 4096;

    public static void MapLogins(this RouteGroupBuilder api)
    {
        api.MapGet("/logins", ListAsync).Describe("ListLogins", "logins:read", "Command lines that act for administrators, the newest first.").Produces<LoginResponse[]>();
        api.MapPost("/logins/{id}/end", EndAsync).Describe("EndLogin", "logins:write", "Ends what a command line may do, on every node at once.")
            .Accepts<ReasonRequest>(isOptional: true, "application/json").Produces(StatusCodes.Status204NoContent).Changes();
    }

    /// <summary>Outside the gate: who redeems has nothing yet but the code.</summary>
    public static void MapLoginRedeeming(this RouteGroupBuilder routes) =>
        routes.MapPost("/api/v1/logins/redeem", RedeemAsync).AddEndpointFilter<StoreFault>().WithName("RedeemLogin").WithTags("logins")
            .WithSummary("Turns the code that the browser brought into a token of the admin API.").WithMetadata(new RouteAccess.Anyone("What counts is the code, good once, and its verifier."))
            .Accepts<RedeemLoginRequest>("application/json").Produces<RedeemedLoginResponse>().Produces<ProblemResponse>(StatusCodes.Status401Unauthorized, Answers.ProblemType)
            .Produces<ProblemResponse>(StatusCodes.Status400BadRequest, Answers.ProblemType);

    public static LoginResponse Of(AdminToken token) => new(token.Id.Value, token.Email.Value, token.Label, UnixTime.FromMicroseconds(token.IssuedAt), UnixTime.FromMicroseconds(token.ExpiresAt));

    private static async Task<IResult> ListAsync(HttpContext context, AdminLogins logins) =>
        Answers.Json(context, (await logins.ListAsync(context.Requester().Organisation, null, context.RequestAborted)).Select(Of).ToArray());

    private static async Task<IResult> EndAsync(string id, HttpContext context, AdminLogins logins)
    {
        var (reason, refusal) = await StepOrder.ReadReasonAsync(context);
        if (refusal is not null) return refusal;
        return AdminTokenId.IsValid(id) && await logins.EndAsync(context.Requester(), new AdminTokenId(id), null, reason, context.RequestAborted)
            ? Results.NoContent() : Answers.NotFound("such command line");
    }

    private static async Task<IResult> RedeemAsync(HttpContext context, AdminLogins logins, IRefusalLog refusals)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (context.Request.ContentLength is null or > MostBytes) return Answers.Malformed($"The body may have at most {MostBytes} bytes, and says how many.");
        var body = await AdminBody.ReadAsync<RedeemLoginRequest>(context);
        if (body.Value is not { } request) return body.Refusal!;
        var peer = context.Connection.RemoteIpAddress;
        if (await logins.RedeemAsync(OrganisationId.Default, request.Code, request.Verifier, peer?.ToString(), context.RequestAborted) is var (token, secret))
            return Answers.Json(context, new RedeemedLoginResponse(token.Id.Value, token.Email.Value, token.Label, UnixTime.FromMicroseconds(token.IssuedAt), UnixTime.FromMicroseconds(token.ExpiresAt), secret));
        refusals.Record(OrganisationId.Default, peer, ReasonCode.Unauthenticated);
        return new ProblemAnswer(StatusCodes.Status401Unauthorized, ReasonCode.Unauthenticated.ToText(), "This code was used, or its minute is over. Start symbolon login again.");
    }
}
