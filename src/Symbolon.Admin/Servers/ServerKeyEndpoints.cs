using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;
using Symbolon.Core;
using Symbolon.Core.Identity;
using Symbolon.Registry.Credentials;

namespace Symbolon.Admin.Servers;

internal static class ServerKeyEndpoints
{
    public static void MapServerKeys(this RouteGroupBuilder api)
    {
        api.MapGet("/servers/{name}/keys", List).Describe("ListServerKeys", "servers:read", "The keys of a server's instances, the oldest first.")
            .Produces<ServerKeyResponse[]>().Produces<ProblemResponse>(StatusCodes.Status404NotFound, Answers.ProblemType);
        api.MapPost("/servers/{name}/enrolments", EnrolAsync).Describe("EnrolServer", "servers:write", "Gives a code, good once and for 15 minutes, by which one instance of the server enrols its key.")
            .Accepts<EnrolmentRequest>(isOptional: true, "application/json").Produces<EnrolmentResponse>(StatusCodes.Status201Created).Changes();
        api.MapPost("/servers/{name}/rotate", RotateAsync).Describe("RotateServerKeys", "servers:write", "Orders that instances replace their keys by themselves: each hears of it with its next token, and its present key gets tokens for one life of a token more.")
            .Accepts<KeyOrderRequest>(isOptional: true, "application/json").Produces<ServerKeyResponse[]>().Changes();
        api.MapDelete("/servers/{name}/keys/{thumbprint}", RevokeAsync).Describe("RevokeServerKey", "servers:write", "Ends the key of one instance for good: what it has got is refused, and it gets nothing more.")
            .Accepts<ReasonRequest>(isOptional: true, "application/json").Produces<ServerKeyResponse>().Changes();
    }

    private static IResult List(string name, HttpContext context, ServerKeyReads keys) => keys.List(context.Requester().Organisation, name) is { } found
        ? Answers.Json(context, found.ToArray()) : Answers.NotFound(ServerName.IsValid(name) ? $"server {name}" : "such server");

    private static async Task<IResult> RotateAsync(string name, HttpContext context, EnrolmentDesk keys, ServerKeyReads reads)
    {
        if (!ServerName.IsValid(name)) return Answers.NotFound("such server");
        var body = await AdminBody.ReadAsync<KeyOrderRequest>(context, new KeyOrderRequest());
        if (body.Value is not { } request) return body.Refusal!;
        if (ReasonText.Refuse(request.Reason) is { } refusal) return refusal;
        var organisation = context.Requester().Organisation;
        var ordered = await keys.RotateAsync(context.Requester(), new ServerName(name), request.Instance, request.Reason, context.RequestAborted);
        return Answers.Of(ordered, found => Answers.Json(context, found.Select(instance => reads.Shown(organisation, new ServerName(name), instance, isRevoked: false)).ToArray()));
    }

    private static async Task<IResult> EnrolAsync(string name, HttpContext context, EnrolmentDesk keys)
    {
        if (!ServerName.IsValid(name)) return Answers.NotFound("such server");
        var body = await AdminBody.ReadAsync<EnrolmentRequest>(context, new EnrolmentRequest());
        if (body.Value is not { } request) return body.Refusal!;
        if (ReasonText.Refuse(request.Reason) is { } refusal) return refusal;
        var made = await keys.CreateAsync(context.Requester(), new ServerName(name), request.Instance, request.Reason, context.RequestAborted);
        return Answers.Of(made, found => Answers.Json(context, new EnrolmentResponse(name, found.Code.Instance, found.Secret, UnixTime.FromMicroseconds(found.Code.ExpiresAt)), StatusCodes.Status201Created));
    }

    private static async Task<IResult> RevokeAsync(string name, string thumbprint, HttpContext context, EnrolmentDesk keys, ServerKeyReads reads)
    {
        if (!ServerName.IsValid(name)) return Answers.NotFound("such server");
        var (reason, refusal) = await StepOrder.ReadReasonAsync(context);
        if (refusal is not null) return refusal;
        var revoked = await keys.RevokeAsync(context.Requester(), new ServerName(name), thumbprint, reason, context.RequestAborted);
        return Answers.Of(revoked, instance => Answers.Json(context, reads.Shown(context.Requester().Organisation, new ServerName(name), instance, isRevoked: true)));
    }
}
