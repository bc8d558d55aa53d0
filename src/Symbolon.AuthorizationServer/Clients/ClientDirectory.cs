using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;

namespace Symbolon.AuthorizationServer.Clients;

/// <summary>
/// Finds clients by their id, from memory: agents and workflows that have keys, and registered clients. Each further kind of client is one more case
/// here.
/// </summary>
internal sealed class ClientDirectory(Configuration configuration)
{
    /// <returns>The client, or null for one that does not exist, is not active (it, or whom it is), or can prove itself by nothing.</returns>
    public RegisteredClient? Find(OrganisationId organisation, ClientId id)
    {
        if (id.Agent is { } agent) return Of(id, configuration.Agent(organisation, agent), new Holder { Agent = agent });
        if (id.Workflow is { } workflow) return Of(id, configuration.Workflow(organisation, workflow), new Holder { Workflow = workflow });
        return ObjectName.IsValid(id.Value) && configuration.Client(organisation, id.Value) is { State: Lifecycle.Active } client && IsActive(organisation, client)
            ? new RegisteredClient
            {
                Id = id,
                Self = new Holder { Agent = client.Agent, Workflow = client.Workflow },
                Keys = PublicKeys.Read(client.Keys),
                SecretHash = client.SecretHash is { } hash ? Convert.FromHexString(hash) : null,
            }
            : null;
    }

    /// <summary>Whether any client may prove itself by a secret.</summary>
    public bool HasLegacy(OrganisationId organisation) => configuration.Clients(organisation).Any(client => client is { IsLegacy: true, State: Lifecycle.Active });

    private bool IsActive(OrganisationId organisation, ClientObject client) =>
        client.Agent is { } agent ? configuration.Agent(organisation, agent) is { State: Lifecycle.Active }
        : client.Workflow is { } workflow && configuration.Workflow(organisation, workflow) is { State: Lifecycle.Active };

    private static RegisteredClient? Of(ClientId id, IdentityObject? identity, Holder self) =>
        identity is { State: Lifecycle.Active, Keys.IsEmpty: false } ? new RegisteredClient { Id = id, Self = self, Keys = PublicKeys.Read(identity.Keys) } : null;
}
