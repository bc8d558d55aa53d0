using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Symbolon.AuthorizationServer.Clients;
using Symbolon.AuthorizationServer.Forms;
using Symbolon.Core;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Snapshot;

namespace Symbolon.AuthorizationServer.Registration;

/// <summary>
/// Lets a client register itself (RFC 7591), where the operator allows it (<c>clients.dynamicRegistration</c>). Whatever way to prove itself it asks
/// for, it gets a public client: clients exist that mishandle any other, and a secret that everybody can have proves nothing.
/// </summary>
internal sealed class RegistrationEndpoint(IDynamicClientStore store, IPublicOrigins origins, Freshness freshness, TimeProvider clock)
{
    public const string Path = "/oauth/register";


    private static readonly OAuthError NotJson = ClientMetadata.Invalid("The body has to be JSON: Content-Type application/json.");
    private static readonly OAuthError TooMany = OAuthError.TemporarilyUnavailable("Too many clients registered that nobody uses. Try again tomorrow, or have an administrator register this one.");
    private static readonly OAuthError NotNow = OAuthError.TemporarilyUnavailable("It cannot be recorded at this moment; nothing was registered.");

    public async Task HandleAsync(HttpContext http)
    {
        if (origins.Selected(http.Request.Host.Value) is null)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        if ((await RegisterAsync(http)).Failed(out var why, out var client)) await OAuthAnswer.WriteAsync(http, why);
        else await OAuthAnswer.WriteAsync(http, StatusCodes.Status201Created, json => Write(json, client));
    }

    private async Task<OAuthOutcome<DynamicClient>> RegisterAsync(HttpContext http)
    {
        if (!freshness.IsCurrent) return NotNow;
        if (!http.Request.HasJsonContentType() || http.Request.Headers.ContentEncoding.Count > 0) return NotJson;
        var (metadata, error) = ClientMetadata.Read(await ReadAsync(http));
        if (metadata is null) return error!;
        if (metadata.Method == ClientAssertion.Method || metadata.Keys is not null || metadata.KeysUri is not null)
            return ClientMetadata.Invalid("A client with keys is registered by an administrator, or by its metadata document; here it can only be public.");
        var client = new DynamicClient
        {
            Id = new ClientId(Base62.NewId(DynamicClients.Prefix)),
            Name = metadata.Name ?? RedirectUri.HostOf(metadata.Redirects[0]),
            Redirects = metadata.Redirects,
            DpopBound = metadata.MustProveKey,
            MustPush = metadata.MustPush,
            CreatedAt = clock.Microseconds(),
        };
        var peer = http.Connection.RemoteIpAddress;
        try
        {
            return await store.TryAddAsync(OrganisationId.Default, client, PeerNetwork.TextOf(peer), [RecordOf(client, peer?.ToString())], CancellationToken.None) ? client : TooMany;
        }
        catch (StoreUnavailableException)
        {
            return NotNow;
        }
    }

    private AuditEvent RecordOf(DynamicClient client, string? peer) => new()
    {
        Kind = AuditKind.AdminChange,
        Organisation = OrganisationId.Default,
        Time = clock.Microseconds(),
        By = client.Id.Value,
        Peer = peer,
        Target = $"Client/{client.Id}",
        Action = "register itself",
        Allowed = true,
    };

    private static async Task<byte[]> ReadAsync(HttpContext http)
    {
        var reader = http.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(http.RequestAborted);
            if (read.IsCompleted || read.Buffer.Length > ClientMetadata.MostBytes)
            {
                // One byte more than may be is enough to be refused.
                var body = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, ClientMetadata.MostBytes + 1)).ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static void Write(Utf8JsonWriter json, DynamicClient client)
    {
        json.WriteString(OAuthParameter.ClientId, client.Id.Value);
        json.WriteNumber("client_id_issued_at", UnixTime.FromMicroseconds(client.CreatedAt).ToUnixTimeSeconds());
        json.WriteString(OAuthParameter.ClientName, client.Name);
        Texts(json, "redirect_uris", client.Redirects);
        Texts(json, "grant_types", ["authorization_code", OAuthParameter.RefreshToken]);
        Texts(json, "response_types", [OAuthParameter.Code]);
        json.WriteString("token_endpoint_auth_method", ClientAuthentication.NoMethod);
        if (client.DpopBound) json.WriteBoolean("dpop_bound_access_tokens", true);
        if (client.MustPush) json.WriteBoolean(OAuthParameter.RequirePushed, true);
    }

    private static void Texts(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
