using Symbolon.Core.Snapshot;

namespace Symbolon.Storage;

/// <summary>
/// Brings the store's changes into this node's <see cref="Configuration"/>. The host calls <see cref="PollAsync"/> once at start (before
/// it serves), then every 250 ms for as long as the node lives, and at once when another node tells of a change; a commit of this node calls <see cref="CatchUpAsync"/> itself.
/// </summary>
public sealed class ConfigurationFeed(IConfigurationStore store, Configuration configuration, Freshness freshness, TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim one = new(1, 1);

    /// <summary>How often the host calls <see cref="PollAsync"/>. DESIGN.md section 3, Time and state.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>Asks the store for its revision, takes in what is new and confirms the <see cref="Freshness"/>.</summary>
    /// <exception cref="StoreUnavailableException">The store did not answer: nothing is confirmed. Call again after <see cref="Interval"/>.</exception>
    public async Task PollAsync(CancellationToken cancellation)
    {
        await one.WaitAsync(cancellation);
        try
        {
            var askedAt = clock.GetTimestamp();
            if (configuration.Revision < 0 || await store.RevisionAsync(cancellation) > configuration.Revision) await TakeInAsync(cancellation);
            freshness.Confirm(askedAt);
        }
        finally
        {
            one.Release();
        }
    }

    /// <summary>Takes in what other nodes change as soon as they tell. It may miss some, so that polling goes on beside it.</summary>
    /// <exception cref="StoreUnavailableException">The store is cut off. Call again after a pause.</exception>
    public Task ListenAsync(CancellationToken cancellation) => store.ListenAsync(() => PollAsync(cancellation), cancellation);

    /// <summary>Returns when the configuration has at least this revision.</summary>
    /// <exception cref="StoreUnavailableException">The store did not answer; the next poll takes the changes in.</exception>
    public async Task CatchUpAsync(long revision, CancellationToken cancellation)
    {
        while (configuration.Revision < revision)
        {
            await one.WaitAsync(cancellation);
            try
            {
                if (configuration.Revision < revision) await TakeInAsync(cancellation);
            }
            finally
            {
                one.Release();
            }
        }
    }

    public void Dispose() => one.Dispose();

    private async Task TakeInAsync(CancellationToken cancellation) =>
        configuration.Apply(await store.ReadSinceAsync(configuration.Revision, cancellation));
}
