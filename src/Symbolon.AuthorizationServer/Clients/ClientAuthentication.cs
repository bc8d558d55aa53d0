using Microsoft.AspNetCore.Http;
using Symbolon.AuthorizationServer.Forms;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;

namespace Symbolon.AuthorizationServer.Clients;

/// <summary>Finds out which client sent a request, by the one method that it used (RFC 6749 §2.3). Uses nothing up yet.</summary>
internal sealed class ClientAuthentication(ClientAssertion assertions, ClientSecret secrets, ClientDirectory clients)
{
    /// <summary>The name of having no proof (RFC 7591 §2).</summary>
    public const string NoMethod = "none";

    private static readonly OAuthError Several = OAuthError.InvalidRequest("A client proves itself in one way at a time.");

    private static readonly OAuthError NoProof = OAuthError.InvalidClient("The client has to prove itself by private_key_jwt.");

    /// <summary>The methods that are taken, as metadata names them: secrets only where a client is marked legacy.</summary>
    public IReadOnlyList<string> Methods(OrganisationId organisation) =>
        clients.HasLegacy(organisation) ? [ClientAssertion.Method, .. ClientSecret.Methods] : [ClientAssertion.Method];

    /// <param name="issuer">Ours, as it was selected by this request.</param>
    public async Task<OAuthOutcome<AuthenticatedClient>> AuthenticateAsync(HttpContext http, OrganisationId organisation, OAuthForm form, string issuer)
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
        if (!byAssertion) return await FindPublicAsync(organisation, form[OAuthParameter.ClientId], http);
        if (assertion is null || type is null) return OAuthError.InvalidRequest("client_assertion and client_assertion_type belong together.");
        if (type != ClientAssertion.Type) return OAuthError.InvalidRequest($"client_assertion_type must be {ClientAssertion.Type}.");
        if (ClientAssertion.Read(assertion) is not { } said) return ClientAssertion.Refused;
        if ((await clients.FindAsync(organisation, said.Client, http.Connection.RemoteIpAddress, http.RequestAborted)).Failed(out var why, out var client) && !why.IsInvalidClient) return why;
        return assertions.Verify(organisation, client, said, form[OAuthParameter.ClientId], issuer);
    }

    /// <summary>One that can prove itself has to.</summary>
    private async Task<OAuthOutcome<AuthenticatedClient>> FindPublicAsync(OrganisationId organisation, string? id, HttpContext http)
    {
        if (id is null) return NoProof;
        if ((await clients.FindAsync(organisation, new ClientId(id), http.Connection.RemoteIpAddress, http.RequestAborted)).Failed(out var why, out var client)) return why;
        return client.IsPublic ? new AuthenticatedClient(client, Use: null) : ClientDirectory.Unknown;
    }
}
