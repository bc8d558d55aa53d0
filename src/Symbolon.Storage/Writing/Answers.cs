using System.Collections.Concurrent;
using Symbolon.Core.Audit;

namespace Symbolon.Storage.Writing;

/// <summary>
/// Tells the waiting calls of one committed batch that they are durable, as one piece of work of the thread pool: the writer wakes one
/// thread and goes on to the next commit, and that thread lines the calls up beside itself where others help out. Each goes on as work
/// of its own: one that lasts must not hold up the answers of the others.
/// </summary>
internal sealed class Answers : IThreadPoolWorkItem
{
    private static readonly ConcurrentBag<Answers> Idle = [];
    private readonly AuditEvent[] records = new AuditEvent[WriteQueue.BatchSize];
    private int count;

    public static void Give(ReadOnlySpan<AuditEvent> committed)
    {
        var answers = Idle.TryTake(out var idle) ? idle : new Answers();
        foreach (var record in committed)
        {
            // Where nobody waits, or not yet, there is nothing to run and no thread to wake.
            if (record.HasWaiter) answers.records[answers.count++] = record;
            else record.Complete(durable: true);
        }
        if (answers.count > 1)
        {
            ThreadPool.UnsafeQueueUserWorkItem(answers, preferLocal: false);
            return;
        }
        // The one call goes to the pool by itself.
        if (answers.count == 1) answers.records[0].Complete(durable: true);
        answers.PutBack();
    }

    public void Execute()
    {
        for (var i = 0; i < count; i++) records[i].Complete(durable: true);
        PutBack();
    }

    private void PutBack()
    {
        Array.Clear(records, 0, count);
        count = 0;
        Idle.Add(this);
    }
}
