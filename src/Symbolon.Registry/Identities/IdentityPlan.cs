using Symbolon.Core.Changes;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Snapshot;
using Symbolon.Registry.Changes;

namespace Symbolon.Registry.Identities;

/// <summary>The file of an agent or workflow takes effect at once; its state (suspended, retired) is not in the file and stays.</summary>
internal static class IdentityPlan
{
    public static Result<PlannedChange> Of(Document.Agent document, (object Item, long Version)? present)
    {
        var agent = present?.Item as AgentObject;
        if (agent is { State: Lifecycle.Retired }) return PlannedChange.Retired($"Agent {agent.Name}");
        if (agent is not null && Document.Of(agent).SaysTheSameAs(document)) return Unchanged(document, present!.Value.Version);
        return Write(document, present, agent is null
            ? new AgentObject { Name = document.Name, Owner = document.Owner, Labels = document.Labels }
            : agent with { Owner = document.Owner, Labels = document.Labels });
    }

    public static Result<PlannedChange> Of(Document.Workflow document, (object Item, long Version)? present)
    {
        var workflow = present?.Item as WorkflowObject;
        if (workflow is { State: Lifecycle.Retired }) return PlannedChange.Retired($"Workflow {workflow.Name}");
        if (workflow is not null && Document.Of(workflow).SaysTheSameAs(document)) return Unchanged(document, present!.Value.Version);
        return Write(document, present, workflow is null
            ? new WorkflowObject { Name = document.Name, Owner = document.Owner, Labels = document.Labels }
            : workflow with { Owner = document.Owner, Labels = document.Labels });
    }

    private static PlannedChange Unchanged(Document document, long version) =>
        new(new AppliedDocument(document.Key, ApplyAction.Unchanged, version), Write: null);

    private static PlannedChange Write(Document document, (object Item, long Version)? present, object next)
    {
        var version = present?.Version ?? 0;
        var action = present is null ? ApplyAction.Created : ApplyAction.Updated;
        return new PlannedChange(new AppliedDocument(document.Key, action, version + 1), new Change.PutObject(document.Key, version, next));
    }
}
