using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Registry.Identities;

namespace Symbolon.Admin.Identities;

/// <summary>Agents and workflows: the same routes and rules for both.</summary>
internal static class IdentityEndpoints
{
    public static void MapIdentities(this RouteGroupBuilder api)
    {
        Map<AgentResponse>(api, ObjectKind.Agent, "agents", "An agent.");
        Map<WorkflowResponse>(api, ObjectKind.Workflow, "workflows", "A workflow.");
    }

    /// <typeparam name="T">The name of the form in the API's description.</typeparam>
    private static void Map<T>(RouteGroupBuilder api, ObjectKind kind, string route, string summary) where T : IdentityResponse
    {
        api.MapGet($"/{route}", (HttpContext context, IdentityReads identities) => ListAsync(kind, context, identities))
            .Describe($"List{kind}s", $"{route}:read", $"{kind}s by name; q is a part of the name or the owner.").Pages("q").Produces<T[]>();
        api.MapGet($"/{route}/{{name}}", (string name, HttpContext context, IdentityReads identities) => GetAsync(new ObjectKey(kind, name), context, identities))
            .Describe($"Get{kind}", $"{route}:read", summary).Produces<T>().Produces<ProblemResponse>(StatusCodes.Status404NotFound, Answers.ProblemType);
        MapStep("Suspend", LifecycleStep.Suspend, "Its tokens are refused until it is resumed.");
        MapStep("Resume", LifecycleStep.Resume, "Its tokens work again.");
        MapStep("Retire", LifecycleStep.Retire, "Ends it for good; its history stays.");

        void MapStep(string verb, LifecycleStep step, string does) =>
            api.MapPost($"/{route}/{{name}}/{step.Action}", (string name, HttpContext context, IdentityLifecycle lifecycle, IdentityReads identities) => MoveAsync(new ObjectKey(kind, name), step, context, lifecycle, identities))
                .Describe($"{verb}{kind}", $"{route}:write", does).Accepts<ReasonRequest>(isOptional: true, "application/json").Produces<T>().ChangesOne();
    }

    private static async Task<IResult> ListAsync(ObjectKind kind, HttpContext context, IdentityReads identities)
    {
        var (page, refusal) = Page.Read(context);
        if (page is null) return refusal!;
        var found = await identities.ListAsync(context.Requester().Organisation, kind, context.Request.Query["q"], page.After, page.Limit, context.RequestAborted);
        if (found.Count > page.Limit) Page.LinkTo(context, "next", found[page.Limit - 1].Name);
        return Answers.Json(context, found.Take(page.Limit).ToArray());
    }

    private static async Task<IResult> GetAsync(ObjectKey key, HttpContext context, IdentityReads identities)
    {
        if (!ObjectName.IsValid(key.Name)) return NoSuch(key);
        return await identities.FindAsync(context.Requester().Organisation, key, context.RequestAborted) is { } identity
            ? Answers.Versioned(context, identity, identity.Version)
            : Answers.NotFound(key.InWords);
    }

    private static async Task<IResult> MoveAsync(ObjectKey key, LifecycleStep step, HttpContext context, IdentityLifecycle lifecycle, IdentityReads identities)
    {
        if (!ObjectName.IsValid(key.Name)) return NoSuch(key);
        var (order, refusal) = await StepOrder.ReadAsync(context);
        if (refusal is not null) return refusal;
        var moved = await lifecycle.MoveAsync(context.Requester(), key, step, order.Reason, order.Expected, context.RequestAborted);
        return moved switch
        {
            // It has happened, whether or not the one who asked still waits.
            Result<(IdentityObject Item, long Version)>.Done { Value: var (item, version) } =>
                Answers.Versioned(context, await identities.ShownAsync(context.Requester().Organisation, item, version, CancellationToken.None), version),
            Result<(IdentityObject Item, long Version)>.Refused refused => Answers.Problem(refused.Why),
            _ => throw new InvalidOperationException(),
        };
    }

    private static IResult NoSuch(ObjectKey key) => Answers.NotFound($"such {key.Kind.ToString().ToLowerInvariant()}");
}
