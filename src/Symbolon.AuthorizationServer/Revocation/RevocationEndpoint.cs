using System.Text;
using Microsoft.AspNetCore.Http;
using Symbolon.AuthorizationServer.Entry;
using Symbolon.AuthorizationServer.Forms;
using Symbolon.AuthorizationServer.Issuing;
using Symbolon.Core;
using Symbolon.Core.AccessTokens;
using Symbolon.Core.Changes;
using Symbolon.Core.OAuth;
using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;

namespace Symbolon.AuthorizationServer.Revocation;

/// <summary>
/// A client gives back a token of its own (RFC 7009). A token that is none, has ended, or is another client's is answered like one that was
/// revoked, and nothing happens to it (§2.2). A refresh token ends with all that was issued beside it. The hint of its type is not needed: what it is can be seen.
/// </summary>
internal sealed class RevocationEndpoint(ClientEntry entry, ProofLog proofs, AccessTokenReader reader, EventsTokenReader events, IAuthorizationStore authorizations, Revoker revoker, TimeProvider clock)
{
    public const string Path = "/oauth/revoke";

    private static readonly OAuthError NotDurable = OAuthError.TemporarilyUnavailable("This node refuses the token already, but that is not durable yet. It is tried again.");

    private static readonly OAuthError NotKnown = OAuthError.TemporarilyUnavailable("The store cannot be asked at this moment; nothing was revoked.");

    public async Task HandleAsync(HttpContext http)
    {
        if (await entry.OpenAsync(http) is not { } request) return;
        var error = await proofs.UseAsync(request, record: null);
        if (error is null && request.Form[OAuthParameter.Token] is null) error = OAuthError.InvalidRequest("token is missing.");
        if (error is null && RefreshSecrets.IsOne(request.Form[OAuthParameter.Token]!)) error = await RevokeFamilyAsync(request);
        else if (error is null && OwnToken(request) is { } token) error = await RevokeAsync(request, new RevocationTarget(token.Holder, token), RevocationLevel.Token, token.Id.Value);
        else if (error is null && OwnEventsToken(request) is { } fetching) error = await RevokeAsync(request, new RevocationTarget(Holder: null), RevocationLevel.Token, fetching.Id.Value);
        if (error is not null) await OAuthAnswer.WriteAsync(http, error);
        else http.Response.ContentLength = 0;
    }

    private TokenRecord? OwnToken(ClientRequest request)
    {
        var text = request.Form[OAuthParameter.Token]!;
        return Ascii.IsValid(text) && reader.Read(Encoding.ASCII.GetBytes(text), clock.Microseconds()) is AccessTokenReading.Valid { Token: var token }
            && token.Organisation == request.Organisation && token.OAuth!.Client == request.Id ? token : null;
    }

    private EventsToken? OwnEventsToken(ClientRequest request) =>
        events.Read(request.Form[OAuthParameter.Token]!, clock.Microseconds()) is { } token && token.Organisation == request.Organisation && token.Client == request.Id ? token : null;

    /// <summary>Any token of the family, also one that was used already: the client means the whole of it.</summary>
    private async Task<OAuthError?> RevokeFamilyAsync(ClientRequest request)
    {
        try
        {
            if (await authorizations.FindRefreshAsync(request.Organisation, RefreshSecrets.HashOf(request.Form[OAuthParameter.Token]!), CancellationToken.None)
                is not { Authorization: var authorization } || authorization.Client != request.Id) return null;
            return await RevokeAsync(request, new RevocationTarget(authorization.Holder) { Authorization = authorization }, RevocationLevel.Authorization, authorization.Id.Value);
        }
        catch (StoreUnavailableException)
        {
            return NotKnown;
        }
    }

    private async Task<OAuthError?> RevokeAsync(ClientRequest request, RevocationTarget target, RevocationLevel level, string name)
    {
        var requester = new Requester(request.Organisation, request.Id.Value, request.Peer?.ToString());
        return await revoker.RevokeAsync(requester, new RevocationOrder(level, name, Reason: null), target, CancellationToken.None) is Result<Revoked>.Done ? null : NotDurable;
    }
}
