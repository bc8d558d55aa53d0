namespace Symbolon.Admin.Console.AuditPages;

/// <summary>What one row shows: a call of two records, or any other record by itself.</summary>
/// <param name="Main">How it ended, or the only record there is so far. It gives the row its place.</param>
/// <param name="Intent">The record of the decision, where it is another one and was found nearby.</param>
public sealed record AuditEntry(AuditLine Main, AuditLine? Intent = null)
{
    public long Seq => Main.Seq;

    /// <summary>It has, or will have, two records.</summary>
    public bool IsCall => Main.IsIntent || Main.IsOutcome;

    /// <summary>A request of a caller, be it a call or anything else.</summary>
    public bool IsRequest => IsCall || Main.Kind == "request";

    /// <summary>The record that holds what was decided; null where only the end is known.</summary>
    public AuditLine? Decided => Intent ?? (Main.IsOutcome ? null : Main);

    public string? Effect => Decided?.Effect;

    /// <summary>Null while the call is under way, and for what is no request.</summary>
    public string? Outcome => Main.Outcome;

    public string? Code => Main.Code ?? Intent?.Code;

    /// <summary>It was allowed and on its way when it was ended, so it may have reached the server.</summary>
    public bool MayHaveRun => IsCall && Decided is null or { Allowed: true, Code: null };

    public AuditState State => this switch
    {
        { Main.Outcome: "unknown" } => AuditState.Lost,
        { Main.Outcome: "refused" } or { Main.Kind: "refusals" } or { Main.Allowed: false } => AuditState.Refused,
        { Main.IsIntent: true } => AuditState.UnderWay,
        { IsRequest: true } => AuditState.Allowed,
        { Main.Kind: "drift" or "upstream_dropped" or "announcement_dropped" } => AuditState.Noticed,
        _ => AuditState.Done,
    };
}

/// <summary>What was decided, or became of it.</summary>
public enum AuditState
{
    Allowed,
    Refused,

    /// <summary>Nobody knows whether it happened: its node died before the end was recorded.</summary>
    Lost,
    UnderWay,
    Done,
    Noticed,
}
