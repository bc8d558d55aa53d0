using Microsoft.Extensions.Logging;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Snapshot;
using Symbolon.Storage.Databases;

namespace Symbolon.Storage.Writing;

/// <summary>What the writer thread does with its connection: commit a batch, run a job, find out what became of a lost commit.</summary>
internal sealed partial class WriteAttempts(Database database, TimeProvider clock, ILogger logger) : IDisposable
{
    /// <summary>How often another node may come between before the attempt counts as failed.</summary>
    private const int MostRebuilds = 20;

    private readonly AuditBatch audit = new();
    private readonly AuditBatch jobAudit = new();
    private readonly TokenUses uses = new();
    private readonly OpenIntents intents = new();
    private readonly Checkpoints checkpoints = new(database);
    private WriteSession? session;
    private NodeLease lease = NodeLease.None;
    private Place? attempted, inDoubt;
    private Care care;
    private int done;

    /// <summary>Whether the last attempt of any kind failed.</summary>
    public bool Failing { get; private set; }

    /// <summary>New records were taken from the queue.</summary>
    public void Start(ReadOnlySpan<AuditEvent> records)
    {
        attempted = inDoubt = null;
        (care, done) = (Care.Together, 0);
        uses.Note(records);
    }

    /// <returns>Whether the records are durable. If not, call it again with the same ones.</returns>
    public bool Commit(ReadOnlySpan<AuditEvent> records)
    {
        try
        {
            while (done < records.Length)
            {
                done += CommitNext(records[done..]);
                intents.Note(audit);
                uses.Committed();
                checkpoints.Count(audit);
                attempted = inDoubt = null;
                if (care > Care.Alone) care = Care.Alone;
            }
            return Succeed();
        }
        catch (Exception failed)
        {
            inDoubt = attempted ?? inDoubt;
            return Fail(failed);
        }
    }

    public void Run(WriteJob job)
    {
        Place? committing = null;
        try
        {
            session ??= new WriteSession(database);
            RunNow(session, job, ref committing);
            Succeed();
        }
        catch (Exception failed) when (Database.IsMistake(failed))
        {
            // A mistake in the change itself: the connection goes with what was begun on it, the store is well.
            Close();
            job.Fail(failed);
        }
        catch (Exception failed)
        {
            Fail(failed);
            if (committing is { } place && CameThrough(place)) Finish(job);
            else if (job.IsUrgent && database.ReleaseReserve(failed)) Run(job);
            else job.Fail(Unavailable(committing is not null, failed));
        }
    }

    /// <summary>With nothing to write after a failure: finds out whether the store can be written again.</summary>
    public void Probe()
    {
        try
        {
            session ??= new WriteSession(database);
            session.Execute("UPDATE counter SET value=value WHERE name='lease'");
            Succeed();
        }
        catch (Exception failed)
        {
            Fail(failed);
        }
    }

    /// <summary>Housekeeping after a success, outside every commit.</summary>
    public void Maintain()
    {
        if (session is null) return;
        try
        {
            checkpoints.RunIfDue(session.Connection);
        }
        catch (Exception failed)
        {
            LogNotCopied(logger, failed);
        }
    }

    public void Dispose()
    {
        Close();
        try
        {
            checkpoints.Dispose();
        }
        catch (Exception failed)
        {
            LogUntidy(logger, failed);
        }
    }

    /// <summary>Commits the next records of the batch; one that cannot be written as it is goes alone, then without columns, then as a note.</summary>
    /// <returns>How many are durable now.</returns>
    private int CommitNext(ReadOnlySpan<AuditEvent> records)
    {
        while (true)
        {
            var next = care == Care.Together ? records : records[..1];
            try
            {
                audit.IsBare = care >= Care.Bare;
                CommitNow(session ??= new WriteSession(database), care == Care.Note ? [NoteFor(next[0])] : next);
                return next.Length;
            }
            catch (Exception mistake) when (Database.IsMistake(mistake) && care < Care.Note)
            {
                // Of what was begun with such a record nothing is in the database; the connection goes with it.
                LogMistake(logger, mistake);
                attempted = null;
                Close();
                care++;
            }
        }
    }

    /// <summary>Says that a record was here, and of which call, so that intents find their outcomes.</summary>
    private static AuditEvent NoteFor(AuditEvent record) => new()
    {
        Kind = record.Kind, Organisation = record.Organisation, Time = record.Time, Call = record.Call, Outcome = record.Outcome, Allowed = record.Allowed,
        Code = record.Code, Proof = record.Proof, Reason = "the record could not be written as it was",
    };

