using Symbolon.Core.Audit;

namespace Symbolon.Storage.Writing;

/// <summary>
/// Tells the waiting calls of one committed batch that they are durable, as one piece of work of the thread pool: the writer wakes one
/// thread and goes on to the next commit, and that thread lines the calls up beside itself where others help out.
/// </summary>
internal sealed class Answers : IThreadPoolWorkItem
{
    private static readonly System.Collections.Concurrent.ConcurrentBag<Answers> Idle = [];
    private readonly AuditEvent[] records = new AuditEvent[WriteQueue.BatchSize];
    private int count;

    public static void Give(ReadOnlySpan<AuditEvent> committed)
    {
        if (committed.Length == 1)
        {
            committed[0].Complete(durable: true);
            return;
        }
        var answers = Idle.TryTake(out var idle) ? idle : new Answers();
        committed.CopyTo(answers.records);
        answers.count = committed.Length;
        ThreadPool.UnsafeQueueUserWorkItem(answers, preferLocal: false);
    }

    public void Execute()
    {
        for (var i = 0; i < count; i++) records[i].Complete(durable: true);
        Array.Clear(records, 0, count);
        Idle.Add(this);
    }
}
