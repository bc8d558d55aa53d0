using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;
using Symbolon.Registry.Identities;

namespace Symbolon.Admin.Workflows;

internal static class WorkflowEndpoints
{
    public static void MapWorkflows(this RouteGroupBuilder api)
    {
        api.MapGet("/workflows", List).Describe("ListWorkflows", "workflows:read", "Workflows by name.").Pages().Produces<WorkflowResponse[]>();
        api.MapGet("/workflows/{name}", GetAsync).Describe("GetWorkflow", "workflows:read", "A workflow.")
            .Produces<WorkflowResponse>().Produces<ProblemResponse>(StatusCodes.Status404NotFound, Answers.ProblemType);
        MapStep(api, "SuspendWorkflow", LifecycleStep.Suspend, "Its tokens are refused until it is resumed.");
        MapStep(api, "ResumeWorkflow", LifecycleStep.Resume, "Its tokens work again.");
        MapStep(api, "RetireWorkflow", LifecycleStep.Retire, "Ends it for good; its history stays.");
    }

    private static void MapStep(RouteGroupBuilder api, string name, LifecycleStep step, string summary) =>
        api.MapPost($"/workflows/{{name}}/{step.Action}", (string name, HttpContext context, WorkflowLifecycle lifecycle) => MoveAsync(name, step, context, lifecycle))
            .Describe(name, "workflows:write", summary).Accepts<ReasonRequest>(isOptional: true, "application/json").Produces<WorkflowResponse>().Changes();

    private static IResult List(HttpContext context, Configuration configuration)
    {
        var (page, refusal) = Page.Read(context);
        if (page is null) return refusal!;
        var workflows = page.Take(context, configuration.Workflows(context.Requester().Organisation), workflow => workflow.Name.Value);
        return Answers.Json(context, workflows.Select(workflow => Shown(workflow, null)).ToArray());
    }

    private static async Task<IResult> GetAsync(string name, HttpContext context, Configuration configuration, IConfigurationStore store)
    {
        if (!ObjectName.IsValid(name)) return Answers.NotFound("such workflow");
        var organisation = context.Requester().Organisation;
        var (workflow, version) = await StoredObject.FindAsync(store, organisation, new ObjectKey(ObjectKind.Workflow, name),
            () => configuration.Workflow(organisation, new WorkflowName(name)), context.RequestAborted);
        return workflow is null ? Answers.NotFound($"workflow {name}") : Answers.Versioned(context, Shown(workflow, version), version);
    }

    private static async Task<IResult> MoveAsync(string name, LifecycleStep step, HttpContext context, WorkflowLifecycle lifecycle)
    {
        if (!ObjectName.IsValid(name)) return Answers.NotFound("such workflow");
        var body = await AdminBody.ReadAsync<ReasonRequest>(context, new ReasonRequest());
        if (body.Value is not { } request) return body.Refusal!;
        if (ReasonText.Refuse(request.Reason) is { } refusal) return refusal;
        if (!IfMatch.TryRead(context, out var expected)) return IfMatch.Refused();
        var moved = await lifecycle.MoveAsync(context.Requester(), new WorkflowName(name), step, request.Reason, expected, context.RequestAborted);
        return Answers.Of(moved, found => Answers.Versioned(context, Shown(found.Item, found.Version), found.Version));
    }

    private static WorkflowResponse Shown(WorkflowObject workflow, long? version) => new()
    {
        Name = workflow.Name.Value,
        Owner = workflow.Owner,
        State = workflow.State.ToText(),
        Labels = workflow.Labels.ToDictionary(),
        LastChange = StateChangeResponse.Of(workflow.LastChange),
        Version = version,
    };
}
