using System.Net;
using Symbolon.AuthorizationServer.Federation;
using Symbolon.AuthorizationServer.Forms;
using Symbolon.Core;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Policy;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;

namespace Symbolon.AuthorizationServer.Clients;

/// <summary>
/// The agent or workflow that a platform's token speaks of, which needs no key that lasts: it gets tokens for a key that it proves with each request (RFC 7523 §2.1 and §2.2).
/// </summary>
internal sealed class WorkloadClients(Configuration configuration, ClientDirectory clients, WorkloadAssertions assertions, IAuditLog audit, TimeProvider clock)
{
    /// <summary>The value of <c>grant_type</c> (RFC 7523 §2.1).</summary>
    public const string GrantType = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    private static readonly OAuthError NotDurable = OAuthError.TemporarilyUnavailable("It cannot be recorded at this moment; nothing was done.");
    private static readonly OAuthError Nobody = OAuthError.InvalidGrant("No agent or workflow is federated with the subject of the assertion.");
    private static readonly OAuthError NotActive = OAuthError.InvalidGrant("The agent or workflow of this subject is not active.");
    private static readonly OAuthError OtherClient = OAuthError.InvalidGrant("client_id is not the agent or workflow of this subject.");

    /// <param name="named">The parameter <c>client_id</c>, where it was sent.</param>
    /// <returns>The client; else <c>invalid_grant</c>, or <c>temporarily_unavailable</c>. What is wrong with a token that is trusted is on record then.</returns>
    public async ValueTask<OAuthOutcome<AuthenticatedClient>> AuthenticateAsync(OrganisationId organisation, string assertion, string? named, IPAddress? peer, CancellationToken cancellation)
    {
        if ((await assertions.VerifyAsync(organisation, assertion, cancellation)).Failed(out var why, out var workload)) return why;
        if (!Find(organisation, workload, named).Failed(out why, out var client)) return new AuthenticatedClient(client with { MustProveKey = true }, Use: null) { Workload = workload };
        var record = new AuditEvent
        {
            Kind = AuditKind.TokenIssued, Organisation = organisation, Time = clock.Microseconds(), Peer = peer?.ToString(), Target = $"{ObjectKind.Issuer}/{workload.Issuer.Name}",
            Action = $"issue refused: {why.Description}", Reason = workload.InWords, Allowed = false, Code = ReasonCode.Unauthenticated,
        };
        audit.Append(record);
        return await record.Durable() ? why with { IsRecorded = true } : NotDurable;
    }

    private OAuthOutcome<RegisteredClient> Find(OrganisationId organisation, Workload workload, string? named)
    {
        var found = configuration.Agents(organisation).Concat<IdentityObject>(configuration.Workflows(organisation)).Where(identity => identity.State != Lifecycle.Retired
            && identity.Federation.Any(each => each.Issuer == workload.Issuer.Name && each.Subject.Matches(workload.Subject))).ToList();
        if (found.Count == 0) return Nobody;
        if (found.Count > 1)
            return OAuthError.InvalidGrant($"{found.Count} agents and workflows are federated with the subject of the assertion, so nobody can tell which of them it is. Narrow their subjects.");
        var id = found[0] is AgentObject agent ? ClientId.Of(agent.Name) : ClientId.Of(((WorkflowObject)found[0]).Name);
        if (named is not null && named != id.Value) return OtherClient;
        return clients.Find(organisation, id) is { } client ? client : NotActive;
    }
}
