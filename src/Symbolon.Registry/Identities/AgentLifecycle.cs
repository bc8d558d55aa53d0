using Symbolon.Core;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;
using Symbolon.Registry.Changes;

namespace Symbolon.Registry.Identities;

/// <summary>The life of an agent: active ⇄ suspended → retired, which is for good. While it is not active its tokens are refused.</summary>
public sealed class AgentLifecycle(IConfigurationStore store, ChangeDesk desk, TimeProvider clock)
{
    /// <returns>The agent with the version of its object.</returns>
    public Task<Result<(AgentObject Item, long Version)>> MoveAsync(
        Requester requester, AgentName name, LifecycleStep step, string? reason, long? expected, CancellationToken cancellation)
    {
        var key = new ObjectKey(ObjectKind.Agent, name.Value);
        var note = new ChangeNote(step.Action, key.ToString()) { Reason = reason, Holder = new Holder { Agent = name } };
        return ObjectChange.MakeAsync(requester, key, $"agent {name}", note, store, desk, expected,
            (AgentObject agent) => step.Refuses(agent.State, $"Agent {name}") is { } refusal
                ? refusal
                : agent with { State = step.To, LastChange = new StateChange { By = requester.By, At = clock.Microseconds(), Reason = reason } },
            cancellation);
    }
}
