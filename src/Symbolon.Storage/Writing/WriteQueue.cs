using Symbolon.Core.Audit;

namespace Symbolon.Storage.Writing;

/// <summary>
/// What waits for the writer: audit records in a ring of fixed size, and jobs. A producer takes the lock for some tens of nanoseconds
/// and wakes the writer only when it sleeps and somebody waits for the record: one that nobody waits for yet goes with the next commit,
/// or alone when the writer looks for itself, 2 ms later. Records that wait too long are told so here, while they stay in line: the call they
/// belong to has happened, so they are written when the store is back.
/// </summary>
internal sealed class WriteQueue(TimeProvider clock)
{
    /// <summary>Of records that begin something.</summary>
    public const int Capacity = 10_000;

    /// <summary>
    /// Beyond <see cref="Capacity"/>, for outcomes alone: the call has happened, and its intent is on record and would stay open until the
    /// process ends.
    /// </summary>
    public const int RoomForOutcomes = 10_000;

    private const int Size = Capacity + RoomForOutcomes;
    public const int BatchSize = 256;

    /// <summary>How long a record that nobody waits for may stay before it is committed by itself.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(2);

    /// <summary>After so many looks at an empty queue the writer sleeps until it is woken.</summary>
    private const int LastLook = 50;

    private readonly object gate = new();
    private readonly Waiting[] ring = new Waiting[Size];
    private readonly Waiting[] taken = new Waiting[BatchSize];
    private readonly Queue<WriteJob> jobs = new();
    private int first, count, takenCount;
    private bool asleep, looking, wanted, closed;

    /// <returns>False when the queue is full or closed.</returns>
    /// <param name="isAwaited">False for one that nobody waits for yet.</param>
    public bool TryAppend(AuditEvent record, bool isAwaited)
    {
        lock (gate)
        {
            if (closed || count >= (record.Kind == AuditKind.CallOutcome ? Size : Capacity)) return false;
            var at = first + count++;
            ring[at < Size ? at : at - Size] = new Waiting(record, clock.GetTimestamp());
            wanted |= isAwaited;
            if (isAwaited || !looking) Wake();
            return true;
        }
    }

    /// <summary>Somebody waits now for a record that came as not awaited.</summary>
    public void Hasten()
    {
        lock (gate)
        {
            if (count == 0) return;
            wanted = true;
            Wake();
        }
    }

    /// <returns>False when the queue is closed or 1000 jobs wait.</returns>
    public bool TryRun(WriteJob job)
    {
        lock (gate)
        {
            if (closed || jobs.Count == 1000) return false;
            job.QueuedAt = clock.GetTimestamp();
            jobs.Enqueue(job);
            Wake();
            return true;
        }
    }

    /// <summary>Waits until there is work and takes up to <see cref="BatchSize"/> records and one job.</summary>
    /// <returns>False when the queue is closed and empty.</returns>
    public bool Take(AuditEvent[] batch, out int size, out WriteJob? job)
    {
        lock (gate)
        {
            (size, job) = (0, null);
            for (var looks = 0; !wanted && jobs.Count == 0; looks++)
            {
                if (closed && count == 0) return false;
                if (closed) break;
                if (!WaitForWork(looks) && count > 0) break;
            }
            size = takenCount = Math.Min(count, BatchSize);
            for (var i = 0; i < size; i++)
            {
                taken[i] = ring[first];
                batch[i] = taken[i].Record;
                ring[first] = default;
                if (++first == Size) first = 0;
            }
            count -= size;
            wanted = count > 0;
            jobs.TryDequeue(out job);
            return true;
        }
    }

    /// <summary>A job while a batch that failed is kept; does not wait.</summary>
    public WriteJob? TakeJob()
    {
        lock (gate) return jobs.TryDequeue(out var job) ? job : null;
    }

    /// <summary>The taken records are committed: from here on nothing but the writer's answer touches them.</summary>
    public void Done()
    {
        lock (gate)
        {
            Array.Clear(taken, 0, takenCount);
            takenCount = 0;
        }
    }

    /// <summary>Answers false to every record, and fails every job not yet begun, that has waited for longer than the limit.</summary>
    /// <returns>Whether any record has.</returns>
    public bool Expire(TimeSpan limit)
    {
        lock (gate)
        {
            var any = false;
            for (var i = 0; i < takenCount; i++) any |= Expire(taken[i], limit);
            for (var i = 0; i < count; i++)
            {
                var at = first + i;
                // They came in this order: the first that is young enough is followed by younger ones.
                if (!Expire(ring[at < Size ? at : at - Size], limit)) break;
                any = true;
            }
            while (jobs.TryPeek(out var job) && clock.GetElapsedTime(job.QueuedAt) > limit) jobs.Dequeue().Expire();
            return any;
        }
    }

    /// <summary>Takes nothing more in; what is there can still be taken out.</summary>
    public void Close()
    {
        lock (gate)
        {
            closed = true;
            Wake();
        }
    }

    private bool Expire(Waiting waiting, TimeSpan limit)
    {
        if (clock.GetElapsedTime(waiting.Since) <= limit) return false;
        waiting.Record.Complete(durable: false);
        return true;
    }

    /// <summary>In traffic the writer looks every 2 ms for what nobody waits for, so that such a record costs no wake-up of its own.</summary>
    /// <returns>False when it was not woken.</returns>
    private bool WaitForWork(int looks)
    {
        asleep = true;
        looking = count > 0 || looks < LastLook;
        var woken = !looking ? Monitor.Wait(gate) : Monitor.Wait(gate, Linger);
        asleep = looking = false;
        return woken;
    }

    private void Wake()
    {
        if (!asleep) return;
        asleep = false;
        Monitor.Pulse(gate);
    }

    private readonly record struct Waiting(AuditEvent Record, long Since);
}
