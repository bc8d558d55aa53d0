using Symbolon.AuthorizationServer.Keys;
using Symbolon.Core;
using Symbolon.Core.OAuth;
using Symbolon.Jose.Tokens;

namespace Symbolon.AuthorizationServer.Issuing;

/// <inheritdoc cref="IIdentityTokens"/>
internal sealed class IdentityTokens(Signer signer, EventClock events) : IIdentityTokens
{
    public string? Issue(IdentityOrder order)
    {
        var chain = order.Caller is { } caller ? HolderClaims.ChainOf(caller.Holder) : [ClientId.Gateway.Value];
        var tool = order is { Caller: not null, Tool: { } called } ? Scopes.Tool(order.Server, called) : null;
        return signer.Sign(order.Organisation, TokenProfiles.Identity.Type, StatementPen.Write(order.Issuer, chain, order.Audience, events.Next(), order.Caller?.ExpiresAt ?? long.MaxValue, tool, order.Digest));
    }
}
