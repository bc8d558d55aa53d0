using Symbolon.AuthorizationServer.Clients;
using Symbolon.AuthorizationServer.Entry;
using Symbolon.AuthorizationServer.Forms;
using Symbolon.Core.OAuth;

namespace Symbolon.AuthorizationServer.Token;

/// <summary>
/// A workload shows a token of its platform and gets what the agent or workflow may have that it is (RFC 7523 §2.1). The token is its proof, checked by
/// <see cref="WorkloadClients"/> on the way in, and no client besides authenticates itself; a key is proved in any case.
/// </summary>
internal sealed class JwtBearerGrant(OwnTokens tokens) : IGrant
{
    private static readonly OAuthError NoWorkload = OAuthError.UnauthorizedClient("This grant is for agents and workflows that come with a token of their platform.");

    public string Type => WorkloadClients.GrantType;

    public Task<OAuthOutcome<GrantedToken>> DecideAsync(ClientRequest request) =>
        Task.FromResult(request is { Proof.Workload: not null, Client.Self: { } self } ? tokens.Decide(request, self) : NoWorkload);
}
