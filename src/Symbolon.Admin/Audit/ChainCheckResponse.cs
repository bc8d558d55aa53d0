namespace Symbolon.Admin.Audit;

/// <summary>How far this node has verified the chain.</summary>
/// <param name="State"><c>never</c>, <c>running</c>, <c>verified</c>, <c>tampered</c>, or <c>unreadable</c> where nothing is proved for or against.</param>
/// <param name="VerifiedTo">Number of the last record that fits.</param>
/// <param name="Of">Number of the last record when it was started.</param>
/// <param name="Fault">Why it does not verify.</param>
/// <param name="FaultAt">Number of the record that does not fit.</param>
/// <param name="Hash">SHA-256 of record <paramref name="VerifiedTo"/>, 64 lower-case hex digits: keep it elsewhere, and a chain made anew is seen.</param>
public sealed record ChainCheckResponse(
    string State, long VerifiedTo = 0, long Of = 0, DateTimeOffset? StartedAt = null, DateTimeOffset? FinishedAt = null, string? Fault = null, long? FaultAt = null, string? Hash = null)
{
    public static readonly ChainCheckResponse Never = new("never");
}
