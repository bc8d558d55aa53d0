using System.Collections.Immutable;
using System.Text;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;
using Symbolon.Jose;
using Symbolon.Jose.Keys;

namespace Symbolon.AuthorizationServer.Clients;

/// <summary>Finds clients by their id, from memory: agents and workflows that have keys and are active. Each further kind of client is one more case here.</summary>
internal sealed class ClientDirectory(Configuration configuration)
{
    /// <returns>The client, or null for one that does not exist, is suspended or retired, or can prove itself by nothing.</returns>
    public RegisteredClient? Find(OrganisationId organisation, ClientId id)
    {
        if (id.Agent is { } agent) return Of(id, configuration.Agent(organisation, agent), new Holder { Agent = agent });
        return id.Workflow is { } workflow ? Of(id, configuration.Workflow(organisation, workflow), new Holder { Workflow = workflow }) : null;
    }

    private static RegisteredClient? Of(ClientId id, IdentityObject? identity, Holder self) =>
        identity is { State: Lifecycle.Active, Keys.IsEmpty: false } ? new RegisteredClient { Id = id, Self = self, Keys = KeysOf(identity.Keys) } : null;

    private static ImmutableArray<Jwk> KeysOf(ImmutableArray<string> texts) =>
        [.. texts.Select(text => Jwk.Parse(Encoding.UTF8.GetBytes(text), out var key) == JoseError.None ? key : null).OfType<Jwk>()];
}
