using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Policy;

namespace Symbolon.Core.Changes;

/// <summary>What the audit says about a change, whether it is made or refused.</summary>
public sealed record ChangeNote(string Action, string Target)
{
    public AuditKind Kind { get; init; } = AuditKind.AdminChange;
    public string? Reason { get; init; }
    public long? ObjectVersion { get; init; }
    public Holder? Holder { get; init; }
    public string? Token { get; init; }
    public string? Server { get; init; }
    public string? Scope { get; init; }
    public string? Grant { get; init; }

    /// <param name="refused">Null when the change is made.</param>
    public AuditEvent ToEvent(Requester requester, long time, ChangeError? refused) => new()
    {
        Kind = Kind,
        Organisation = requester.Organisation,
        Time = time,
        By = requester.By,
        Peer = requester.Peer,
        User = Holder?.User?.Value,
        Agent = Holder?.Agent?.Value,
        Workflow = Holder?.Workflow?.Value,
        Token = Token,
        Server = Server,
        Scope = Scope,
        Grant = Grant,
        Target = Target,
        Action = refused is null ? Action : $"{Action} refused: {refused.Code}",
        Reason = Reason,
        ObjectVersion = refused is null ? ObjectVersion : null,
        Allowed = refused is null,
        Code = CodeOf(refused),
    };

    /// <summary>Null where none of the closed list fits: the action has the error's own code.</summary>
    private ReasonCode? CodeOf(ChangeError? refused) => refused?.Kind switch
    {
        ChangeErrorKind.NotFound when Server is not null => ReasonCode.UnknownServer,
        ChangeErrorKind.Invalid => ReasonCode.MalformedRequest,
        ChangeErrorKind.NotGranted => ReasonCode.NotGranted,
        ChangeErrorKind.NotDurable => ReasonCode.NotDurable,
        _ => null,
    };
}
