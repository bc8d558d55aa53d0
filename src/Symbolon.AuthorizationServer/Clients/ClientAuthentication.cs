using Microsoft.AspNetCore.Http;
using Symbolon.AuthorizationServer.Forms;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;

namespace Symbolon.AuthorizationServer.Clients;

/// <summary>Finds out which client sent a request, by the one method that it used (RFC 6749 §2.3). Uses nothing up yet.</summary>
internal sealed class ClientAuthentication(ClientAssertion assertions, ClientSecret secrets, ClientDirectory clients, WorkloadClients workloads)
{
    /// <summary>The name of having no proof (RFC 7591 §2).</summary>
    public const string NoMethod = "none";

    private static readonly OAuthError Several = OAuthError.InvalidRequest("A client proves itself in one way at a time.");

    private static readonly OAuthError NoAssertion = OAuthError.InvalidRequest("assertion is missing.");

    private static readonly OAuthError NoProof = OAuthError.InvalidClient("The client has to prove itself by private_key_jwt.");

    /// <summary>The methods that are taken, as metadata names them: secrets only where a client is marked legacy.</summary>
    public IReadOnlyList<string> Methods(OrganisationId organisation) =>
        clients.HasLegacy(organisation) ? [ClientAssertion.Method, .. ClientSecret.Methods] : [ClientAssertion.Method];

    /// <param name="issuer">Ours, as it was selected by this request.</param>
    /// <param name="allowsWorkloads">Whether a token of its platform is taken: where a key is proved besides, since such a token can be shown again by whoever has seen it.</param>
    /// <param name="allowsFormer">Whether a key is known that a server's instance has replaced.</param>
    public async Task<OAuthOutcome<AuthenticatedClient>> AuthenticateAsync(HttpContext http, OrganisationId organisation, OAuthForm form, string issuer, bool allowsWorkloads, bool allowsFormer)
    {
        var assertion = form[OAuthParameter.ClientAssertion];
        var type = form[OAuthParameter.ClientAssertionType];
        var bySecret = form[OAuthParameter.ClientSecret] is not null;
        var byHeader = http.Request.Headers.Authorization.Count > 0;
        var byAssertion = assertion is not null || type is not null;
        if ((bySecret ? 1 : 0) + (byHeader ? 1 : 0) + (byAssertion ? 1 : 0) > 1) return Several;
        if (allowsWorkloads && form[OAuthParameter.GrantType] == WorkloadClients.GrantType)
        {
            if (bySecret || byHeader || byAssertion) return Several;
            return form[OAuthParameter.Assertion] is { } shown ? await WorkloadAsync(http, organisation, shown, form[OAuthParameter.ClientId]) : NoAssertion;
        }
        if (byHeader)
            return http.Request.Headers.Authorization is [{ } header] ? secrets.FromHeader(organisation, header, form[OAuthParameter.ClientId]) : Several;
        if (form[OAuthParameter.ClientSecret] is { } secret) return secrets.Verify(organisation, form[OAuthParameter.ClientId], secret);
        if (!byAssertion) return await FindPublicAsync(organisation, form[OAuthParameter.ClientId], http);
        if (assertion is null || type is null) return OAuthError.InvalidRequest("client_assertion and client_assertion_type belong together.");
        if (type != ClientAssertion.Type) return OAuthError.InvalidRequest($"client_assertion_type must be {ClientAssertion.Type}.");
        var read = ClientAssertion.Read(assertion);
        if (allowsWorkloads && form[OAuthParameter.ClientId] is { } named && read?.Client.Value != named && IsWorkload(new ClientId(named)))
            return (await WorkloadAsync(http, organisation, assertion, named)).Failed(out var refused, out var workload) ? AsClient(refused) : workload;
        if (read is not { } said) return ClientAssertion.Refused;
        if ((await clients.FindAsync(organisation, said.Client, http.Connection.RemoteIpAddress, http.RequestAborted)).Failed(out var why, out var client) && !why.IsInvalidClient) return why;
        if (allowsFormer && client is not null) client = clients.WithFormerKey(organisation, client, said.KeyId);
        return assertions.Verify(organisation, client, said, form[OAuthParameter.ClientId], issuer);
    }

    private static bool IsWorkload(ClientId id) => id.Agent is not null || id.Workflow is not null;

    /// <summary>What is wrong with a client's assertion is not called as what is wrong with a grant (RFC 7523 §3.2).</summary>
    private static OAuthError AsClient(OAuthError why) => why.Code == "invalid_grant" ? why with { Code = OAuthError.InvalidClientCode } : why;

    private async Task<OAuthOutcome<AuthenticatedClient>> WorkloadAsync(HttpContext http, OrganisationId organisation, string assertion, string? named) =>
        await workloads.AuthenticateAsync(organisation, assertion, named, http.Connection.RemoteIpAddress, http.RequestAborted);

    /// <summary>One that can prove itself has to.</summary>
    private async Task<OAuthOutcome<AuthenticatedClient>> FindPublicAsync(OrganisationId organisation, string? id, HttpContext http)
    {
        if (id is null) return NoProof;
        if ((await clients.FindAsync(organisation, new ClientId(id), http.Connection.RemoteIpAddress, http.RequestAborted)).Failed(out var why, out var client)) return why;
        return client.IsPublic ? new AuthenticatedClient(client, Use: null) : ClientDirectory.Unknown;
    }
}
