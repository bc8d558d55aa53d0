using Symbolon.Core.Audit;
using Symbolon.Core.Snapshot;

namespace Symbolon.Core.Changes;

/// <summary>
/// Every change of the configuration passes here: it is committed with its record in one transaction, or refused, and then the
/// refusal is a record of its own. Changes made together have a record each. DESIGN.md section 4, Audit durability.
/// </summary>
public sealed class ChangeDesk(IChangeLog log, IAuditLog audit, TimeProvider clock)
{
    /// <summary>Commits all of it or nothing.</summary>
    /// <returns>The configuration's revision that has it, or the refusal, already recorded.</returns>
    public Task<Result<long>> CommitAsync(Requester requester, ChangeNote note, IReadOnlyList<Change> changes, CancellationToken cancellation) =>
        CommitAsync(requester, [note], changes, cancellation);

    /// <inheritdoc cref="CommitAsync(Requester, ChangeNote, IReadOnlyList{Change}, CancellationToken)"/>
    /// <param name="notes">At least one.</param>
    public async Task<Result<long>> CommitAsync(
        Requester requester, IReadOnlyList<ChangeNote> notes, IReadOnlyList<Change> changes, CancellationToken cancellation) =>
        await TryCommitAsync(requester, notes, changes, cancellation)
        ?? await RefuseAsync(requester, notes, ChangeError.ChangedMeanwhile(string.Join(", ", notes.Select(note => note.Target))));

    /// <summary>The same for who decides anew when somebody else was faster.</summary>
    /// <returns>Null when nothing was written, nor recorded, since something is not as it was expected.</returns>
    public async Task<Result<long>?> TryCommitAsync(
        Requester requester, IReadOnlyList<ChangeNote> notes, IReadOnlyList<Change> changes, CancellationToken cancellation)
    {
        try
        {
            var now = clock.Microseconds();
            return await log.CommitAsync(requester.Organisation, changes, [.. notes.Select(note => note.ToEvent(requester, now, refused: null))], cancellation) switch
            {
                CommitResult.Committed committed => (Result<long>)committed.Revision,
                CommitResult.Conflict => null,
                var other => throw new InvalidOperationException($"Unknown result {other}"),
            };
        }
        catch (StoreUnavailableException)
        {
            return await RefuseAsync(requester, notes, ChangeError.StoreUnavailable);
        }
    }

    /// <summary>Records that a change was refused. Waits for the record, but a broken audit does not turn one refusal into another.</summary>
    public Task<ChangeError> RefuseAsync(Requester requester, ChangeNote note, ChangeError why) => RefuseAsync(requester, [note], why);

    /// <inheritdoc cref="RefuseAsync(Requester, ChangeNote, ChangeError)"/>
    public async Task<ChangeError> RefuseAsync(Requester requester, IReadOnlyList<ChangeNote> notes, ChangeError why)
    {
        var now = clock.Microseconds();
        var records = notes.Select(note => note.ToEvent(requester, now, why)).ToList();
        foreach (var record in records) audit.Append(record);
        foreach (var record in records) await record.Durable();
        return why with { IsRecorded = true };
    }
}
