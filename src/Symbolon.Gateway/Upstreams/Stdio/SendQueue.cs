namespace Symbolon.Gateway.Upstreams.Stdio;

/// <summary>What waits to be written to a process, for the one thread that writes. Bounded, so that a process that does not read costs no more.</summary>
internal sealed class SendQueue(int mostBytes, TimeProvider clock)
{
    private readonly object gate = new();
    private readonly Queue<ReadOnlyMemory<byte>> waiting = [];
    private long bytes;
    private long takenAt;
    private bool isClosed;

    /// <summary>For so long what was taken last is being written; zero when nothing is.</summary>
    public TimeSpan WritingFor
    {
        get
        {
            lock (gate) return takenAt == 0 ? TimeSpan.Zero : clock.GetElapsedTime(takenAt);
        }
    }

    public bool TryAdd(ReadOnlyMemory<byte> message)
    {
        lock (gate)
        {
            if (isClosed || (waiting.Count > 0 && bytes + message.Length > mostBytes)) return false;
            waiting.Enqueue(message);
            bytes += message.Length;
            Monitor.Pulse(gate);
            return true;
        }
    }

    /// <summary>Blocks the thread until there is something.</summary>
    /// <returns>False at the end.</returns>
    public bool TryTake(out ReadOnlyMemory<byte> message)
    {
        lock (gate)
        {
            takenAt = 0;
            while (!isClosed && waiting.Count == 0) Monitor.Wait(gate);
            message = isClosed ? default : waiting.Dequeue();
            if (isClosed) return false;
            bytes -= message.Length;
            takenAt = clock.GetTimestamp();
            return true;
        }
    }

    public void Close()
    {
        lock (gate)
        {
            isClosed = true;
            waiting.Clear();
            Monitor.PulseAll(gate);
        }
    }
}
