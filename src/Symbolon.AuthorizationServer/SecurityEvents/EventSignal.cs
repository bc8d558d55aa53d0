using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;

namespace Symbolon.AuthorizationServer.SecurityEvents;

/// <summary>Wakes whoever waits for security events on this node, as soon as it knows of a change that may have brought some.</summary>
internal sealed class EventSignal : IDisposable
{
    private readonly Configuration configuration;
    private TaskCompletionSource next = New();

    public EventSignal(Configuration configuration)
    {
        this.configuration = configuration;
        configuration.Epochs.Raised += Note;
        configuration.Changed += Wake;
    }

    /// <summary>Taken before one looks: what comes after the look ends it.</summary>
    public Task Next => Volatile.Read(ref next).Task;

    public void Wake() => Interlocked.Exchange(ref next, New()).TrySetResult();

    public void Dispose()
    {
        configuration.Epochs.Raised -= Note;
        configuration.Changed -= Wake;
    }

    private void Note(Epoch epoch) => Wake();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
