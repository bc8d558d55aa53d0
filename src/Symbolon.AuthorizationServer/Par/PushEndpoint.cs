using Microsoft.AspNetCore.Http;
using Symbolon.AuthorizationServer.Entry;
using Symbolon.AuthorizationServer.Forms;
using Symbolon.AuthorizationServer.Requests;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.OAuth.Authorizations;

namespace Symbolon.AuthorizationServer.Par;

/// <summary>
/// Takes an authorization request from the client itself (RFC 9126): checked as at the authorization endpoint, after the client has proved itself, and
/// kept under a reference.
/// </summary>
internal sealed class PushEndpoint(ClientEntry entry, KeyProofs keys, RequestCheck check, PushedRequests pushed, ProofLog proofs)
{
    public const string Path = "/oauth/par";

    private const string Action = "push request";

    private static readonly OAuthError OtherKey = OAuthError.InvalidRequest("dpop_jkt is another key than the one whose proof came.");
    private static readonly OAuthError TooMany = OAuthError.TemporarilyUnavailable("Too many pushed requests from here wait to be opened.");

    public async Task HandleAsync(HttpContext http)
    {
        if (await entry.OpenAsync(http) is not { } opened) return;
        if (keys.Check(http, opened, Path).Failed(out var why, out var request) || Read(request).Failed(out why, out _))
        {
            await OAuthAnswer.WriteAsync(http, await proofs.RefuseAsync(request ?? opened, AuditKind.Consent, Action, why));
            return;
        }
        var (reference, kept) = pushed.Make(request.Id, ParametersOf(request), request.Client.IsAnybodys ? PeerNetwork.TextOf(request.Peer) : "");
        var (found, error) = await proofs.UseAsync(request, proofs.RecordOf(request, AuditKind.Consent, request.Client.Self, Action), new AuthorizationWrite.Push(kept));
        if (!found) error = await proofs.RefuseAsync(request, AuditKind.Consent, Action, TooMany);
        if (error is not null)
        {
            await OAuthAnswer.WriteAsync(http, error);
            return;
        }
        await OAuthAnswer.WriteAsync(http, StatusCodes.Status201Created, json =>
        {
            json.WriteString(OAuthParameter.RequestUri, reference);
            json.WriteNumber(OAuthParameter.ExpiresIn, PushedRequests.Life);
        });
    }

    private OAuthOutcome<AuthorizationRequest> Read(ClientRequest request)
    {
        // RFC 9126 §2.1: a pushed request is not a reference to another one.
        if (request.Form[OAuthParameter.RequestUri] is not null) return OAuthError.InvalidRequest("request_uri has no place in a pushed request.");
        if (request.Form[OAuthParameter.ClientId] is { } named && named != request.Id.Value) return OAuthError.InvalidRequest("client_id is not the client that proved itself.");
        if (request.Key is { } key && request.Form[OAuthParameter.DpopKey] is { } other && other != key.ToString()) return OtherKey;
        return RequestCheck.RedirectOf(request.Client, request.Form, request.Origin).Failed(out var why, out var answer) ? why : check.Check(request.Client, request.Form, answer);
    }

    /// <summary>Without what proved the client; with the key whose proof came, which then has to redeem the code (RFC 9449 §10.1).</summary>
    private static string ParametersOf(ClientRequest request)
    {
        var parameters = request.Form.Encode(OAuthParameter.ClientAssertion, OAuthParameter.ClientAssertionType, OAuthParameter.ClientSecret, OAuthParameter.ClientId, OAuthParameter.DpopKey);
        var key = request.Key?.ToString() ?? request.Form[OAuthParameter.DpopKey];
        return $"{parameters}&{OAuthParameter.ClientId}={Uri.EscapeDataString(request.Id.Value)}" + (key is null ? "" : $"&{OAuthParameter.DpopKey}={key}");
    }
}
