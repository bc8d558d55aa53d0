using System.Security.Cryptography;
using System.Text;
using Symbolon.AuthorizationServer.Forms;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;

namespace Symbolon.AuthorizationServer.Clients;

/// <summary>
/// <c>client_secret_basic</c> and <c>client_secret_post</c> (RFC 6749 §2.3.1), for clients alone that an administrator marked legacy: a secret that is
/// sent can be copied where it passes.
/// </summary>
internal sealed class ClientSecret(ClientDirectory clients)
{
    private const string Scheme = "Basic ";
    private const int MostBytes = 2048;

    private static readonly OAuthError Refused = OAuthError.InvalidClient("The client or its secret is not known, or this client does not prove itself by a secret.");

    public static IReadOnlyList<string> Methods { get; } = ["client_secret_basic", "client_secret_post"];

    /// <param name="header">The one Authorization header.</param>
    public OAuthOutcome<AuthenticatedClient> FromHeader(OrganisationId organisation, string header, string? clientId)
    {
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || header.Length > MostBytes) return Refused;
        var bytes = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[Scheme.Length..].Trim(), bytes, out var length)) return Refused;
        var text = bytes.AsSpan(0, length);
        var colon = text.IndexOf((byte)':');
        if (colon < 1 || OAuthForm.Decode(text[..colon]) is not { } id || OAuthForm.Decode(text[(colon + 1)..]) is not { } secret) return Refused;
        return clientId is not null && clientId != id ? Refused : Verify(organisation, id, secret);
    }

    public OAuthOutcome<AuthenticatedClient> Verify(OrganisationId organisation, string? id, string secret)
    {
        // The same work for a client that is not there, or has no secret, as for one that has.
        var presented = SHA256.HashData(Encoding.UTF8.GetBytes(secret));
        var client = id is { Length: <= ClientId.MostLength } ? clients.Find(organisation, new ClientId(id)) : null;
        var expected = client?.SecretHash ?? new byte[SHA256.HashSizeInBytes];
        return CryptographicOperations.FixedTimeEquals(presented, expected) && client?.SecretHash is not null ? new AuthenticatedClient(client, Use: null) : Refused;
    }
}
