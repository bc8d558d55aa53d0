namespace Symbolon.Cli.Output;

/// <summary>How a command ended, for scripts. DESIGN.md section 4, Command line.</summary>
internal enum ExitCode
{
    Ok = 0,

    /// <summary>It failed; for <c>audit verify</c>: what is there cannot be verified.</summary>
    Error = 1,

    /// <summary>Findings, refused, tampered, or a review is needed.</summary>
    Findings = 2,

    Usage = 3,
    SignInNeeded = 4,
    NotFound = 5,
    Conflict = 6,
    Unreachable = 7,
    Interrupted = 130,
}
