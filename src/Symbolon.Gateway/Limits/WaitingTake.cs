using Symbolon.Core.Policy.Limits;

namespace Symbolon.Gateway.Limits;

/// <summary>A call that waits for the store to say whether it may take from one counter. Settled once: by the answer, or by the call that waits no longer.</summary>
internal sealed class WaitingTake(long amount)
{
    private readonly TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int isSettled;

    public long Amount => amount;

    public Task Settled => completion.Task;

    public bool IsSettled => Volatile.Read(ref isSettled) != 0;

    /// <summary>The counter's row that it was taken from; null where it was not.</summary>
    public LimitCounter? Taken { get; private set; }

    /// <summary>Seconds, where the limit is reached; 0 where it is taken, or not known.</summary>
    public int RetryAfter { get; private set; }

    /// <returns>False when the call waits no longer: what it would have got is to be used otherwise.</returns>
    public bool TryTake(LimitCounter row) => TrySettle(row, 0);

    public void Refuse(int retryAfter) => TrySettle(null, retryAfter);

    public void Fail() => TrySettle(null, 0);

    private bool TrySettle(LimitCounter? row, int retryAfter)
    {
        if (Interlocked.Exchange(ref isSettled, 1) != 0) return false;
        (Taken, RetryAfter) = (row, retryAfter);
        completion.SetResult();
        return true;
    }
}
