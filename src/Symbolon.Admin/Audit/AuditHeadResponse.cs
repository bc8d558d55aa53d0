namespace Symbolon.Admin.Audit;

/// <summary>The end of the chain.</summary>
/// <param name="Seq">Number of the last record; 0 when there is none.</param>
/// <param name="Hash">SHA-256 of its text, 64 lower-case hex digits.</param>
public sealed record AuditHeadResponse(long Seq, string Hash);
