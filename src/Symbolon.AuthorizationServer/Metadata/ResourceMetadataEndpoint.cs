using Microsoft.AspNetCore.Http;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;
using Symbolon.Jose.Proofs;

namespace Symbolon.AuthorizationServer.Metadata;

/// <summary>
/// Which authorization server guards an MCP server, and what to ask it for (RFC 9728). One that is unknown, pending or retired has none, and the
/// three are told apart by nobody.
/// </summary>
internal sealed class ResourceMetadataEndpoint(Configuration configuration, IPublicOrigins origins)
{
    public const string Path = "/.well-known/oauth-protected-resource/mcp/{server}";

    public async Task HandleAsync(HttpContext http)
    {
        var name = http.Request.RouteValues["server"] as string ?? "";
        if (origins.Selected(http.Request.Host.Value) is not { } origin || !ServerName.IsValid(name)
            || configuration.Server(OrganisationId.Default, new ServerName(name)) is not { State: Lifecycle.Active or Lifecycle.Suspended } server)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        var resource = new ProtectedResource(origin, new ServerName(name));
        await MetadataAnswer.WriteAsync(http, json =>
        {
            json.WriteString("resource", resource.Text);
            json.WriteStartArray("authorization_servers");
            json.WriteStringValue(origin);
            json.WriteEndArray();
            // What a client is told is what it asks for: all that its grants allow, never a catalogue.
            json.WriteStartArray("scopes_supported");
            json.WriteStringValue(Scopes.Granted(resource.Server));
            json.WriteEndArray();
            json.WriteStartArray("bearer_methods_supported");
            json.WriteStringValue("header");
            json.WriteEndArray();
            json.WriteStartArray("authorization_details_types_supported");
            json.WriteStringValue(AuthorizationDetails.Type);
            json.WriteEndArray();
            json.WriteStartArray("dpop_signing_alg_values_supported");
            foreach (var algorithm in ProofChallenge.Algorithms.Split(' ')) json.WriteStringValue(algorithm);
            json.WriteEndArray();
            if (configuration.Binding.CoversAll() || server.Approved?.Manifest.Binding?.CoversAll() == true) json.WriteBoolean("dpop_bound_access_tokens_required", true);
        });
    }
}
