namespace Symbolon.Gateway.Upstreams.Channels;

/// <summary>The place of one channel, over its restarts: all who need it share one opening, and after a failure wait a while.</summary>
internal sealed class ChannelSlot(Func<Task<OpenChannel?>> open, ChannelLimits limits, TimeProvider clock) : IDisposable
{
    private readonly Lock gate = new();
    private Task<OpenChannel?>? opening;
    private int failures;
    private long openedAt;
    private long pauseFrom;
    private bool isDisposed;
    private UpstreamFault? lastFault;

    /// <summary>Timestamp.</summary>
    public long UsedAt { get; private set; } = clock.GetTimestamp();

    /// <summary>Whether nobody has used it for long, and nobody does.</summary>
    public bool IsIdle => IsUnused && !IsListenedTo;

    /// <summary>The same, though somebody may wait for what it tells.</summary>
    public bool IsUnused => clock.GetElapsedTime(UsedAt) >= limits.Idle && !IsBusy;

    /// <summary>It is being opened, or has open exchanges.</summary>
    public bool IsBusy
    {
        get
        {
            lock (gate) return opening is { IsCompleted: false } || Live is { Exchanges.Count: > 0 };
        }
    }

    /// <summary>Somebody waits for what it tells; no reason to keep one open that is retired.</summary>
    public bool IsListenedTo => Live is { Exchanges.IsListenedTo: true };

    /// <summary>The channel, if it is open.</summary>
    public OpenChannel? Live => opening is { IsCompletedSuccessfully: true } done && Finished(done) is { IsOpen: true } channel ? channel : null;

    /// <summary>The channel, if it is open, for use.</summary>
    public OpenChannel? Use()
    {
        UsedAt = clock.GetTimestamp();
        return Live;
    }

    /// <returns>The channel, opened if need be; null when its era is not spoken. To be awaited with the caller's own cancellation.</returns>
    /// <exception cref="UpstreamFault">It cannot be opened, or could not just now.</exception>
    public Task<OpenChannel?> OpenAsync()
    {
        lock (gate)
        {
            UsedAt = clock.GetTimestamp();
            if (opening is { IsCompleted: false }) return opening;
            if (Live is not null) return opening!;
            if (isDisposed) throw UpstreamFault.Unreachable();
            NoteEnd();
            if (Pause() is { } pause && clock.GetElapsedTime(pauseFrom) < pause) throw lastFault ?? UpstreamFault.Unreachable();
            return opening = Task.Run(RunAsync);
        }
    }

    public void Dispose()
    {
        Task<OpenChannel?>? last;
        lock (gate)
        {
            isDisposed = true;
            last = opening;
        }
        last?.ContinueWith(static ended => Finished(ended)?.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
    }

    private async Task<OpenChannel?> RunAsync()
    {
        try
        {
            var channel = await open();
            lock (gate) openedAt = clock.GetTimestamp();
            return channel;
        }
        catch (UpstreamFault fault)
        {
            lock (gate) Fail(fault);
            throw;
        }
    }

    /// <summary>A channel that closed soon after it opened has failed, too; one that stood for a while is opened again at once.</summary>
    private void NoteEnd()
    {
        if (openedAt == 0) return;
        if (clock.GetElapsedTime(openedAt) < limits.Steady) Fail(null);
        else failures = 0;
        openedAt = 0;
    }

    private void Fail(UpstreamFault? fault)
    {
        failures++;
        lastFault = fault;
        pauseFrom = clock.GetTimestamp();
    }

    private TimeSpan? Pause() =>
        failures == 0 ? null : TimeSpan.FromTicks(Math.Min(limits.LongestPause.Ticks, limits.FirstPause.Ticks << Math.Min(failures - 1, 20)));

    private static OpenChannel? Finished(Task<OpenChannel?> task) => task.GetAwaiter().GetResult();
}