    private void CommitNow(WriteSession open, ReadOnlySpan<AuditEvent> records)
    {
        for (var rebuilds = 0; rebuilds < MostRebuilds; rebuilds++)
        {
            // Asked each time: a commit that was lost on the way may come through late, and then another's row is our own.
            if (inDoubt is { } doubt && Has(open, doubt)) return;
            audit.Build(records, open.ChainOf, lease, Now());
            uses.CopyTo(audit.Uses);
            attempted = LastOf(audit);
            if (open.Audit.Commit(audit)) return;
            attempted = null;
            open.ForgetChains();
        }
        throw new StoreUnavailableException("Other nodes were always faster.");
    }

    private void RunNow(WriteSession open, WriteJob job, ref Place? committing)
    {
        for (var rebuilds = 0; rebuilds < MostRebuilds; rebuilds++)
        {
            open.Execute(open.Dialect.BeginWrite);
            var transaction = new WriteTransaction(open, intents, lease);
            jobAudit.Clear();
            jobAudit.Uses.Clear();
            if (!job.Work(transaction))
            {
                open.Execute("ROLLBACK");
                job.Complete();
                return;
            }
            jobAudit.Build(transaction.Records.ToArray(), open.ChainOf, lease, Now());
            if (open.Audit.Append(jobAudit))
            {
                if (jobAudit.Rows.Count > 0) committing = LastOf(jobAudit);
                open.Execute("COMMIT");
                lease = transaction.NewLease ?? lease;
                Finish(job);
                return;
            }
            open.Execute("ROLLBACK");
            open.ForgetChains();
        }
        throw new StoreUnavailableException("Other nodes were always faster; nothing was changed.");
    }

    private void Finish(WriteJob job)
    {
        intents.Note(jobAudit);
        checkpoints.Count(jobAudit);
        foreach (var row in jobAudit.Rows) row.Event.Complete(durable: true);
        job.Complete();
    }

    /// <summary>After a failure in the middle of a commit: whether the database has it.</summary>
    private bool CameThrough(Place place)
    {
        try
        {
            session = new WriteSession(database);
            return Has(session, place);
        }
        catch (Exception failed)
        {
            // The caller hears that it is not known; the next attempt tells whether the store is back.
            Fail(failed);
            return false;
        }
    }

    private static bool Has(WriteSession open, Place place) =>
        open.Audit.FindHash(place.Organisation, place.Seq) is { } found && found.AsSpan().SequenceEqual(place.Hash);

    private StoreUnavailableException Unavailable(bool committing, Exception reason) =>
        new(committing && !database.Dialect.FailedCommitIsNone
            ? "The store was lost while the change was being committed: it is not known whether it was."
            : "The store cannot be written; nothing was changed.", reason);

    private static Place LastOf(AuditBatch batch)
    {
        var last = batch.Rows[^1];
        return new Place(last.Event.Organisation, last.Seq, batch.Hash(last).ToArray());
    }

    private bool Succeed()
    {
        if (Failing) LogHealed(logger);
        Failing = false;
        return true;
    }

    private bool Fail(Exception reason)
    {
        if (!Failing) LogFailed(logger, reason);
        Failing = true;
        Close();
        return false;
    }

    private void Close()
    {
        try
        {
            session?.Dispose();
        }
        catch (Exception failed)
        {
            // It is left behind either way.
            LogUntidy(logger, failed);
        }
        session = null;
    }

    private long Now() => (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    [LoggerMessage(EventId = 1001, Level = LogLevel.Error, Message = "The store cannot be written; it is tried again until it can")]
    private static partial void LogFailed(ILogger logger, Exception reason);

    [LoggerMessage(EventId = 1004, Level = LogLevel.Warning, Message = "The write-ahead log could not be copied into the store's file; it grows until it can")]
    private static partial void LogNotCopied(ILogger logger, Exception reason);

    [LoggerMessage(EventId = 1002, Level = LogLevel.Information, Message = "The store can be written again")]
    private static partial void LogHealed(ILogger logger);

    [LoggerMessage(EventId = 1006, Level = LogLevel.Error, Message = "A record of the audit cannot be written as it is; it is written with less beside it")]
    private static partial void LogMistake(ILogger logger, Exception reason);

    [LoggerMessage(EventId = 1005, Level = LogLevel.Warning, Message = "The store's housekeeping failed; it is tried again")]
    private static partial void LogUntidy(ILogger logger, Exception reason);

    /// <summary>A record whose presence tells whether a commit came through.</summary>
    private readonly record struct Place(OrganisationId Organisation, long Seq, byte[] Hash);

    /// <summary>How the records of the batch at hand are written.</summary>
    private enum Care
    {
        Together,
        Alone,

        /// <summary>Without filter columns: the record itself is always valid text.</summary>
        Bare,

        /// <summary>Another record in its place.</summary>
        Note,
    }
}
