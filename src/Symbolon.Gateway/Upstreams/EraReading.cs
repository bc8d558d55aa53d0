namespace Symbolon.Gateway.Upstreams;

/// <summary>The reading of one era of an upstream: one at a time, shared by all who need it. How the last one failed is remembered.</summary>
internal sealed class EraReading
{
    private readonly Lock gate = new();
    private TaskCompletionSource<UpstreamFault?>? underWay;
    private Failure? last;

    public bool IsUnderWay
    {
        get
        {
            lock (gate) return underWay is not null;
        }
    }

    /// <summary>The last reading that failed; null while none has.</summary>
    public Failure? Last => Volatile.Read(ref last);

    public void Remember(UpstreamFault fault, long timestamp) => Volatile.Write(ref last, new Failure(fault, timestamp));

    /// <summary>The reading that is under way, else this one.</summary>
    /// <returns>Null when the era is known now, else why it is not. Shared: to be awaited with the caller's own cancellation.</returns>
    public Task<UpstreamFault?> Join(Func<Task<UpstreamFault?>> read)
    {
        TaskCompletionSource<UpstreamFault?> mine;
        lock (gate)
        {
            if (underWay is { } running) return running.Task;
            underWay = mine = new TaskCompletionSource<UpstreamFault?>(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        _ = RunAsync(read, mine);
        return mine.Task;
    }

    private async Task RunAsync(Func<Task<UpstreamFault?>> read, TaskCompletionSource<UpstreamFault?> mine)
    {
        try
        {
            var fault = await read();
            Leave();
            mine.SetResult(fault);
        }
        catch (Exception e)
        {
            Leave();
            mine.SetException(e);
        }
    }

    private void Leave()
    {
        lock (gate) underWay = null;
    }

    /// <param name="At">Timestamp.</param>
    public sealed record Failure(UpstreamFault Fault, long At);
}
