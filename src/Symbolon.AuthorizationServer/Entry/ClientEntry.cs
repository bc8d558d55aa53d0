using Microsoft.AspNetCore.Http;
using Symbolon.AuthorizationServer.Clients;
using Symbolon.AuthorizationServer.Forms;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Policy;
using Symbolon.Core.Snapshot;

namespace Symbolon.AuthorizationServer.Entry;

/// <summary>
/// The way into every endpoint for clients: origin, state that can be trusted, form, authentication. Who does not get in is answered and counted
/// here. The proof of who does is not used up yet: <see cref="ProofLog"/> does that with the record of what was decided.
/// </summary>
internal sealed class ClientEntry(ClientAuthentication authentication, IPublicOrigins origins, IRefusalLog refusals, Freshness freshness)
{
    private static readonly OAuthError Stale = OAuthError.TemporarilyUnavailable("This node cannot confirm that what it knows is current.");

    private static readonly OAuthError HasToProve = OAuthError.InvalidClient("Only a client that can prove itself is answered here.");

    /// <param name="allowsPublic">Whether a client that can prove itself by nothing is let in.</param>
    /// <param name="allowsWorkloads">Whether a token of its platform is a proof too.</param>
    /// <param name="allowsFormer">Whether a key is known that a server's instance has replaced: where it can do no more than give itself away.</param>
    /// <returns>Null when it is answered already.</returns>
    public async Task<ClientRequest?> OpenAsync(HttpContext http, bool allowsPublic = true, bool allowsWorkloads = false, bool allowsFormer = false)
    {
        var organisation = OrganisationId.Default;
        var peer = http.Connection.RemoteIpAddress;
        if (origins.Selected(http.Request.Host.Value) is not { } origin)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return null;
        }
        if (!freshness.IsCurrent)
        {
            await OAuthAnswer.WriteAsync(http, Stale);
            return null;
        }
        if (!(await OAuthForm.ReadAsync(http)).Failed(out var why, out var form)
            && !(await authentication.AuthenticateAsync(http, organisation, form, origin, allowsWorkloads, allowsFormer)).Failed(out why, out var client))
        {
            if (allowsPublic || !client.Client.IsPublic) return new ClientRequest(organisation, client, form, origin, peer);
            why = HasToProve;
        }
        if (!why.IsRecorded) refusals.Record(organisation, peer, why.IsInvalidClient || why.Code == "invalid_grant" ? ReasonCode.Unauthenticated : ReasonCode.MalformedRequest);
        await OAuthAnswer.WriteAsync(http, why);
        return null;
    }
}
