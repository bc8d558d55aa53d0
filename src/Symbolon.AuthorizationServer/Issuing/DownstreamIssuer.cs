using Symbolon.AuthorizationServer.Forms;
using Symbolon.Core.OAuth;

namespace Symbolon.AuthorizationServer.Issuing;

/// <summary>Issues the tokens that servers show to their APIs. DESIGN.md section 4, Identities on the way.</summary>
internal sealed class DownstreamIssuer(TokenPen pen)
{
    private static readonly OAuthError TooLong = OAuthError.InvalidScope("A token for all of this would be longer than 8 KiB. Ask for less by scope or authorization_details.");

    /// <returns>The token, or why there is none: too long, or no key to sign with.</returns>
    public OAuthOutcome<IssuedToken> Issue(DownstreamOrder order)
    {
        if (order.Limits!.Needs.Sum(need => (need.Actions.Length + 15) / 16) > AuthorizationDetails.MostDownstream) return TooLong;
        var (self, subject) = (ClientId.Of(order.Server), order.Subject);
        var signed = pen.Sign(order.Organisation, new TokenBody(
            order.Issuer, subject is null ? [self.Value] : [subject.Chain[0], self.Value, .. subject.Chain.Skip(1)], order.Audience, self, order.Seconds)
        {
            Scope = order.Scope,
            Details = order.Limits,
            Key = order.Key,
            Tool = subject?.Scope,
            Origin = subject?.Origin,
            OriginClient = subject is { Client: var client } && client != ClientId.Gateway ? client : null,
            Authorization = subject?.Authorization,
            AuthorizedAt = subject?.AuthorizedAt,
            NoLaterThan = order.NoLaterThan,
        });
        return signed is null ? AccessTokenIssuer.NoKey : signed.IsTooLong ? TooLong : new IssuedToken(signed.Text, signed.Id, order, signed.Seconds);
    }
}
