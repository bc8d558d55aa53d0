using Microsoft.Extensions.Logging;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Snapshot;
using Symbolon.Storage.Writing;

namespace Symbolon.Storage;

/// <summary>Changes of configuration with their audit records, one transaction each, and then visible on this node.</summary>
internal sealed partial class ChangeLog(StoreWriter writer, ConfigurationFeed feed, bool announces, ILogger<ChangeLog> logger) : IChangeLog
{
    /// <exception cref="UnstorableTextException">A text holds U+0000; nothing was changed.</exception>
    public async Task<CommitResult> CommitAsync(
        OrganisationId organisation, IReadOnlyList<Change> changes, IReadOnlyList<AuditEvent> records, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        // From here on it is not cancelled: what was begun is answered.
        var result = await writer.RunAsync(transaction =>
        {
            var written = new ChangeWriter(transaction.Connection, organisation, records[0].By ?? "", records[0].Time) { Announces = announces }.Write(changes);
            if (written is not CommitResult.Committed) return (written, false);
            foreach (var record in records) transaction.Append(organisation, record);
            transaction.Announce();
            return (written, true);
        }, isUrgent: changes.Any(change => change is Change.RevokeToken or Change.RaiseEpoch));
        if (result is CommitResult.Committed committed) await ShowAsync(committed.Revision);
        return result;
    }

    /// <summary>
    /// The change is durable whatever happens now: a store that is lost in this moment must not make it look failed. Then the next poll
    /// that gets an answer shows it, and until then this node's memory is not confirmed either.
    /// </summary>
    public async Task ShowAsync(long revision)
    {
        try
        {
            await feed.CatchUpAsync(revision, CancellationToken.None);
        }
        catch (StoreUnavailableException lost)
        {
            LogNotShown(logger, revision, lost);
        }
    }

    [LoggerMessage(EventId = 1003, Level = LogLevel.Warning, Message = "The change of revision {Revision} is stored, but could not be read back yet")]
    private static partial void LogNotShown(ILogger logger, long revision, Exception reason);
}
