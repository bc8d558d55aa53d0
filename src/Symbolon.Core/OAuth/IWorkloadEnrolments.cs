using Symbolon.Core.Identity;
using Symbolon.Core.OAuth.Proofs;
using Symbolon.Jose;

namespace Symbolon.Core.OAuth;

/// <summary>
/// Takes the key of a server's instance by the word of its platform. The authorization server has verified who it is and that it holds the key; the registry knows which servers'
/// approved files name it.
/// </summary>
public interface IWorkloadEnrolments
{
    /// <summary>Enrols the key, or lets it count longer, with the use of its proof, in one commit.</summary>
    /// <exception cref="Snapshot.StoreUnavailableException">Nothing was done.</exception>
    Task<EnrolmentOutcome> EnrolAsync(WorkloadEnrolment enrolment, CancellationToken cancellation);
}

/// <param name="Server">As which server it comes.</param>
/// <param name="Subject">Whom the issuer says that it is; verified.</param>
/// <param name="Instance">The name that the instance gives itself; null for none.</param>
/// <param name="Key">Thumbprint of the key that was proved.</param>
/// <param name="Jwk">The same key, one JSON object (RFC 7517).</param>
/// <param name="Proof">Used up with an enrolment that is taken.</param>
public sealed record WorkloadEnrolment(
    OrganisationId Organisation, ServerName Server, IssuerName Issuer, string Subject, string? Instance, Sha256Value Key, string Jwk, ProofUse Proof, string? Peer);
