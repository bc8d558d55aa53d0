using System.Text.Json;
using Symbolon.AuthorizationServer.Clients;
using Symbolon.Core;
using Symbolon.Core.OAuth;

namespace Symbolon.AuthorizationServer.Introspection;

/// <summary>What is told of a token behind the gateway, and to whom: the API that it is for, the server that a call token is for, and the server that got it (RFC 7662 §4).</summary>
internal static class DownstreamAnswer
{
    public static bool IsFor(DownstreamToken token, RegisteredClient client) =>
        token.Kind == DownstreamKind.Call ? client.Server == token.Server && client.Server is not null : client.Audience == token.Audience || client.Id == token.Client;

    public static void Write(Utf8JsonWriter json, DownstreamToken? token)
    {
        json.WriteBoolean(OAuthParameter.Active, token is not null);
        if (token is null) return;
        if (token.Scope is { } scope) json.WriteString(OAuthParameter.Scope, scope);
        json.WriteString(OAuthParameter.ClientId, token.Client.Value);
        json.WriteString(OAuthParameter.TokenType, token.Key is null ? "Bearer" : "DPoP");
        json.WriteNumber("exp", UnixTime.FromMicroseconds(token.ExpiresAt).ToUnixTimeSeconds());
        json.WriteNumber("iat", UnixTime.FromMicroseconds(token.IssuedAt).ToUnixTimeSeconds());
        json.WriteString("sub", token.Chain[0]);
        json.WriteString(OAuthParameter.Audience, token.Audience);
        json.WriteString(OAuthParameter.Issuer, token.Issuer);
        json.WriteString("jti", token.Id.Value);
        if (token.Authorization is { } authorization) json.WriteString(OAuthParameter.AuthorizationId, authorization.Value);
        if (token.OriginClient is { } began) json.WriteString(OAuthParameter.OriginClientId, began.Value);
        if (token is { Kind: DownstreamKind.Exchanged, Tool: { } tool }) json.WriteString(OAuthParameter.Tool, Scopes.Tool(token.Server, tool));
        AuthorizationDetails.WriteMember(json, token.Details);
        if (token.Key is { } key)
        {
            json.WriteStartObject(OAuthParameter.Confirmation);
            json.WriteString(OAuthParameter.KeyThumbprint, key.ToString());
            json.WriteEndObject();
        }
        foreach (var actor in token.Chain.Skip(1))
        {
            json.WriteStartObject(OAuthParameter.Actor);
            json.WriteString("sub", actor);
        }
        for (var i = 1; i < token.Chain.Count; i++) json.WriteEndObject();
    }
}
