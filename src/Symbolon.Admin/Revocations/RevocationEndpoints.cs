using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;
using Symbolon.AuthorizationServer.Revocation;
using Symbolon.Core;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Revocation;

namespace Symbolon.Admin.Revocations;

internal static class RevocationEndpoints
{
    public static void MapRevocations(this RouteGroupBuilder api) =>
        api.MapPost("/revocations", RevokeAsync).Describe("Revoke", "tokens:write", "Kills all that was issued so far to one target. Success means that it is durable.")
            .Accepts<RevocationRequest>("application/json").Produces<RevocationResponse>().Changes();

    public static RevocationResponse Of(Revoked revoked) => new(
        revoked.Epoch.Level.ToString().ToLowerInvariant(), revoked.Epoch.Target, UnixTime.FromMicroseconds(revoked.Epoch.NotBefore),
        revoked.LiveTokens, revoked.UnconfirmedNodes, revoked.Nodes, (long)revoked.Took.TotalMilliseconds);

    private static async Task<IResult> RevokeAsync(HttpContext context, Revoker revoker)
    {
        var body = await AdminBody.ReadAsync<RevocationRequest>(context);
        if (body.Value is not { } request) return body.Refusal!;
        if (ReasonText.Refuse(request.Reason) is { } refusal) return refusal;
        (RevocationLevel Level, string? Target)[] all =
        [
            (RevocationLevel.Token, request.Token), (RevocationLevel.User, NormalUser(request.User)), (RevocationLevel.Agent, request.Agent),
            (RevocationLevel.Workflow, request.Workflow), (RevocationLevel.Server, request.Server), (RevocationLevel.Organisation, request.Organisation),
            (RevocationLevel.Client, request.Client), (RevocationLevel.Authorization, request.Authorization), (RevocationLevel.Key, request.Key), (RevocationLevel.Grant, request.Grant),
            (RevocationLevel.Credential, request.Credential),
        ];
        if (all.Where(target => target.Target is not null).ToList() is not [var (level, target)])
            return Answers.Problem(ChangeError.Invalid("", FieldErrorCode.BadValue, "Name exactly one of token, user, agent, workflow, server, organisation, client, authorization, key, grant and credential."));
        var revoked = await revoker.RevokeAsync(context.Requester(), new RevocationOrder(level, target!, request.Reason), context.RequestAborted);
        return Answers.Of(revoked, done => Answers.Json(context, Of(done)));
    }

    private static string? NormalUser(string? text) => UserEmail.TryParse(text, out var email) ? email.Value : text;
}
