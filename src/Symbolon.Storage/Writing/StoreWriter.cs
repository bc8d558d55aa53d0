using Microsoft.Extensions.Logging;
using Symbolon.Core.Audit;
using Symbolon.Core.Snapshot;
using Symbolon.Storage.Databases;

namespace Symbolon.Storage.Writing;

/// <summary>
/// The one thread that writes: it commits whatever audit records wait, at most 256 in a transaction, the moment the previous commit
/// returns, and between two batches one job. No timer stands between a waiting call and its commit. After a failure it keeps the batch,
/// tries again every 250 ms on a new connection, and first looks whether the old commit has come through after all.
/// </summary>
internal sealed class StoreWriter : IAuditLog, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(250);

    private readonly TimeProvider clock;
    private readonly WriteQueue queue;
    private readonly WriteAttempts attempts;
    private readonly AuditEvent[] batch = new AuditEvent[WriteQueue.BatchSize];
    private readonly object pause = new();
    private readonly Thread thread;
    private readonly ITimer watchdog;
    private volatile bool failing, late, closing, ended;

    public StoreWriter(Database database, TimeProvider clock, ILogger<StoreWriter> logger)
    {
        this.clock = clock;
        queue = new WriteQueue(clock);
        attempts = new WriteAttempts(database, clock, logger);
        thread = new Thread(Loop) { IsBackground = true, Name = "store writer" };
        thread.Start();
        watchdog = clock.CreateTimer(_ => late = queue.Expire(Patience), null, RetryAfter, RetryAfter);
    }

    public bool IsHealthy => !failing && !late && !ended;

    /// <summary>Queues a record; one that finds the queue full or closed is answered false.</summary>
    public void Append(AuditEvent record)
    {
        if (!queue.TryAppend(record, isAwaited: true)) record.Complete(durable: false);
    }

    public void AppendAhead(AuditEvent record)
    {
        if (!queue.TryAppend(record, isAwaited: false)) record.Complete(durable: false);
    }

    public void Hasten() => queue.Hasten();

    /// <summary>Runs the work in a transaction of its own and answers when it is durable (or rolled back as it wished).</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be written.</exception>
    public Task<T> RunAsync<T>(Func<WriteTransaction, (T Result, bool Keep)> work, bool isUrgent = false)
    {
        var job = new WriteJob<T>(work) { IsUrgent = isUrgent };
        if (!queue.TryRun(job)) job.Fail(new StoreUnavailableException("The store takes no more changes now; nothing was changed."));
        return job.Answer;
    }

    /// <summary>Commits what waits, for at most 2 s when the store is in trouble, and ends the thread.</summary>
    public void Dispose()
    {
        if (closing) return;
        closing = true;
        queue.Close();
        lock (pause) Monitor.Pulse(pause);
        thread.Join();
        watchdog.Dispose();
    }

    private void Loop()
    {
        var kept = 0;
        var closingSince = 0L;
        while (true)
        {
            WriteJob? job;
            if (failing) job = queue.TakeJob();
            else if (queue.Take(batch, out kept, out job)) attempts.Start(batch.AsSpan(0, kept));
            else break;

            if (kept > 0 && attempts.Commit(batch.AsSpan(0, kept))) kept = Answer(kept);
            if (job is not null) attempts.Run(job);
            else if (failing && kept == 0) attempts.Probe();

            failing = attempts.Failing || kept > 0;
            if (!failing)
            {
                attempts.Maintain();
                continue;
            }
            if (closing && closingSince == 0) closingSince = clock.GetTimestamp();
            if (closing && clock.GetElapsedTime(closingSince) > Patience) break;
            lock (pause) Monitor.Wait(pause, RetryAfter);
        }
        ended = true;
        // What could not be written in time is told so: this answers all that still wait.
        queue.Expire(TimeSpan.MinValue);
        attempts.Dispose();
    }

    private int Answer(int size)
    {
        queue.Done();
        Answers.Give(batch.AsSpan(0, size));
        Array.Clear(batch, 0, size);
        return 0;
    }
}
