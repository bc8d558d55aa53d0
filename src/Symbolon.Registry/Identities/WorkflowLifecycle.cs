using Symbolon.Core;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;
using Symbolon.Registry.Changes;

namespace Symbolon.Registry.Identities;

/// <summary>The life of a workflow, the same as an agent's.</summary>
public sealed class WorkflowLifecycle(IConfigurationStore store, ChangeDesk desk, TimeProvider clock)
{
    /// <returns>The workflow with the version of its object.</returns>
    public Task<Result<(WorkflowObject Item, long Version)>> MoveAsync(
        Requester requester, WorkflowName name, LifecycleStep step, string? reason, long? expected, CancellationToken cancellation)
    {
        var key = new ObjectKey(ObjectKind.Workflow, name.Value);
        var note = new ChangeNote(step.Action, key.ToString()) { Reason = reason, Holder = new Holder { Workflow = name } };
        return ObjectChange.MakeAsync(requester, key, $"workflow {name}", note, store, desk, expected,
            (WorkflowObject workflow) => step.Refuses(workflow.State, $"Workflow {name}") is { } refusal
                ? refusal
                : workflow with { State = step.To, LastChange = new StateChange { By = requester.By, At = clock.Microseconds(), Reason = reason } },
            cancellation);
    }
}
