using Symbolon.AuthorizationServer.Entry;
using Symbolon.AuthorizationServer.Forms;
using Symbolon.AuthorizationServer.Issuing;
using Symbolon.Core.OAuth;

namespace Symbolon.AuthorizationServer.Token;

/// <summary>A client that acts for itself (RFC 6749 §4.4): an agent or a workflow, a server at its API, or an API that fetches its security events. There is no refresh token; it asks again with its key.</summary>
internal sealed class ClientCredentialsGrant(OwnTokens tokens, ServerRequests servers) : IGrant
{
    public string Type => "client_credentials";

    public Task<OAuthOutcome<GrantedToken>> DecideAsync(ClientRequest request) => Task.FromResult(Decide(request));

    private OAuthOutcome<GrantedToken> Decide(ClientRequest request)
    {
        if (request.Client.Server is not null) return OfServer(request);
        if (request.Client.Audience is not null) return EventsRequests.Decide(request);
        if (request.Client is not { IsPublic: false, Self: { } self }) return OAuthError.UnauthorizedClient("This client acts for people only; it is no agent or workflow.");
        return tokens.Decide(request, self);
    }

    private OAuthOutcome<GrantedToken> OfServer(ClientRequest request)
    {
        if (servers.Open(request).Failed(out var why, out var server) || AskedNeeds.Of(request.Form, server.Needs, "the approved needs of its tools").Failed(out why, out var needs)) return why;
        return new GrantedToken(new DownstreamOrder(request.Organisation, request.Origin, server.Name, server.Credential.Audience, server.Credential.TtlSeconds) { Limits = needs, KeyTerm = server.KeyTerm });
    }
}
