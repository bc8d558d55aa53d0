using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Registry;

namespace Symbolon.AuthorizationServer.Issuing;

/// <summary>What an access token shall be; everything in it is decided.</summary>
/// <param name="Access">What it names of the resource's server, never more than the holder's live grants allow.</param>
/// <param name="Seconds">Its life.</param>
internal sealed record AccessTokenOrder(
    OrganisationId Organisation, string Issuer, ClientId Client, Holder Holder, AuthorizationId Authorization, ProtectedResource Resource, ServerAccess Access, long Seconds)
{
    public string Scope => string.Join(' ', Scopes.Of(Access));
}
