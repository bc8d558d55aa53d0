using Symbolon.Core.Identity;
using Symbolon.Core.OAuth.Proofs;
using Symbolon.Core.Registry;
using Symbolon.Jose;

namespace Symbolon.Core.OAuth;

/// <summary>
/// Takes the key of a server's instance for the code that an administrator gave it. The registry knows the codes; the authorization server, to which the instance comes, has
/// verified that it holds the key.
/// </summary>
public interface IEnrolments
{
    /// <summary>Enrols the key once, with the use of its proof, in one commit; the same code and key again get the same answer.</summary>
    /// <exception cref="Snapshot.StoreUnavailableException">Nothing was done.</exception>
    Task<EnrolmentOutcome> ClaimAsync(EnrolmentClaim claim, CancellationToken cancellation);

    /// <summary>Puts another key of the same instance in the place of the one that has signed the request; the same two again get the same answer.</summary>
    /// <exception cref="Snapshot.StoreUnavailableException">Nothing was done.</exception>
    Task<EnrolmentOutcome> SucceedAsync(KeySuccession succession, CancellationToken cancellation);
}

/// <param name="Code">As it came.</param>
/// <param name="Instance">The name that the instance gives itself; null for none.</param>
/// <param name="Key">Thumbprint of the key that was proved.</param>
/// <param name="Jwk">The same key, one JSON object (RFC 7517).</param>
/// <param name="Proof">Used up with a claim that is taken.</param>
public sealed record EnrolmentClaim(OrganisationId Organisation, string Code, string? Instance, Sha256Value Key, string Jwk, ProofUse Proof, string? Peer);

/// <param name="Predecessor">Thumbprint of the key that signed the client's assertion. The same as <paramref name="Key"/> asks only whether that is enrolled.</param>
/// <param name="Key">Thumbprint of the key that was proved.</param>
/// <param name="Jwk">The same key, one JSON object (RFC 7517).</param>
/// <param name="Uses">Of assertion and proof; used up whatever the answer is.</param>
public sealed record KeySuccession(OrganisationId Organisation, ServerName Server, Sha256Value Predecessor, Sha256Value Key, string Jwk, IReadOnlyList<ProofUse> Uses, string? Peer);

/// <summary>What came of a claim.</summary>
public abstract record EnrolmentOutcome
{
    private EnrolmentOutcome() { }

    public sealed record Enrolled(ServerName Server, ServerInstance Instance, UpstreamCredential.Exchange Credential) : EnrolmentOutcome;

    /// <summary>The proof was used before.</summary>
    public sealed record Replayed : EnrolmentOutcome;

    /// <param name="Message">For people, in ASCII, without quotation marks.</param>
    /// <param name="IsRecorded">It is in the audit; what is not is to be counted.</param>
    public sealed record Refused(string Message, bool IsRecorded = false) : EnrolmentOutcome;
}
