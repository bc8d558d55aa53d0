using Symbolon.AuthorizationServer.Federation;
using Symbolon.AuthorizationServer.Forms;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.OAuth.Proofs;

namespace Symbolon.AuthorizationServer.Enrolment;

/// <summary>An instance of a server that comes with the token of its platform in place of a code.</summary>
internal sealed class PlatformEnrolment(WorkloadAssertions assertions, IWorkloadEnrolments enrolments)
{
    private static readonly OAuthError NoServer = OAuthError.InvalidRequest("client_id is needed beside assertion: server:NAME.");

    /// <returns>What came of it; else an error that is to be counted.</returns>
    /// <exception cref="Core.Snapshot.StoreUnavailableException">Nothing was done.</exception>
    public async Task<OAuthOutcome<EnrolmentOutcome>> EnrolAsync(OAuthForm form, ProofVerdict.Accepted proof, string jwk, string? peer, CancellationToken cancellation)
    {
        if (form[OAuthParameter.ClientId] is not { } named || new ClientId(named).Server is not { } server) return NoServer;
        if ((await assertions.VerifyAsync(OrganisationId.Default, form[OAuthParameter.Assertion]!, cancellation)).Failed(out var why, out var workload)) return why;
        // Not cancelled by a client that leaves: what was begun is finished, and the same key again counts on.
        return await enrolments.EnrolAsync(
            new WorkloadEnrolment(OrganisationId.Default, server, workload.Issuer.Name, workload.Subject, form["instance"], proof.Key, jwk, proof.Use, peer), CancellationToken.None);
    }
}
