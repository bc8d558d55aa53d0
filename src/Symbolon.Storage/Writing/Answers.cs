using System.Collections.Concurrent;
using Symbolon.Core.Audit;

namespace Symbolon.Storage.Writing;

/// <summary>
/// Tells the waiting calls of a committed batch that they are durable. The writer only lines up work for the thread pool and goes on to
/// the next commit; a few calls each go on one after the other on one thread, so that a batch costs few wake-ups and yet spreads over
/// the processors there are.
/// </summary>
internal sealed class Answers : IThreadPoolWorkItem
{
    /// <summary>Calls that go on one after the other; each takes some microseconds until it waits for something else.</summary>
    private const int Together = 8;

    private static readonly ConcurrentBag<Answers> Idle = [];
    private readonly AuditEvent[] records = new AuditEvent[Together];
    private int count;

    public static void Give(ReadOnlySpan<AuditEvent> committed)
    {
        while (!committed.IsEmpty)
        {
            var answers = Idle.TryTake(out var idle) ? idle : new Answers();
            while (answers.count < Together && !committed.IsEmpty)
            {
                var record = committed[0];
                committed = committed[1..];
                // Nobody waits for it, or not yet: then there is nothing to run, and no thread to wake.
                if (record.HasWaiter) answers.records[answers.count++] = record;
                else record.Complete(durable: true);
            }
            if (answers.count > 0) ThreadPool.UnsafeQueueUserWorkItem(answers, preferLocal: false);
            else Idle.Add(answers);
        }
    }

    public void Execute()
    {
        for (var i = 0; i < count; i++) records[i].Complete(durable: true, inline: true);
        Array.Clear(records, 0, count);
        count = 0;
        Idle.Add(this);
    }
}
