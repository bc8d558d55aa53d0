using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;
using Symbolon.Registry.Identities;

namespace Symbolon.Admin.Agents;

internal static class AgentEndpoints
{
    public static void MapAgents(this RouteGroupBuilder api)
    {
        api.MapGet("/agents", List).Describe("ListAgents", "agents:read", "Agents by name.").Pages().Produces<AgentResponse[]>();
        api.MapGet("/agents/{name}", GetAsync).Describe("GetAgent", "agents:read", "An agent.")
            .Produces<AgentResponse>().Produces<ProblemResponse>(StatusCodes.Status404NotFound, Answers.ProblemType);
        MapStep(api, "SuspendAgent", LifecycleStep.Suspend, "Its tokens are refused until it is resumed.");
        MapStep(api, "ResumeAgent", LifecycleStep.Resume, "Its tokens work again.");
        MapStep(api, "RetireAgent", LifecycleStep.Retire, "Ends it for good; its history stays.");
    }

    private static void MapStep(RouteGroupBuilder api, string name, LifecycleStep step, string summary) =>
        api.MapPost($"/agents/{{name}}/{step.Action}", (string name, HttpContext context, AgentLifecycle lifecycle) => MoveAsync(name, step, context, lifecycle))
            .Describe(name, "agents:write", summary).Accepts<ReasonRequest>(isOptional: true, "application/json").Produces<AgentResponse>().Changes();

    private static IResult List(HttpContext context, Configuration configuration)
    {
        var (page, refusal) = Page.Read(context);
        if (page is null) return refusal!;
        var agents = page.Take(context, configuration.Agents(context.Requester().Organisation), agent => agent.Name.Value);
        return Answers.Json(context, agents.Select(agent => Shown(agent, null)).ToArray());
    }

    private static async Task<IResult> GetAsync(string name, HttpContext context, Configuration configuration, IConfigurationStore store)
    {
        if (!ObjectName.IsValid(name)) return Answers.NotFound("such agent");
        var organisation = context.Requester().Organisation;
        var (agent, version) = await StoredObject.FindAsync(store, organisation, new ObjectKey(ObjectKind.Agent, name),
            () => configuration.Agent(organisation, new AgentName(name)), context.RequestAborted);
        return agent is null ? Answers.NotFound($"agent {name}") : Answers.Versioned(context, Shown(agent, version), version);
    }

    private static async Task<IResult> MoveAsync(string name, LifecycleStep step, HttpContext context, AgentLifecycle lifecycle)
    {
        if (!ObjectName.IsValid(name)) return Answers.NotFound("such agent");
        var body = await AdminBody.ReadAsync<ReasonRequest>(context, new ReasonRequest());
        if (body.Value is not { } request) return body.Refusal!;
        if (ReasonText.Refuse(request.Reason) is { } refusal) return refusal;
        if (!IfMatch.TryRead(context, out var expected)) return IfMatch.Refused();
        var moved = await lifecycle.MoveAsync(context.Requester(), new AgentName(name), step, request.Reason, expected, context.RequestAborted);
        return Answers.Of(moved, found => Answers.Versioned(context, Shown(found.Item, found.Version), found.Version));
    }

    private static AgentResponse Shown(AgentObject agent, long? version) => new()
    {
        Name = agent.Name.Value,
        Owner = agent.Owner,
        State = agent.State.ToText(),
        Labels = agent.Labels.ToDictionary(),
        LastChange = StateChangeResponse.Of(agent.LastChange),
        Version = version,
    };
}
