using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;
using Symbolon.Admin.Apply;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Registry.Apply;

namespace Symbolon.Admin.History;

/// <summary>Every version of every object that has a file, and the way back to one.</summary>
internal static class HistoryEndpoints
{
    public static void MapHistory(this RouteGroupBuilder api)
    {
        api.MapGet("/history/{kind}/{name}", ListAsync)
            .Describe("ListHistory", "objects:read", "Every version of an object (kind: server, agent, workflow, grant, policy, resource, issuer), oldest first, each with what it changed.").Produces<HistoryResponse[]>()
            .Produces<ProblemResponse>(StatusCodes.Status404NotFound, Answers.ProblemType);
        api.MapGet("/history/{kind}/{name}/{version}", CompareAsync)
            .Describe("CompareVersion", "objects:read", "How an object differs now from one of its versions.").Produces<VersionDifferenceResponse>()
            .Produces<ProblemResponse>(StatusCodes.Status404NotFound, Answers.ProblemType);
        api.MapPost("/history/{kind}/{name}/rollback", RollBackAsync)
            .Describe("RollBack", "objects:write", "Applies what a version said, as a file would: a server's part outside the envelope waits for a review.")
            .Accepts<RollbackRequest>("application/json").Produces<ApplyResponse>().Changes();
    }

    private static async Task<IResult> ListAsync(string kind, string name, HttpContext context, HistoryReads history) =>
        KeyOf(kind, name) is { } key && await history.ListAsync(context.Requester().Organisation, key, context.RequestAborted) is { Count: > 0 } versions
            ? Answers.Json(context, versions.ToArray()) : Unknown(kind, name);

    private static async Task<IResult> CompareAsync(string kind, string name, string version, HttpContext context, HistoryReads history) =>
        KeyOf(kind, name) is { } key && long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && await history.SinceAsync(context.Requester().Organisation, key, number, context.RequestAborted) is { } difference
            ? Answers.Json(context, difference) : Unknown(kind, name);

    private static async Task<IResult> RollBackAsync(string kind, string name, HttpContext context, Rollback rollback)
    {
        var body = await AdminBody.ReadAsync<RollbackRequest>(context);
        if (body.Value is not { } request) return body.Refusal!;
        if (ReasonText.Refuse(request.Reason) is { } refusal) return refusal;
        if (KeyOf(kind, name) is not { } key) return Unknown(kind, name);
        return Answers.Of(await rollback.ToAsync(context.Requester(), key, request.Version, request.Reason, context.RequestAborted), applied => Answers.Json(context, ApplyResponse.Of(applied)));
    }

    private static IResult Unknown(string kind, string name) => Answers.NotFound($"{TextRules.Shown(kind)} {TextRules.Shown(name)}");

    private static ObjectKey? KeyOf(string kind, string name) => Kinds.TryGetValue(kind, out var found) && Core.Identity.ObjectName.IsValid(name) ? new ObjectKey(found, name) : null;

    private static readonly Dictionary<string, ObjectKind> Kinds = new(StringComparer.Ordinal)
    {
        ["server"] = ObjectKind.Server, ["agent"] = ObjectKind.Agent, ["workflow"] = ObjectKind.Workflow, ["grant"] = ObjectKind.Grant, ["policy"] = ObjectKind.Policy, ["resource"] = ObjectKind.Resource,
        ["issuer"] = ObjectKind.Issuer,
    };
}
