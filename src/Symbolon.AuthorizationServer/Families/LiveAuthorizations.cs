using Symbolon.Core;
using Symbolon.Core.OAuth.Authorizations;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;

namespace Symbolon.AuthorizationServer.Families;

/// <summary>Whether what a person let a client call still holds, from memory: a suspension and a reset of the person's account are epochs too.</summary>
public sealed class LiveAuthorizations(Configuration configuration, TimeProvider clock)
{
    /// <summary>For good. What rests because its agent or workflow is suspended comes back with it, and can still be ended.</summary>
    public bool IsEnded(Authorization authorization) => authorization.ExpiresAt <= clock.Microseconds() || configuration.Epochs.IsRevoked(authorization);

    public bool IsAlive(Authorization authorization)
    {
        if (IsEnded(authorization)) return false;
        var (organisation, holder) = (authorization.Organisation, authorization.Holder);
        if (holder.Agent is { } agent && configuration.Agent(organisation, agent) is not { State: Lifecycle.Active }) return false;
        return holder.Workflow is not { } workflow || configuration.Workflow(organisation, workflow) is { State: Lifecycle.Active };
    }
}
