using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;
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
        api.MapGet($"/{route}", (HttpContext context, Configuration configuration) => List(kind, context, configuration))
            .Describe($"List{kind}s", $"{route}:read", $"{kind}s by name.").Pages().Produces<T[]>();
        api.MapGet($"/{route}/{{name}}", (string name, HttpContext context, Configuration configuration, IConfigurationStore store) => GetAsync(new ObjectKey(kind, name), context, configuration, store))
            .Describe($"Get{kind}", $"{route}:read", summary).Produces<T>().Produces<ProblemResponse>(StatusCodes.Status404NotFound, Answers.ProblemType);
        MapStep("Suspend", LifecycleStep.Suspend, "Its tokens are refused until it is resumed.");
        MapStep("Resume", LifecycleStep.Resume, "Its tokens work again.");
        MapStep("Retire", LifecycleStep.Retire, "Ends it for good; its history stays.");

        void MapStep(string verb, LifecycleStep step, string does) =>
            api.MapPost($"/{route}/{{name}}/{step.Action}", (string name, HttpContext context, IdentityLifecycle lifecycle) => MoveAsync(new ObjectKey(kind, name), step, context, lifecycle))
                .Describe($"{verb}{kind}", $"{route}:write", does).Accepts<ReasonRequest>(isOptional: true, "application/json").Produces<T>().ChangesOne();
    }

    private static IResult List(ObjectKind kind, HttpContext context, Configuration configuration)
    {
        var (page, refusal) = Page.Read(context);
        if (page is null) return refusal!;
        var identities = page.Take(context, configuration.Identities(context.Requester().Organisation, kind), identity => identity.Key.Name);
        return Answers.Json(context, identities.Select(identity => Shown(identity, null)).ToArray());
    }

    private static async Task<IResult> GetAsync(ObjectKey key, HttpContext context, Configuration configuration, IConfigurationStore store)
    {
        if (!ObjectName.IsValid(key.Name)) return NoSuch(key);
        var organisation = context.Requester().Organisation;
        var (identity, version) = await StoredObject.FindAsync(store, organisation, key, () => configuration.Identity(organisation, key), context.RequestAborted);
        return identity is null ? Answers.NotFound(key.InWords) : Answers.Versioned(context, Shown(identity, version), version);
    }

    private static async Task<IResult> MoveAsync(ObjectKey key, LifecycleStep step, HttpContext context, IdentityLifecycle lifecycle)
    {
        if (!ObjectName.IsValid(key.Name)) return NoSuch(key);
        var (order, refusal) = await StepOrder.ReadAsync(context);
        if (refusal is not null) return refusal;
        var moved = await lifecycle.MoveAsync(context.Requester(), key, step, order.Reason, order.Expected, context.RequestAborted);
        return Answers.Of(moved, found => Answers.Versioned(context, Shown(found.Item, found.Version), found.Version));
    }

    private static IResult NoSuch(ObjectKey key) => Answers.NotFound($"such {key.Kind.ToString().ToLowerInvariant()}");

    private static IdentityResponse Shown(IdentityObject identity, long? version) => new()
    {
        Name = identity.Key.Name,
        Owner = identity.Owner,
        State = identity.State.ToText(),
        Labels = identity.Labels.ToDictionary(),
        LastChange = StateChangeResponse.Of(identity.LastChange),
        Version = version,
    };
}
