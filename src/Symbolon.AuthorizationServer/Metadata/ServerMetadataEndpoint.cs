using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Symbolon.AuthorizationServer.Clients;
using Symbolon.AuthorizationServer.Introspection;
using Symbolon.AuthorizationServer.Keys;
using Symbolon.AuthorizationServer.Revocation;
using Symbolon.AuthorizationServer.Token;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.OAuth.Proofs;

namespace Symbolon.AuthorizationServer.Metadata;

/// <summary>
/// What this server can, for clients that find their way by it: RFC 8414, and the same under the name of OpenID Connect Discovery, which clients try
/// as well. It tells only what is built. The issuer is the origin that was asked, byte for byte, without a slash.
/// </summary>
internal sealed class ServerMetadataEndpoint(TokenEndpoint token, ClientAuthentication authentication, IPublicOrigins origins)
{
    public const string OAuthPath = "/.well-known/oauth-authorization-server";
    public const string OpenIdPath = "/.well-known/openid-configuration";

    private static readonly string[] SigningAlgorithms = ["ES256", "ES384", "RS256", "PS256"];

    public async Task HandleAsync(HttpContext http)
    {
        if (origins.Selected(http.Request.Host.Value) is not { } issuer)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        await MetadataAnswer.WriteAsync(http, json => Write(json, issuer));
    }

    private void Write(Utf8JsonWriter json, string issuer)
    {
        json.WriteString("issuer", issuer);
        json.WriteString("token_endpoint", issuer + TokenEndpoint.Path);
        json.WriteString("revocation_endpoint", issuer + RevocationEndpoint.Path);
        json.WriteString("introspection_endpoint", issuer + IntrospectionEndpoint.Path);
        json.WriteString("jwks_uri", issuer + JwksEndpoint.Path);
        // RFC 8414 §2 requires the member; there is no authorization endpoint yet, so there is no response type.
        Texts(json, "response_types_supported", []);
        Texts(json, "grant_types_supported", token.GrantTypes);
        foreach (var endpoint in new[] { "token", "revocation", "introspection" })
        {
            Texts(json, $"{endpoint}_endpoint_auth_methods_supported", authentication.Methods(OrganisationId.Default));
            Texts(json, $"{endpoint}_endpoint_auth_signing_alg_values_supported", SigningAlgorithms);
        }
        Texts(json, "dpop_signing_alg_values_supported", ProofChallenge.Algorithms.Split(' '));
        // Required by OpenID Connect Discovery §3, whose readers look for nothing else than where the tokens are.
        Texts(json, "subject_types_supported", ["public"]);
        Texts(json, "id_token_signing_alg_values_supported", ["ES256"]);
    }

    private static void Texts(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
