using System.Text;
using Microsoft.AspNetCore.Http;
using Symbolon.AuthorizationServer.Clients;
using Symbolon.AuthorizationServer.Forms;
using Symbolon.AuthorizationServer.Par;
using Symbolon.AuthorizationServer.Requests;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.OAuth.Authorizations;

namespace Symbolon.AuthorizationServer.Authorize;

/// <summary>Reads an authorization request from an address: the parameters themselves, or the reference to a pushed request, beside which nothing but the client counts (RFC 9126 §4).</summary>
internal sealed class AuthorizeReader(ClientDirectory clients, RequestCheck check, PushedRequests pushed)
{
    private const int MostQuery = 16 * 1024;

    private static readonly OAuthError NoClient = OAuthError.InvalidRequest("client_id is missing.");
    private static readonly OAuthError TooLong = OAuthError.InvalidRequest("The address is too long. Push the request instead (RFC 9126).");

    private static readonly OAuthError NotPushed = OAuthError.InvalidRequest("This client pushes its requests first (require_pushed_authorization_requests): send client_id and request_uri alone.");

    /// <param name="origin">That the request selected.</param>
    public async Task<ReadRequest> ReadAsync(HttpContext http, OrganisationId organisation, string origin)
    {
        var query = http.Request.QueryString.Value ?? "";
        if (query.Length > MostQuery) return new ReadRequest.Stopped(TooLong);
        if (OAuthForm.Parse(Encoding.UTF8.GetBytes(query.TrimStart('?'))).Failed(out var why, out var form)) return new ReadRequest.Stopped(why);
        if (form[OAuthParameter.ClientId] is not { } id) return new ReadRequest.Stopped(NoClient);
        if ((await clients.FindAsync(organisation, new ClientId(id), http.Connection.RemoteIpAddress, http.RequestAborted)).Failed(out why, out var client)) return new ReadRequest.Stopped(why);
        PushedRequest? found = null;
        var again = form.Encode(AuthorizeEndpoint.SinceParameter);
        if (form[OAuthParameter.RequestUri] is { } reference && reference.StartsWith(PushedRequests.Prefix, StringComparison.Ordinal))
        {
            var browser = BrowserSecret.ReadOrMake(http, origin);
            if ((await pushed.OpenAsync(organisation, reference, client.Id, browser, http.RequestAborted)).Failed(out why, out found) || OAuthForm.Parse(Encoding.UTF8.GetBytes(found.Parameters)).Failed(out why, out form))
                return new ReadRequest.Stopped(why);
        }
        if (RequestCheck.RedirectOf(client, form, origin).Failed(out why, out var answer)) return new ReadRequest.Stopped(why);
        if (client.MustPush && found is null) return new ReadRequest.Bad(answer, NotPushed, client.IsVouchedFor);
        return check.Check(client, form, answer).Failed(out why, out var request) ? new ReadRequest.Bad(answer, why, client.IsVouchedFor) : new ReadRequest.Good(request with { Pushed = found }, again);
    }
}
