using Symbolon.Core;
using Symbolon.Core.Changes;
using Symbolon.Core.Redaction;
using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;

namespace Symbolon.AuthorizationServer.Revocation;

/// <summary>What a revocation is aimed at: all that was issued so far to this token, person, agent, workflow, server or organisation.</summary>
public sealed record RevocationOrder(RevocationLevel Level, string Target, string? Reason);

/// <summary>A durable revocation.</summary>
/// <param name="Epoch">What was issued up to then is dead.</param>
/// <param name="LiveTokens">How many live tokens it ended, or of a server, how many may no longer call it; null when that could not be counted.</param>
/// <param name="UnconfirmedNodes">Live nodes that had not confirmed it within a second; each of them confirms, or refuses calls past <c>maxStaleness</c>.</param>
/// <param name="Nodes">How many live nodes there are; null when that could not be asked.</param>
/// <param name="Took">From the moment this node refused until the last of them had confirmed, or was no longer waited for.</param>
public sealed record Revoked(Epoch Epoch, int? LiveTokens, IReadOnlyList<string> UnconfirmedNodes, int? Nodes, TimeSpan Took);

/// <summary>
/// Revokes. This node acts in memory at once, whatever the store says; success is reported only when it is durable, and until then
/// it is tried again in the background. DESIGN.md sections 1 and 6.
/// </summary>
public sealed class Revoker(
    Configuration configuration, RevocationTargets targets, RevocationWriter writer, EndedTokens ended, NodeConfirmation nodes, ChangeDesk desk, EventClock events,
    TimeProvider clock)
{
    public async Task<Result<Revoked>> RevokeAsync(Requester requester, RevocationOrder order, CancellationToken cancellation)
    {
        switch (await targets.FindAsync(requester.Organisation, order, cancellation))
        {
            case Result<RevocationTarget>.Done found: return await RevokeAsync(requester, order, found.Value, cancellation);
            case Result<RevocationTarget>.Refused refused:
                return await desk.RefuseAsync(requester, NoteOf(order), refused.Why);
            default: throw new InvalidOperationException();
        }
    }

    private static readonly ChangeError NotDurable = new(ChangeErrorKind.NotDurable, "not_durable",
        "This node refuses already, but the store could not be written: other nodes, and a restart, do not know of it yet. It is tried again until it is stored.")
    {
        // Its one record comes with the change, once that is stored.
        IsRecorded = true,
    };

    /// <summary>The same for several targets that are known already, in one commit; none of them a token of the store.</summary>
    internal async Task<Result<RevokedAll>> RevokeAllAsync(Requester requester, IReadOnlyList<(RevocationOrder Order, RevocationTarget Target)> targets)
    {
        if (targets.Count == 0) return RevokedAll.Nothing;
        var works = targets.Select(each => new RevocationWork(
            requester, new Epoch(requester.Organisation, each.Order.Level, each.Order.Target, Math.Max(events.Next(), each.Target.IssuedAt)), each.Target.Holder, each.Order.Reason)).ToList();
        foreach (var work in works) configuration.Epochs.Raise(work.Epoch);
        var started = clock.GetTimestamp();
        if (await writer.TryWriteAsync(requester.Organisation, works, CancellationToken.None) is not { } revision)
        {
            foreach (var work in works) writer.WriteLater(work);
            return NotDurable;
        }
        var confirmation = await nodes.WaitAsync(revision, CancellationToken.None);
        return new RevokedAll(works.Count, confirmation.Unconfirmed, confirmation.Nodes, clock.GetElapsedTime(started));
    }

    /// <summary>The same for a target that is known already.</summary>
    internal async Task<Result<Revoked>> RevokeAsync(Requester requester, RevocationOrder order, RevocationTarget target, CancellationToken cancellation)
    {
        var epoch = new Epoch(requester.Organisation, order.Level, order.Target, Math.Max(events.Next(), target.IssuedAt));
        var earlier = EpochOf(epoch);
        // Before the store is asked: from here on this node refuses, also if the client leaves now.
        configuration.Epochs.Raise(epoch);
        var started = clock.GetTimestamp();
        var work = new RevocationWork(requester, epoch, target.Holder, order.Reason) { IsStored = target.Token?.OAuth is null };
        if (await writer.TryWriteAsync(work, CancellationToken.None) is not { } revision)
        {
            writer.WriteLater(work);
            return NotDurable;
        }
        return await ConfirmAsync(work, target, earlier, revision, cancellation, started);
    }

    /// <summary>The epoch of the same target that holds now, or null.</summary>
    internal long? EpochOf(Epoch epoch) => configuration.Epochs.Find(epoch.Organisation, epoch.Level, epoch.Target)?.NotBefore;

    /// <summary>What came of a revocation that is stored as this revision: who knows it, and what it ended.</summary>
    /// <param name="earlier">The epoch before it.</param>
    /// <param name="started">When this node refused; now, if nothing is said.</param>
    internal async Task<Revoked> ConfirmAsync(RevocationWork work, RevocationTarget target, long? earlier, long revision, CancellationToken cancellation, long? started = null)
    {
        var since = started ?? clock.GetTimestamp();
        var epoch = work.Epoch;
        // The store may have lifted it: no token that it has seen issued outlives this, whatever this node's clock says.
        var now = epoch.NotBefore;
        epoch = configuration.Epochs.Find(epoch.Organisation, epoch.Level, epoch.Target) ?? epoch;
        var confirmation = await nodes.WaitAsync(revision, cancellation);
        var took = clock.GetElapsedTime(since);
        var liveTokens = await ended.CountAsync(target, epoch, earlier, now, cancellation);
        return new Revoked(epoch, liveTokens, confirmation.Unconfirmed, confirmation.Nodes, took);
    }

    /// <summary>What was asked for, where that can be a name or an id. Anything else may be a secret in the wrong place.</summary>
    private static ChangeNote NoteOf(RevocationOrder order)
    {
        var asked = RevocationTargets.IsName(order.Level, order.Target) && !SecretText.HoldsSecret(order.Target) ? order.Target : null;
        return new ChangeNote("revoke", asked is null ? order.Level.ToString() : $"{order.Level}/{asked}")
        {
            Kind = Core.Audit.AuditKind.Revocation,
            Token = order.Level == RevocationLevel.Token ? asked : null,
            Server = order.Level == RevocationLevel.Server ? asked : null,
            Reason = order.Reason,
        };
    }
}
