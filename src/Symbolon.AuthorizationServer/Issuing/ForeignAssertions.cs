using Symbolon.AuthorizationServer.Keys;
using Symbolon.Core;
using Symbolon.Core.OAuth;
using Symbolon.Jose.Tokens;

namespace Symbolon.AuthorizationServer.Issuing;

/// <inheritdoc cref="IForeignAssertions"/>
internal sealed class ForeignAssertions(Signer signer, EventClock events) : IForeignAssertions
{
    public string? OfCaller(ForeignAssertionOrder order, TokenRecord caller) =>
        Sign(order, TokenProfiles.AuthorizationGrant.Type, order.Issuer, HolderClaims.ChainOf(caller.Holder), caller.ExpiresAt);

    public string? OfClient(ForeignAssertionOrder order, string client) => Sign(order, TokenProfiles.ClientAssertion.Type, client, [client], long.MaxValue);

    private string? Sign(ForeignAssertionOrder order, string type, string issuer, IReadOnlyList<string> chain, long noLaterThan) =>
        signer.Sign(order.Organisation, type, StatementPen.Write(issuer, chain, order.Audience, events.Next(), noLaterThan));
}
