using Symbolon.AuthorizationServer.Issuing;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.OAuth.Authorizations;
using Symbolon.Core.Snapshot;

namespace Symbolon.AuthorizationServer.Families;

/// <summary>Refresh tokens that would be taken at this moment: the newest of a family that is alive.</summary>
internal sealed class LiveRefreshTokens(IAuthorizationStore store, Family family)
{
    /// <param name="client">Whose it has to be.</param>
    /// <param name="now">Microseconds since the Unix epoch.</param>
    public async Task<(RefreshToken Token, Authorization Authorization)?> FindAsync(OrganisationId organisation, string text, ClientId client, long now)
    {
        if (await store.FindRefreshAsync(organisation, RefreshSecrets.HashOf(text), CancellationToken.None) is not var (token, authorization)) return null;
        return authorization.Client == client && token.UsedAt is null && token.ExpiresAt > now && await family.IsAliveAsync(authorization) ? (token, authorization) : null;
    }
}
