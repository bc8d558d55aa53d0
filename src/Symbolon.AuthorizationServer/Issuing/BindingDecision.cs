using Symbolon.Core;
using Symbolon.Core.OAuth;
using Symbolon.Core.Policy;
using Symbolon.Core.Snapshot;

namespace Symbolon.AuthorizationServer.Issuing;

/// <summary>
/// Refuses a bearer token for what is given to a key alone (RFC 9449 §5.2), by the decision that a call would get: what a grant, the server, the class of a
/// tool or the organisation demands. A call decides again, since what is demanded may change under a live token.
/// </summary>
internal sealed class BindingDecision(Configuration configuration, TimeProvider clock)
{
    private const int MostNamed = 5;

    /// <returns>Null when the token may be as it is ordered.</returns>
    public OAuthError? Check(AccessTokenOrder order)
    {
        if (order.Key is not null || configuration.Server(order.Organisation, order.Resource.Server) is not { } server) return null;
        var now = clock.Microseconds();
        var token = new TokenRecord
        {
            Id = new TokenId(""), Organisation = order.Organisation, Kind = order.Holder.TokenKind, Holder = order.Holder, Servers = [order.Access],
            IssuedAt = now, ExpiresAt = now, IssuedBy = "",
        };
        var reach = ServerReach.Of(token, server, configuration.GrantsOn(order.Organisation, server.Name), configuration.Binding, now);
        var only = reach?.OnlyWithKey(order.Access) ?? [];
        return only.Count == 0 ? null : OAuthError.ProofNeeded(
            $"Only a token that is bound to a key is given for {string.Join(' ', only.Take(MostNamed))}{(only.Count > MostNamed ? " and others" : "")}: send a DPoP proof with the token request.");
    }
}
