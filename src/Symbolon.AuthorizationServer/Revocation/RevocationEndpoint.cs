using System.Text;
using Microsoft.AspNetCore.Http;
using Symbolon.AuthorizationServer.Entry;
using Symbolon.AuthorizationServer.Forms;
using Symbolon.Core;
using Symbolon.Core.AccessTokens;
using Symbolon.Core.Changes;
using Symbolon.Core.OAuth;
using Symbolon.Core.Revocation;

namespace Symbolon.AuthorizationServer.Revocation;

/// <summary>
/// A client gives back a token of its own (RFC 7009). A token that is none, has ended, or is another client's is answered like one that was
/// revoked, and nothing happens to it (§2.2). The hint of its type is not needed: there is one type that is looked for.
/// </summary>
internal sealed class RevocationEndpoint(ClientEntry entry, ProofLog proofs, AccessTokenReader reader, Revoker revoker, TimeProvider clock)
{
    public const string Path = "/oauth/revoke";

    private static readonly OAuthError NotDurable = OAuthError.TemporarilyUnavailable("This node refuses the token already, but that is not durable yet. It is tried again.");

    public async Task HandleAsync(HttpContext http)
    {
        if (await entry.OpenAsync(http) is not { } request) return;
        var error = await proofs.UseAsync(request, record: null);
        if (error is null && request.Form[OAuthParameter.Token] is null) error = OAuthError.InvalidRequest("token is missing.");
        if (error is null && OwnToken(request) is { } token) error = await RevokeAsync(request, token);
        if (error is not null) await OAuthAnswer.WriteAsync(http, error);
        else http.Response.ContentLength = 0;
    }

    private TokenRecord? OwnToken(ClientRequest request)
    {
        var text = request.Form[OAuthParameter.Token]!;
        return Ascii.IsValid(text) && reader.Read(Encoding.ASCII.GetBytes(text), clock.Microseconds()) is AccessTokenReading.Valid { Token: var token }
            && token.Organisation == request.Organisation && token.OAuth!.Client == request.Id ? token : null;
    }

    private async Task<OAuthError?> RevokeAsync(ClientRequest request, TokenRecord token)
    {
        var requester = new Requester(request.Organisation, request.Id.Value, request.Peer?.ToString());
        var order = new RevocationOrder(RevocationLevel.Token, token.Id.Value, Reason: null);
        return await revoker.RevokeAsync(requester, order, new RevocationTarget(token.Holder, token), CancellationToken.None) is Result<Revoked>.Done ? null : NotDurable;
    }
}
