using System.Buffers;
using System.Text.Json;
using Symbolon.AuthorizationServer.Forms;
using Symbolon.AuthorizationServer.Keys;
using Symbolon.Core.AccessTokens;
using Symbolon.Core.OAuth;

namespace Symbolon.AuthorizationServer.Issuing;

/// <summary>A token that is made; it counts once its record is durable.</summary>
internal sealed record IssuedAccessToken(string Text, TokenId Id, AccessTokenOrder Order);

/// <summary>Writes and signs access tokens (RFC 9068 §2). <see cref="AccessTokenReader"/> reads exactly what this writes.</summary>
internal sealed class AccessTokenIssuer(Signer signer, EventClock events)
{
    private const long PerSecond = 1_000_000;

    private static readonly OAuthError TooLong = OAuthError.InvalidScope("A token for all these scopes would be longer than 8 KiB. Ask for classes, for @granted, or for fewer authorization_details.");
    private static readonly OAuthError NoKey = OAuthError.TemporarilyUnavailable("There is no key to sign with at this moment.");

    /// <returns>The token, or why there is none: too long, or no key to sign with.</returns>
    public OAuthOutcome<IssuedAccessToken> Issue(AccessTokenOrder order)
    {
        var issuedAt = events.Next();
        var id = TokenId.New();
        if (signer.Sign(order.Organisation, "at+jwt", Payload(order, id, issuedAt)) is not { } text) return NoKey;
        return text.Length > AccessTokenReader.MostBytes ? TooLong : new IssuedAccessToken(text, id, order);
    }

    private static ReadOnlySpan<byte> Payload(AccessTokenOrder order, TokenId id, long issuedAt)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        var chain = HolderClaims.ChainOf(order.Holder);
        json.WriteStartObject();
        json.WriteString("iss", order.Issuer);
        json.WriteString("sub", chain[0]);
        json.WriteString(OAuthParameter.Audience, order.Resource.Text);
        json.WriteString(OAuthParameter.ClientId, order.Client.Value);
        json.WriteString("jti", id.Value);
        json.WriteNumber("iat", issuedAt / PerSecond);
        // Revocations are told apart from issues by the microsecond, which a NumericDate that everybody reads cannot carry.
        json.WriteNumber(OAuthParameter.IssuedAtMicroseconds, issuedAt);
        json.WriteNumber("exp", issuedAt / PerSecond + order.Seconds);
        json.WriteString(OAuthParameter.Scope, order.Scope);
        json.WriteString(OAuthParameter.AuthorizationId, order.Authorization.Value);
        AuthorizationDetails.WriteMember(json, order.Limits);
        if (order.Key is { } key)
        {
            json.WriteStartObject(OAuthParameter.Confirmation);
            json.WriteString(OAuthParameter.KeyThumbprint, key.ToString());
            json.WriteEndObject();
        }
        // What was consented to before a revocation is dead with it, whenever a token of it was issued.
        if (order.AuthorizedAt is { } authorizedAt) json.WriteNumber(OAuthParameter.AuthorizedAtMicroseconds, authorizedAt);
        foreach (var actor in chain.Skip(1))
        {
            json.WriteStartObject(OAuthParameter.Actor);
            json.WriteString("sub", actor);
        }
        for (var i = 1; i < chain.Count; i++) json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan;
    }
}
