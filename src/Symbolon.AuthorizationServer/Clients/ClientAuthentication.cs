using Microsoft.AspNetCore.Http;
using Symbolon.AuthorizationServer.Forms;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;

namespace Symbolon.AuthorizationServer.Clients;

/// <summary>Finds out which client sent a request, by the one method that it used (RFC 6749 §2.3). Uses nothing up yet.</summary>
internal sealed class ClientAuthentication(ClientAssertion assertions, ClientSecret secrets, ClientDirectory clients)
{
    private static readonly OAuthError Several = OAuthError.InvalidRequest("A client proves itself in one way at a time.");

    private static readonly OAuthError NoProof = OAuthError.InvalidClient("The client has to prove itself by private_key_jwt.");

    /// <summary>The methods that are taken, as metadata names them: secrets only where a client is marked legacy.</summary>
    public IReadOnlyList<string> Methods(OrganisationId organisation) =>
        clients.HasLegacy(organisation) ? [ClientAssertion.Method, .. ClientSecret.Methods] : [ClientAssertion.Method];

    /// <param name="issuer">Ours, as it was selected by this request.</param>
    public OAuthOutcome<AuthenticatedClient> Authenticate(HttpContext http, OrganisationId organisation, OAuthForm form, string issuer)
    {
        var assertion = form[OAuthParameter.ClientAssertion];
        var type = form[OAuthParameter.ClientAssertionType];
        var bySecret = form[OAuthParameter.ClientSecret] is not null;
        var byHeader = http.Request.Headers.Authorization.Count > 0;
        var byAssertion = assertion is not null || type is not null;
        if ((bySecret ? 1 : 0) + (byHeader ? 1 : 0) + (byAssertion ? 1 : 0) > 1) return Several;
        if (byHeader)
            return http.Request.Headers.Authorization is [{ } header] ? secrets.FromHeader(organisation, header, form[OAuthParameter.ClientId]) : Several;
        if (form[OAuthParameter.ClientSecret] is { } secret) return secrets.Verify(organisation, form[OAuthParameter.ClientId], secret);
        if (!byAssertion) return NoProof;
        if (assertion is null || type is null) return OAuthError.InvalidRequest("client_assertion and client_assertion_type belong together.");
        if (type != ClientAssertion.Type) return OAuthError.InvalidRequest($"client_assertion_type must be {ClientAssertion.Type}.");
        return assertions.Verify(organisation, assertion, form[OAuthParameter.ClientId], issuer);
    }
}
