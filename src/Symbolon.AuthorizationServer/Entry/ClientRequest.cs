using System.Net;
using Symbolon.AuthorizationServer.Clients;
using Symbolon.AuthorizationServer.Forms;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;

namespace Symbolon.AuthorizationServer.Entry;

/// <summary>A request of a client that has proved itself.</summary>
/// <param name="Origin">The origin that it selected, which is our issuer.</param>
/// <param name="Peer">Where it came from; null where the connection has no address.</param>
internal sealed record ClientRequest(OrganisationId Organisation, AuthenticatedClient Proof, OAuthForm Form, string Origin, IPAddress? Peer)
{
    public RegisteredClient Client => Proof.Client;

    public ClientId Id => Proof.Client.Id;
}
