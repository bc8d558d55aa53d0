using Symbolon.AuthorizationServer.Entry;
using Symbolon.AuthorizationServer.Forms;
using Symbolon.AuthorizationServer.Issuing;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;

namespace Symbolon.AuthorizationServer.Token;

/// <summary>What an agent or a workflow gets for itself, by whatever it has proved who it is: always under the same authorization, without a refresh token.</summary>
internal sealed class OwnTokens(ScopeDecision scopes, AuthorizationServerOptions options, TimeProvider clock)
{
    /// <summary>Seconds that a token lives at most which somebody gets by a token of its platform.</summary>
    private const long LongestOfWorkload = 3600;

    public OAuthOutcome<GrantedToken> Decide(ClientRequest request, Holder self)
    {
        if (scopes.Decide(request.Organisation, self, request.Form, request.Origin).Failed(out var why, out var scope)) return why;
        return new GrantedToken(new AccessTokenOrder(
            request.Organisation, request.Origin, request.Id, self,
            AuthorizationId.Standing(request.Organisation, request.Id, scope.Resource.Server),
            scope.Resource, scope.Access, Math.Min(LongestOf(request), scope.CeilingSeconds)) { Limits = scope.Limits });
    }

    /// <summary>No longer than the platform vouches for who it is.</summary>
    private long LongestOf(ClientRequest request)
    {
        var usual = (long)options.AccessTokenTtl.TotalSeconds;
        if (request.Proof.Workload is not { } workload) return usual;
        return Math.Min(usual, Math.Clamp(workload.Ends - clock.GetUtcNow().ToUnixTimeSeconds(), 1, LongestOfWorkload));
    }
}
