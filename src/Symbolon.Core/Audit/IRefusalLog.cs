using System.Net;
using Symbolon.Core.Identity;
using Symbolon.Core.Policy;

namespace Symbolon.Core.Audit;

/// <summary>
/// Refusals of callers that nobody knows yet: counted by address, reason and second and recorded once with the count, so that a flood
/// cannot fill the disk. DESIGN.md section 4, Audit durability.
/// </summary>
public interface IRefusalLog
{
    /// <summary>Counts one refusal and returns at once. Memory is bounded: past the bound, addresses are counted together.</summary>
    /// <param name="peer">Null where the connection has no address (a Unix socket).</param>
    void Record(OrganisationId organisation, IPAddress? peer, ReasonCode code);
}
