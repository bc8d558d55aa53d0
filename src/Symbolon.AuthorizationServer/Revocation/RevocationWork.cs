using Symbolon.Core.Audit;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;

namespace Symbolon.AuthorizationServer.Revocation;

/// <summary>A revocation on its way into the store.</summary>
public sealed record RevocationWork(Requester Requester, Epoch Epoch, Holder? Holder, string? Reason)
{
    /// <summary>Whether the store has a row of the token; those of OAuth carry all that there is of them.</summary>
    public bool IsStored { get; init; } = true;

    internal Change Change => Epoch.Level == RevocationLevel.Token && IsStored
        ? new Change.RevokeToken(new TokenId(Epoch.Target), Epoch.NotBefore)
        : new Change.RaiseEpoch(Epoch.Level, Epoch.Target, Epoch.NotBefore);

    /// <summary>A new record each time: one that a broken store has refused is done.</summary>
    internal AuditEvent NewRecord() => new ChangeNote("revoke", $"{Epoch.Level}/{Epoch.Target}")
    {
        Kind = AuditKind.Revocation,
        Holder = Holder,
        Token = Epoch.Level == RevocationLevel.Token ? Epoch.Target : null,
        Server = Epoch.Level == RevocationLevel.Server ? Epoch.Target : null,
        Reason = Reason,
    }.ToEvent(Requester, Epoch.NotBefore, refused: null);
}
