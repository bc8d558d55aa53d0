using Symbolon.Core;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;
using Symbolon.Registry.Changes;

namespace Symbolon.Registry.Identities;

/// <summary>The life of an agent or workflow: active ⇄ suspended → retired, which is for good. While it is not active its tokens are refused.</summary>
public sealed class IdentityLifecycle(IConfigurationStore store, ChangeDesk desk, TimeProvider clock)
{
    /// <param name="key">Of an agent or a workflow.</param>
    /// <returns>The agent or workflow with the version of its object.</returns>
    public Task<Result<(IdentityObject Item, long Version)>> MoveAsync(
        Requester requester, ObjectKey key, LifecycleStep step, string? reason, long? expected, CancellationToken cancellation)
    {
        var note = new ChangeNote(step.Action, key.ToString()) { Reason = reason, Holder = HolderOf(key) };
        return ObjectChange.MakeAsync(requester, key, key.InWords, note, store, desk, expected,
            (IdentityObject identity) => step.Refuses(identity.State, $"{key.Kind} {key.Name}") is { } refusal
                ? refusal
                : identity with { State = step.To, LastChange = new StateChange { By = requester.By, At = clock.Microseconds(), Reason = reason } },
            cancellation);
    }

    private static Holder HolderOf(ObjectKey key) => key.Kind switch
    {
        ObjectKind.Agent => new Holder { Agent = new AgentName(key.Name) },
        ObjectKind.Workflow => new Holder { Workflow = new WorkflowName(key.Name) },
        _ => throw new ArgumentOutOfRangeException(nameof(key), key, null),
    };
}
