namespace Symbolon.Admin.Console.Sessions;

/// <summary>The result of an action just taken, said once. It is never the only trace of it: the audit has the record.</summary>
/// <param name="Said">One sentence, e.g. "Token of mail-drafts revoked".</param>
/// <param name="Detail">What was measured or still works.</param>
public sealed record Notice(string Said, string? Detail = null)
{
    /// <summary>It was refused, or is not durable yet.</summary>
    public bool IsRefusal { get; init; }
}
