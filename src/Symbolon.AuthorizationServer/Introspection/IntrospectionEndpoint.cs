using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Symbolon.AuthorizationServer.Entry;
using Symbolon.AuthorizationServer.Families;
using Symbolon.AuthorizationServer.Forms;
using Symbolon.AuthorizationServer.Issuing;
using Symbolon.Core;
using Symbolon.Core.AccessTokens;
using Symbolon.Core.OAuth;
using Symbolon.Core.OAuth.Authorizations;

namespace Symbolon.AuthorizationServer.Introspection;

/// <summary>
/// Tells a client whether a token of its own is good (RFC 7662), and an API or a server one that is for it. Everything else is <c>{"active":false}</c> and nothing more: unknown, ended, revoked,
/// pasted, another client's (§2.2, §4).
/// </summary>
internal sealed class IntrospectionEndpoint(ClientEntry entry, LiveTokens tokens, LiveDownstream downstream, LiveRefreshTokens refreshTokens, ProofLog proofs, TimeProvider clock)
{
    public const string Path = "/oauth/introspect";

    public async Task HandleAsync(HttpContext http)
    {
        if (await entry.OpenAsync(http, allowsPublic: false) is not { } request) return;
        if (await proofs.UseAsync(request, record: null) is { } refused)
        {
            await OAuthAnswer.WriteAsync(http, refused);
            return;
        }
        if (request.Form[OAuthParameter.Token] is not { } text)
        {
            await OAuthAnswer.WriteAsync(http, OAuthError.InvalidRequest("token is missing."));
            return;
        }
        if (RefreshSecrets.IsOne(text))
        {
            var refresh = await refreshTokens.FindAsync(request.Organisation, text, request.Id, clock.Microseconds());
            await OAuthAnswer.WriteAsync(http, StatusCodes.Status200OK, json => Write(json, refresh));
            return;
        }
        if (downstream.Find(request.Organisation, text, clock.Microseconds()) is { } behind)
        {
            var isTold = DownstreamAnswer.IsFor(behind, request.Client);
            await OAuthAnswer.WriteAsync(http, StatusCodes.Status200OK, json => DownstreamAnswer.Write(json, isTold ? behind : null));
            return;
        }
        var found = tokens.Find(request.Organisation, text, clock.Microseconds());
        await OAuthAnswer.WriteAsync(http, StatusCodes.Status200OK, json => Write(json, found is { } live && live.Token.OAuth!.Client == request.Id ? live : null));
    }

    private static void Write(Utf8JsonWriter json, (RefreshToken Token, Authorization Authorization)? found)
    {
        json.WriteBoolean(OAuthParameter.Active, found is not null);
        if (found is not var (token, authorization)) return;
        json.WriteString(OAuthParameter.Scope, string.Join(' ', Scopes.Of(authorization.Access)));
        json.WriteString(OAuthParameter.ClientId, authorization.Client.Value);
        json.WriteNumber("exp", UnixTime.FromMicroseconds(token.ExpiresAt).ToUnixTimeSeconds());
        json.WriteNumber("iat", UnixTime.FromMicroseconds(token.IssuedAt).ToUnixTimeSeconds());
        json.WriteString("sub", HolderClaims.ChainOf(authorization.Holder)[0]);
        json.WriteString(OAuthParameter.Audience, authorization.Resource.Text);
        json.WriteString(OAuthParameter.Issuer, authorization.Origin);
        json.WriteString(OAuthParameter.AuthorizationId, authorization.Id.Value);
        AuthorizationDetails.WriteMember(json, authorization.Limits);
    }

    private static void Write(Utf8JsonWriter json, AccessTokenReading.Valid? found)
    {
        json.WriteBoolean(OAuthParameter.Active, found is not null);
        if (found is null) return;
        var token = found.Token;
        json.WriteString(OAuthParameter.Scope, string.Join(' ', Scopes.Of(token.Servers[0])));
        json.WriteString(OAuthParameter.ClientId, token.OAuth!.Client.Value);
        json.WriteString(OAuthParameter.TokenType, token.OAuth.Key is null ? "Bearer" : "DPoP");
        json.WriteNumber("exp", UnixTime.FromMicroseconds(token.ExpiresAt).ToUnixTimeSeconds());
        json.WriteNumber("iat", UnixTime.FromMicroseconds(token.IssuedAt).ToUnixTimeSeconds());
        json.WriteString("sub", HolderClaims.ChainOf(token.Holder)[0]);
        json.WriteString(OAuthParameter.Audience, found.Resource.Text);
        json.WriteString("iss", found.Issuer);
        json.WriteString("jti", token.Id.Value);
        json.WriteString(OAuthParameter.AuthorizationId, token.OAuth.Authorization.Value);
        AuthorizationDetails.WriteMember(json, token.OAuth.Limits);
        // RFC 9449 §6.2: who takes the token has to ask for the proof.
        if (token.OAuth.Key is not { } key) return;
        json.WriteStartObject(OAuthParameter.Confirmation);
        json.WriteString(OAuthParameter.KeyThumbprint, key.ToString());
        json.WriteEndObject();
    }
}
