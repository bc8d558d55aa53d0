using System.Net;
using Symbolon.AuthorizationServer.Clients;
using Symbolon.AuthorizationServer.Forms;
using Symbolon.Core;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Snapshot;

namespace Symbolon.AuthorizationServer.Registration;

/// <summary>Clients that registered themselves (RFC 7591): public, their names mere claims. One that is gone is <c>invalid_client</c>, and registers again.</summary>
internal sealed class DynamicClients(IDynamicClientStore store, AuthorizationServerOptions options, TimeProvider clock) : IClientSource
{
    /// <summary>No name of anybody else can hold a colon behind these letters.</summary>
    public const string Prefix = "dyn:";

    private static readonly OAuthError NotNow = OAuthError.TemporarilyUnavailable("The store cannot be asked at this moment.");

    public bool Has(ClientId id) => id.Value.StartsWith(Prefix, StringComparison.Ordinal);

    public async ValueTask<OAuthOutcome<RegisteredClient>> FindAsync(OrganisationId organisation, ClientId id, IPAddress? peer, CancellationToken cancellation)
    {
        if (!options.DynamicRegistration) return ClientDirectory.Unknown;
        try
        {
            return await store.FindAsync(organisation, id, clock.Microseconds(), cancellation) is { } found
                ? new RegisteredClient { Id = found.Id, Name = found.Name, Redirects = found.Redirects, MustProveKey = found.DpopBound, MustPush = found.MustPush } : ClientDirectory.Unknown;
        }
        catch (StoreUnavailableException)
        {
            return NotNow;
        }
    }
}
