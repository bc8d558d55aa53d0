using Symbolon.Core.AccessTokens;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;

namespace Symbolon.AuthorizationServer.Issuing;

/// <summary>Tokens behind the gateway that would be taken at this moment: verified, not ended, not revoked on any level, everybody in them active.</summary>
internal sealed class LiveDownstream(DownstreamTokenReader reader, Configuration configuration)
{
    /// <param name="now">Microseconds since the Unix epoch.</param>
    public DownstreamToken? Find(OrganisationId organisation, string text, long now)
    {
        if (reader.Read(text, now) is not { } token || token.Organisation != organisation || token.ExpiresAt <= now || configuration.Epochs.IsRevoked(token)) return null;
        if (token.Holder?.Agent is { } agent && configuration.Agent(organisation, agent) is not { State: Lifecycle.Active }) return null;
        if (token.Holder?.Workflow is { } workflow && configuration.Workflow(organisation, workflow) is not { State: Lifecycle.Active }) return null;
        return token.Actors.Append(token.Server).All(server => configuration.Server(organisation, server) is { State: Lifecycle.Active }) ? token : null;
    }
}
