using System.Buffers;
using System.Text.Json;
using Symbolon.AuthorizationServer.Keys;
using Symbolon.Core;
using Symbolon.Core.OAuth;
using Symbolon.Jose.Tokens;

namespace Symbolon.AuthorizationServer.Issuing;

/// <inheritdoc cref="IIdentityTokens"/>
internal sealed class IdentityTokens(Signer signer, EventClock events) : IIdentityTokens
{
    /// <summary>Seconds: one is made for each request.</summary>
    public const long Life = 60;

    private const long PerSecond = 1_000_000;

    public string? Issue(IdentityOrder order)
    {
        var now = events.Next() / PerSecond;
        var ends = Math.Min(now + Life, (order.Caller?.ExpiresAt ?? long.MaxValue) / PerSecond);
        return signer.Sign(order.Organisation, TokenProfiles.Identity.Type, Payload(order, now, ends));
    }

    /// <summary>Without a scope, a client and a key that it is bound to: what <see cref="TokenPen"/> writes has all three.</summary>
    private static ReadOnlySpan<byte> Payload(IdentityOrder order, long issuedAt, long ends)
    {
        var chain = order.Caller is { } caller ? HolderClaims.ChainOf(caller.Holder) : [ClientId.Gateway.Value];
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString(OAuthParameter.Issuer, order.Issuer);
        json.WriteString("sub", chain[0]);
        json.WriteString(OAuthParameter.Audience, order.Audience);
        json.WriteString("jti", TokenId.New().Value);
        json.WriteNumber("iat", issuedAt);
        json.WriteNumber("exp", ends);
        if (order is { Caller: not null, Tool: { } tool }) json.WriteString(OAuthParameter.Tool, Scopes.Tool(order.Server, tool));
        TokenPen.WriteActors(json, chain);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan;
    }
}
