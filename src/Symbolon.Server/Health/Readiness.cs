using Symbolon.Core.Audit;
using Symbolon.Core.Snapshot;

namespace Symbolon.Server.Health;

/// <summary>Whether a call would be decided and recorded now: the snapshot is confirmed, the audit is written, this node has its lease.</summary>
internal sealed class Readiness(Freshness freshness, IAuditLog audit)
{
    private volatile bool serving, lost;

    /// <summary>Set once the node has its lease; taken back when it stops or loses it.</summary>
    public bool IsServing { get => serving; set => serving = value; }

    /// <summary>Set when another node ended the lease: this one stops, and not because it was told to.</summary>
    public bool HasLostLease { get => lost; set => lost = value; }

    public bool IsReady => serving && freshness.IsCurrent && audit.IsHealthy;
}
