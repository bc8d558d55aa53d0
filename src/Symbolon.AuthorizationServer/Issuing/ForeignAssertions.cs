using System.Buffers;
using System.Text.Json;
using Symbolon.AuthorizationServer.Keys;
using Symbolon.Core;
using Symbolon.Core.OAuth;
using Symbolon.Jose.Tokens;

namespace Symbolon.AuthorizationServer.Issuing;

/// <inheritdoc cref="IForeignAssertions"/>
internal sealed class ForeignAssertions(Signer signer, EventClock events) : IForeignAssertions
{
    /// <summary>Seconds: one is made for each request.</summary>
    public const long Life = 60;

    private const long PerSecond = 1_000_000;

    public string? OfCaller(ForeignAssertionOrder order, TokenRecord caller) =>
        Sign(order, TokenProfiles.AuthorizationGrant.Type, order.Issuer, HolderClaims.ChainOf(caller.Holder), caller.ExpiresAt);

    public string? OfClient(ForeignAssertionOrder order, string client) => Sign(order, TokenProfiles.ClientAssertion.Type, client, [client], long.MaxValue);

    /// <summary>Without a scope, a client and a key that it is bound to: what <see cref="TokenPen"/> writes has all three.</summary>
    private string? Sign(ForeignAssertionOrder order, string type, string issuer, IReadOnlyList<string> chain, long noLaterThan)
    {
        var now = events.Next() / PerSecond;
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString(OAuthParameter.Issuer, issuer);
        json.WriteString("sub", chain[0]);
        json.WriteString(OAuthParameter.Audience, order.Audience);
        json.WriteString("jti", TokenId.New().Value);
        json.WriteNumber("iat", now);
        json.WriteNumber("exp", Math.Min(now + Life, noLaterThan / PerSecond));
        TokenPen.WriteActors(json, chain);
        json.WriteEndObject();
        json.Flush();
        return signer.Sign(order.Organisation, type, buffer.WrittenSpan);
    }
}
