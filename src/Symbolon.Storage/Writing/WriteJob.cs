using Symbolon.Core.Snapshot;

namespace Symbolon.Storage.Writing;

/// <summary>One transaction that is not a batch of audit records. Runs on the writer thread, once or not at all.</summary>
internal abstract class WriteJob
{
    public long QueuedAt { get; set; }

    /// <summary>A revocation: space is kept for it when the disk is full.</summary>
    public bool IsUrgent { get; init; }

    /// <summary>Does the work within the session's transaction. Called again when another node's write came between.</summary>
    /// <returns>False to roll everything back; the job then has its answer all the same.</returns>
    public abstract bool Work(WriteTransaction transaction);

    /// <summary>The transaction is durable, or was rolled back as the work wished.</summary>
    public abstract void Complete();

    public abstract void Fail(Exception reason);

    /// <summary>It was never begun.</summary>
    public void Expire() => Fail(new StoreUnavailableException("The store did not take the change within 2 s; nothing was changed."));
}

internal sealed class WriteJob<T>(Func<WriteTransaction, (T Result, bool Keep)> work) : WriteJob
{
    private readonly TaskCompletionSource<T> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T result = default!;

    public Task<T> Answer => completion.Task;

    public override bool Work(WriteTransaction transaction)
    {
        (result, var keep) = work(transaction);
        return keep;
    }

    public override void Complete() => completion.TrySetResult(result);

    public override void Fail(Exception reason) => completion.TrySetException(reason);
}
