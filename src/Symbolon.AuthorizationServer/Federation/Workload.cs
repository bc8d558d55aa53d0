using Symbolon.Core.Registry;

namespace Symbolon.AuthorizationServer.Federation;

/// <summary>A workload whose platform has said who it is: the assertion verifies, is for us, and is of a subject that its issuer is trusted for.</summary>
/// <param name="Ends">When the assertion does, in seconds since the Unix epoch.</param>
internal sealed record Workload(IssuerObject Issuer, string Subject, long Ends)
{
    private const int MostShown = 256;

    /// <summary>As a record says it; a subject of printable ASCII (<see cref="WorkloadAssertions"/>), cut.</summary>
    public string InWords => $"as {(Subject.Length > MostShown ? Subject[..MostShown] + "..." : Subject)} of issuer {Issuer.Name}";
}
