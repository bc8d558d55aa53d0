using System.Text;
using Symbolon.Core.AccessTokens;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;

namespace Symbolon.AuthorizationServer.Issuing;

/// <summary>Access tokens that would be taken at this moment: verified, not ended, not revoked on any level, everybody in them active.</summary>
internal sealed class LiveTokens(AccessTokenReader reader, Configuration configuration)
{
    /// <param name="now">Microseconds since the Unix epoch.</param>
    public AccessTokenReading.Valid? Find(OrganisationId organisation, string text, long now)
    {
        if (!Ascii.IsValid(text) || reader.Read(Encoding.ASCII.GetBytes(text), now) is not AccessTokenReading.Valid found) return null;
        var token = found.Token;
        if (token.Organisation != organisation || token.ExpiresAt <= now || configuration.Epochs.IsRevoked(token, token.Servers[0].Server)) return null;
        if (token.Holder.Agent is { } agent && configuration.Agent(organisation, agent) is not { State: Lifecycle.Active }) return null;
        return token.Holder.Workflow is { } workflow && configuration.Workflow(organisation, workflow) is not { State: Lifecycle.Active } ? null : found;
    }
}
