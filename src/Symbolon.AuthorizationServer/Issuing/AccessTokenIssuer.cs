using Symbolon.AuthorizationServer.Forms;
using Symbolon.Core.OAuth;

namespace Symbolon.AuthorizationServer.Issuing;

/// <summary>Issues access tokens for our own servers, and for our own address where events are fetched.</summary>
internal sealed class AccessTokenIssuer(TokenPen pen)
{
    private static readonly OAuthError TooLong = OAuthError.InvalidScope("A token for all these scopes would be longer than 8 KiB. Ask for classes, for @granted, or for fewer authorization_details.");
    internal static readonly OAuthError NoKey = OAuthError.TemporarilyUnavailable("There is no key to sign with at this moment.");

    /// <returns>The token, or why there is none: too long, or no key to sign with.</returns>
    public OAuthOutcome<IssuedToken> Issue(AccessTokenOrder order)
    {
        var signed = pen.Sign(order.Organisation, new TokenBody(order.Issuer, HolderClaims.ChainOf(order.Holder), order.Resource.Text, order.Client, order.Seconds)
        {
            Scope = order.Scope, Authorization = order.Authorization, Details = order.Limits, Key = order.Key, AuthorizedAt = order.AuthorizedAt,
        });
        return signed is null ? NoKey : signed.IsTooLong ? TooLong : new IssuedToken(signed.Text, signed.Id, order, signed.Seconds);
    }

    public OAuthOutcome<IssuedToken> Issue(EventsOrder order)
    {
        var signed = pen.Sign(order.Organisation, new TokenBody(order.Issuer, [order.Client.Value], order.Issuer + EventsToken.Path, order.Client, order.Seconds)
        {
            Scope = order.Scope, Key = order.Key, ClientKey = order.ProvedBy,
        });
        return signed is null ? NoKey : new IssuedToken(signed.Text, signed.Id, order, signed.Seconds);
    }
}
