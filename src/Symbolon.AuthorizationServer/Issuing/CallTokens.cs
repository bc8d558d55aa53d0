using Symbolon.Core.OAuth;
using Symbolon.Core.Revocation;

namespace Symbolon.AuthorizationServer.Issuing;

/// <inheritdoc cref="ICallTokens"/>
internal sealed class CallTokens(TokenPen pen) : ICallTokens
{
    /// <summary>Seconds: a call lives no longer than its server may exchange its token. DESIGN.md section 4, Identities on the way.</summary>
    public const long Life = 300;

    public string? Issue(CallTokenOrder order)
    {
        var caller = order.Caller;
        var signed = pen.Sign(order.Organisation, new TokenBody(
            order.Issuer, caller is null ? [ClientId.Gateway.Value] : HolderClaims.ChainOf(caller.Holder), order.Audience, caller?.OAuth?.Client ?? ClientId.Gateway, Life)
        {
            Scope = caller is not null && order.Tool is { } tool ? Scopes.Tool(order.Server, tool) : null,
            Details = caller is not null && order is { Tool: not null, Needs: { IsEmpty: false } needs } ? needs : null,
            Key = order.Key,
            MayAct = order.Server,
            Origin = caller?.Id,
            Authorization = caller?.OAuth?.Authorization,
            // Whatever comes of the caller's token is as old as that: a node that has not heard of a revocation yet makes nothing younger of it.
            AuthorizedAt = caller is null ? null : EpochTable.Since(caller),
            NoLaterThan = caller?.ExpiresAt,
        });
        return signed is { IsTooLong: false } ? signed.Text : null;
    }
}
