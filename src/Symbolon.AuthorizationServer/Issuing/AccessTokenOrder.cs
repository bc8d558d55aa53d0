using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Registry;
using Symbolon.Core.Resources;
using Symbolon.Jose;

namespace Symbolon.AuthorizationServer.Issuing;

/// <summary>What an access token shall be; everything in it is decided.</summary>
/// <param name="Access">What it names of the resource's server, never more than the holder's live grants allow.</param>
/// <param name="Seconds">Its life.</param>
internal sealed record AccessTokenOrder(
    OrganisationId Organisation, string Issuer, ClientId Client, Holder Holder, AuthorizationId Authorization, ProtectedResource Resource, ServerAccess Access, long Seconds)
{
    /// <summary>Thumbprint of the key that it is bound to; null for a bearer token. Set by the endpoint, so that no grant can forget it.</summary>
    public Sha256Value? Key { get; init; }

    /// <summary>RFC 6749 §7.1, RFC 9449 §5.</summary>
    public string TokenType => Key is null ? "Bearer" : "DPoP";

    /// <summary>When the person consented, in microseconds since the Unix epoch; null for a client that acts for itself.</summary>
    public long? AuthorizedAt { get; init; }

    /// <summary>All that a call may need behind the server; null for no such limit.</summary>
    public ResourceSet? Limits { get; init; }

    public string Scope => string.Join(' ', Scopes.Of(Access));
}
