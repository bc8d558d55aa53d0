using Symbolon.Storage.Usage;

namespace Symbolon.Storage;

/// <summary>Keeps the counts of <see cref="Symbolon.Core.Audit.IUsage"/> behind the audit. The host calls it for as long as the node lives.</summary>
public sealed class UsageFeed
{
    private readonly UsageCounter counter;

    internal UsageFeed(UsageCounter counter) => this.counter = counter;

    /// <summary>Counts one stretch of records; some thousand at most.</summary>
    /// <returns>Whether there may be more to count now.</returns>
    /// <exception cref="Symbolon.Core.Snapshot.StoreUnavailableException">The store does not answer; nothing was counted.</exception>
    public Task<bool> CountAsync(CancellationToken cancellation) => counter.CountAsync(cancellation);
}
