using System.Collections.Concurrent;

namespace Symbolon.Core.Audit;

/// <summary>Keeps finished entries for the next requests, so that a call allocates no records. At most 1024 wait.</summary>
public sealed class CallEntryPool
{
    private const int Most = 1024;
    private readonly ConcurrentQueue<CallEntry> idle = new();

    internal CallEntry? TryTake() => idle.TryDequeue(out var entry) ? entry : null;

    internal void Return(CallEntry entry)
    {
        if (idle.Count < Most) idle.Enqueue(entry);
    }
}
