using Microsoft.AspNetCore.Http;
using Symbolon.AuthorizationServer.Keys;
using Symbolon.AuthorizationServer.Metadata;
using Symbolon.Core.OAuth;

namespace Symbolon.AuthorizationServer.SecurityEvents;

/// <summary>What a receiver of the Shared Signals Framework looks for (SSF 1.0 §7.1). Streams are set by an administrator, so there is no address to manage them.</summary>
internal sealed class SsfMetadataEndpoint(IPublicOrigins origins)
{
    public const string Path = "/.well-known/ssf-configuration";

    public async Task HandleAsync(HttpContext http)
    {
        // What is told names one issuer, whichever origin is asked.
        if (origins.Selected(http.Request.Host.Value) is null || origins.Primary is not { } issuer)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        await MetadataAnswer.WriteAsync(http, json =>
        {
            json.WriteString("spec_version", "1_0");
            json.WriteString("issuer", issuer);
            json.WriteString("jwks_uri", issuer + JwksEndpoint.Path);
            json.WriteStartArray("delivery_methods_supported");
            json.WriteStringValue("urn:ietf:rfc:8935");
            json.WriteStringValue("urn:ietf:rfc:8936");
            json.WriteEndArray();
            json.WriteStartArray("authorization_schemes");
            json.WriteStartObject();
            json.WriteString("spec_urn", "urn:ietf:rfc:6749");
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteString("default_subjects", "ALL");
        });
    }
}
