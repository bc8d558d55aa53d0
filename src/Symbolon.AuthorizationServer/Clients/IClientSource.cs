using System.Net;
using Symbolon.AuthorizationServer.Forms;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;

namespace Symbolon.AuthorizationServer.Clients;

/// <summary>Clients that are not in the configuration.</summary>
internal interface IClientSource
{
    /// <summary>Whether the id has the form of those that are looked for here, and nowhere else.</summary>
    bool Has(ClientId id);

    /// <returns>The client; <c>invalid_client</c> when there is none, <c>temporarily_unavailable</c> when that cannot be found out now.</returns>
    /// <param name="peer">Who makes it be looked for.</param>
    ValueTask<OAuthOutcome<RegisteredClient>> FindAsync(OrganisationId organisation, ClientId id, IPAddress? peer, CancellationToken cancellation);
}
