using Symbolon.Core.Audit;
using Symbolon.Core.Snapshot;

namespace Symbolon.Core.Changes;

/// <summary>
/// Every change of the configuration passes here: it is committed with its record in one transaction, or refused, and then the
/// refusal is a record of its own. DESIGN.md section 4, Audit durability.
/// </summary>
public sealed class ChangeDesk(IChangeLog log, IAuditLog audit, TimeProvider clock)
{
    /// <summary>Commits all of it or nothing.</summary>
    /// <returns>The configuration's revision that has it, or the refusal, already recorded.</returns>
    public async Task<Result<long>> CommitAsync(
        Requester requester, ChangeNote note, IReadOnlyList<Change> changes, CancellationToken cancellation)
    {
        try
        {
            var record = note.ToEvent(requester, clock.Microseconds(), refused: null);
            return await log.CommitAsync(requester.Organisation, changes, record, cancellation) switch
            {
                CommitResult.Committed committed => committed.Revision,
                CommitResult.Conflict => await RefuseAsync(requester, note, Refusal.ChangedMeanwhile(note.Target)),
                var other => throw new InvalidOperationException($"Unknown result {other}"),
            };
        }
        catch (StoreUnavailableException)
        {
            return await RefuseAsync(requester, note, Refusal.StoreUnavailable);
        }
    }

    /// <summary>Records that a change was refused. Waits for the record, but a broken audit does not turn one refusal into another.</summary>
    public async Task<Refusal> RefuseAsync(Requester requester, ChangeNote note, Refusal why)
    {
        var record = note.ToEvent(requester, clock.Microseconds(), why);
        audit.Append(record);
        await record.Durable();
        return why with { IsRecorded = true };
    }
}
