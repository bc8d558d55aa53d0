using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Symbolon.AuthorizationServer.Authorize;
using Symbolon.AuthorizationServer.Clients;
using Symbolon.AuthorizationServer.Introspection;
using Symbolon.AuthorizationServer.Keys;
using Symbolon.AuthorizationServer.Par;
using Symbolon.AuthorizationServer.Registration;
using Symbolon.AuthorizationServer.Revocation;
using Symbolon.AuthorizationServer.Token;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Jose.Proofs;

namespace Symbolon.AuthorizationServer.Metadata;

/// <summary>
/// What this server can, for clients that find their way by it: RFC 8414, and the same under the name of OpenID Connect Discovery, which clients try
/// as well. It tells only what is built. The issuer is the origin that was asked, byte for byte, without a slash.
/// </summary>
internal sealed class ServerMetadataEndpoint(TokenEndpoint token, ClientAuthentication authentication, IPublicOrigins origins, AuthorizationServerOptions options, AuthorizeEndpoint? people = null)
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
        if (people is not null) WritePeople(json, issuer);
        // RFC 8414 §2 requires the member, also where there is nothing to respond to.
        else Texts(json, "response_types_supported", []);
        Texts(json, "grant_types_supported", token.GrantTypes);
        var methods = authentication.Methods(OrganisationId.Default);
        foreach (var endpoint in new[] { "token", "revocation", "introspection" })
        {
            // Who can prove itself by nothing acts for people, and is told nothing about tokens (RFC 7662 §2.1).
            Texts(json, $"{endpoint}_endpoint_auth_methods_supported", people is null || endpoint == "introspection" ? methods : [.. methods, ClientAuthentication.NoMethod]);
            Texts(json, $"{endpoint}_endpoint_auth_signing_alg_values_supported", SigningAlgorithms);
        }
        Texts(json, "authorization_details_types_supported", [AuthorizationDetails.Type]);
        Texts(json, "dpop_signing_alg_values_supported", ProofChallenge.Algorithms.Split(' '));
        // Required by OpenID Connect Discovery §3, whose readers look for nothing else than where the tokens are.
        Texts(json, "subject_types_supported", ["public"]);
        Texts(json, "id_token_signing_alg_values_supported", ["ES256"]);
    }

    private void WritePeople(Utf8JsonWriter json, string issuer)
    {
        json.WriteString("authorization_endpoint", issuer + AuthorizeEndpoint.Path);
        json.WriteString("pushed_authorization_request_endpoint", issuer + PushEndpoint.Path);
        // Nobody has to who does not say so of itself.
        json.WriteBoolean(OAuthParameter.RequirePushed, false);
        if (options.DynamicRegistration) json.WriteString("registration_endpoint", issuer + RegistrationEndpoint.Path);
        json.WriteBoolean("client_id_metadata_document_supported", options.MetadataDocuments);
        Texts(json, "response_types_supported", [OAuthParameter.Code]);
        Texts(json, "response_modes_supported", ["query"]);
        Texts(json, "code_challenge_methods_supported", ["S256"]);
        Texts(json, "prompt_values_supported", ["none", "login", "consent", "select_account"]);
        json.WriteBoolean("authorization_response_iss_parameter_supported", true);
        json.WriteBoolean("request_parameter_supported", false);
        json.WriteBoolean("request_uri_parameter_supported", false);
    }

    private static void Texts(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
